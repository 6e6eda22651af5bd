"""Every deed on records, for each kind of them: listed, read, added, changed, ended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import orjson

from api.acts.act import Act, Caller, Size, act, only
from api.http.paging import Page
from api.http.places import place_notes, placed
from api.http.responses import Shown, shown_record, with_notes
from api.offers.lapsing import OF_SWEEPS
from api.records.answers import record_json
from api.records.lifecycle import add_record, change_record, end_record
from api.records.record_kinds import RECORD_KINDS, RecordKind
from api.records.schemas import Ended, RestrictionsQuery
from api.state.state import State


@dataclass(frozen=True)
class Deeds:
    """The acts on one kind of record. ``list``, ``read``: None where it is shown elsewhere."""

    list: Act[..., Page[bytes]] | None
    read: Act[..., Shown] | None
    add: Act[..., Shown]
    change: Act[..., Shown]
    end: Act[..., Shown]


def deeds_on(kind: RecordKind) -> Deeds:
    """The acts on a kind, registered under its name."""

    def as_json(state: State, record_id: str) -> dict[str, Any]:
        return record_json(state, kind, record_id)

    def list_records(by: Caller, query: Any) -> Page[bytes]:
        state = by.store.state()
        wanted = {name: value for name in kind.narrowed_by if (value := getattr(query, name)) is not None}
        in_force = query.in_force if isinstance(query, RestrictionsQuery) else None
        stock = state.stock[kind.kind]
        page = by.page(
            (
                each
                for each in sorted(stock)
                if all(getattr(stock[each].record, name) == wanted[name] for name in wanted)
                and (in_force is None or stock[each].record.in_force(state.as_of) == in_force)
            ),
            lambda record_id: (record_id,),
            query.limit,
            query.cursor,
        )
        return Page([body_of(state, each) for each in page.items], page.next_cursor)

    def body_of(state: State, record_id: str) -> bytes:
        """As it is listed, made once of each state: most pages call providers by their names."""
        key = f"{kind.kind} {record_id}"
        if key not in state.bodies:
            state.bodies[key] = orjson.dumps(as_json(state, record_id))
        return state.bodies[key]

    def read_record(by: Caller, record_id: str) -> Shown:
        return shown_record(by.store.state(), kind.kind, record_id, as_json)

    def add(by: Caller, asked: Any, dry_run: bool = False) -> Shown:
        asked = placed(asked, by.service.postcodes)
        return with_notes(add_record(by, kind, asked, dry_run), place_notes(asked))

    def change(by: Caller, record_id: str, asked: Any, if_match: str | None, dry_run: bool = False) -> Shown:
        asked = placed(asked, by.service.postcodes)
        return with_notes(change_record(by, kind, record_id, asked, if_match, dry_run), place_notes(asked))

    def end(by: Caller, record_id: str, asked: Ended, if_match: str | None, dry_run: bool = False) -> Shown:
        return end_record(by, kind, record_id, asked, if_match, dry_run)

    list_records.__name__, read_record.__name__ = "list", "read"
    a = kind.a
    list_records.__doc__ = f"{kind.kind.capitalize()}, a page at a time, in the order of their ids."
    read_record.__doc__ = f"{a} as its file has it."
    add.__doc__ = f"{a} is added, with a reason."
    change.__doc__ = f"{a} is changed, with a reason; offers that may no longer be waited for are stopped."
    end.__doc__ = kind.ending
    added, changed, ended = (f"{kind.kind}.{deed}" for deed in ("add", "change", "end"))
    follows = (*OF_SWEEPS, "providers.change") if kind.kind == "locations" else OF_SWEEPS
    return Deeds(
        list=act(f"{kind.kind}.list", only(*kind.read_by))(list_records) if kind.read_by else None,
        read=act(f"{kind.kind}.read", only(*kind.read_by))(read_record) if kind.read_by else None,
        add=act(added, only(*kind.added_by), writes=(added, *follows), changes=True, takes=Size.LIST)(add),
        change=act(changed, kind.in_words(), writes=(changed, *follows), changes=True, takes=Size.LIST)(change),
        end=act(ended, only(*kind.added_by), writes=(ended, *follows), changes=True)(end),
    )


DEEDS: dict[str, Deeds] = {kind.kind: deeds_on(kind) for kind in RECORD_KINDS}


def open_to_change(by: Caller, kind: RecordKind) -> list[str]:
    """The columns of a kind that whoever asks may set in some role of theirs, in their order; without the council's own."""
    may = kind.may_set()
    allowed = {name for role in by.actor.roles for name in may.get(role, ())}
    return [name for name in kind.columns if name in allowed and name in kind.changeable]
