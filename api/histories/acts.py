"""What has been done about one person is read from the audit trail: deeds, the newest first, not who has read what."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import select

from api.acts.act import ACTS, Caller, act, only
from api.histories.schemas import HistoryQuery
from api.http.errors import Problem
from api.http.paging import Page
from api.security.roles import ADMIN, PLANNER, SOCIAL_WORK, TRANSITION
from api.state.known_people import was_known
from api.storage.database import reading
from api.storage.table_schema import audit
from optimiser.domain.dates import wall_clock

USUAL = 50
TOLD = (
    "contract_id", "provider_id", "step", "response", "reason", "out_of_order_reason", "decision_reference", "answered_by", "how",
    "answer", "given_by", "decision", "move", "priority", "start_by", "care_started", "held_until", "choice", "choice_until",
    "where", "holds_until", "ended_by", "need_remains", "new_package_id", "instead_of", "kind", "found", "first_visit_at",
    "said_by",
)  # fmt: skip
"""What a line tells of an entry. All else of it, figures and whole records among it, is for who may read the trail."""


@dataclass(frozen=True)
class _Entry:
    seq: int
    body: bytes


@act("histories.of_package", only(PLANNER, TRANSITION, SOCIAL_WORK, ADMIN), writes=("history.read",))
def read_of_package(by: Caller, package_id: str, query: HistoryQuery) -> Page[bytes]:
    """What has been done about one person, the newest first: by whom, when, and a line of what it was about."""
    state = by.read("history.read", "packages", package_id)
    with reading(by.store.engine) as connection:
        if state.get("packages", package_id) is None and not was_known(connection, package_id):
            raise Problem("not_found", "There is no package of this id.")
        changing = {action for each in ACTS.values() if each.changes for action in each.writes}
        mine = (audit.c.subject == package_id) & (audit.c.subject_kind == "packages") & audit.c.action.in_(sorted(changing))
        wanted = audit.c.seq, audit.c.at, audit.c.actor, audit.c.role, audit.c.action, audit.c.details
        rows = connection.execute(select(*wanted).where(mine)).all()
    found = [_Entry(row.seq, orjson.dumps(_deed(dict(row._mapping)))) for row in rows]
    page = by.page(found, lambda each: (-each.seq,), query.limit, query.cursor, usual=USUAL)
    return Page([each.body for each in page.items], page.next_cursor)


def _deed(row: Mapping[str, Any]) -> dict[str, Any]:
    at = wall_clock(dt.datetime.fromisoformat(row["at"]).astimezone(dt.UTC))
    return {
        "seq": row["seq"],
        "at": at.replace(microsecond=0).isoformat(),
        "by": row["actor"],
        "role": row["role"],
        "action": row["action"],
        "told": _told(json.loads(row["details"] or "{}")),
    }


def _told(details: Mapping[str, Any]) -> dict[str, str]:
    """The cells of a line, whether they stand in an entry itself or in what it says of after."""
    after = details.get("after")
    cells = {**(after if isinstance(after, dict) else {}), **details}
    said = {name: cells[name] for name in TOLD if cells.get(name) not in (None, "", [])}
    return {name: str(each).lower() if isinstance(each, bool) else str(each) for name, each in said.items()}
