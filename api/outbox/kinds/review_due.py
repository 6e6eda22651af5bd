"""A restriction is to be reviewed on a day: it goes into the diary of whoever reviews it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

from api.outbox.message_kind import DAILY, STAFF, DiaryDate, Happening, Kind, Notice, Words

RECORDS = "restrictions"


def _notices(happening: Happening) -> Iterator[Notice]:
    known = happening.before.stock.get(RECORDS, {})
    for (kind, restriction_id), body in happening.records.items():
        day = "" if kind != RECORDS or body is None else str(body.get("review_on") or "")
        was = known[restriction_id].body.get("review_on") if restriction_id in known else ""
        if day and day != was:
            yield Notice(f"{restriction_id} {day}", facts={"day": day})


def _words(facts: Mapping[str, str]) -> Words:
    day = dt.date.fromisoformat(facts["day"])
    return Words(
        "A restriction is to be reviewed",
        (f"Its review falls on {day:%A} {day.day} {day:%B %Y}.",),
        "/providers",
        DiaryDate("Review of a restriction", day),
    )


KIND = Kind("review_due", "A restriction has a day on which it is reviewed", STAFF, DAILY, (), _notices, _words, RECORDS)
