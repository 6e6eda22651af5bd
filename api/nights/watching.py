"""What the report of a night is told that no folder holds: alerts, times to answer by, failures tried, days gone by."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import orjson
from sqlalchemy import Connection

from api.accounts.line_questions import overdue_lines
from api.capacity_returns.told_hours import lapsed_returns
from api.clock import LONDON
from api.contacts.contact_log import is_overdue, owed
from api.contacts.schemas import PROVIDER
from api.nights.departing import departures
from api.offers.alerts import SENTENCES, turn_of
from api.offers.going_together import has_agreed
from api.offers.lapsing import expires_at
from api.offers.own_yes import said_in
from api.runs.stored_runs import newest_result
from api.settings import Settings
from api.state.state import State
from api.statements.line_queries import overdue_queries
from api.trends.comings_and_goings import gone_lately
from api.trends.counting import counts_of_day
from api.trends.declines_of_ended import declines_of_ended
from api.trends.kept_days import first_kept, kept_days
from optimiser.nightly.watch import OpenAlert, OverdueQuestions, Watch


def watch_of(connection: Connection, state: State, settings: Settings) -> Watch:
    """Of a state, in the transaction that it was read in."""
    stress = newest_result(connection, "stress")
    today = counts_of_day(state, declines_of_ended(connection, state), gone_lately(connection, state.as_of))
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
        overdue_questions=overdue_questions(state, settings),
        overdue_queries=overdue_queries(state),
        overdue_lines=tuple(overdue_lines(state, settings)),
    )


def overdue_questions(state: State, settings: Settings) -> OverdueQuestions:
    """How many there are whose answer is late; of whom and about what is not the report's to tell."""
    late = [body for body in owed(state) if is_overdue(body, settings)]
    of_providers = sum(body["who"] == PROVIDER for body in late)
    return OverdueQuestions(len(late) - of_providers, of_providers)


def _open_alerts(state: State) -> Iterator[OpenAlert]:
    for stored in state.stock["alerts"].values():
        body = stored.body
        if not body["acknowledged_by"] and body["package_id"]:  # a provider's question about nobody's care is counted alone
            kind = body["kind"]
            at = dt.datetime.fromisoformat(body["at"])
            yield OpenAlert(body["package_id"], kind, SENTENCES[kind], at, turn=turn_of(kind))
