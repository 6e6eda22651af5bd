"""What runs have written of people: explanations one by one, results whole.

It is searched before the county is locked: a year of nights holds a million explanations. Inside the lock only what was written
since is searched: of runs that had ended that is events alone.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from sqlalchemy import Connection, delete, func, or_, select, update

from api.runs.events import ENDINGS
from api.state.naming import names_any, says
from api.storage.table_schema import run_events, run_explanations, runs
from api.storage.who_is_in_it import people_in

WORDS_OF_A_CALLER = "idempotency_key"
"""Plain words, and no JSON: whoever asks for a run may put anything into it. No two of one caller's are the same."""
OF_A_RUN = {name: None if runs.c[name].nullable else "{}" for name in people_in(runs) if name != WORDS_OF_A_CALLER}
"""What a run itself has written, and what stands there once that is destroyed."""


@dataclass
class Mentions:
    """Where runs name somebody, as far as it was searched."""

    explanations: set[tuple[str, str]] = field(default_factory=set)
    events: set[tuple[str, int]] = field(default_factory=set)
    of_runs: dict[str, list[str]] = field(default_factory=dict)
    """By run the columns."""
    ended: set[str] = field(default_factory=set)
    """The runs that had ended when they were searched: they write no more."""
    last_events: dict[str, int] = field(default_factory=dict)
    """By run the number of the last event that was searched."""


def search(connection: Connection, ids: Collection[str], known: Mentions | None = None) -> Mentions:
    """Where runs name one of the ids. ``known``: what was searched for the same ids before, which is added to."""
    found = known or Mentions()
    for run_id, status in connection.execute(select(runs.c.run_id, runs.c.status)).all():
        if run_id not in found.ended:
            _search_run(connection, ids, run_id, found)
            found.ended |= {run_id} if status in ENDINGS else set()
    last = select(run_events.c.run_id, func.max(run_events.c.seq)).group_by(run_events.c.run_id)
    for run_id, seq in connection.execute(last).all():
        after = found.last_events.get(run_id, 0)
        if seq > after:
            rows = connection.execute(select(run_events).where(run_events.c.run_id == run_id, run_events.c.seq > after))
            found.events |= {(run_id, int(row.seq)) for row in rows if names_any(row.body, ids)}
            found.last_events[run_id] = int(seq)
    return found


def _search_run(connection: Connection, ids: Collection[str], run_id: str, found: Mentions) -> None:
    mine = select(run_explanations).where(run_explanations.c.run_id == run_id).execution_options(yield_per=1000)
    rows = connection.execute(mine)
    found.explanations |= {(run_id, row.package_id) for row in rows if row.package_id in ids or names_any(row.body, ids)}
    row = connection.execute(select(runs).where(runs.c.run_id == run_id)).one()
    if named := [name for name in OF_A_RUN if names_any(getattr(row, name), ids)]:
        found.of_runs[run_id] = named


def destroy_results(connection: Connection, ids: Collection[str], searched: Mentions | None = None) -> int:
    """Delete explanations that name one of the ids, and destroy the results that do; returns how many results that were.

    A result is destroyed whole: without some of its people it would belie its digest. ``searched``: before the county was locked.
    """
    found = search(connection, ids, searched)
    for run_id, package_id in found.explanations:
        mine = run_explanations.c.run_id == run_id, run_explanations.c.package_id == package_id
        connection.execute(delete(run_explanations).where(*mine))
    for run_id, seq in found.events:
        connection.execute(update(run_events).where(run_events.c.run_id == run_id, run_events.c.seq == seq).values(body="{}"))
    for run_id, named in found.of_runs.items():
        connection.execute(update(runs).where(runs.c.run_id == run_id).values({name: OF_A_RUN[name] for name in named}))
    _rename(connection, ids)
    return sum("result" in named for named in found.of_runs.values())


def destroy_old_runs(connection: Connection, before: str) -> int:
    """What runs that ended before a moment have left behind: their events, explanations, results and what went wrong. That they
    were, who asked for them and when, stays. Returns how many had any of it.
    """
    ended, traces = runs.c.finished_at < before, (run_explanations, run_events)
    left = [select(each.c.run_id).where(each.c.run_id == runs.c.run_id).exists() for each in traces]
    has_any = or_(runs.c.result.is_not(None), *left)
    found = connection.execute(select(runs.c.run_id).where(ended, has_any)).scalars().all()
    for run_id in found:
        for each in traces:
            connection.execute(delete(each).where(each.c.run_id == run_id))
        connection.execute(update(runs).where(runs.c.run_id == run_id).values(result=None, problem=None))
    return len(found)


def _rename(connection: Connection, ids: Collection[str]) -> None:
    """A run that was asked for in words which name one of the ids has its own name in their place."""
    rows = connection.execute(select(runs.c.run_id, runs.c[WORDS_OF_A_CALLER]))
    for run_id in [row.run_id for row in rows if says(row.idempotency_key, ids)]:
        new = f"forgotten {run_id}"
        connection.execute(update(runs).where(runs.c.run_id == run_id).values({WORDS_OF_A_CALLER: new}))
