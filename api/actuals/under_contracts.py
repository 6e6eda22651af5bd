"""Which contract a record of a visit counts under, and the county that records of ended care are read by.

What a record counts under is written down as it comes: care that moves later leaves what was delivered where it was.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping
from typing import Any

import orjson
from sqlalchemy import Connection, select

from api.state.known_people import END
from api.state.state import State
from api.storage.row_digests import in_parts
from api.storage.table_schema import audit
from optimiser.accounting.account_case import carried
from optimiser.accounting.ended_care import EndedCare, with_ended
from optimiser.county import County
from optimiser.io.record_cells import record_of


def county_of(connection: Connection, state: State, package_ids: Collection[str]) -> County:
    """The county with those of the people whose care has ended since, at their places and under the contracts that they left."""
    return with_ended(state.county, ended_care(connection, state, package_ids))


def ended_care(connection: Connection, state: State, package_ids: Collection[str]) -> EndedCare:
    """Those of the people whose care has ended since, as it was then."""
    found: dict[str, Mapping[str, Any]] = {}
    for some in in_parts(sorted(set(package_ids) - state.stock["packages"].keys())):
        ends = select(audit.c.subject, audit.c.details).where(audit.c.action == END, audit.c.subject.in_(some))
        found |= {row.subject: orjson.loads(row.details) for row in connection.execute(ends.order_by(audit.c.seq))}
    packages = tuple(record_of("packages", each["package"]) for each in found.values())
    return EndedCare(packages, tuple(record_of("visits", body) for each in found.values() for body in each.get("visits", ())))


def contract_finder(county: County) -> Callable[[Mapping[str, str]], str]:
    """Of a record's cells the contract that it counts under: its own, or that of the person's care on its day; "" for none.

    Care that was moved was before that day under the contract before.
    """
    known: dict[tuple[str, str], str] = {}
    place = county.package_index

    def of_care(package_id: str, date: str) -> str:
        at, day = place.get(package_id), dt.date.fromisoformat(date)
        if at is None:
            return ""
        person = county.packages[at]
        moved = person.care_started is not None and day < person.care_started and bool(person.previous_contract_id)
        contract = county.contract_index.get(person.previous_contract_id if moved else person.contract_id)
        return "" if contract is None else county.contracts[carried(county, contract, day)].contract_id

    def find(cells: Mapping[str, str]) -> str:
        if cells["contract_id"]:
            return cells["contract_id"]
        key = cells["package_id"], cells["date"]
        if key not in known:
            known[key] = of_care(*key)
        return known[key]

    return find
