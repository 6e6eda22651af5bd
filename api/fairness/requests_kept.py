"""Every request for care that is known, with its offers: those of the county, and those whose care has ended, from the trail.

Were those left out that have ended, whoever died waiting would be missing from how long people waited.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import orjson
from sqlalchemy import Connection, func, select

from api.offers.own_yes import SAID
from api.state.known_people import END
from api.state.state import State
from api.state.stored_records import Stored
from api.storage.table_schema import audit
from optimiser.county import County
from optimiser.county.distances import centre_miles
from optimiser.domain.records import Offer, Package
from optimiser.geography.grid import to_grid
from optimiser.io.record_cells import record_of

OF_ENDS = audit.c.action == END, audit.c.details.is_not(None)


@dataclass(frozen=True)
class KeptOffer:
    """An offer as it was answered, and whether it was asked for out of the published order."""

    record: Offer
    response: str
    """Also of a decline that stands no more since the needs have changed: it was given."""
    out_of_order: bool
    said_yes: bool = False
    """Whether its provider said yes itself, whoever was placed then."""
    said_at: str = ""
    """When it did, by London's wall clock."""


@dataclass(frozen=True)
class Kept:
    """A package, with what was asked for it. ``rural``: by the price band centres of today; ``ended``: it has left the county."""

    package: Package
    offers: tuple[KeptOffer, ...]
    rural: bool
    ended: bool

    @property
    def person(self) -> str:
        """Who it is about: the parts of divided care are one person."""
        return self.package.part_of or self.package.package_id


def requests_kept(connection: Connection, state: State) -> list[Kept]:
    """All of them; of whoever is forgotten nothing is known."""
    return [*_here(state), *_gone(connection, state.county)]


def is_of_new_care(body: Mapping[str, Any]) -> bool:
    """Whether an offer is of care that had not begun: of a move of running care nobody waits, and its order is another."""
    return not body.get("move")


def _here(state: State) -> Iterator[Kept]:
    offers: dict[str, list[KeptOffer]] = {}
    for stored in state.stock["offers"].values():
        if is_of_new_care(stored.body):
            offers.setdefault(stored.record.package_id, []).append(_offer(stored))
    for index, package in enumerate(state.county.packages):
        rural = _is_rural(float(state.county.centre_miles[index]), state.county)
        yield Kept(package, tuple(offers.get(package.package_id, ())), rural, ended=False)


def how_many_gone(connection: Connection) -> int:
    """How many ends of care are known; fewer, once somebody is forgotten, whatever else of the county stays as it is."""
    return connection.execute(select(func.count()).select_from(audit).where(*OF_ENDS)).scalar_one()


def _gone(connection: Connection, county: County) -> list[Kept]:
    entries = select(audit.c.details).where(*OF_ENDS).order_by(audit.c.seq)
    ends: list[Mapping[str, Any]] = [orjson.loads(details) for details in connection.execute(entries).scalars()]
    packages: list[Package] = [record_of("packages", end["package"]) for end in ends]
    miles = _miles(packages, county)
    return [
        Kept(package, _offers(end.get("offers", ())), _is_rural(distance, county), ended=True)
        for package, end, distance in zip(packages, ends, miles, strict=True)
    ]


def _miles(packages: Collection[Package], county: County) -> list[float]:
    if not packages:
        return []
    place = to_grid([each.latitude for each in packages], [each.longitude for each in packages])
    return [float(each) for each in centre_miles(county.snapshot, place)]


def _is_rural(miles: float, county: County) -> bool:
    return Fraction(miles) > county.policy.rural_beyond_miles


def _offers(bodies: Collection[Mapping[str, Any]]) -> tuple[KeptOffer, ...]:
    return tuple(_offer(Stored(dict(body), 0, record_of("offers", body))) for body in bodies if is_of_new_care(body))


def _offer(stored: Stored) -> KeptOffer:
    response = stored.body.get("superseded_response") or stored.record.response
    said = stored.body.get(SAID) or {}
    return KeptOffer(
        stored.record, response, bool(stored.body.get("out_of_order_reason")), bool(said), str(said.get("said_at", ""))
    )
