"""What has to hold after all the kills, read from the database itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import orjson
from sqlalchemy import Connection, func, select

from api.runs.events import ENDINGS, events_after
from api.runs.stored_runs import result_of
from api.state.state import State
from api.state.store import Store
from api.storage import audit, table_schema
from api.storage.database import reading
from tests.campaigns.killing.planners import Planners

runs = table_schema.runs


def faults(store: Store, planners: Planners) -> list[str]:
    """Everything that does not hold; none when nothing was lost or doubled."""
    state = store.state()
    with reading(store.engine) as connection:
        rows = {row.run_id: row for row in connection.execute(select(runs).with_only_columns(*_small()))}
        return [
            *_acknowledged(rows, planners),
            *_ended(connection, rows, len(state.snapshot.packages)),
            *_offers(state, planners),
            *_written(connection, state, planners),
            *_trail(connection, rows),
        ]


def _small() -> list[Any]:
    return [column for column in runs.c if column.name != "result"]


def _acknowledged(rows: dict[str, Any], planners: Planners) -> Iterator[str]:
    by_key = {row.idempotency_key: row.run_id for row in rows.values()}
    if len(rows) != len(planners.runs):
        yield f"{len(planners.runs)} runs were acknowledged, {len(rows)} are there"
    for key, run_id in planners.runs.items():
        if by_key.get(key) != run_id:
            yield f"the run of {key} is another one, or lost"
    for run_id in planners.cancelled:
        if not rows[run_id].cancel and rows[run_id].status not in ("succeeded", "failed"):
            yield f"the cancellation of {run_id} was lost"


def _ended(connection: Connection, rows: dict[str, Any], packages: int) -> Iterator[str]:
    table = table_schema.run_explanations
    explained = {
        str(run_id): int(n) for run_id, n in connection.execute(select(table.c.run_id, func.count()).group_by(table.c.run_id))
    }
    digests: dict[int, set[str]] = {}
    for run_id, row in rows.items():
        names = [event.name for event in events_after(connection, run_id, 0, limit=100_000)]
        if row.status not in ENDINGS or [name for name in names if name in ENDINGS] != [row.status] or names[-1:] != [row.status]:
            yield f"run {run_id} is {row.status} and ended so: {names[-3:]}"
        if row.status == "failed" and "solver_died" not in row.problem:
            yield f"run {run_id} failed: {row.problem}"
        whole = row.plan_digest is not None
        if row.status == "succeeded" and not whole:
            yield f"run {run_id} succeeded without a plan"
        if (explained.get(run_id, 0) == packages, result_of(connection, run_id) is not None) != (whole, whole):
            yield f"run {run_id} has half a result"
        if row.status == "succeeded":
            digests.setdefault(row.state_version, set()).add(row.plan_digest)
    for version, found in digests.items():
        if len(found) != 1:
            yield f"on version {version} of the county there are {len(found)} plans"


def _offers(state: State, planners: Planners) -> Iterator[str]:
    offers = state.stock["offers"]
    for offer_id in planners.offers - set(offers):
        yield f"offer {offer_id} was lost"
    made = {offer_id: stored.body for offer_id, stored in offers.items() if stored.body.get("run_id")}
    standing = Counter(body["package_id"] for body in made.values() if body["response"] in ("", "accepted"))
    for package_id, count in standing.items():
        if count > 1:
            yield f"{package_id} has {count} offers of runs at once"
    usage = state.standing_plan.usage
    for limit, used in zip(usage.limits, usage.on_entry, strict=True):
        if used > limit.whole_minutes:
            yield f"{limit.subject} is used beyond its limit"


def _written(connection: Connection, state: State, planners: Planners) -> Iterator[str]:
    """Answers and changes that were acknowledged, and each answer once in the trail."""
    for package_id, priority in planners.priorities.items():
        if state.stock["packages"][package_id].record.priority != priority:
            yield f"the last change of {package_id} was lost"
    for offer_id, response in planners.answers.items():
        if state.stock["offers"][offer_id].record.response != response:
            yield f"the answer to {offer_id} was lost"
    trail, answers = table_schema.audit.c, ("offer.accepted", "offer.declined", "offer.withdrawn")
    told = Counter(
        orjson.loads(details)["offer_id"]
        for details in connection.scalars(select(trail.details).where(trail.action.in_(answers)))
    )
    yield from (f"{count} answers to {offer_id} in the trail" for offer_id, count in told.items() if count > 1)
    yield from (f"no answer to {offer_id} in the trail" for offer_id in planners.answers.keys() - told.keys())


def _trail(connection: Connection, rows: dict[str, Any]) -> Iterator[str]:
    for broken in audit.verify(connection):
        yield f"the audit trail, entry {broken.seq}: {broken.problem}"
    for action, statuses in (("run.request", ENDINGS), ("run.succeeded", ("succeeded",))):
        question = select(table_schema.audit.c.subject, func.count()).where(table_schema.audit.c.action == action)
        told = {str(subject): int(n) for subject, n in connection.execute(question.group_by(table_schema.audit.c.subject))}
        if told != dict.fromkeys((run_id for run_id, row in rows.items() if row.status in statuses), 1):
            yield f"the trail does not tell once of every {action}"
