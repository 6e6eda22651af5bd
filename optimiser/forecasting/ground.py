"""What stays as it is however a county is played: where everybody lives, and what of the rules no day can change."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

import numpy as np

from optimiser.county import County, Ints
from optimiser.county.offers_in_force import OffersInForce
from optimiser.domain.records import Package
from optimiser.domain.snapshot import Snapshot
from optimiser.rules.base import Bools
from optimiser.rules.book import RuleBook


@dataclass(frozen=True)
class Ground:
    """A county on its first day, with what every draw is played on. Rows are the packages of the snapshot, in its order."""

    county: County
    """Accepted offers have begun and those that wait for an answer are let go."""
    rules: RuleBook
    fixed: Bools
    """Per row and contract: whether every rule passes that only places, needs and the terms of contracts bear on."""
    area: Ints
    """Per row: the index of its area."""
    as_new: tuple[Package, ...]
    """Per row: the package as of somebody for whom a place is sought."""

    def __repr__(self) -> str:
        return f"<Ground of {self.county!r}>"

    @staticmethod
    def of(snapshot: Snapshot, rules: RuleBook) -> Ground:
        county = County.of(begun(snapshot))
        rows = np.arange(len(county.packages))
        fixed = np.ones((len(rows), len(county.contracts)), dtype=np.bool_)
        for rule in rules.eligibility:
            if rule.fixed:
                fixed &= rule.passes(county, rows)
        return Ground(
            county,
            rules,
            fixed,
            county.package_area,
            tuple(replace(each, status="new", contract_id="", care_started=None) for each in county.packages),
        )


def begun(snapshot: Snapshot) -> Snapshot:
    """The county on its first day as it is played: who has said yes delivers, and nobody is being asked.

    Visits, rounds and what is written of single people play no part.
    """
    county = County.of(snapshot)
    accepted: OffersInForce = county.offers_in_force
    packages = tuple(
        replace(
            package,
            status="active",
            contract_id=county.contracts[accepted.accepted[package.package_id]].contract_id,
            care_started=_first_day(snapshot.as_of, package.start_by),
        )
        if package.package_id in accepted.accepted
        else package
        for package in county.packages
    )
    answered = tuple(offer for offer in snapshot.offers if offer.response not in ("", "accepted"))
    return replace(
        snapshot, packages=packages, offers=answered, visits=(), rounds=(), meanwhile=(), decisions=(), answers=snapshot.answers
    )


def _first_day(today: dt.date, start_by: dt.date | None) -> dt.date:
    return today if start_by is None else max(today, start_by)
