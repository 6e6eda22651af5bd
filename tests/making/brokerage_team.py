"""A brokerage team that decides by the cascade and breaks its rules now and then: nights of a county, and what is in them.

Day by day people are asked for; the team comes to them in the published order, asks whoever the cascade has first, and writes
down each answer. Now and then, by a seed, it gives somebody to a contract that may not have them (``rule``), or passes the first
over and writes nothing down (``passed``).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from random import Random

import numpy as np

from optimiser.county import County
from optimiser.domain.records import PRIORITIES, Offer, Package
from optimiser.domain.snapshot import Snapshot
from optimiser.judging.candidates import judge, neutral_hash
from optimiser.judging.limit_use import Usage, entry_plan
from optimiser.judging.ranking import Cascade
from optimiser.rules.book import standard_rules

SAME, SAID_NO, RULE, PASSED = "same", "said_no", "rule", "passed"


@dataclass
class Team:
    """How the team works, and what it has done: per package decided on, what a report has to find."""

    dice: Random
    per_day: int = 3
    """People asked for in a day."""
    declines: float = 0.2
    breaks: float = 0.1
    passes: float = 0.1
    looks_at: int = 10**9
    """How many people it comes to in a day."""
    done: dict[str, str] = field(default_factory=dict)
    broken: dict[str, list[str]] = field(default_factory=dict)
    """Per package given to a contract that may not have it: the rules that say so."""
    passed_over: dict[str, str] = field(default_factory=dict)
    """Per package whose first was passed over with nothing written down: that contract."""

    def nights(self, first: Snapshot, count: int) -> tuple[Snapshot, ...]:
        """The county on so many nights, from the first on."""
        made = [first]
        for _ in range(count - 1):
            made.append(self._day(made[-1]))
        return tuple(made)

    def _day(self, night: Snapshot) -> Snapshot:
        county, rules = County.of(night), standard_rules()
        usage = Usage.of(county, rules, entry_plan(county))
        cascade, used = Cascade(county, entry_plan(county)), list(usage.used)
        pending = county.offers_in_force.pending
        waiting = [i for i, p in enumerate(county.packages) if p.status == "new" and p.package_id not in pending
                   and p.package_id not in county.offers_in_force.accepted]  # fmt: skip
        candidates = judge(county, rules, np.array(waiting, dtype=np.int64))
        offers, placed, at = list(night.offers), dict[str, str](), dt.datetime.combine(night.as_of, dt.time(9))

        def takes(package: int, contract: int) -> dict[int, int]:
            minutes = county.packages[package].minutes_per_week
            return {i: minutes for i in usage.touching.get(contract, ()) if usage.limits[i].counts(county, package, contract)}

        def has_room(package: int, contract: int) -> bool:
            return all(used[i] + minutes <= usage.limits[i].whole_minutes for i, minutes in takes(package, contract).items())

        for package in sorted(waiting, key=lambda each: _turn(county, each))[: self.looks_at]:
            name = county.packages[package].package_id
            allowed = candidates.of(package).tolist()
            order = [place.contract for place in cascade.order(package, [k for k in allowed if has_room(package, k)])]
            chosen, kind = None, SAME
            if self.dice.random() < self.breaks and (wrong := self._not_allowed(county, package)):
                chosen, kind = self.dice.choice(wrong), RULE
                self.broken[name] = [r.name for r in rules.eligibility if not r.finding(county, package, chosen).passed]
                self.broken[name] += [
                    usage.limits[i].rule
                    for i, minutes in takes(package, chosen).items()
                    if used[i] + minutes > usage.limits[i].whole_minutes
                ]
            elif len(order) > 1 and county.provider(order[0]) != county.provider(order[1]) and self.dice.random() < self.passes:
                chosen, kind = order[1], PASSED
                self.passed_over[name] = county.contracts[order[0]].contract_id
            else:
                no = set[int]()
                for contract in order:
                    if int(county.provider_of[contract]) in no:
                        continue
                    at += dt.timedelta(minutes=1)
                    if self.dice.random() >= self.declines:
                        chosen = contract
                        break
                    kind = SAID_NO
                    no.add(int(county.provider_of[contract]))
                    offers.append(_offer(name, county.contracts[contract].contract_id, at, "declined", "no_capacity"))
            if chosen is None:
                continue
            at += dt.timedelta(minutes=1)
            placed[name] = county.contracts[chosen].contract_id
            offers.append(_offer(name, placed[name], at, "accepted"))
            self.done[name] = kind
            for index, minutes in takes(package, chosen).items():
                used[index] += minutes
            cascade.add(chosen, county.packages[package].minutes_per_week)
        after = [self._after(package, placed, night.as_of) for package in night.packages]
        after += [self._asked_for(night, number) for number in range(self.per_day)]
        return replace(
            night,
            as_of=night.as_of + dt.timedelta(days=1),
            packages=tuple(sorted(after, key=lambda each: each.package_id)),
            offers=tuple(sorted(offers, key=lambda each: each.offer_id)),
        )

    def _not_allowed(self, county: County, package: int) -> list[int]:
        """Contracts of the area, or of the whole county, that may not have somebody for what no day changes, or for a radius."""
        area = county.packages[package].area_id
        lasting = [rule for rule in standard_rules().eligibility if rule.fixed and rule.name != "area"]
        return [
            k
            for k, contract in enumerate(county.contracts)
            if contract.area_id in ("", area) and any(not rule.finding(county, package, k).passed for rule in lasting)
        ]

    def _after(self, package: Package, placed: dict[str, str], day: dt.date) -> Package:
        if package.package_id not in placed:
            return package
        return replace(package, status="active", contract_id=placed[package.package_id], care_started=day)

    def _asked_for(self, night: Snapshot, number: int) -> Package:
        """Somebody like one of the people of the county."""
        like = self.dice.choice(night.packages)
        return replace(
            like,
            package_id=f"W{night.as_of:%m%d}-{number:02}",
            status="new",
            contract_id="",
            round_id="",
            protected="",
            transfer_decision="",
            priority=self.dice.choice(PRIORITIES),
            start_by=night.as_of + dt.timedelta(days=self.dice.randrange(10)),
            requested_at=dt.datetime.combine(night.as_of, dt.time(8)),
            source=self.dice.choice(("acute_hospital", "community", "reablement")),
            care_started=None,
            held_until=None,
            bundle_id="",
            part_of="",
            previous_contract_id="",
        )


def _offer(package_id: str, contract_id: str, at: dt.datetime, response: str, reason: str = "") -> Offer:
    return Offer(f"T-{at:%m%d%H%M}-{package_id}", package_id, contract_id, at, at, response, reason)


def _turn(county: County, package: int) -> tuple[int, dt.date, str]:
    record = county.packages[package]
    return PRIORITIES.index(record.priority), record.start_by or dt.date.max, neutral_hash(county, record.package_id)
