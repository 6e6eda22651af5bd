"""Records of some days that somebody should look at: found by the engine, listed with what each does to the money."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import Connection

from api.actuals.stored_actuals import counting, newest_batch, write_file
from api.actuals.under_contracts import county_of
from api.http.zipped_folder import HIDDEN
from api.state.state import State
from api.storage.table_schema import actuals
from optimiser.accounting.account_case import AccountCase
from optimiser.accounting.merging import merged
from optimiser.accounting.odd_ones import Odd, odd_ones
from optimiser.domain.accounts import AccountBook, AccountSettings, Period
from optimiser.io.actual_files import read_actuals
from optimiser.io.leftovers import hidden_folder

PLAIN = AccountBook(AccountSettings())
"""What is odd hangs on no terms, and on no periods of payment."""


@dataclass(frozen=True)
class OddRecord:
    """A record and what is odd about it."""

    odd: Odd
    package_id: str
    date: str
    contract_id: str


def odd_records(connection: Connection, state: State, since: dt.date, until: dt.date) -> tuple[OddRecord, ...]:
    """By kind and id; worked out once for a county and the records that have come."""
    key = f"odd records {since} {until} {newest_batch(connection)}"
    return state.once(key, lambda: _found(connection, state, since, until))


def _found(connection: Connection, state: State, since: dt.date, until: dt.date) -> tuple[OddRecord, ...]:
    here = actuals.c.date >= since.isoformat(), actuals.c.date < until.isoformat()
    records = {each["actual_id"]: each for each in counting(connection, *here)}
    if not records:
        return ()
    county = county_of(connection, state, {each["package_id"] for each in records.values()})
    with hidden_folder(HIDDEN) as folder:
        read, _ = read_actuals(write_file(folder, records.values()))
    case, period = AccountCase.of(county, read, PLAIN), Period(since, (until - since).days)
    of = ((odd, records[odd.actual_id]) for odd in odd_ones(case, period, merged(case, period)))
    return tuple(OddRecord(odd, each["package_id"], each["date"], each["contract_id"]) for odd, each in of)
