"""What the database holds of a person, table by table: whichever has a column in which people may stand has its reader here."""

from __future__ import annotations

import csv
import datetime as dt
import io
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Connection, Row, select

from api.clock import LONDON
from api.runs.stored_runs import unpack
from api.state.known_people import WITH_A_PERSON
from api.state.naming import names_any, says
from api.state.state import State
from api.state.stored_records import CALL_OFF_ID, CALL_OFFS, Stock
from api.storage import table_schema
from api.subject_access.third_parties import of_the_person
from api.subject_access.who import Who
from optimiser.accounting.line_table import LINES
from optimiser.io.actual_files import ACTUALS
from optimiser.io.zips import DAMAGED

OF_A_VISIT = tuple(column.name for column in ACTUALS if column.name != "worker_keys")
"""The columns of a record of a visit, as they are kept."""


@dataclass(frozen=True)
class Held:
    """Something that is held. ``where``: a title; ``named``: what it is called there; ``of_them``: the person's part of it."""

    where: str
    named: str
    of_them: Any

    def __repr__(self) -> str:
        return f"<Held in {self.where}>"


def held_in_records(stock: Stock, who: Who) -> Iterator[Held]:
    """Records of theirs whole, but for others in them; of any other record, whatever its kind, the part that names them."""
    call_offs = {stock["packages"][each].body.get(CALL_OFF_ID) for each in who.package_ids if each in stock.get("packages", {})}
    for kind, records in stock.items():
        for record_id, stored in sorted(records.items()):
            if kind in WITH_A_PERSON:
                own = stored.body["package_id"] in who.package_ids
            else:
                own = record_id in who.ids or stored.body.get("package_id") in who.package_ids
            if (kind == CALL_OFFS and record_id in call_offs) or own:
                yield Held(kind, record_id, of_the_person(stored.body, who, own=True))
            elif names_any(orjson.dumps(stored.body), who.ids):
                yield Held(kind, record_id, of_the_person(stored.body, who) or {"named": True})


def held_in_runs(connection: Connection, who: Who) -> Iterator[Held]:
    """Of each run what was asked of it, what went wrong and what it found, as far as that is of them."""
    columns = table_schema.runs.c
    for row in connection.execute(select(table_schema.runs).order_by(columns.created_at, columns.run_id)):
        found = {
            "settings": _part(row.settings, who),
            "problem": _part(row.problem, who),
            "result": _part(row.result, who),
            "asked_for_in_these_words": row.idempotency_key if says(row.idempotency_key, who.ids) else None,
        }
        if any(each is not None for each in found.values()):
            yield Held("runs", _named(row), {name: each for name, each in found.items() if each is not None})


def held_in_events(connection: Connection, who: Who) -> Iterator[Held]:
    """What was told of a run while it went on."""
    columns = table_schema.run_events.c
    for row in connection.execute(select(table_schema.run_events).order_by(columns.run_id, columns.seq)):
        if (part := _part(row.body, who)) is not None:
            yield Held("run_events", f"run {row.run_id}, {_at(row.at)}", part)


def held_in_explanations(connection: Connection, who: Who) -> Iterator[Held]:
    """Why a run placed them where it did; and where another's explanation names them, that part."""
    columns = table_schema.run_explanations.c
    for row in connection.execute(select(table_schema.run_explanations).order_by(columns.run_id, columns.package_id)):
        own = row.package_id in who.package_ids
        if own or names_any(row.body, who.ids):
            part = of_the_person(_plain(row.body), who, own=own)
            yield Held("run_explanations", f"run {row.run_id}", part or {"named": True})


def held_in_outbox(connection: Connection, who: Who) -> Iterator[Held]:
    """That somebody was told that something of theirs waits; whom is not theirs to know, and no message says more."""
    columns = table_schema.outbox.c
    for row in connection.execute(select(table_schema.outbox).order_by(columns.seq)):
        if row.package_id in who.package_ids or says(f"{row.about} {row.diary}", who.ids) or names_any(row.facts, who.ids):
            told = {"kind": row.kind, "at": row.at, "state": row.state, "about": row.about, "facts": orjson.loads(row.facts)}
            told |= {"diary": row.diary} if row.diary else {}
            own = row.package_id in who.package_ids
            yield Held("outbox", f"message {row.message_id}", of_the_person(told, who, own=own) or {"named": True})


def held_in_sent_snapshots(connection: Connection, who: Who) -> Iterator[Held]:
    """Rows under their id in what was sent to be solved and has not been yet: it may also be somebody else's there."""
    for row in connection.execute(select(table_schema.sent_snapshots).order_by(table_schema.sent_snapshots.c.run_id)):
        for part in _sent_of(row.body, who):
            yield Held("sent_snapshots", f"run {row.run_id}", part)


def _sent_of(body: bytes, who: Who) -> Iterator[Any]:
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as sent:
            for name in (name for name in sent.namelist() if name.endswith(".csv")):
                with sent.open(name) as packed:
                    for cells in csv.DictReader(io.TextIOWrapper(packed, "utf-8-sig", newline="")):
                        if cells.get("package_id") in who.package_ids:
                            yield of_the_person({name: cell for name, cell in cells.items() if name}, who, own=True)
    except DAMAGED:
        if (part := _part(body, who)) is not None:
            yield part


def held_in_actuals(connection: Connection, who: Who) -> Iterator[Held]:
    """What call monitoring recorded of their visits; who came is not told, and nobody could tell by a pseudonym."""
    visits = table_schema.actuals
    mine = select(visits).where(visits.c.package_id.in_(sorted(who.package_ids)), visits.c.cells.is_not(None))
    for row in connection.execute(mine.order_by(visits.c.date, visits.c.actual_id)):
        told = dict(zip(OF_A_VISIT, orjson.loads(row.cells), strict=False)) | {"contract_id": row.contract_id}
        yield Held("actuals", f"record {row.actual_id}", of_the_person({n: e for n, e in told.items() if e}, who, own=True))


def held_in_statement_lines(connection: Connection, who: Who) -> Iterator[Held]:
    """What was paid for their visits, line by line."""
    lines = table_schema.statement_lines
    mine = select(lines).where(lines.c.package_id.in_(sorted(who.package_ids)), lines.c.cells.is_not(None))
    for row in connection.execute(mine.order_by(lines.c.statement_id, lines.c.number)):
        told = dict(zip(LINES, orjson.loads(row.cells), strict=False))
        named = f"statement {row.statement_id}, line {row.number}"
        yield Held("statement_lines", named, of_the_person({n: e for n, e in told.items() if e}, who, own=True))


OTHER_TABLES: Mapping[str, Callable[[Connection, Who], Iterator[Held]]] = {
    "runs": held_in_runs,
    "run_events": held_in_events,
    "run_explanations": held_in_explanations,
    "outbox": held_in_outbox,
    "sent_snapshots": held_in_sent_snapshots,
    "actuals": held_in_actuals,
    "statement_lines": held_in_statement_lines,
}
"""Readers of tables. Records are read of the county's state, the trail by ``who_has_seen``; a test holds that none lacks one."""
ELSEWHERE_READ = ("records", "audit")


def held(connection: Connection, state: State, who: Who) -> Iterator[Held]:
    """Everything but the trail."""
    yield from held_in_records(state.stock, who)
    for read in OTHER_TABLES.values():
        yield from read(connection, who)


def _named(row: Row[Any]) -> str:
    return f"run {row.run_id}, {row.kind}, {_at(row.created_at)}"


def _at(moment: str) -> str:
    """A moment of the run tables, which are in UTC, by London's wall clock; one that is none as it stands."""
    try:
        at = dt.datetime.fromisoformat(moment)
    except ValueError:
        return moment
    return f"{at.astimezone(LONDON):%Y-%m-%d %H:%M}"


def _part(stored: str | bytes | None, who: Who) -> Any:
    """The person's part of what is stored; what cannot be read is told as held."""
    if stored is None or not names_any(stored, who.ids):
        return None
    try:
        return of_the_person(_plain(stored), who)
    except ValueError:
        return {"held_and_not_readable": True}


def _plain(stored: str | bytes) -> Any:
    """JSON, plain or packed as runs pack it. Raises ``ValueError`` for anything else."""
    if isinstance(stored, bytes) and stored[:1] == b"\x78":
        stored = unpack(stored)
    return orjson.loads(stored)
