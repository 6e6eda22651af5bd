"""One package's explanation: the cascade in the order asked, and for each contract every rule with the figures compared.

The record is plain data, ready to be written as JSON; what people of different roles may see of it is decided in
``person`` and ``provider``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from copy import copy
from typing import Any

from optimiser.county import County
from optimiser.domain.dates import instant_of
from optimiser.domain.words import pounds
from optimiser.explaining import reasons
from optimiser.explaining.meanwhile_news import meanwhile_news
from optimiser.explaining.notes import news_of_brief, person_news
from optimiser.explaining.remedies import IfOthersMove, Seat, companions, in_figures, limit_findings, remedies
from optimiser.explaining.room_taken import room_taken
from optimiser.judging.checking import DisagreementError, VerifiedPlan
from optimiser.judging.enhanced_support import support_of
from optimiser.judging.ranking import Cascade, Place
from optimiser.rules.base import Beforehand, Remedy
from optimiser.rules.book import RuleBook
from optimiser.rules.vocabulary import Finding

CHOSEN, ACCEPTED, ASKED = "chosen", "accepted", "asked, waiting for an answer"
"""Verdicts on the contract that a package is on, and on those that have an offer of it."""
PINNED = "pinned by a named person"
"""The verdict on the contract that a package is on because a person asked so of this run."""
LEFT = "has the care now"
"""The verdict on the contract that moved care leaves."""

Compare = Callable[[int, int], Mapping[str, int] | None]
"""What every level would gain (-) or lose (+) if a package were on another contract, all else where it is."""


def outcome_of(county: County, verified: VerifiedPlan, package: int) -> str:
    """``placed``, ``unmet`` or ``pending``."""
    if verified.plan.contracts[package] is not None:
        return "placed"
    return "pending" if county.packages[package].package_id in county.offers_in_force.pending else "unmet"


class Explainer:
    """Explains every package of a verified plan."""

    def __init__(
        self,
        county: County,
        rules: RuleBook,
        verified: VerifiedPlan,
        compare: Compare,
        in_model: Callable[[int, int], bool] | None = None,
        moved: Mapping[int, str] | None = None,
        still_waiting: Mapping[int, str] | None = None,
    ) -> None:
        self._county, self._rules, self._verified, self._compare = county, rules, verified, compare
        self._in_model = in_model
        """Whether the model offered a contract to a package; None where there was no model."""
        self._eligibility = frozenset(rule.name for rule in (*rules.eligibility, *rules.together))
        self._limits = frozenset(rule.name for rule in rules.limits)
        self._moved = moved or {}
        """Per package whose running care is moved: why."""
        self._still_waiting = still_waiting or {}
        """Per package that is not placed, of some: what more there is to say of it, as the end of a sentence."""
        self._with_others: Mapping[int, Sequence[IfOthersMove]] = {}
        """Per package that is not placed, where that was worked out: the smallest changes if others may go elsewhere."""
        self._plans = {plan.package_id: plan for plan in county.snapshot.meanwhile}
        self._cascade = Cascade(county, verified.plan)
        self._by_area: dict[str, list[int]] = {}
        for index, contract in enumerate(county.contracts):
            self._by_area.setdefault(contract.area_id, []).append(index)

    def telling(self, if_others_move: Mapping[int, Sequence[IfOthersMove]]) -> Explainer:
        """The same, telling also the smallest changes that would place a package if others who wait may go elsewhere."""
        made = copy(self)
        made._with_others = if_others_move
        return made

    def explain(self, package: int) -> dict[str, Any]:
        """The record of one package."""
        county, person = self._county, self._county.packages[package]
        outcome = outcome_of(county, self._verified, package)
        contract = self._verified.plan.contracts[package]
        record: dict[str, Any] = {
            "package_id": person.package_id,
            "outcome": outcome,
            "area_id": person.area_id,
            "hours_per_week": person.minutes_per_week / 60,
            "visits_per_week": person.visits_per_week,
            "contract_id": "" if contract is None else county.contracts[contract].contract_id,
            "provider_id": "" if contract is None else county.contracts[contract].provider_id,
            "accepted": person.package_id in county.offers_in_force.accepted,
            "asked": [county.contracts[k].contract_id for k in county.offers_in_force.pending.get(person.package_id, ())],
        }
        day_starts = instant_of(dt.datetime.combine(county.as_of, dt.time()))
        if (support := support_of(person, county.snapshot.enhanced, day_starts)) is not None:
            record["support"] = support.clock
        beforehand = self._rules.beforehand(county, package)
        if package in self._moved:
            record |= self._cascade_of_moved(self._seat(package), self._moved[package])
        elif person.status == "active":
            # Running care stays where it is: there is nobody to ask.
            record |= {"contracts": [], "reason": beforehand.reason if beforehand else reasons.RUNNING}
        elif beforehand is not None:
            record |= self._as_asked(package, beforehand)
        else:
            record |= self._cascade_of(self._seat(package), outcome, contract)
        if package in self._still_waiting:
            record["reason"] = f"{record['reason'].rstrip('.')}; {self._still_waiting[package]}"
        record["person"] = person_news(county, package, outcome, contract, moved=package in self._moved)
        narrowed = outcome == "unmet" and any(rule.of_one_run for rule in self._rules.eligibility)
        if person.status == "new" and (beforehand is not None or narrowed):
            record["person"] = news_of_brief(county, package, contract, beforehand.what if beforehand else "some asked")
        if person.status == "new":
            plan = self._plans.get(person.package_id) or self._plans.get(person.part_of)
            record["person"] += f" {meanwhile_news(plan, county.as_of)}"
        if person.formats or person.language or person.write_to:
            record["reads"] = {"formats": list(person.formats), "language": person.language, "write_to": person.write_to}
        return record

    def _seat(self, package: int) -> Seat:
        """Everything known of a package against each contract of its area and the county, in the order asked."""
        person = self._county.packages[package]
        now_on = self._verified.plan.contracts[package]
        offered = [*self._county.offers_in_force.pending.get(person.package_id, ()), *([] if now_on is None else [now_on])]
        # An offer may have been made on a contract of another area: it is shown as well.
        considered = dict.fromkeys([*self._by_area.get(person.area_id, []), *self._by_area.get("", []), *offered])
        places = self._cascade.order(package, considered, now_on=now_on)
        return Seat.of(self._county, self._rules, self._verified, package, places)

    def _cascade_of(self, seat: Seat, outcome: str, contract: int | None) -> dict[str, Any]:
        county = self._county
        steps: list[dict[str, Any]] = []
        passed_over: list[Mapping[str, int]] = []
        chosen_at = next((at for at, place in enumerate(seat.places) if place.contract == contract), len(seat.places))
        self._confirm(seat)
        for at, place in enumerate(seat.places):
            step = self._step(seat, place, at)
            if step["verdict"] == "has room" and at < chosen_at:
                instead = self._compare(seat.package, place.contract)
                if instead is not None:  # None: an offer has settled the package, nobody was passed over
                    step["instead"] = dict(instead)
                    passed_over.append(instead)
            steps.append(step)
        found = (
            remedies(county, self._rules, self._verified, seat, contract)
            if _may_go_higher(county, seat, contract, outcome)
            else None
        )
        return {
            "reason": self._reason(seat, outcome, contract, passed_over),
            "contracts": steps,
            "contracts_of_other_areas": len(county.contracts) - len(steps),
            "remedies": None if found is None else [_remedy(each) for each in found],
            **self._told_of_others(seat.package),
        }

    def if_others_move(self, package: int) -> Sequence[IfOthersMove]:
        """The smallest changes that would place a package if others who wait may go elsewhere, where that was worked out."""
        return self._with_others.get(package, ())

    def _told_of_others(self, package: int) -> dict[str, Any]:
        """Told only where it was worked out. Others are counted, never named."""
        if package not in self._with_others:
            return {}
        return {
            "remedies_if_others_move": [
                {
                    **_remedy(each.remedy),
                    "at_least": in_figures(each.at_least),
                    "proven_smallest": each.proven,
                    "others_elsewhere": each.others_elsewhere,
                }
                for each in self._with_others[package]
            ]
        }

    def _cascade_of_moved(self, seat: Seat, reason: str) -> dict[str, Any]:
        """Where running care that is moved could go, and why it is moved: no change would make it stay or go higher."""
        self._confirm(seat)
        return self._told(seat, reason)

    def _as_asked(self, package: int, beforehand: Beforehand) -> dict[str, Any]:
        """What somebody has settled beforehand: where else it could go, and nothing of what would change that."""
        if beforehand.what == "outside":
            return {"contracts": [], "reason": beforehand.reason}
        return self._told(self._seat(package), beforehand.reason)

    def _told(self, seat: Seat, reason: str) -> dict[str, Any]:
        steps = [self._step(seat, place, at) for at, place in enumerate(seat.places)]
        return {
            "reason": reason,
            "contracts": steps,
            "contracts_of_other_areas": len(self._county.contracts) - len(steps),
            "remedies": None,
        }

    def _confirm(self, seat: Seat) -> None:
        """The model offered each contract exactly when the check's eligibility rules allow it.

        A model that is too strict still makes legal plans: only this comparison notices.
        """
        name, runs_on = self._county.packages[seat.package].package_id, self._county.running_on[seat.package]
        if (
            self._in_model is None
            or name in self._county.offers_in_force.pending
            or name in self._county.offers_in_force.accepted
        ):
            return
        for place, findings in zip(seat.places, seat.findings, strict=True):
            if place.contract == runs_on:
                continue  # running care may always stay, whatever the rules now say
            failed = [finding.rule for finding in findings if not finding.passed and finding.rule in self._eligibility]
            offered = self._in_model(seat.package, place.contract)
            if offered == bool(failed):
                contract = self._county.contracts[place.contract].contract_id
                said = f"fails {', '.join(failed)}" if failed else "keeps every eligibility rule"
                raise DisagreementError(
                    f"model and check disagree on package {name}, contract {contract}: for the check it {said},"
                    f" the model {'offers it' if offered else 'does not offer it'}"
                )

    def _step(self, seat: Seat, place: Place, at: int) -> dict[str, Any]:
        contract = self._county.contracts[place.contract]
        findings = seat.findings[at]
        return {
            "contract_id": contract.contract_id,
            "provider_id": contract.provider_id,
            "provider": self._county.provider(place.contract).name,
            "tier": place.tier,
            "over_upper_edge": place.over_upper_edge,
            "below_part_minutes": round(float(place.below_part_minutes), 2),
            "weekly_cost_gbp": pounds(place.cost_pence),
            "metres": place.metres,
            "verdict": self._verdict(seat.package, place.contract, findings),
            "findings": [[f.rule, f.passed, f.measured, f.limit, f.unit, f.sentence] for f in findings],
        }

    def _verdict(self, package: int, contract: int, findings: list[Finding]) -> str:
        package_id = self._county.packages[package].package_id
        if contract in self._county.offers_in_force.pending.get(package_id, ()):
            return ASKED
        if contract == self._verified.plan.contracts[package]:
            if package_id in self._county.offers_in_force.accepted:
                return ACCEPTED
            return PINNED if package in self._county.pinned else CHOSEN
        if contract == self._county.running_on[package]:
            return LEFT
        if all(finding.passed for finding in findings):
            return "has room"
        return "is full" if self._only_limits(findings) else "may not be asked"

    def _only_limits(self, findings: list[Finding]) -> bool:
        failed = {finding.rule for finding in findings if not finding.passed}
        return bool(failed) and failed <= self._limits

    def _reason(self, seat: Seat, outcome: str, contract: int | None, passed_over: list[Mapping[str, int]]) -> str:
        """One plain sentence for the allocation's line; it tells nothing of the person."""
        if outcome == "pending":
            return reasons.PENDING
        if self._county.packages[seat.package].package_id in self._county.offers_in_force.accepted:
            return reasons.ACCEPTED
        if contract is None and passed_over:
            return reasons.left_waiting(len(passed_over))
        if contract is None:
            full = [place.contract for place, found in zip(seat.places, seat.findings, strict=True) if self._only_limits(found)]
            return reasons.nobody_has_room(len(full), self._taken(seat.package, full))
        passed = reasons.passed_over(self._county, self._rules, self._verified.levels, passed_over) if passed_over else ""
        return reasons.placed(self._county.contracts[contract].tier, live=self._is_live(seat.package), passed=passed)

    def _taken(self, package: int, full: list[int]) -> str:
        """Who has the room of the contracts that are full for a package."""
        together = companions(self._county, self._rules, package)
        limits = [
            limit
            for contract in full
            for finding, limit in limit_findings(
                self._county, self._verified.usage, self._verified.plan, package, contract, together
            )
            if not finding.passed
        ]
        return room_taken(self._county, self._rules, self._verified, package, limits)

    def _is_live(self, package: int) -> bool:
        area = self._county.snapshot.areas[self._county.area_of[self._county.packages[package].area_id]]
        return area.is_live(self._county.as_of)


def _remedy(remedy: Remedy) -> dict[str, Any]:
    return {
        "change": remedy.change,
        "subject": remedy.subject,
        "amount": in_figures(remedy.amount),
        "unit": remedy.unit,
        "sentence": remedy.sentence,
    }


def _may_go_higher(county: County, seat: Seat, contract: int | None, outcome: str) -> bool:
    """Unmet, with a provider of last resort, or on the legacy framework in a live area by this run's choice."""
    if outcome == "pending" or county.packages[seat.package].package_id in county.offers_in_force.accepted:
        return False
    if contract is None:
        return True
    area = county.snapshot.areas[county.area_of[county.packages[seat.package].area_id]]
    tier = county.contracts[contract].tier
    return tier == "reserve" or (tier == "legacy" and area.is_live(county.as_of))
