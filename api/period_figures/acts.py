"""What a period tells beside its statements is read: by whoever keeps accounts, and in rounded sums by who sees counts alone."""

from __future__ import annotations

import datetime as dt

import orjson

from api.accounts.acts import WHO_KEEPS
from api.accounts.records_since import any_came_since
from api.acts.act import Caller, act
from api.http.errors import Problem
from api.http.paging import Page
from api.http.responses import Shown, shown
from api.http.strict import Query
from api.overview.acts import COUNTS_ALONE
from api.period_figures.what_a_period_tells import counts_json, figures_json
from api.security.roles import VIEWER
from api.state.state import State
from api.state.stored_records import PERIOD_FIGURES, Body
from api.storage.database import reading

ROUNDED = (
    "of periods that are over, no contract and no provider, sums rounded to tens of hours and hundreds of pounds, no few people"
)
WHO_READS = {**WHO_KEEPS, VIEWER: ROUNDED}
NONE = "No figures of a period that begins on this day have been counted: they are whenever a whole period is drafted."


@act("period_figures.list", WHO_READS)
def list_periods(by: Caller, query: Query) -> Page[bytes]:
    """The periods of which figures have been counted, the newest first."""
    found = (each.body for each in by.store.state().stock[PERIOD_FIGURES].values() if _may_see(by, each.body))
    day = dt.date.fromisoformat
    page = by.page(found, lambda body: (-day(body["period_starts"]).toordinal(),), query.limit, query.cursor)
    return Page([orjson.dumps({name: body[name] for name in PERIOD}) for body in page.items], page.next_cursor)


PERIOD = ("period_starts", "period_ends", "counted_at")


@act("period_figures.read", WHO_READS)
def read_period(by: Caller, period_starts: dt.date) -> Shown:
    """Of one period how guarantees were used and why not, shares as delivered, and both steps of billing."""
    with reading(by.store.engine) as connection:
        state = by.store.live.at(connection)
        stored = state.get(PERIOD_FIGURES, period_starts.isoformat())
        if stored is None or not _may_see(by, stored.body):
            raise Problem("not_found", NONE)
        body = stored.body
        overtaken = any_came_since(connection, body["batch"], body["period_starts"], body["period_ends"])
    least, most = _wanted(state)
    if by.actor.role in COUNTS_ALONE:
        return shown(counts_json(body, least, most, by.settings.smallest_count, overtaken=overtaken))
    return shown(figures_json(body, least, most, overtaken=overtaken))


def _may_see(by: Caller, body: Body) -> bool:
    """Whoever sees counts alone: those of periods that are over."""
    return by.actor.role not in COUNTS_ALONE or str(body["period_ends"]) <= by.settings.clock.today().isoformat()


def _wanted(state: State) -> tuple[float, float]:
    policy = state.snapshot.policy
    return float(policy.share_low), float(policy.share_high)
