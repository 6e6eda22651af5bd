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

DAYS_GONE_BY = "days before today alone, no count of people that is too small, and no exact one"


@act("trends.read", {**EVERYBODY, **dict.fromkeys(COUNTS_ALONE, DAYS_GONE_BY)})
def read_trends(by: Caller, query: TrendsQuery) -> Page[bytes]:
    """How unmet need, waits, shares and declines have gone, a day at a time."""
    today = by.settings.clock.today()
    since = max(query.since or dt.date.min, first_kept(today))
    counts_alone = by.actor.role in COUNTS_ALONE
    end = today if counts_alone else days_after(today, 1)  # a night may be made again on its day, which would tell of changes
    with reading(by.store.engine) as connection:
        days = kept_days(connection, since, min(query.until or end, end))
    smallest = by.settings.smallest_count if counts_alone else None
    page = by.page(days, lambda each: (each["day"],), query.limit, query.cursor)
    return Page([orjson.dumps(day_json(each, query.by, query.group, smallest)) for each in page.items], page.next_cursor)
