"""What the report of a night is told that no folder holds: alerts, times to answer by, failures tried, days gone by."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import orjson
from sqlalchemy import Connection

from api.capacity_returns.told_hours import lapsed_returns
from api.clock import LONDON
from api.nights.departing import departures
from api.offers.alerts import SENTENCES, turn_of
from api.offers.going_together import has_agreed
from api.offers.lapsing import expires_at
from api.offers.own_yes import said_in
from api.runs.stored_runs import newest_result
from api.settings import Settings
from api.state.state import State
from api.trends.counting import counts_of_day
from api.trends.declines_of_ended import declines_of_ended
from api.trends.kept_days import first_kept, kept_days
from optimiser.nightly.watch import OpenAlert, Watch


def watch_of(connection: Connection, state: State, settings: Settings) -> Watch:
    """Of a state, in the transaction that it was read in."""
    stress = newest_result(connection, "stress")
    today = counts_of_day(state, declines_of_ended(connection, state))
    offers = (stored for stored in state.stock["offers"].values() if not stored.record.response)
    waiting = (stored for stored in offers if not has_agreed(stored) and said_in(stored) is None)
    return Watch(
        alerts=tuple(sorted(_open_alerts(state), key=lambda each: (each.since, each.kind, each.package_id))),
        answer_by={
            stored.record.offer_id: expires_at(state, stored, settings).astimezone(LONDON).replace(tzinfo=None)
            for stored in waiting
        },
        stress=None if stress is None else orjson.loads(stress)["result"],
        trend=(*kept_days(connection, first_kept(state.as_of), state.as_of), today),
        departures=departures(connection, settings.clock.instant()),
        lapsed_returns=lapsed_returns(state),
    )


def _open_alerts(state: State) -> Iterator[OpenAlert]:
    for stored in state.stock["alerts"].values():
        body = stored.body
        if not body["acknowledged_by"]:
            kind = body["kind"]
            at = dt.datetime.fromisoformat(body["at"])
            yield OpenAlert(body["package_id"], kind, SENTENCES[kind], at, turn=turn_of(kind))
