"""Which contract a record of a visit counts under, and the county that records of ended care are read by.

What a record counts under is written down as it comes: care that moves later leaves what was delivered where it was.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from typing import Any

import orjson
from sqlalchemy import Connection, select

from api.state.known_people import END
from api.state.state import State
from api.storage.row_digests import in_parts
from api.storage.table_schema import audit
from optimiser.accounting.account_case import carried
from optimiser.county import County
from optimiser.domain.records import Package, Visit
from optimiser.io.record_cells import record_of

WAITS = "new"
"""How care that has ended stands in such a county: what is commissioned today has none of it."""


def county_of(connection: Connection, state: State, package_ids: Collection[str]) -> County:
    """The county with those of the people whose care has ended since, at their places and under the contracts that they left."""
    gone = set(package_ids) - state.stock["packages"].keys()
    packages, visits = _ended(connection, gone) if gone else ([], [])
    if not packages:
        return state.county
    snapshot = state.snapshot
    known = {each.visit_id for each in snapshot.visits}
    with_them = replace(
        snapshot,
        packages=tuple(sorted((*snapshot.packages, *packages), key=lambda each: each.package_id)),
        visits=tuple(sorted((*snapshot.visits, *(v for v in visits if v.visit_id not in known)), key=lambda v: v.visit_id)),
    )
    return County.of(with_them)


def _ended(connection: Connection, package_ids: Collection[str]) -> tuple[list[Package], list[Visit]]:
    found: dict[str, Mapping[str, Any]] = {}
    for some in in_parts(sorted(package_ids)):
        ends = select(audit.c.subject, audit.c.details).where(audit.c.action == END, audit.c.subject.in_(some))
        found |= {row.subject: orjson.loads(row.details) for row in connection.execute(ends.order_by(audit.c.seq))}
    packages = [replace(record_of("packages", each["package"]), status=WAITS) for each in found.values()]
    return packages, [record_of("visits", body) for each in found.values() for body in each.get("visits", ())]


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
