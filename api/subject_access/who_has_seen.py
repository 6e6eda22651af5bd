"""Who has seen a person and what was changed, as the audit trail has it: by what was done, in whose role."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Connection, select

from api.acts.act import ACTS
from api.clock import LONDON
from api.state.naming import names_any
from api.storage import table_schema
from api.storage.audit import WHOLE_COUNTY, WHOLE_TRAIL
from api.subject_access.held_in_words import ROLES_IN_WORDS
from api.subject_access.third_parties import of_the_person
from api.subject_access.who import Who
from api.upkeep.seen import Stay, stay_of

EVERYBODY = frozenset({WHOLE_COUNTY, WHOLE_TRAIL})


@dataclass(frozen=True)
class Deed:
    """One entry. ``at``: in London; ``by``: in which role; ``name``: of whoever did it; ``said``: the person's part of it."""

    at: dt.datetime
    by: str
    name: str
    action: str
    what: str
    changed: bool
    everybody: bool
    said: Any

    def __repr__(self) -> str:
        return "<Deed>"


def deeds(connection: Connection, who: Who) -> Iterator[Deed]:
    """Every entry that is about them, names them, or tells of a reading in which everybody was shown; the oldest first.

    Of an entry that was destroyed nothing is known any more, not even of whom it was.
    """
    stays = [stay for each in sorted(who.package_ids) if (stay := stay_of(connection, each)) is not None]
    columns = table_schema.audit.c
    names = ("seq", "at", "actor", "role", "action", "subject_kind", "subject", "details", "salt")
    question = select(*(columns[name] for name in names)).where(columns.salt.is_not(None)).order_by(columns.seq)
    firsts = {act.writes[0]: act.sentence for act in ACTS.values() if act.writes}
    changing = {action for act in ACTS.values() if act.changes for action in act.writes}
    for row in connection.execute(question.execution_options(yield_per=1000)).mappings():
        own = row["subject"] in who.ids
        named = own or names_any(row["details"], who.ids)
        if not named and not _shown_with_all(stays, row):
            continue
        action = str(row["action"])
        yield Deed(
            at=_moment(row["at"]),
            by=ROLES_IN_WORDS.get(row["role"], row["role"]),
            name=row["actor"],
            action=action,
            what=firsts.get(action, action.replace(".", ": ").replace("_", " ") + "."),
            changed=action in changing,
            everybody=not named,
            said=_said(row["details"], who, own=own) if named else None,
        )


UNKNOWN = dt.datetime(1, 1, 1)
"""When something was done whose entry is damaged there."""


def _moment(at: str) -> dt.datetime:
    try:
        return dt.datetime.fromisoformat(at).astimezone(LONDON)
    except (ValueError, OverflowError):
        return UNKNOWN


def _said(details: str, who: Who, *, own: bool) -> Any:
    try:
        return of_the_person(orjson.loads(details), who, own=own)
    except ValueError:
        return {"held_and_not_readable": True}


def _shown_with_all(stays: list[Stay], row: Any) -> bool:
    return any(stay.shown_by(row) for stay in stays)
