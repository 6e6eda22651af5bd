"""Statements of October of the three villages with a query about a line of one, and a transfer that is released to a provider."""

from __future__ import annotations

from api.acts.act import Caller
from api.offers.lapsing import THE_CLOCK
from api.released_transfers.schemas import RELEASED, STATEMENT
from api.security.roles import PROVIDER
from api.service import Service
from api.state.stored_records import FIRST_ASKINGS, RELEASED_TRANSFERS
from api.statements.acts import keep_due, query_line
from api.statements.schemas import NewLineQuery
from api.storage.audit import Actor
from tests.api.conftest import LOADER
from tests.api.pages.kept_runs import id_of

MONTH = "2026-10"
COUNTS = {"ALDER": {"requests": 40, "asked": 20, "before": 6, "own_limit": 12, "alone.own_limit": 9, "other_reasons": 2}}


def keep_statements(service: Service) -> None:
    """As if the service had asked for forty people in October, and a plan had looked at rounds of ALDER's."""
    released = {**RELEASED, "run_id": id_of("transfer"), "statements": {"ALDER": STATEMENT}}
    with service.store.change(LOADER) as change:
        change.put(FIRST_ASKINGS, MONTH, {"month": MONTH, "providers": COUNTS})
        change.put(RELEASED_TRANSFERS, id_of("transfer"), released)
    assert keep_due(Caller(service, THE_CLOCK)) == [MONTH]
    by = Caller(service, Actor("Sam Marsh", PROVIDER, provider_id="ALDER"))
    query_line(by, MONTH, NewLineQuery(line="own_limit", said="Is our new limit in it?"))
