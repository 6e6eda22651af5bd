"""A county: a snapshot with everything that follows from it by arithmetic alone, before any rule is applied.

Packages, contracts, providers and areas are addressed by their place in the snapshot's sorted order. Both the model and the
check read these facts; neither may change them.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from operator import attrgetter

import numpy as np
from numpy.typing import NDArray

from optimiser.county.answers import AnswersOfPeople
from optimiser.county.decisions import DecisionsOnMoves
from optimiser.county.distances import Measured, same_to_measure
from optimiser.county.kinds_of_packages import KindsOfPackages, places_by_area
from optimiser.county.offers_in_force import OffersInForce, offers_in_force
from optimiser.county.succession import Succession, carried_over
from optimiser.domain.cqc import by_provider
from optimiser.domain.money import weekly_pence, whole_half_up
from optimiser.domain.person_records import REOPTIMISE
from optimiser.domain.policy import Policy
from optimiser.domain.records import Contract, Location, Offer, Package, Provider, Rate, Restriction
from optimiser.domain.snapshot import Snapshot
from optimiser.geography.bands import band_of
from optimiser.geography.grid import METRES_PER_MILE, Metres, StraightLineDistances, TravelSource, half_up

Ints = NDArray[np.int64]
NOWHERE = -1
"""In an array of contracts: on none."""


@dataclass(frozen=True)
class County:
    """The facts of one snapshot. Make one with ``County.of``."""

    snapshot: Snapshot
    packages: tuple[Package, ...]
    """Those of the snapshot, each under the contract that its care is under on ``as_of``."""
    contracts: tuple[Contract, ...]
    providers: tuple[Provider, ...]
    restrictions: tuple[Restriction, ...]
    """Those in force on ``as_of``."""
    offers_in_force: OffersInForce
    minutes: Ints
    """Per package: care-worker minutes a week."""
    provider_of: Ints
    """Per contract: the index of its provider."""
    running_on: Ints
    """Per package: the contract it runs under, or NOWHERE."""
    centre_miles: Metres
    """Per package: miles to the nearest band centre."""
    band: Ints
    """Per package: its price band, 1 to 3."""
    office_metres: Metres
    """Per package and provider: metres to the provider's nearest office."""
    place: Metres
    """Per package: eastings and northings."""
    travel: TravelSource
    moves_on: dt.date | None = None
    """The day on which running care would move, where that is not ``as_of``: the wave of a transfer."""
    move: str = REOPTIMISE
    """What running care would move for: a social work decision is used for no other kind of move (``MOVES``)."""
    pinned: Mapping[int, int] = field(default_factory=dict)
    """Per new package that a named person has put on a contract for this run: the contract."""
    not_asked_for: frozenset[int] = frozenset()
    """The new packages that this run does not decide on."""

    def __repr__(self) -> str:
        return f"<County of {self.snapshot!r}>"

    @staticmethod
    def of(snapshot: Snapshot, travel: TravelSource | None = None, like: County | None = None) -> County:
        """The facts of a snapshot. ``like``: an earlier county; what is where it was is not measured again."""
        travel = travel or (like.travel if like else StraightLineDistances())
        succession = Succession.of(snapshot.contracts)
        packages, contracts, providers = carried_over(snapshot, succession), snapshot.contracts, snapshot.providers
        provider_index = {provider.provider_id: index for index, provider in enumerate(providers)}
        contract_index = {contract.contract_id: index for index, contract in enumerate(contracts)}
        if like is not None and travel is like.travel and same_to_measure(like.snapshot, snapshot):
            known = Measured(like.place, like.centre_miles, like.office_metres)
            measured = known.for_others(like.snapshot, snapshot, travel)
        else:
            measured = Measured.of(snapshot, travel, packages)
        running = [contract_index.get(package.contract_id, NOWHERE) for package in packages]
        return County(
            snapshot=snapshot,
            packages=packages,
            contracts=contracts,
            providers=providers,
            restrictions=tuple(r for r in snapshot.restrictions if r.in_force(snapshot.as_of)),
            offers_in_force=offers_in_force(snapshot, contract_index, succession),
            minutes=np.array([package.minutes_per_week for package in packages], dtype=np.int64),
            provider_of=np.array([provider_index[c.provider_id] for c in contracts], dtype=np.int64),
            running_on=np.array(running, dtype=np.int64),
            centre_miles=measured.centre_miles,
            band=band_of(measured.centre_miles, snapshot.policy.band_limits_miles),
            office_metres=measured.office_metres,
            place=measured.place,
            travel=travel,
        )

    @property
    def as_of(self) -> dt.date:
        return self.snapshot.as_of

    @property
    def policy(self) -> Policy:
        return self.snapshot.policy

    @cached_property
    def succession(self) -> Succession:
        """Which contract takes over from which."""
        return Succession.of(self.contracts)

    def contract_on(self, package: int, day: dt.date) -> int:
        """The contract that a package's running care is under on a day; NOWHERE for new care."""
        present = self.packages[package].contract_id
        return self.contract_index[self.succession.contract_on(present, day)] if present else NOWHERE

    def contract_of_offer(self, offer: Offer) -> int:
        """The contract that an offer counts for today: one made on a contract that has ended counts for its successor."""
        return self.contract_index[self.succession.contract_on(offer.contract_id, self.as_of)]

    @cached_property
    def counts_with(self) -> Ints:
        """Per contract: the one that it counts as one with, itself unless it has not begun and succeeds another."""
        names = (self.succession.counts_with(contract.contract_id, self.as_of) for contract in self.contracts)
        return np.array([self.contract_index[name] for name in names], dtype=np.int64)

    @cached_property
    def counting_with(self) -> Mapping[int, tuple[int, ...]]:
        """Per contract that others count as one with: all of them, itself first; the way back of ``counts_with``."""
        found: dict[int, list[int]] = {}
        for contract, one in enumerate(self.counts_with.tolist()):
            found.setdefault(one, []).append(contract)
        return {one: tuple(sorted(others, key=lambda each: each != one)) for one, others in found.items()}

    @cached_property
    def rates_of(self) -> Mapping[str, tuple[Rate, ...]]:
        """Per contract id its dated prices, the latest first; nothing for a contract without any."""
        found: dict[str, list[Rate]] = defaultdict(list)
        for rate in self.snapshot.rates:
            found[rate.contract_id].append(rate)
        return {contract_id: tuple(sorted(rates, key=attrgetter("starts"), reverse=True)) for contract_id, rates in found.items()}

    def rates_pence(self, contract: int, day: dt.date) -> tuple[int, int, int]:
        """A contract's prices on a day, by band: those that have begun last, else its own."""
        record = self.contracts[contract]
        for rate in self.rates_of.get(record.contract_id, ()):
            if rate.starts <= day:
                return rate.rates_pence
        return record.rates_pence

    @cached_property
    def locations_of(self) -> Mapping[str, tuple[Location, ...]]:
        """Per provider id the locations that CQC rates; nothing for a provider of which none are known."""
        return by_provider(self.snapshot.locations)

    @cached_property
    def kinds(self) -> KindsOfPackages:
        """The few packages among all that something is often asked of."""
        return KindsOfPackages.of(self.packages)

    @cached_property
    def bundles(self) -> Mapping[str, tuple[int, ...]]:
        """Per bundle the new packages that are still to be placed together: two or more that no offer has taken out of it."""
        return self.kinds.bundles(self.offers_in_force)

    @cached_property
    def package_index(self) -> dict[str, int]:
        return {package.package_id: index for index, package in enumerate(self.packages)}

    @cached_property
    def contract_index(self) -> dict[str, int]:
        return {contract.contract_id: index for index, contract in enumerate(self.contracts)}

    @cached_property
    def area_of(self) -> dict[str, int]:
        return {area.area_id: index for index, area in enumerate(self.snapshot.areas)}

    @cached_property
    def package_area(self) -> Ints:
        """Per package: the index of its area."""
        return np.array([self.area_of[package.area_id] for package in self.packages], dtype=np.int64)

    @cached_property
    def packages_of_area(self) -> Mapping[str, tuple[int, ...]]:
        """Per area id the packages of its people, in their order; nothing for an area without any."""
        return places_by_area(self.packages)

    @cached_property
    def contract_area(self) -> Ints:
        """Per contract: the index of its area, NOWHERE when county-wide."""
        return np.array([self.area_of.get(c.area_id, NOWHERE) for c in self.contracts], dtype=np.int64)

    @cached_property
    def demand_minutes(self) -> Ints:
        """Per area: the minutes of all its home care, pending packages included; other services stand outside of the shares."""
        home_care = self.minutes * np.array([not package.service for package in self.packages], dtype=np.int64)
        return np.bincount(self.package_area, weights=home_care, minlength=len(self.snapshot.areas)).astype(np.int64)

    @cached_property
    def start_day(self) -> Ints:
        """Per package: the day on which a change would take effect, as an ordinal (see ``start_of``)."""
        return np.array([self.start_of(package).toordinal() for package in range(len(self.packages))], dtype=np.int64)

    def start_of(self, package: int) -> dt.date:
        """``as_of`` (or the wave's day) for running care; for new care the later of ``as_of`` and its ``start_by``."""
        record = self.packages[package]
        if self.running_on[package] != NOWHERE:
            return self.moves_on or self.as_of
        return self.as_of if record.start_by is None else max(self.as_of, record.start_by)

    @cached_property
    def waiting_minutes(self) -> int:
        """The minutes of all packages with status ``new`` that this run is for: what tolerances are measured by."""
        return sum(
            package.minutes_per_week
            for index, package in enumerate(self.packages)
            if package.status == "new" and index not in self.not_asked_for
        )

    @cached_property
    def base_metres(self) -> Ints:
        """Per package and provider: whole metres to the nearest of the provider's offices and its running care in the area.

        The package itself does not count as its provider's running care.
        """
        best = self.office_metres.copy()
        served: dict[tuple[int, int], list[int]] = defaultdict(list)
        for index, contract in enumerate(self.running_on):
            if contract != NOWHERE:
                served[int(self.provider_of[contract]), int(self.package_area[index])].append(index)
        in_area = [np.flatnonzero(self.package_area == area) for area in range(len(self.snapshot.areas))]
        for (provider, area), members in served.items():
            people = in_area[area]
            metres = self.travel.metres(self.place[people], self.place[members])
            metres[np.searchsorted(people, members), np.arange(len(members))] = np.inf
            best[people, provider] = np.minimum(best[people, provider], metres.min(axis=1))
        return half_up(best)

    def people(self, packages: Iterable[int]) -> int:
        """How many people these packages are of: whose care is divided into parts is counted once."""
        records = (self.packages[package] for package in packages)
        return len({record.part_of or record.package_id for record in records})

    def provider(self, contract: int) -> Provider:
        """The provider who holds a contract."""
        return self.providers[int(self.provider_of[contract])]

    def office_miles(self, package: int, provider: int) -> float:
        return float(self.office_metres[package, provider] / METRES_PER_MILE)

    def price_pence(self, package: int, contract: int) -> int:
        """The weekly price of a package on a contract, in whole pence, half up."""
        rate = self.rates_pence(contract, self.start_of(package))[self.band[package] - 1]
        return weekly_pence(int(self.minutes[package]), rate)

    def care_pence(self, contract: int, packages: Sequence[int]) -> int:
        """What the care of these packages costs a week on a contract, in whole pence.

        Of each contract the last sum is kept: where an offer changes, the people of hardly any contract do.
        """
        people, pence = self._care_pence.get(contract, ((), 0))
        if people != packages:
            pence = sum(self.price_pence(package, contract) for package in packages)
            self._care_pence[contract] = packages, pence
        return pence

    @cached_property
    def _care_pence(self) -> dict[int, tuple[Sequence[int], int]]:
        return {}

    def guaranteed_pence(self, contract: int, day: dt.date | None = None) -> int:
        """What a contract is paid a week whatever is delivered, half up; nothing when not in force on the day (``as_of``)."""
        record, day = self.contracts[contract], day or self.as_of
        if record.max_hours_4w is None or not record.in_force(day):
            return 0
        return whole_half_up(record.guarantee * record.max_hours_4w / 4 * self.rates_pence(contract, day)[0])

    @cached_property
    def answers(self) -> AnswersOfPeople:
        """What people have said to providers, and whom they have refused."""
        return AnswersOfPeople.of(self.packages, self.snapshot.answers)

    @cached_property
    def decisions(self) -> DecisionsOnMoves:
        """What social workers have decided of one move each."""
        return DecisionsOnMoves.of(self.snapshot.decisions)

    def decision_on(self, package: int, provider_id: str) -> str:
        """``suitable``, ``not_suitable`` or nothing yet: what social work has decided of this move to a provider on its day."""
        return self.decisions.of_person(self.packages[package], self.move, provider_id, self.moves_on or self.as_of)

    def moving_on(self, day: dt.date, *, move_pending: bool, move: str) -> County:
        """The same county, to judge a move of running care on a day: restrictions known for that day count as well.

        ``move``: out of ``MOVES``, what for.
        """
        restrictions = tuple(r for r in self.snapshot.restrictions if r.in_force(self.as_of) or r.in_force(day))
        policy = replace(self.policy, move_pending=move_pending)
        return replace(self, snapshot=replace(self.snapshot, policy=policy), restrictions=restrictions, moves_on=day, move=move)

    def moving_for(self, move: str) -> County:
        """The same county, to judge another kind of move of running care: ``move`` out of ``MOVES``."""
        after = replace(self, move=move)
        after.__dict__.update({name: self.__dict__[name] for name in self.__dict__.keys() - after.__dict__.keys()})
        return after

    def with_offers(self, snapshot: Snapshot) -> County:
        """The county of a snapshot that differs in its offers and answers alone: but for what stands of them, all is kept."""
        standing = self.offers_in_force.after(self.snapshot, snapshot, self.contract_index, self.succession, self.kinds.new)
        after = replace(self, snapshot=snapshot, offers_in_force=standing)
        rest_on_offers = {"bundles"} if snapshot.answers is self.snapshot.answers else {"bundles", "answers"}
        after.__dict__.update(
            {name: self.__dict__[name] for name in self.__dict__.keys() - after.__dict__.keys() - rest_on_offers}
        )
        return after

    def changed(
        self,
        *,
        contract: Contract | None = None,
        provider: Provider | None = None,
        restriction: Restriction | None = None,
        without_offers: frozenset[Offer] = frozenset(),
    ) -> County:
        """The same county with one record replaced (same id) or some offers forgotten: to try what a change would do.

        Places stay as they are, so nothing is measured again.
        """
        contracts = tuple(contract if contract and c.contract_id == contract.contract_id else c for c in self.contracts)
        providers = tuple(provider if provider and p.provider_id == provider.provider_id else p for p in self.providers)
        restrictions = tuple(
            restriction if restriction and r.restriction_id == restriction.restriction_id else r for r in self.restrictions
        )
        return replace(
            self,
            contracts=contracts,
            providers=providers,
            restrictions=restrictions,
            offers_in_force=self.offers_in_force.without(without_offers) if without_offers else self.offers_in_force,
        )
