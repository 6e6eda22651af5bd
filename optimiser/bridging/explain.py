"""What each alternative does for somebody, in plain words; and of every contract considered what stands in its way."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import asdict
from functools import cached_property
from typing import Any

from optimiser.bridging.bridge_case import Waiting
from optimiser.bridging.options import Option
from optimiser.bridging.story import ALL, NONE, Bridge, Plan
from optimiser.bridging.urgent_visits import UrgentVisit
from optimiser.domain.dates import days_after
from optimiser.domain.records import CARE_STEP_MINUTES
from optimiser.domain.words import date_in_words, hours_in_words
from optimiser.judging.limit_use import Usage, entry_plan
from optimiser.rules.base import A_PRIVATE_RULE
from optimiser.rules.book import standard_rules

DUTY = "The council's duty goes on: a named person decides what keeps them safe."


class Explainer:
    """Explains everybody who may have a bridge."""

    def __init__(self, bridge: Bridge) -> None:
        self._bridge, self._case, self._county = bridge, bridge.case, bridge.case.county

    @cached_property
    def _usage(self) -> Usage:
        return Usage.of(self._county, standard_rules(), entry_plan(self._county))

    def reason(self, plan: Plan, person: Waiting) -> str:
        """What one alternative does for a person, without anything that a private rule might tell."""
        option = plan.taken.get(person.person_id)
        tie = f" {_alike(len(others))}" if (others := plan.alike.get(person.person_id)) else ""
        if option is None:
            return f"{self._nobody(plan, person)}{tie} {DUTY}"
        case, contract = self._case, self._county.contracts[option.contract]
        where = (
            f"within the hours left of the contract; {contract.provider_id}'s running rounds in the area have the minutes"
            if case.rounds_have(person, option.contract, option.minutes_per_week)
            else "within the hours left of the contract; that its running rounds have the minutes is not known"
        )
        told = f"{contract.contract_id} can take {self._on_their_days(option.visits)}, {where}."
        told = " ".join((told, *self.not_divisible(option)))
        left = [each for place, each in enumerate(person.visits) if place not in option.places]
        return f"{told} Nobody makes {named(left)}.{tie} {DUTY}" if left else told

    def _on_their_days(self, visits: list[UrgentVisit]) -> str:
        """Visits with the days on which each is made: parts of somebody's care may begin on different ones."""
        together: dict[tuple[dt.date, dt.date], list[UrgentVisit]] = {}
        for each in visits:
            together.setdefault((self._case.begins(each.package), self._case.ends(each.package)), []).append(each)
        return ", and ".join(
            f"{named(those)} from {date_in_words(begins)} up to and including {date_in_words(days_after(ends, -1))}"
            for (begins, ends), those in together.items()
        )

    def not_divisible(self, option: Option) -> Iterator[str]:
        """What to do first where visits come to hours that no part can have. All of a package's visits are asked for as it is."""
        for part in option.parts:
            record = self._county.packages[part.package]
            if part.minutes_per_week % CARE_STEP_MINUTES and part.minutes_per_week != record.minutes_per_week:
                yield (
                    f"Of {record.package_id} they come to {part.minutes_per_week} minutes a week, and the hours of a part are"
                    " whole quarter hours: name days or further visits that come to such hours, or record other lengths first."
                )

    def _nobody(self, plan: Plan, person: Waiting) -> str:
        if not any(self._case.may_take(each).size for each in person.visits):
            return "No contract may take any of these visits."
        if not any(self._has_room(each, k) for each in person.visits for k in self._case.may_take(each).tolist()):
            return "No contract that may take these visits has room for one of them."
        if not all(level.proven for level in plan.levels):
            return "The search ended before it was shown that there is no room for them."
        return "The room there is goes to others in this order."

    def _has_room(self, each: UrgentVisit, contract: int) -> bool:
        return not any(self._full(each, contract))

    def _full(self, each: UrgentVisit, contract: int) -> Iterator[dict[str, Any]]:
        """The limits that a visit would pass, before anybody has a bridge."""
        usage = self._usage
        for index in usage.touching.get(contract, ()):
            limit, after = usage.limits[index], usage.used[index] + each.minutes_per_week
            if limit.counts(self._county, each.package, contract) and after > limit.whole_minutes:
                yield {"rule": limit.rule, "sentence": limit.sentence(self._county, after)}

    def record(self, person: Waiting) -> dict[str, Any]:
        """The record of one person."""
        return {
            "package_id": person.person_id,
            "if_missed": person.if_missed,
            "counted_as": person.counted_as,
            "visits_that_cannot_wait": [each.visit.visit_id for each in person.visits],
            "alternatives": [
                {
                    "alternative": plan.name,
                    "covers": plan.covers(person),
                    "hours_per_week": float(plan.minutes(person)) / 60,
                    "reason": self.reason(plan, person),
                }
                for plan in self._bridge.plans
            ],
            "contracts": list(self._contracts(person)),
        }

    def _contracts(self, person: Waiting) -> Iterator[dict[str, Any]]:
        """Each contract of the area or the county, nearest office first: which visits it may take, and what stands in the way."""
        county, home = self._county, person.packages[0]
        area = county.packages[home].area_id
        near = [k for k, contract in enumerate(county.contracts) if contract.area_id in ("", area)]
        for contract in sorted(near, key=lambda k: (county.office_metres[home, county.provider_of[k]], k)):
            may = [each for each in person.visits if contract in self._case.may_take(each)]
            with_room = [each for each in may if self._has_room(each, contract)]
            if may:
                findings = [] if with_room else list(self._full(may[0], contract))
            else:
                findings = list(self._failed(person.visits[0], contract))
            yield {
                "contract_id": county.contracts[contract].contract_id,
                "provider_id": county.contracts[contract].provider_id,
                "verdict": "could take some" if with_room else "no room" if may else "not allowed",
                "visits_with_room": [each.visit.visit_id for each in with_room],
                "findings": findings,
            }

    def _failed(self, each: UrgentVisit, contract: int) -> Iterator[dict[str, Any]]:
        county = self._case.as_asked(each)
        for rule in standard_rules().eligibility:
            if not (found := rule.finding(county, each.package, contract)).passed:
                yield {"rule": "", "sentence": f"{A_PRIVATE_RULE.capitalize()}."} if rule.private else asdict(found)
        if not self._case.lasts(each.package, contract):
            yield {"rule": "", "sentence": "The contract ends before the bridge would."}


def _alike(others: int) -> str:
    """Of somebody who is left with less, that no preference says so; who the others are is told on the page alone."""
    whose = "the one other who has them" if others == 1 else f"one of {others} others who have them"
    return (
        f"On every preference of this order it would be alike if they had these hours in place of {whose}: a named person"
        " may choose between them."
    )


def named(visits: list[UrgentVisit]) -> str:
    """Visits as they stand in a sentence, with what they are for where that is recorded."""
    told = [
        f"{each.visit.visit_id} ({', '.join(need.replace('_', ' ') for need in each.visit.needs)})"
        if each.visit.needs
        else each.visit.visit_id
        for each in visits
    ]
    return f"{', '.join(told)} ({hours_in_words(sum(each.minutes_per_week for each in visits))} a week)"


def summary(bridge: Bridge, plan: Plan) -> str:
    """One alternative in a sentence."""
    count = {how: sum(plan.covers(person) == how for person in bridge.case.people) for how in (ALL, NONE)}
    minutes = sum(map(plan.minutes, bridge.case.people))
    some = len(bridge.case.people) - sum(count.values())
    return (
        f"{hours_in_words(minutes)} of {hours_in_words(bridge.case.urgent_minutes)} a week covered:"
        f" {count[ALL]} with all of their visits that cannot wait, {some} with some, {count[NONE]} with none."
    )
