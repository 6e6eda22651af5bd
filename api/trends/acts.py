"""What is read of trends: the counts of single days."""

from __future__ import annotations

import datetime as dt

import orjson

from api.acts.act import Caller, act
from api.http.paging import Page
from api.overview.acts import COUNTS_ALONE, EVERYBODY
from api.storage.database import reading
from api.trends.answers import day_json
from api.trends.kept_days import first_kept, kept_days
from api.trends.schemas import TrendsQuery
from optimiser.domain.dates import days_after


@act("trends.read", {**EVERYBODY, **dict.fromkeys(COUNTS_ALONE, "no count of people that is too small, and no exact one")})
def read_trends(by: Caller, query: TrendsQuery) -> Page[bytes]:
    """How unmet need, waits, shares and declines have gone, a day at a time."""
    today = by.settings.clock.today()
    since = max(query.since or dt.date.min, first_kept(today))
    with reading(by.store.engine) as connection:
        days = kept_days(connection, since, query.until or days_after(today, 1))
    smallest = by.settings.smallest_count if by.actor.role in COUNTS_ALONE else None
    page = by.page(days, lambda each: (each["day"],), query.limit, query.cursor)
    return Page([orjson.dumps(day_json(each, query.by, query.group, smallest)) for each in page.items], page.next_cursor)
