"""Designated periods for incentives that a named person opened: how they stand, and beside those of the account book.

No deed changes anything about a day that has passed: a period begins today at the earliest, its last day is never put before
today, and one that has begun is not withdrawn. So nothing that was stated of earlier days is touched.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

from api.http.errors import Problem, declare
from api.state.state import State
from api.state.stored_records import INCENTIVE_PERIODS, Body
from optimiser.domain.accounts import AccountBook, IncentivePeriod
from optimiser.domain.dates import days_after

TO_COME, OPEN, OVER, WITHDRAWN = "to_come", "open", "over", "withdrawn"
STATES = (TO_COME, OPEN, OVER, WITHDRAWN)
OVERLAPS = declare("periods_overlap", 409, "Some of these days are in a period that was opened already: change its end instead")
IS_OVER = declare("period_is_over", 409, "The period is over or was withdrawn: nothing of it changes any more")
HAS_BEGUN = declare("period_has_begun", 409, "The period has begun: its end may be changed, and it is not withdrawn")
MOST_DAYS = 366
"""A longer one is taken for a slip; its end may be moved on later."""


def opened(state: State) -> list[Body]:
    """All that were opened in the service, withdrawn ones too; by first day."""
    found = (each.body for each in state.stock[INCENTIVE_PERIODS].values())
    return sorted(found, key=lambda body: (str(body["starts"]), str(body["incentive_period_id"])))


def state_of(body: Body, today: dt.date) -> str:
    """Out of ``STATES``."""
    if body["withdrawn"]:
        return WITHDRAWN
    if body["ends"] <= today.isoformat():
        return OVER
    return OPEN if body["starts"] <= today.isoformat() else TO_COME


def with_opened(book: AccountBook, state: State) -> AccountBook:
    """A book with what was opened beside its own: a day that is in one of each is designated once."""
    return replace(book, periods=(*book.periods, *_periods(state)))


def _periods(state: State) -> Iterator[IncentivePeriod]:
    for body in opened(state):
        if not body["withdrawn"]:
            starts, ends = map(dt.date.fromisoformat, (body["starts"], body["ends"]))
            yield IncentivePeriod(starts, ends, body["occasion"], body["opened_by"])


def changed_after(state: State, version: int, ends: dt.date) -> bool:
    """Whether one that begins before a day was opened or changed after a version of the county."""
    found = state.stock[INCENTIVE_PERIODS].values()
    return any(each.version > version and each.body["starts"] < ends.isoformat() for each in found)


def next_id(state: State) -> str:
    """They are counted, and none is ever taken out."""
    return f"IP{len(state.stock[INCENTIVE_PERIODS]) + 1:04}"


def refuse_days(state: State, starts: dt.date, ends: dt.date, changed: Body | None = None) -> None:
    """Raises a ``Problem`` where a period may not be from one day to another, the second outside of it.

    ``changed``: the one whose end is changed; None: it is opened.
    """
    today, faults = state.as_of, []
    if changed is None and starts < today:
        faults.append(f"starts: a day from today, {today}, on; it is {starts}. Nothing is earned for what has been done.")
    if ends <= starts:
        faults.append(f"ends: a day after starts, the first that no longer counts; it is {ends}.")
    elif ends <= today:
        faults.append(f"ends: a day after today, {today}, which was told to providers; it is {ends}.")
    if ends > days_after(starts, MOST_DAYS):
        faults.append(f"ends: at most {MOST_DAYS} days after starts; it is {ends}. It may be moved on later.")
    if faults:
        raise Problem("refused", f"{len(faults)} fault(s); nothing was written.", faults=faults)
    for other in opened(state):
        apart = other["ends"] <= starts.isoformat() or ends.isoformat() <= other["starts"]
        if not (apart or other["withdrawn"] or (changed and other["incentive_period_id"] == changed["incentive_period_id"])):
            last = days_after(dt.date.fromisoformat(other["ends"]), -1)
            raise Problem(OVERLAPS, f"{other['incentive_period_id']} is from {other['starts']} up to and including {last}.")


def refuse_over(state: State, body: Body) -> None:
    """Raises a ``Problem`` for a period of which nothing changes any more."""
    if state_of(body, state.as_of) in (OVER, WITHDRAWN):
        raise Problem(IS_OVER, "Open another one.")
