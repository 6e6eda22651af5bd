"""What the report of a night takes from the service's database, where a run makes it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
from sqlalchemy import Connection

from api.enhanced.onward import onward_of
from api.enhanced.support_clocks import answered_at
from api.first_visits.expecting import not_confirmed
from api.meanwhile.alerting import nobody_since
from api.nights.watching import watch_of
from api.runs.stored_runs import newest_result
from api.settings import Settings
from api.state.state import State
from api.state.stored_records import assessments_of, openings_of
from optimiser.nightly.newly_begun import FirstDays

KIND = "nightly"


def facts_of_the_night(connection: Connection, state: State, settings: Settings, _: Mapping[str, Any]) -> dict[str, Any]:
    """Of a state, in the transaction that it was read in, whatever was asked; with the night before, where one is still there."""
    before = newest_result(connection, KIND)
    return {
        "openings": openings_of(state.stock),
        "assessments": assessments_of(state.stock),
        "nobody_since": nobody_since(state),
        "watch": watch_of(connection, state, settings),
        "first_days": FirstDays(not_confirmed(state), answered_at(state), onward_of(state)),
        "before": None if before is None else orjson.loads(before)["result"]["night"],
    }
