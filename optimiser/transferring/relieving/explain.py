"""Why somebody is kept, moves or is left uncovered: in a sentence, and every contract considered with what stands in its way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from functools import cached_property
from typing import Any

import numpy as np

from optimiser.domain.words import hours_per_4w_in_words
from optimiser.judging.limit_use import entry_plan, used_minutes
from optimiser.rules.base import A_PRIVATE_RULE, Limit
from optimiser.rules.book import standard_rules
from optimiser.transferring.relieving.story import Relief


class Explainer:
    """Explains every package of a relief."""

    def __init__(self, plan: Relief) -> None:
        self._plan, self._case, self._county = plan, plan.case, plan.case.county

    @cached_property
    def _limits(self) -> list[tuple[Limit, int]]:
        """Every limit with what today's care and whoever comes use of it."""
        entry, found = entry_plan(self._county), []
        for limit in standard_rules().all_limits(self._county):
            comes = [m for m in self._plan.moved if self._counts(limit, m, self._plan.where[m])]
            found.append((limit, used_minutes(self._county, limit, entry) + sum(map(self._case.minutes, comes))))
        return found

    def _counts(self, limit: Limit, member: int, contract: int) -> bool:
        return contract in limit.contracts and limit.counts(self._county, member, contract)

    def reason(self, member: int) -> str:
        """One plain sentence or a few, without anything that a private rule might tell."""
        loss = self._case.losses[self._case.loss_of[member]]
        if self._plan.is_kept(member):
            left = hours_per_4w_in_words(loss.minutes)
            return f"Kept: within the {left} that {loss.subject} can still deliver."
        if self._plan.is_uncovered(member):
            return (
                f"The hours that {loss.subject} can still deliver do not reach for this care, and {self._nobody(member)}. {DUTY}"
            )
        to = self._county.contracts[self._plan.where[member]]
        return " ".join((f"Goes to {to.contract_id}, whose rules and limits all hold on {self._case.day}.", *self.waived(member)))

    def _nobody(self, member: int) -> str:
        """Why nobody else has somebody who is left uncovered."""
        if not self._case.may_go_to[member]:
            return "no contract may take this care on: the visits listed are not covered"
        free = [to for to in self._case.may_go_to[member] if not any(self._full(member, to))]
        if free:
            name = self._county.contracts[free[0]].contract_id
            return f"the search ended before it was placed: {name} has room, so ask there first"
        return "no contract that may take this care has room: the visits listed are not covered"

    def waived(self, member: int) -> list[str]:
        """What is told of the rules that somebody moves against on the day."""
        people = np.array([member])
        return [
            rule.told_when_waived
            for rule in standard_rules().eligibility
            if rule.told_when_waived and not rule.passes(self._county, people)[0, self._plan.where[member]]
        ]

    def record(self, member: int) -> dict[str, Any]:
        """The record of one package."""
        package = self._county.packages[member]
        return {
            "package_id": package.package_id,
            "decision": decision_of(self._plan, member),
            "reason": self.reason(member),
            "contracts": list(self._contracts(member)),
        }

    def _contracts(self, member: int) -> Iterator[dict[str, Any]]:
        """Each contract of the area or the county, nearest office first."""
        area, county = self._county.packages[member].area_id, self._county
        near = [
            k for k, contract in enumerate(county.contracts) if contract.area_id in ("", area) and k != self._case.now[member]
        ]
        for contract in sorted(near, key=lambda k: (county.office_metres[member, county.provider_of[k]], k)):
            record = county.contracts[contract]
            failed = list(self._failed(member, contract))
            full = [] if failed else list(self._full(member, contract))
            taken = contract == self._plan.where[member]
            verdict = "taken" if taken else "not allowed" if failed else "no room" if full else "could take it, but not better"
            yield {
                "contract_id": record.contract_id,
                "provider_id": record.provider_id,
                "verdict": verdict,
                "findings": failed or ([] if taken else full),
            }

    def _failed(self, member: int, contract: int) -> Iterator[dict[str, Any]]:
        if any(loss.concerns(self._county, contract) for loss in self._case.losses):
            yield {"rule": "", "sentence": "It cannot deliver in full itself."}
        for rule in standard_rules().eligibility:
            if not rule.waived_on_hand_back and not (found := rule.finding(self._county, member, contract)).passed:
                yield {"rule": "", "sentence": f"{A_PRIVATE_RULE.capitalize()}."} if rule.private else asdict(found)

    def _full(self, member: int, contract: int) -> Iterator[dict[str, Any]]:
        """The limits that would be passed, everybody else where the plan has them."""
        here = self._plan.where[member]
        for limit, used in self._limits:
            after = used + self._case.minutes(member) * (not (self._plan.moves(member) and self._counts(limit, member, here)))
            if self._counts(limit, member, contract) and after > limit.minutes:
                yield {"rule": limit.rule, "sentence": limit.sentence(self._county, after)}


DUTY = "The council's duty goes on: a named officer must find care before the day."


def decision_of(plan: Relief, member: int) -> str:
    """``kept``, ``moves`` or ``uncovered``."""
    return "kept" if plan.is_kept(member) else "moves" if plan.moves(member) else "uncovered"
