from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from optimiser.county import NOWHERE, County
from optimiser.domain.brief import Part
from optimiser.rules.base import Beforehand, Bools, StandingRule
from optimiser.rules.vocabulary import Finding


class OutsideThePartStays(StandingRule):
    """Whoever is outside of the part that a run is for is neither placed nor moved by it."""

    name = "outside_the_part_stays"
    order = 1
    source = "a run for named areas, packages, rounds or providers: everybody outside the part stays"

    def __init__(self, part: Part = Part()) -> None:  # noqa: B008 - frozen
        self._part = part

    def settled(self, county: County) -> Mapping[int, int | None]:
        accepted = {county.package_index[package_id] for package_id in county.offers_in_force.accepted}
        return {
            package: None if county.running_on[package] == NOWHERE else int(county.running_on[package])
            for package in np.flatnonzero(self._outside(county)).tolist()
            if package not in accepted
        }

    def _outside(self, county: County) -> Bools:
        """Per package whether the run does not decide on it."""
        part, people = self._part, county.packages
        outside = np.zeros(len(people), dtype=np.bool_)
        if part.names_people:
            areas = [county.area_of[area] for area in part.areas if area in county.area_of]
            named = set(part.packages)
            inside = np.isin(county.package_area, areas)
            inside |= np.array([each.package_id in named for each in people], dtype=np.bool_)
            inside |= np.isin(np.array([each.round_id for each in people], dtype=np.str_), part.rounds) if part.rounds else False
            outside = ~inside
        if part.providers:
            theirs = np.array([each.provider_id in part.providers for each in county.providers], dtype=np.bool_)
            runs = np.flatnonzero(county.running_on != NOWHERE)
            outside[runs] |= ~theirs[county.provider_of[county.running_on[runs]]]
        return outside

    def is_inside(self, county: County, package: int) -> bool:
        """Check half: whether the run decides on a package."""
        part, person = self._part, county.packages[package]
        if part.names_people and not (
            person.area_id in part.areas
            or person.package_id in part.packages
            or (person.round_id != "" and person.round_id in part.rounds)
        ):
            return False
        if not part.providers or not person.contract_id:
            return True
        return county.contracts[county.contract_index[person.contract_id]].provider_id in part.providers

    def finding(self, county: County, package: int, contract: int | None) -> Finding | None:
        person = county.packages[package]
        if person.package_id in county.offers_in_force.accepted or self.is_inside(county, package):
            return None
        planned = "" if contract is None else county.contracts[contract].contract_id
        return Finding(
            rule=self.name,
            passed=planned == person.contract_id,
            measured=planned,
            limit=person.contract_id,
            unit="contract",
            sentence="It is outside of the part that this run is for, and stays as it is.",
        )

    def beforehand(self, county: County, package: int) -> Beforehand | None:
        person, offers = county.packages[package], county.offers_in_force
        settled = person.contract_id or person.package_id in offers.accepted or person.package_id in offers.pending
        if settled or self.is_inside(county, package):
            return None
        return Beforehand("outside", "Outside of the part that this run was for: nobody was asked, and it waits as before.")
