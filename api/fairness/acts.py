"""What is read of fairness: by whoever works here, for any days in exact counts or as it is published; by anybody, a quarter."""

from __future__ import annotations

import datetime as dt

import orjson

from api.acts.act import Caller, act
from api.fairness.answers import Hiding, fairness_of
from api.fairness.quarters import Span, is_settled, last_settled, quarter_with, settled
from api.fairness.requests_kept import how_many_gone
from api.fairness.schemas import FairnessQuery
from api.http.errors import Problem
from api.http.responses import Shown
from api.overview.acts import COUNTS_ALONE, EVERYBODY
from api.storage.database import reading
from optimiser.domain.dates import months_after

QUARTERS_SHOWN = 4
"""A year."""

AS_PUBLISHED = "as it is published: whole quarters that are settled, counts to the nearest five, none that is small"
NOT_PUBLISHED = "The council does not publish this here."
WHOLE_QUARTERS = "one whole calendar quarter that ended at least 28 days ago: counts of other days would tell of single people"


@act("fairness.read", {**EVERYBODY, **dict.fromkeys(COUNTS_ALONE, AS_PUBLISHED)})
def read_fairness(by: Caller, query: FairnessQuery) -> Shown:
    """How often each provider was asked, answered and said yes, and how long people waited, in a span of days."""
    span = _span(query.since, query.until, by.settings.clock.today())
    return Shown(_body(by, span, hides=query.as_published or not exact_for(by)))


@act("fairness.published", EVERYBODY)
def read_published(by: Caller, since: dt.date | None) -> Shown:
    """The same of a settled quarter as anybody may read it, where the council publishes it."""
    if not by.settings.publish_fairness:
        raise Problem("not_found", NOT_PUBLISHED)
    return Shown(_body(by, _span(since, None, by.settings.clock.today()), hides=True))


def exact_for(by: Caller) -> bool:
    """Whether somebody may read exact counts."""
    return by.actor.role not in COUNTS_ALONE


def quarters_told(by: Caller, *, exact: bool) -> list[dt.date]:
    """The first days of the quarters that a page leads to, the newest first: in exact counts the one under way, too."""
    today = by.settings.clock.today()
    if not exact:
        return [each.since for each in settled(today, QUARTERS_SHOWN)]
    now = quarter_with(today).since
    return [months_after(now, -3 * back) for back in range(QUARTERS_SHOWN + 1)]


def _span(since: dt.date | None, until: dt.date | None, today: dt.date) -> Span:
    """The days that are asked for; of a quarter its first day is enough. Raises the problem ``invalid_request``."""
    newest = last_settled(today)
    if since is None and until is None:
        return newest
    if since is None:
        raise _wrong("since", "give since too, the first day")
    if until is None:
        return _quarter_from(since)
    if until <= since:
        raise _wrong("until", "a day after since: the first day that is not counted")
    return Span(since, until)


def _quarter_from(since: dt.date) -> Span:
    """The quarter that begins on a day. Raises the problem ``invalid_request`` where none does."""
    found = quarter_with(since)
    if found.since != since:
        raise _wrong("since", "the first day of a quarter, such as 2026-07-01, or give until too")
    return found


def _body(by: Caller, span: Span, *, hides: bool) -> bytes:
    """The answer; of a quarter it is kept for as long as the county stays as it is, and nobody who has left it is forgotten."""
    settings = by.settings
    if hides and not is_settled(span, settings.clock.today()):
        raise _wrong("since", WHOLE_QUARTERS)
    hiding = Hiding(settings.smallest_count, settings.publish_provider_names) if hides else None
    state = by.store.state()
    with reading(by.store.engine) as connection:
        key = f"fairness {span} {hiding} {how_many_gone(connection)}"
        if key in state.bodies:
            return state.bodies[key]
        told = orjson.dumps(fairness_of(connection, state, span, hiding))
    if span == quarter_with(span.since):  # of other days there is no end
        state.bodies[key] = told
    return told


def _wrong(field: str, problem: str) -> Problem:
    return Problem("invalid_request", "1 fault(s)", faults=[{"where": ["query", field], "problem": problem}])
