"""A night is kept: its plan as a run, the day's counts for the trend, and the failures to be tried for the next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from api.acts.act import Caller, act, only
from api.nights.keeping import Asked, keep_run, queue_stress
from api.nights.watching import watch_of
from api.security.roles import ADMIN
from api.state.state import State
from api.state.trusted_time import judge
from api.storage.audit import WHOLE_COUNTY
from api.storage.database import reading
from api.trends.kept_days import keep_day
from optimiser.nightly.watch import StoredAs, Watch

if TYPE_CHECKING:
    from optimiser.reoptimising.story import Reoptimisation


@dataclass(frozen=True)
class County:
    """The county of one moment, and what the service knows beside it."""

    state: State
    watch: Watch


@act("nights.read", only(ADMIN), writes=("county.night",))
def read(by: Caller) -> County:
    """The county for the report of a night, with alerts, times to answer by, failures tried and days gone by."""
    with reading(by.store.engine) as connection:
        state = by.store.live.at(connection)
        county = County(state, watch_of(connection, state, by.settings))
    by.read("county.night", "county", details={WHOLE_COUNTY: state.version})
    return county


@act("nights.keep", only(ADMIN), writes=("run.request", "run.succeeded", "run.cancelled"), changes=True)
def keep(
    by: Caller,
    made: Reoptimisation,
    version: int,
    counts: Mapping[str, Any],
    asked: Asked,
    *,
    stress: bool,
    told: Mapping[str, Any] | None = None,
) -> StoredAs:
    """A night is kept: its plan as a run whose steps can become offers, and the day's counts.

    ``version``: of the county that it was made on. ``stress``: whether failures are to be tried for the next report. ``told``:
    what the report says, for the page of that run. Raises ``NotKeptError`` where somebody in the plan was forgotten meanwhile;
    then nothing is written.
    """
    from api.runs.kinds.nightly import with_report
    from api.runs.kinds.reoptimise import outcome_of

    outcome = outcome_of(made)  # explanations are packed before anybody has to wait
    outcome = outcome if told is None else with_report(outcome, told)
    with by.change() as change:
        if judge(change.connection, by.settings).doubt is None:  # a day that may be none lets go of no other
            keep_day(change.connection, counts)
        kept = keep_run(change, outcome, version, asked)
        if stress:
            queue_stress(change)
    return kept
