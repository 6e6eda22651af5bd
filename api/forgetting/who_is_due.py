"""Who may be forgotten: people whose care has ended, named or due; and which records are about them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping

import orjson
from sqlalchemy import Connection, select

from api.state.known_people import WITH_A_PERSON, Ended
from api.state.naming import emptied, names_any, without_mentions
from api.state.state import State
from api.state.stored_records import (
    ACCOUNT_BOOK,
    ASSESSMENTS,
    CALL_OFFS,
    COLUMNS,
    CONTACTS,
    DELIVERIES,
    IN_SNAPSHOT,
    INCENTIVE_PERIODS,
    PERIOD_FIGURES,
    RELOAD,
    RESERVE,
    STATEMENTS,
    Body,
)
from api.storage import table_schema
from optimiser.domain.dates import days_after

FREE_TEXTS = {
    "restrictions": ("reason", "improvement_plan", "owner"),
    RESERVE: ("reason",),
    INCENTIVE_PERIODS: ("why", "changed_why"),
}
"""Cells of other records in which anything may be written, beside columns of the council's own."""
WORDS_OF_CONTACTS = ("told", "said_by")
OF_NOBODY = (
    *(*IN_SNAPSHOT, RELOAD, COLUMNS, ASSESSMENTS, CALL_OFFS),
    *(ACCOUNT_BOOK, STATEMENTS, PERIOD_FIGURES, INCENTIVE_PERIODS, DELIVERIES),
)
"""Kinds of which no record goes because a text in it looks like somebody's id: those of the service hold nothing of people,
or are emptied of it."""
WORDS_OF_ASSESSMENTS = ("corrections", "withdrawn_because")


class CannotForgetError(Exception):
    """Nobody was forgotten; ``faults`` says of each why."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = faults
        super().__init__(f"{len(faults)} cannot be forgotten")


def due(ended: Mapping[str, Ended], today: dt.date, after_days: int) -> list[str]:
    """The packages that ended so many days ago or earlier."""
    last = days_after(today, -after_days)
    return sorted(package_id for package_id, each in ended.items() if each.on is not None and each.on <= last)


def refuse_living(state: State, ended: Mapping[str, Ended], package_ids: Iterable[str]) -> None:
    """Raises ``CannotForgetError`` with everybody who is waiting or cared for, or whom the service does not know."""
    faults = []
    for package_id in package_ids:
        running = state.get("packages", package_id)
        if running is not None:
            doing = "waiting for care" if running.record.status == "new" else "cared for"
            faults.append(f"{package_id}: {doing}; only a package that has ended can be forgotten")
        elif package_id not in ended:
            faults.append(f"{package_id}: there is no such package, or it is forgotten already")
    if faults:
        raise CannotForgetError(faults)


def records_about(
    connection: Connection, state: State, package_ids: Collection[str], ids: Collection[str]
) -> set[tuple[str, str]]:
    """Kind and id of every record about these packages, the empty ones of ``ids`` as well; of the service's own kinds, whatever
    names one.
    """
    found = set()
    for kind, stock in state.stock.items():
        for record_id, stored in stock.items():
            if kind in WITH_A_PERSON:
                about = stored.body["package_id"] in package_ids
            elif kind == CONTACTS:
                about = stored.body["package_id"] in package_ids or record_id in ids
            else:
                own = kind not in OF_NOBODY
                about = own and (record_id in ids or names_any(orjson.dumps(stored.body), ids))
            if about:
                found.add((kind, record_id))
    record = table_schema.records.c
    for row in connection.execute(select(record.kind, record.id).where(record.body.is_(None))):
        if row.id in ids and row.kind in WITH_A_PERSON:
            found.add((row.kind, row.id))
    return found


def texts_about(state: State, ids: Collection[str]) -> dict[tuple[str, str], Body]:
    """The records of the county that stay, of which a text names one of the ids: each without that text."""
    found: dict[tuple[str, str], Body] = {}
    for kind in (*IN_SNAPSHOT, ASSESSMENTS, CONTACTS, INCENTIVE_PERIODS, DELIVERIES):
        for record_id, stored in state.stock[kind].items():
            if kind == ASSESSMENTS:  # a correction may say anything, and the process stays
                body = stored.body | {name: emptied(stored.body[name], ids) for name in WORDS_OF_ASSESSMENTS}
            elif kind == CONTACTS:  # about nobody's care, or another's: what was asked stays
                body = stored.body | {name: emptied(stored.body[name], ids) for name in WORDS_OF_CONTACTS}
            elif kind == DELIVERIES:  # a row of each person
                body = stored.body | {"rows": [each for each in stored.body["rows"] if each["package_id"] not in ids]}
            else:
                body = without_mentions(stored.body, FREE_TEXTS.get(kind, ()), ids)
            if body != stored.body:
                found[kind, record_id] = body
    return found
