"""What is done to long runs: asked for, followed, read, cancelled, and their proposals made offers of."""

from __future__ import annotations

import pkgutil
from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass

import orjson
from sqlalchemy import Connection, update

from api.acts.act import Caller, Size, act, only
from api.http.errors import Problem, declare
from api.http.paging import cursor_of, key_of
from api.http.responses import Shown, tag
from api.http.strict import FindingBody
from api.runs.apply_schemas import AppliedBody, ApplyAnswer, ApplyRequest, RefusedBody
from api.runs.applying import Applying, apply_inside, wishes_of
from api.runs.events import OUT_OF_DATE, add_event, last_event, last_progress, moment, progress_of
from api.runs.following import follow, newsroom, refuse_too_many
from api.runs.for_programs import for_programs
from api.runs.kinds import KINDS
from api.runs.kinds.kind import refuse_wrong_settings
from api.runs.requesting import queue_run, request_hash
from api.runs.schemas import CancelledRuns, OutOfDate, Progress, RunBody, RunLevels, RunPage, RunProblem, RunRequest
from api.runs.sent_snapshots import is_on_what_was_sent, is_over
from api.runs.share import refuse_more_than_a_share
from api.runs.stored_runs import NO_SUCH_RUN, Run, explanation_of, page_of_runs, result_of, run_of, run_with_key
from api.security.roles import ADMIN, JOB, PLANNER, TRANSITION
from api.state.naming import named_in
from api.storage.audit import WHOLE_COUNTY
from api.storage.database import reading
from api.storage.table_schema import runs

KEY_REUSED = declare("idempotency_key_reused", 409, "This Idempotency-Key came with another body before")
NO_RESULT = declare("no_result", 409, "This run has no result")
ANOTHER_PLAN = declare("another_plan", 409, "The run's plan is not the one that this request names")
MOST_A_PAGE = 10
STARTERS = only(PLANNER, TRANSITION, JOB, ADMIN)
OF_ITS_OWN = "levels and proposals, without reasons, of runs that it asked for itself"
PEOPLE = only(PLANNER, TRANSITION, ADMIN)


@dataclass(frozen=True)
class TaggedRun:
    """A run, and the tag that changes with every event of it."""

    run: RunBody
    etag: str


@act("runs.start", STARTERS, writes=("run.request",), changes=True, takes=Size.LIST)
def start(by: Caller, key: str, asked: RunRequest) -> TaggedRun:
    """A run is asked for; the same one when the same person asks again with the same key and body."""
    return tagged(by, _requested(by, key, asked))


@act("runs.list", STARTERS)
def list_runs(by: Caller, cursor: str | None, limit: int | None, kinds: Collection[str] = ()) -> RunPage:
    """Runs, a page at a time, newest first; of some kinds alone, where any are named."""
    size = min(limit or by.settings.page_size, MOST_A_PAGE * by.settings.page_size)
    with reading(by.store.engine) as connection:
        found = page_of_runs(connection, None if cursor is None else place_of(cursor), size + 1, kinds, by.actor.name)
        items = [body_of(connection, run, whole=_may_see_whom(by, run)) for run in found[:size]]
    return RunPage(items=items, next_cursor=cursor_after(found[size - 1]) if len(found) > size else None)


@act("runs.read", STARTERS)
def read(by: Caller, run_id: str) -> TaggedRun:
    """How a run is doing: its status and newest progress."""
    return tagged(by, _found(by, run_id))


@act("runs.levels", STARTERS)
def read_levels(by: Caller, run_id: str) -> RunLevels:
    """How far each level of a run has been closed: the newest progress of every level that has been worked on, in order."""
    run = _found(by, run_id)
    newest: dict[str, Progress] = {}
    with reading(by.store.engine) as connection:
        for event in progress_of(connection, run_id):
            told = Progress(**event.data)
            if told.price_run is None:  # what pins cost is found out by further runs over the same levels
                newest[told.level] = told
    return RunLevels(run_id=run_id, status=run.row.status, levels=list(newest.values()))


@act("runs.follow", STARTERS)
async def follow_run(by: Caller, run_id: str, after: int) -> AsyncIterator[bytes]:
    """What happens to a run, as it happens."""
    refuse_too_many(by.service, by.actor.name)
    if not await newsroom(by.service).has(run_id, by.actor.name):
        raise Problem("not_found", NO_SUCH_RUN)
    return follow(by, run_id, after)


@act("runs.cancel", {**STARTERS, JOB: "runs that it asked for itself"}, writes=("run.cancel",), changes=True)
def cancel(by: Caller, run_id: str) -> TaggedRun:
    """A run is cancelled: a waiting one ends at once, a running one keeps the best plan so far, an ended one stays."""
    return tagged(by, _cancelled(by, run_id))


@act("runs.cancel_waiting", STARTERS, writes=("run.cancel",), changes=True)
def cancel_waiting(by: Caller) -> CancelledRuns:
    """All runs that somebody asked for and that wait are cancelled, those of nobody else."""
    with by.change() as change:
        now = by.store.clock.instant()
        mine = (runs.c.requested_by == by.actor.name) & (runs.c.status == "queued")
        ended = {"status": "cancelled", "finished_at": moment(now), "cancel": True}
        found = change.connection.execute(update(runs).where(mine).values(**ended).returning(runs.c.run_id)).scalars().all()
        for run_id in sorted(found):
            add_event(change.connection, run_id, "cancelled", now)
            change.remember("run.cancel", "runs", run_id)
    return CancelledRuns(run_ids=sorted(found))


@act("runs.result", {**STARTERS, JOB: OF_ITS_OWN}, writes=("run.result.read",))
def read_result(by: Caller, run_id: str) -> Shown:
    """The plan of a run: levels with their proofs, figures per area, and a proposal for every package to decide on."""
    found_run = _found(by, run_id)
    if not _may_see_whom(by, found_run):
        raise Problem("forbidden", "A job reads results of the runs that it asked for itself; this one is another's.")
    of_version = found_run.row.state_version
    if not is_on_what_was_sent(found_run):  # of which nothing is in the trail but that it was asked for
        by.read("run.result.read", "runs", run_id, {"package_ids": []} if of_version is None else {WHOLE_COUNTY: of_version})
    with reading(by.store.engine) as connection:
        run, found = run_of(connection, run_id), result_of(connection, run_id)
    if found is None or run is None or _is_over(by, run):
        raise Problem(
            NO_RESULT,
            "It has not ended, failed, was cancelled before it began, or was destroyed, in time or with somebody it named.",
        )
    if by.actor.role == JOB and not is_on_what_was_sent(run):
        return Shown(for_programs(found), f'"{run.row.plan_digest}-figures"')
    return Shown(found, f'"{run.row.plan_digest}"')


@act("runs.explanation", PEOPLE, writes=("run.explanation.read",))
def read_explanation(by: Caller, run_id: str, package_id: str) -> Shown:
    """Why a run proposes what it does for a package."""
    run, others = _found(by, run_id), list[str]()
    sent = is_on_what_was_sent(run)
    with reading(by.store.engine) as connection:
        found = None if _is_over(by, run) else explanation_of(connection, run_id, package_id)
        if not sent:
            others = named_in(found, by.store.live.at(connection).stock["packages"].keys())
    if not sent:
        by.read("run.explanation.read", "packages", package_id, {"run_id": run_id, "package_ids": others})
    if found is None:
        raise Problem("not_found", "This run has no explanation of such a package.")
    return Shown(found)


@act(
    "runs.apply",
    {PLANNER: "", TRANSITION: "moves of running care alone", ADMIN: ""},
    writes=("run.apply", "run.apply.refused", "offer.made", "offer.accepted", "offer.withdrawn", "alert.acknowledge"),
    changes=True,
    takes=Size.LIST,
)
def apply(by: Caller, run_id: str, asked: ApplyRequest) -> ApplyAnswer:
    """A plan's proposals become offers, each judged again; what is not possible any more is refused one by one."""
    with reading(by.store.engine) as connection:
        run, result = run_of(connection, run_id), result_of(connection, run_id)
    if run is None or _is_anothers(by, run):
        raise Problem("not_found", NO_SUCH_RUN)
    if result is None:
        raise Problem(NO_RESULT, "It has no plan to apply: see its status.")
    if (not_applied := KINDS[run.row.kind].not_applied) is not None:
        raise Problem(*not_applied)
    if run.row.plan_digest != asked.plan_digest:
        raise Problem(ANOTHER_PLAN, "Look at the run's result, and send the plan_digest that stands there.")
    accepted, evidence, decisions = asked.done_as == "accepted", asked.evidence or "", asked.social_work_decisions
    applying = Applying(run_id, run.row.state_version, accepted, evidence, decisions, KINDS[run.row.kind].move)
    with by.change() as change:
        applied, refused = apply_inside(change, by.settings, applying, wishes_of(orjson.loads(result)["proposals"], asked))
    return ApplyAnswer(
        run_id=run_id,
        plan_digest=asked.plan_digest,
        applied=[AppliedBody(**vars(each)) for each in applied],
        refused=[
            RefusedBody(**{**vars(each), "findings": [FindingBody.of(finding) for finding in each.findings]}) for each in refused
        ],
    )


def _requested(by: Caller, key: str, request: RunRequest) -> Run:
    """The run that was asked for; the same one when the same person asks again with the same key and body.

    Raises ``Problem`` when the key came with another body before, or a setting is out of its bounds.
    """
    kind, settings = request.kind, request.settings.as_kept()
    with by.change() as change:
        earlier = run_with_key(change.connection, by.actor.name, key)
        if earlier is not None:
            if earlier.row.request_hash != request_hash(kind, settings):
                raise Problem(KEY_REUSED, "Send a new Idempotency-Key with a new request; repeat a request as it was.")
            return earlier
        if not change.state.stock["areas"]:
            raise Problem("not_ready", "The database is empty: run 'optimiser load FOLDER'.")
        refuse_wrong_settings(KINDS[kind], change.state.county, settings)
        if KINDS[kind].refuses:
            pkgutil.resolve_name(KINDS[kind].refuses)(by, change.state, settings.get(kind, {}))
        refuse_more_than_a_share(change.connection, by.actor.name, request.settings.wall_seconds, by.settings)
        made = run_of(change.connection, queue_run(change, key, kind, settings))
    assert made is not None
    return made


def _cancelled(by: Caller, run_id: str) -> Run:
    """A queued run ends at once; a running one is asked to stop and keeps the best plan so far; an ended one stays."""
    with by.change() as change:
        known = run_of(change.connection, run_id)
        if known is not None and _is_anothers(by, known):
            raise Problem("not_found", NO_SUCH_RUN)
        if known is not None and not _may_see_whom(by, known):
            raise Problem("forbidden", "A job cancels the runs that it asked for itself; this one is another's.")
        now = by.store.clock.instant()
        this = runs.c.run_id == run_id
        ended = {"status": "cancelled", "finished_at": moment(now), "cancel": True}
        asked = runs.c.cancel.is_(False)
        if change.connection.execute(update(runs).where(this, runs.c.status == "queued").values(**ended)).rowcount:
            add_event(change.connection, run_id, "cancelled", now)
            change.remember("run.cancel", "runs", run_id)
        elif change.connection.execute(update(runs).where(this, runs.c.status == "running", asked).values(cancel=True)).rowcount:
            add_event(change.connection, run_id, "cancelling", now)
            change.remember("run.cancel", "runs", run_id)
        run = run_of(change.connection, run_id)
        if run is None:
            raise Problem("not_found", NO_SUCH_RUN)
    return run


def _found(by: Caller, run_id: str) -> Run:
    with reading(by.store.engine) as connection:
        run = run_of(connection, run_id)
    if run is None or _is_anothers(by, run):
        raise Problem("not_found", NO_SUCH_RUN)
    return run


def _is_anothers(by: Caller, run: Run) -> bool:
    """Whether a run works on what somebody else has sent: there is none for all others."""
    return is_on_what_was_sent(run) and run.row.requested_by != by.actor.name


def _is_over(by: Caller, run: Run) -> bool:
    return is_over(run, by.settings.clock.instant(), by.settings.solve_result_minutes)


def tagged(by: Caller, run: Run) -> TaggedRun:
    """A run as it is told to somebody."""
    with reading(by.store.engine) as connection:
        return TaggedRun(body_of(connection, run, whole=_may_see_whom(by, run)), etag(run))


def _may_see_whom(by: Caller, run: Run) -> bool:
    """Whether somebody may see the people that a run names: a job those of its own runs alone."""
    return by.actor.role != JOB or run.row.requested_by == by.actor.name


def body_of(connection: Connection, run: Run, *, whole: bool) -> RunBody:
    """A run with its newest progress. ``whole``: its part and pins too, which name people."""
    row, progress = run.row, last_progress(connection, run.run_id)
    outdated = last_event(connection, run.run_id, OUT_OF_DATE)
    return RunBody(
        run_id=run.run_id,
        kind=row.kind,
        status=row.status,
        settings=run.settings if whole else {name: each for name, each in run.settings.items() if name != row.kind},
        requested_by=row.requested_by,
        created_at=row.created_at,
        started_at=row.started_at,
        finished_at=row.finished_at,
        cancel_requested=row.cancel,
        attempts=row.attempts,
        state_version=row.state_version,
        plan_digest=row.plan_digest,
        progress=None if progress is None else Progress(**progress.data),
        problem=None if row.problem is None else RunProblem(**orjson.loads(row.problem)),
        out_of_date=None if outdated is None else OutOfDate(since=outdated.at, because=outdated.data["because"]),
    )


def etag(run: Run) -> str:
    """Every change of a run is an event: their number tells whether it is what it was."""
    return tag(run.changes)


def cursor_after(run: Run) -> str:
    return cursor_of((run.row.created_at, run.run_id))


def place_of(cursor: str) -> tuple[str, str]:
    """Where a page begins. Raises ``Problem`` for what is no cursor of ours."""
    at, run_id = key_of(cursor, like=("", ""))
    return at, run_id
