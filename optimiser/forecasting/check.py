"""The check of a draw: its events replayed against the rules, from plain records. It imports nothing that plays it.

Nobody is placed where a rule bars it, nor where one that is asked earlier could take them; no limit is passed; everybody is
somewhere in every week; nobody's care ends but by what was drawn; and the figures told are those that the events lead to.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from optimiser.county import County
from optimiser.county.succession import Succession
from optimiser.domain.dates import days_after
from optimiser.domain.records import Contract, Offer, Package, Restriction
from optimiser.domain.snapshot import Snapshot
from optimiser.forecasting.check_offers import is_for_good, offer_on_record
from optimiser.forecasting.check_turns import Turns
from optimiser.forecasting.played_events import (
    ARRIVED,
    BACK,
    BARRED,
    CHANGED,
    DECLINED,
    ENDED,
    FAILED,
    GREW,
    PLACED,
    RELEASED,
    TO_HOSPITAL,
    Event,
)
from optimiser.rules.book import RuleBook

CARE, WAITING, HOSPITAL, NOWHERE_NOW = "care", "waiting", "hospital", "ended"


@dataclass
class Somebody:
    """One person as the events tell."""

    package: Package
    where: str = WAITING
    contract_id: str = ""
    since: dt.date | None = None
    minutes: int = 0
    """Of the care that is delivered; needs that have grown and wait for room are not in it."""


@dataclass
class Replay:
    """A draw's events taken up again from the first day."""

    snapshot: Snapshot
    """As it is played on its first day: accepted offers have begun."""
    rules: RuleBook
    arrivals: Mapping[str, Package]
    """Per person asked for: the request as it was drawn."""
    may_end: Mapping[str, Collection[int]]
    """Per person the weeks in which the need of care may end, as drawn; who is not in it never ends."""
    asks_per_week: int
    in_tiers: bool = True
    """Whether one tier is asked after the other, as a planner does."""
    broken: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.people: dict[str, Somebody] = {}
        for package in self.snapshot.packages:
            runs = package.status == "active"
            self.people[package.package_id] = Somebody(
                replace(package, status="new", contract_id="", care_started=None),
                CARE if runs else WAITING,
                package.contract_id if runs else "",
                package.care_started if runs else None,
                package.minutes_per_week,
            )
        self.contracts: dict[str, Contract] = {each.contract_id: each for each in self.snapshot.contracts}
        self.restrictions: list[Restriction] = list(self.snapshot.restrictions)
        self.offers: dict[str, list[Offer]] = defaultdict(list)
        for offer in self.snapshot.offers:
            self.offers[offer.package_id].append(offer)
        self.on: Counter[str] = Counter()
        for person in self.people.values():
            if person.contract_id:
                self.on[person.contract_id] += person.minutes

    def run(self, events: Sequence[Event], told: Sequence[Mapping[str, int]]) -> list[str]:
        """What is wrong, in words; nothing: the draw keeps every rule. ``told``: per week the figures of the county."""
        of_week: dict[int, list[Event]] = defaultdict(list)
        for event in events:
            of_week[event.week].append(event)
        for week, figures in enumerate(told):
            day = days_after(self.snapshot.as_of, 7 * week)
            self._carry_over(day)
            asked = [event for event in of_week[week] if event.kind in (PLACED, DECLINED)]
            for event in of_week[week]:
                if event.kind not in (PLACED, DECLINED):
                    self._happened(event, day)
            self._answered(week, day, asked)
            self._counted(week, day, figures)
        return self.broken

    def _wrong(self, week: int, what: str) -> None:
        self.broken.append(f"week {week}: {what}")

    def _carry_over(self, day: dt.date) -> None:
        succession = Succession.of(self.contracts.values())
        for person in self.people.values():
            if person.contract_id and (after := succession.contract_on(person.contract_id, day)) != person.contract_id:
                self.on[person.contract_id] -= person.minutes
                self.on[after] += person.minutes
                person.contract_id = after

    def _happened(self, event: Event, day: dt.date) -> None:
        if event.kind == FAILED:
            self._failed(event.subject, day)
        elif event.kind == BARRED:
            until = days_after(day, 7 * (event.until - event.week))
            bar = Restriction(f"bar {len(self.restrictions)}", event.subject, "", day, until, "no_new_work", None, "")
            self.restrictions.append(bar)
        elif event.kind == ARRIVED:
            self._arrived(event)
        else:
            self._to_somebody(event, self.people[event.subject], day)

    def _arrived(self, event: Event) -> None:
        if event.subject in self.people:
            self._wrong(event.week, "somebody was asked for twice")
        package = self.arrivals[event.subject]
        self.people[event.subject] = Somebody(package, minutes=package.minutes_per_week)

    def _to_somebody(self, event: Event, person: Somebody, day: dt.date) -> None:
        expected = {
            TO_HOSPITAL: (CARE,), BACK: (HOSPITAL,), RELEASED: (HOSPITAL,), CHANGED: (CARE, WAITING), GREW: (CARE,),
            ENDED: (CARE, WAITING, HOSPITAL),
        }[event.kind]  # fmt: skip
        if person.where not in expected:
            self._wrong(event.week, f"{event.kind}, of somebody who is {person.where}")
        if event.kind == TO_HOSPITAL:
            person.where = HOSPITAL
        elif event.kind == BACK and person.contract_id:
            person.where = CARE
        elif event.kind == BACK:
            person.where = WAITING
            person.package = replace(person.package, priority="discharge", source="acute_hospital", start_by=day)
        elif event.kind == RELEASED:
            self._leaves(person)
        elif event.kind == ENDED:
            if event.week not in self.may_end.get(event.subject, ()):
                self._wrong(event.week, "care ended that was not drawn to end")
            self._leaves(person)
            person.where = NOWHERE_NOW
        else:
            self._other_hours(event, person)

    def _other_hours(self, event: Event, person: Somebody) -> None:
        grown = event.kind == GREW or person.where == WAITING or event.minutes <= person.minutes
        after = person.minutes + event.minutes if event.kind == GREW else event.minutes if grown else person.minutes
        if event.kind == GREW and self._passes(person, person.contract_id, event.minutes, event.week):
            self._wrong(event.week, f"hours grew on {person.contract_id} beyond a limit")
        if person.contract_id:
            self.on[person.contract_id] += after - person.minutes
        person.minutes = after
        person.package = replace(person.package, minutes_per_week=after)
        if event.kind == CHANGED:
            offers = self.offers[event.subject]
            self.offers[event.subject] = [each for each in offers if not is_for_good(each)]

    def _leaves(self, person: Somebody) -> None:
        if person.contract_id:
            self.on[person.contract_id] -= person.minutes
        person.contract_id, person.since = "", None

    def _failed(self, provider_id: str, day: dt.date) -> None:
        for contract_id, contract in self.contracts.items():
            if contract.provider_id != provider_id:
                continue
            if contract.ends is None or contract.ends > day:
                starts = None if contract.starts is None else min(contract.starts, day)
                self.contracts[contract_id] = replace(contract, starts=starts, ends=day, succeeds="")
            for person in self.people.values():
                if person.contract_id == contract_id:
                    self._leaves(person)
                    if person.where == CARE:
                        person.where = WAITING
                        person.package = replace(person.package, start_by=day)

    # ---- places -------------------------------------------------------------------------------------------------------

    def _answered(self, week: int, day: dt.date, asked: Sequence[Event]) -> None:
        if not asked:
            return
        county = self._county(day, sorted({event.subject for event in asked}))
        turns = Turns(self.snapshot, self.contracts, self._demand(), self.on, day)
        refused: dict[str, set[str]] = defaultdict(set)
        offers: Counter[str] = Counter()
        for event in asked:
            person, contract = self.people[event.subject], self.contracts[event.contract_id]
            offers[event.subject] += 1
            if person.where != WAITING:
                self._wrong(week, f"a place was sought for somebody who is {person.where}")
            self._judge(week, county, event, refused[event.subject], turns)
            if offers[event.subject] > self.asks_per_week:
                self._wrong(week, "more offers for one person than a planner makes in a week")
            if event.kind == DECLINED:
                refused[event.subject].add(contract.provider_id)
                self.offers[event.subject].append(offer_on_record(event, day))
                continue
            person.where, person.contract_id = CARE, event.contract_id
            person.since = day if person.package.start_by is None else max(day, person.package.start_by)
            self.on[event.contract_id] += person.minutes

    def _county(self, day: dt.date, names: Sequence[str]) -> County:
        packages = tuple(self.people[name].package for name in names)
        held = {(offer.package_id, offer.contract_id, offer.day): offer for name in names for offer in self.offers[name]}
        return County.of(
            replace(
                self.snapshot,
                as_of=day,
                packages=packages,
                contracts=tuple(self.contracts[each.contract_id] for each in self.snapshot.contracts),
                restrictions=tuple(self.restrictions),
                offers=tuple(held[key] for key in sorted(held)),
            )
        )

    def _judge(self, week: int, county: County, event: Event, refused: Collection[str], turns: Turns) -> None:
        """One offer: no rule bars it, its provider has not just said no, no limit is passed, and nobody was left out who is
        asked earlier.
        """
        person, contract = self.people[event.subject], self.contracts[event.contract_id]
        package = county.package_index[event.subject]
        for name in self._bars(county, package, county.contract_index[event.contract_id]):
            self._wrong(week, f"{event.contract_id} was asked although {name} bars it")
        if contract.provider_id in refused:
            self._wrong(week, f"{contract.provider_id} was asked twice for one person")
        if self._passes(person, event.contract_id, person.minutes, week):
            self._wrong(week, f"{event.contract_id} was asked for more than it has room for")
        for other in turns.before(contract, person.package.area_id, person.minutes) if self.in_tiers else ():
            left_out = (
                other.provider_id not in refused
                and not self._passes(person, other.contract_id, person.minutes, week)
                and not any(self._bars(county, package, county.contract_index[other.contract_id]))
            )
            if left_out and not person.package.bundle_id:
                self._wrong(week, f"{event.contract_id} was asked before {other.contract_id}, which comes first")

    def _demand(self) -> Mapping[str, int]:
        """Per area the minutes a week of all its home care."""
        found = Counter[str]()
        for person in self.people.values():
            if (person.contract_id or person.where == WAITING) and not person.package.service:
                found[person.package.area_id] += person.minutes
        return found

    def _bars(self, county: County, package: int, contract: int) -> Iterator[str]:
        for rule in self.rules.eligibility:
            if not rule.finding(county, package, contract).passed:
                yield rule.name

    # ---- limits -------------------------------------------------------------------------------------------------------

    def _passes(self, person: Somebody, contract_id: str, minutes: int, week: int) -> bool:
        """Whether so many minutes more on a contract pass a maximum, the provider's own, or a cap."""
        day = days_after(self.snapshot.as_of, 7 * week)
        contract = self.contracts[contract_id]
        return any(
            self._minutes(counting) + minutes > limit
            for limit, counting in (*self._maxima(contract, day), *self._own_limit(contract))
        ) or any(used + minutes > limit for limit, used in self._caps(person, contract, day))

    def _minutes(self, contract_ids: Iterable[str]) -> int:
        return sum(self.on[each] for each in contract_ids)

    def _maxima(self, contract: Contract, day: dt.date) -> Iterator[tuple[Fraction, list[str]]]:
        """The contract's own maximum, and that of each other which its care will have carried over to on its first day."""
        succession = Succession.of(self.contracts.values())
        for other in self.contracts.values():
            if other.provider_id == contract.provider_id and other.max_hours_4w is not None:
                counting = succession.carried_to(other.contract_id, day)
                if contract.contract_id in counting:
                    yield other.max_hours_4w * 15, list(counting)

    def _own_limit(self, contract: Contract) -> Iterator[tuple[Fraction, list[str]]]:
        for provider in self.snapshot.providers:
            if provider.provider_id == contract.provider_id and provider.max_hours_4w is not None:
                held = [each for each, other in self.contracts.items() if other.provider_id == provider.provider_id]
                yield provider.max_hours_4w * 15, held

    def _caps(self, person: Somebody, contract: Contract, day: dt.date) -> Iterator[tuple[Fraction, int]]:
        """Per cap on the provider's new work that counts this person: what it allows, and what is used."""
        for cap in self.restrictions:
            if cap.kind != "capped" or cap.provider_id != contract.provider_id or not cap.in_force(day):
                continue
            if cap.area_id not in ("", person.package.area_id):
                continue
            if person.contract_id and not _since(person, cap):
                continue  # care that it has had since before the cap
            used = sum(
                each.minutes
                for each in self.people.values()
                if each.contract_id
                and self.contracts[each.contract_id].provider_id == cap.provider_id
                and cap.area_id in ("", each.package.area_id)
                and _since(each, cap)
            )
            yield (cap.new_hours_4w or Fraction(0)) * 15, used

    # ---- figures ------------------------------------------------------------------------------------------------------

    def _counted(self, week: int, day: dt.date, told: Mapping[str, int]) -> None:
        """Everybody is somewhere, and what is told is so."""
        found: Counter[str] = Counter()
        for person in self.people.values():
            if person.contract_id:
                if person.where not in (CARE, HOSPITAL):
                    self._wrong(week, f"a contract for somebody who is {person.where}")
                found["people_with_care"] += 1
                tier = self.contracts[person.contract_id].tier
                found["legacy_minutes"] += person.minutes if tier == "legacy" else 0
            elif person.where == WAITING:
                found["people_waiting"] += 1
            elif person.where == CARE:
                self._wrong(week, "somebody with care is under no contract")
        found["demand_minutes"] = sum(self._demand().values())
        for name in ("people_with_care", "people_waiting", "legacy_minutes", "demand_minutes"):
            if found[name] != told[name]:
                self._wrong(week, f"{name} is {found[name]}, {told[name]} is told")


def _since(person: Somebody, cap: Restriction) -> bool:
    return bool(person.since and cap.starts and person.since >= cap.starts)
