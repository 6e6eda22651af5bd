"""How often people asked otherwise than the cascade had it: counted by hand over offers of every kind."""

from __future__ import annotations

import datetime as dt

import pytest

from api.nights.departing import DAYS, departures
from api.offers.lapsing import THE_CLOCK
from api.state.store import Store
from api.storage.audit import Actor, Entry, append
from api.storage.database import reading, writing
from optimiser.nightly.watch import Departures

NOW = dt.datetime(2026, 11, 29, 12, tzinfo=dt.UTC)
PLANNER = Actor("Pat Planner", "planner")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_offers_of_four_weeks_are_counted_by_how_they_came(store: Store) -> None:
    def made(days_ago: int, actor: Actor = PLANNER, **told: str) -> None:
        with writing(store.engine) as connection:
            at = (NOW - dt.timedelta(days=days_ago)).isoformat()
            entry = Entry(actor, "offer.made", "packages", "N1", {"out_of_order_reason": "", **told})
            append(connection, [entry], at=at, rule_book="")

    made(DAYS + 1, out_of_order_reason="too long ago")
    made(DAYS)
    made(20, out_of_order_reason="Speaks her language")
    made(10, out_of_order_reason="proposed by run R1", run_id="R1")
    made(5, THE_CLOCK)
    made(0)
    with writing(store.engine) as connection:
        append(connection, [Entry(PLANNER, "offer.accepted", "packages", "N1", {})], at=NOW.isoformat(), rule_book="")
    with reading(store.engine) as connection:
        assert departures(connection, NOW) == Departures(days=28, offers=5, out_of_order=1, by_run=1, by_service=1)
        assert departures(connection, NOW + dt.timedelta(days=400)) == Departures(28, 0, 0, 0, 0)
