"""Statements of the three villages whose numbers are known beforehand, so that the addresses of their pages are."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from api.accounts import acts
from api.accounts.schemas import NewQuery, ToDraft
from api.acts.act import Caller
from api.actuals import acts as of_visits
from api.deliveries import acts as of_deliveries
from api.deliveries.schemas import ToCount
from api.incentives import acts as of_incentives
from api.incentives.schemas import NEW, NewPeriod
from api.service import Service
from api.storage.audit import Actor
from optimiser.io.account_files import ACTUALS_FILE

VILLAGES = Path("data/three_villages")
STATEMENTS = {"BRACKEN": "S000001", "CLOVER": "S000002", "DOCK": "S000003", "ALDER": "S000005"}
"""By provider the number of its statement of four weeks."""


def keep_accounts(service: Service, folder: Path) -> None:
    """Four weeks are drafted, deliveries counted, and a line of a statement is questioned by its provider."""
    by = Caller(service, Actor("Fred Finance", "finance"))
    (folder / ACTUALS_FILE).write_bytes((VILLAGES / ACTUALS_FILE).read_bytes())
    of_visits.take_file(by, folder)
    acts.keep_book(by, {name: (VILLAGES / name).read_bytes() for name in ("account.toml", "terms.csv")}, '"0"')
    of_incentives.open_period(by, NewPeriod.model_validate(NEW))
    acts.draft(by, ToDraft(period_starts=dt.date(2026, 10, 26)))
    of_deliveries.count(by, ToCount(until=dt.date(2026, 11, 23)))
    alder = Caller(service, Actor("Sam Marsh", "provider", provider_id="ALDER"))
    acts.query_line(alder, STATEMENTS["ALDER"], NewQuery(number=1, words="Two of us were there for longer"))
