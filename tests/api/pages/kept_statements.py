"""Statements of October of the three villages, and a query about a line of one."""

from __future__ import annotations

from api.acts.act import Caller
from api.offers.lapsing import THE_CLOCK
from api.security.roles import PROVIDER
from api.service import Service
from api.state.stored_records import FIRST_ASKINGS
from api.statements.acts import keep_due, query_line
from api.statements.schemas import NewLineQuery
from api.storage.audit import Actor
from tests.api.conftest import LOADER

MONTH = "2026-10"
COUNTS = {"ALDER": {"requests": 40, "asked": 20, "before": 6, "own_limit": 12, "alone.own_limit": 9, "other_reasons": 2}}


def keep_statements(service: Service) -> None:
    """As if the service had asked for forty people in October."""
    with service.store.change(LOADER) as change:
        change.put(FIRST_ASKINGS, MONTH, {"month": MONTH, "providers": COUNTS})
    assert keep_due(Caller(service, THE_CLOCK)) == [MONTH]
    by = Caller(service, Actor("Sam Marsh", PROVIDER, provider_id="ALDER"))
    query_line(by, MONTH, NewLineQuery(line="own_limit", said="Is our new limit in it?"))
