from __future__ import annotations

from collections.abc import Collection

import numpy as np

from optimiser.county import NOWHERE, County, Ints
from optimiser.domain.person_records import SUITABLE
from optimiser.rules.base import Bools, EligibilityRule
from optimiser.rules.vocabulary import Finding


class MayMove(EligibilityRule):
    """Running care moves only where a social work decision says that it may, and never for a protected person."""

    name = "may_move"
    order = 110
    source = "briefing, FAQ: vulnerability assessments; each transfer needs a social work decision"
    settings = ("move_pending",)
    obstacle = "the care may not move"
    private = True
    running_only = True
    waived_on_hand_back = True
    depends_on_date = True

    def passes(self, county: County, packages: Ints) -> Bools:
        enough = {SUITABLE, ""} if county.policy.move_pending else {SUITABLE}
        free = np.array(
            [
                county.running_on[p] == NOWHERE
                or (not county.packages[p].protected and county.packages[p].transfer_decision in enough)
                for p in packages
            ],
            dtype=np.bool_,
        )
        passes = np.broadcast_to(free[:, None], (len(packages), len(county.contracts)))
        decided = [row for row, p in enumerate(packages) if county.decisions.are_about(county.packages[p])]
        return _by_decision(county, packages, decided, passes, enough) if decided else passes

    def finding(self, county: County, package: int, contract: int) -> Finding:
        person = county.packages[package]
        decision = county.decision_on(package, county.provider(contract).provider_id) or "pending"
        if person.status == "new":
            passed, sentence = True, "The care has not begun, so nothing is moved."
        elif person.protected:
            passed, sentence = False, "A change is not right for this person, so their care stays where it is."
        elif decision == SUITABLE:
            passed, sentence = True, "A social work decision says that the care may move."
        elif decision == "pending":
            passed = county.policy.move_pending
            sentence = f"The social work decision is pending; a move {'may be proposed' if passed else 'must wait for it'}."
        else:
            passed, sentence = False, "A social work decision says that the care should stay where it is."
        return Finding(
            rule=self.name,
            passed=passed,
            measured="new" if person.status == "new" else "protected" if person.protected else decision,
            limit="suitable or pending" if county.policy.move_pending else "suitable",
            unit="decision",
            sentence=sentence,
        )


def _by_decision(county: County, packages: Ints, rows: list[int], passes: Bools, enough: Collection[str]) -> Bools:
    """The same where these rows' people have decisions about one kind of move: each says to whom they may."""
    passes = passes.copy()
    holders = [county.provider(contract).provider_id for contract in range(len(county.contracts))]
    for row in rows:
        package = int(packages[row])
        if county.running_on[package] != NOWHERE and not county.packages[package].protected:
            passes[row] = [county.decision_on(package, holder) in enough for holder in holders]
    return passes
