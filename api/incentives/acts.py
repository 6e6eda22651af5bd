"""Designated periods for incentives: opened by a named person for weather, absence or market failure; their end, and why."""

from __future__ import annotations

import datetime as dt

import orjson

from api.accounts.acts import WHO_KEEPS
from api.accounts.kept_book import incentive_book, kept_incentives
from api.acts.act import Caller, act
from api.http.errors import Problem
from api.http.paging import Page
from api.http.responses import Shown, require, shown, tag
from api.incentives.opened_periods import HAS_BEGUN, TO_COME, next_id, opened, refuse_days, refuse_over, state_of
from api.incentives.schemas import NewEnd, NewPeriod, PeriodsQuery, Withdrawal
from api.own.whose import OWN, own_provider
from api.state.state import State
from api.state.store import Change
from api.state.stored_records import INCENTIVE_PERIODS, Body, Stored
from optimiser.domain.accounts import IncentivePeriod

NO_PERIOD = "No period of this id was opened."
NO_AMOUNT = "The account book has no amount (incentives.csv) for its first day: as it stands nothing is earned then."
Json = dict[str, object]


@act("incentives.list", WHO_KEEPS)
def list_periods(by: Caller, query: PeriodsQuery) -> Page[bytes]:
    """Designated periods, those of the account book too; the newest first."""
    state = by.store.state()
    bodies = [_told(state, each) for each in opened(state)]
    found = [*bodies, *(_of_the_book(state, each) for each in kept_incentives(state).periods)]
    wanted = [each for each in found if query.state in (None, each["state"])]

    def turn(told: Json) -> tuple[int, int, str]:
        starts, ends = (dt.date.fromisoformat(str(told[name])).toordinal() for name in ("starts", "ends"))
        return -starts, -ends, f"{told['incentive_period_id'] or ''} {told['occasion']}"

    page = by.page(wanted, turn, query.limit, query.cursor)
    return Page([orjson.dumps(each) for each in page.items], page.next_cursor)


@act("incentives.read_period", WHO_KEEPS)
def read_period(by: Caller, incentive_period_id: str) -> Shown:
    """One that was opened, with who did and why."""
    state = by.store.state()
    return _shown(state, _stored(state, incentive_period_id))


@act("incentives.open_period", WHO_KEEPS, writes=("incentive_period.open",), changes=True)
def open_period(by: Caller, given: NewPeriod) -> Shown:
    """A designated period is opened from today on or later: fast starts in it earn what the account book says."""
    with by.change() as change:
        refuse_days(change.state, given.starts, given.ends)
        period_id = next_id(change.state)
        body: Body = {
            "incentive_period_id": period_id,
            "starts": given.starts.isoformat(),
            "ends": given.ends.isoformat(),
            "occasion": given.occasion,
            "why": given.why,
            "opened_by": by.actor.name,
            "opened_at": by.settings.clock.now().isoformat(),
            "changed_by": None,
            "changed_at": None,
            "changed_why": None,
            "withdrawn": False,
        }
        change.put(INCENTIVE_PERIODS, period_id, body)
        told = {name: body[name] for name in ("starts", "ends", "occasion", "why")}
        change.remember("incentive_period.open", INCENTIVE_PERIODS, period_id, told)
        after = change.as_if()
        return _shown(after, _stored(after, period_id))


@act("incentives.close_period", WHO_KEEPS, writes=("incentive_period.end",), changes=True)
def close_period(by: Caller, incentive_period_id: str, given: NewEnd, if_match: str | None = None) -> Shown:
    """A period that is not over ends on another day, earlier or later, and never before today is over."""
    with by.change() as change:
        stored = _read(change, incentive_period_id, if_match)
        starts, before = dt.date.fromisoformat(stored.body["starts"]), stored.body["ends"]
        refuse_days(change.state, starts, given.ends, stored.body)
        ends = given.ends.isoformat()
        told = {"before": before, "after": ends, "why": given.why}
        change.remember("incentive_period.end", INCENTIVE_PERIODS, incentive_period_id, told)
        return _changed(by, change, stored.body | {"ends": ends}, given.why)


@act("incentives.withdraw_period", WHO_KEEPS, writes=("incentive_period.withdraw",), changes=True)
def withdraw_period(by: Caller, incentive_period_id: str, given: Withdrawal, if_match: str | None = None) -> Shown:
    """A period that has not begun is withdrawn: none of its days counts by it."""
    with by.change() as change:
        stored = _read(change, incentive_period_id, if_match)
        if state_of(stored.body, change.state.as_of) != TO_COME:
            raise Problem(HAS_BEGUN, f"It began on {stored.body['starts']}: today may be its last day.")
        change.remember("incentive_period.withdraw", INCENTIVE_PERIODS, incentive_period_id, {"why": given.why})
        return _changed(by, change, stored.body | {"withdrawn": True}, given.why)


@act("own.incentives", OWN)
def read_own(by: Caller) -> Shown:
    """Which periods are designated for incentives, today or to come, and what a fast start in them earns."""
    state = by.store.state()
    own_provider(by, state)
    book, today = incentive_book(state), state.as_of
    periods = sorted({(each.starts, each.ends, each.occasion) for each in book.periods if each.ends > today})
    amounts = [
        {
            "starts": each.starts and each.starts.isoformat(),
            "ends": each.ends and each.ends.isoformat(),
            "workers": each.workers,
            "over_hours": float(each.over_hours),
            "up_to_hours": float(each.up_to_hours),
            "gbp": each.pence / 100,
        }
        for each in book.amounts
        if each.pence and (each.ends is None or each.ends > today)
    ]
    told = [{"starts": starts.isoformat(), "ends": ends.isoformat(), "occasion": why} for starts, ends, why in periods]
    return shown({"designated_day": book.settings.incentive_day, "periods": told, "amounts": amounts if told else []})


def _read(change: Change, period_id: str, if_match: str | None) -> Stored:
    stored = _stored(change.state, period_id)
    require(if_match, tag(stored.version))
    refuse_over(change.state, stored.body)
    return stored


def _changed(by: Caller, change: Change, body: Body, why: str) -> Shown:
    said = {"changed_by": by.actor.name, "changed_at": by.settings.clock.now().isoformat(), "changed_why": why}
    change.put(INCENTIVE_PERIODS, body["incentive_period_id"], body | said)
    after = change.as_if()
    return _shown(after, _stored(after, body["incentive_period_id"]))


def _stored(state: State, period_id: str) -> Stored:
    stored = state.get(INCENTIVE_PERIODS, period_id)
    if stored is None:
        raise Problem("not_found", NO_PERIOD)
    return stored


def _shown(state: State, stored: Stored) -> Shown:
    return shown(_told(state, stored.body), tag(stored.version))


def _told(state: State, body: Body) -> Json:
    stands = state_of(body, state.as_of)
    told = {name: value for name, value in body.items() if name != "withdrawn"}
    asked_on = max(dt.date.fromisoformat(body["starts"]), state.as_of)
    pays = any(each.holds(asked_on) for each in incentive_book(state).amounts)
    return told | {"state": stands, "notes": [] if pays or stands not in ("open", "to_come") else [NO_AMOUNT]}


def _of_the_book(state: State, period: IncentivePeriod) -> Json:
    starts, ends, today = period.starts, period.ends, state.as_of
    unsaid = ("incentive_period_id", "why", "opened_at", "changed_by", "changed_at", "changed_why")
    return dict.fromkeys(unsaid) | {
        "starts": starts.isoformat(),
        "ends": ends.isoformat(),
        "occasion": period.occasion,
        "opened_by": period.opened_by or None,
        "state": "over" if ends <= today else "open" if starts <= today else "to_come",
        "notes": [],
    }
