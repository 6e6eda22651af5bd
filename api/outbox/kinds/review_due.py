"""A restriction is to be reviewed on a day: it goes into the diary of whoever reviews it, and out of it where nothing is left to
review by then.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from api.outbox.message_kind import DAILY, STAFF, TAKEN_BACK, DiaryDate, Happening, Kind, Notice, Words
from optimiser.domain.words import weekday_in_words

RECORDS = "restrictions"


def _notices(happening: Happening) -> Iterator[Notice]:
    known = happening.before.stock.get(RECORDS, {})
    for (kind, restriction_id), body in happening.records.items():
        if kind != RECORDS:
            continue
        was, day = _day(known[restriction_id].body if restriction_id in known else None), _day(body)
        if day != was:
            # It may come back to a day that it has had: what is new is that it was decided at this version of the county.
            about, diary = f"{restriction_id} {day} {happening.after().version}", f"review of {restriction_id}"
            facts = {"day": day} if day else {"day": was, TAKEN_BACK: "yes"}
            yield Notice(about, facts=facts, diary=diary, takes_back=not day, had_it_alone=not day)


def _day(body: Mapping[str, Any] | None) -> str:
    """When it is reviewed; of one that has gone, or ends before, never."""
    day, ends = (str((body or {}).get(name) or "") for name in ("review_on", "ends"))
    return "" if ends and day and ends <= day else day


def _words(facts: Mapping[str, str]) -> Words:
    day = dt.date.fromisoformat(facts["day"])
    title = "Review of a restriction"
    if TAKEN_BACK in facts:
        told = (f"It was to fall on {weekday_in_words(day)}.",)
        return Words("A restriction is not reviewed any more", told, "/providers", DiaryDate(title, day, is_off=True))
    return Words(
        "A restriction is to be reviewed",
        (f"Its review falls on {weekday_in_words(day)}.",),
        "/providers",
        DiaryDate(title, day),
    )


KIND = Kind("review_due", "A restriction has a day on which it is reviewed", STAFF, DAILY, (), _notices, _words, RECORDS)
