"""The service's clock is read, and confirmed where it was doubted."""

from __future__ import annotations

import datetime as dt

from api.acts.act import Caller, act, only
from api.clock import LONDON
from api.http.errors import Problem, declare
from api.offers.lapsing import expired
from api.security.roles import ADMIN, AUDITOR, PLANNER, TRANSITION
from api.state.state import State
from api.state.trusted_time import BEHIND, GAP, Judged, judge
from api.storage.database import reading
from api.timekeeping.moments import apart, moment_of
from api.timekeeping.schemas import ClockTold, Confirmation

CLOCKS_DIFFER = declare("clocks_differ", 409, "The service's clock shows another time than you say")
MOST_APART = dt.timedelta(minutes=10)
"""So far what somebody reads off a watch and types may be from what the service's clock shows."""

DOUBTS = {
    GAP: "The clock is far later than when the service was last heard of: either it was off, or the clock is wrong.",
    BEHIND: "The clock is behind what this service has written already: it is wrong, or it was.",
}
WHAT_NOW = " Nothing ends by time until an administrator confirms it: optimiser clock --it-is TIME."
BELIEVED = "The clock is believed."
A_FIXED_DAY = "This county is for practice, on a fixed day: its clock is not judged."


@act("clock.read", only(PLANNER, TRANSITION, AUDITOR, ADMIN))
def read(by: Caller) -> ClockTold:
    """What the service's clock shows, and whether it is believed."""
    with reading(by.store.engine) as connection:
        return _told(by, by.store.live.at(connection), judge(connection, by.settings))


@act("clock.confirm", only(ADMIN), writes=("clock.confirm",), changes=True)
def confirm(by: Caller, given: Confirmation) -> ClockTold:
    """An administrator says what time it is: where the clock shows the same, what time ends goes on."""
    said, shows = moment_of(given.it_is), by.settings.clock.instant()
    assert said is not None
    if apart(said, shows) > MOST_APART:
        raise Problem(
            CLOCKS_DIFFER,
            f"The service's clock shows {_written(shows)}. Set the machine's clock right and confirm then. Nothing was changed.",
        )
    with by.change() as change:
        before = judge(change.connection, by.settings)
        details = {"it_is": given.it_is, "reason": given.reason, "doubt": before.doubt, "heard_at": _written(before.heard_at)}
        change.remember("clock.confirm", "county", details=details)
        change.confirm_clock()
        state = change.state
    return _told(by, state, Judged(None, heard_at=shows, last_entry_at=shows))


def _told(by: Caller, state: State, judged: Judged) -> ClockTold:
    clock = by.settings.clock
    words = BELIEVED if clock.fixed_day is None else A_FIXED_DAY
    return ClockTold(
        shows=_written(clock.instant()) or "",
        believed=judged.doubt is None,
        doubt=judged.doubt,
        doubted_since=_written(judged.doubted_at),
        heard_at=_written(judged.heard_at),
        last_entry_at=_written(judged.last_entry_at),
        would_expire=sum(1 for _ in expired(state, by.settings)),
        told=words if judged.doubt is None else DOUBTS[judged.doubt] + WHAT_NOW,
    )


def _written(moment: dt.datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(LONDON).isoformat(timespec="seconds")
