"""What is asked, and the people whom it concerns: by arithmetic and the rule book alone, before anything is searched."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from optimiser.county import NOWHERE, County
from optimiser.domain.person_records import NOT_SUITABLE, RELIEVE
from optimiser.domain.policy import TransferPolicy
from optimiser.rules.book import standard_rules
from optimiser.transferring.relieving.loss import Loss, under_on
from optimiser.transferring.who_may_move import allowed_whatever_was_decided

UNCOVERED = -1
"""In place of a contract: nobody delivers the visits from the day on."""


@dataclass(frozen=True)
class Case:
    """Everybody on what can no longer be delivered in full, and where each may go on the day."""

    county: County
    """Judged on the day, decisions that are pending included."""
    policy: TransferPolicy
    day: dt.date
    losses: tuple[Loss, ...]
    members: tuple[int, ...]
    """Packages, in the snapshot's order."""
    loss_of: dict[int, int]
    """Per member: the place of the loss that concerns it."""
    now: dict[int, int]
    """Per member: the contract that its care is under on the day."""
    may_go_to: dict[int, tuple[int, ...]]
    """Per member: the contracts that every rule lets take it on the day."""

    def __repr__(self) -> str:
        return f"<Case of {len(self.members)} packages, {len(self.losses)} losses>"

    def minutes(self, member: int) -> int:
        return self.county.packages[member].minutes_per_week

    def harm(self, member: int) -> str:
        """What a missed visit would do, as recorded; not recorded counts as the setting says."""
        return self.county.packages[member].if_missed or self.policy.relieve_not_recorded

    def decision_on(self, member: int, to: int) -> str:
        """What a social work decision says of a move to a contract; empty: it is pending."""
        return self.county.decision_on(member, self.county.provider(to).provider_id)

    def is_against_assessment(self, member: int, to: int) -> bool:
        """Whether somebody is protected, or was found not suitable for this move: they move only when nobody else can."""
        return bool(self.county.packages[member].protected) or self.decision_on(member, to) == NOT_SUITABLE

    def found_not_suitable(self, member: int) -> bool:
        """Whether a social work decision on a relief is against a move to anybody, or to some provider."""
        return any(self.county.decision_on(member, each.provider_id) == NOT_SUITABLE for each in self.county.providers)

    @property
    def excess_minutes(self) -> int:
        """What is delivered now and cannot be any more."""
        delivered: dict[int, int] = defaultdict(int)
        for member, loss in self.loss_of.items():
            delivered[loss] += self.minutes(member)
        return sum(max(0, total - self.losses[loss].minutes) for loss, total in delivered.items())

    @cached_property
    def people(self) -> dict[str, list[int]]:
        """Per person the members that are parts of their care."""
        found: dict[str, list[int]] = defaultdict(list)
        for member in self.members:
            record = self.county.packages[member]
            found[record.part_of or record.package_id].append(member)
        return found

    @cached_property
    def rounds(self) -> dict[str, list[int]]:
        """Per round its members; care in no round is in none of them."""
        found: dict[str, list[int]] = defaultdict(list)
        for member in self.members:
            if name := self.county.packages[member].round_id:
                found[name].append(member)
        return dict(sorted(found.items()))

    def stays_in_round(self, round_id: str) -> bool:
        """Whether somebody of a round is not concerned, and stays whatever is decided: it goes nowhere whole then."""
        concerned, providers = set(self.members), {self.county.provider(self.now[m]).provider_id for m in self.rounds[round_id]}
        return (
            any(
                package.round_id == round_id and index not in concerned and self.county.running_on[index] != NOWHERE
                for index, package in enumerate(self.county.packages)
            )
            or len(providers) > 1
        )


def case_of(county: County, policy: TransferPolicy, losses: Sequence[Loss], day: dt.date) -> Case:
    """The case; what is asked must fit the county."""
    under = under_on(county, losses, day)
    members = tuple(sorted(under))
    closed = np.array([any(loss.concerns(county, contract) for loss in losses) for contract in range(len(county.contracts))])
    that_day = county.moving_on(day, move_pending=True, move=RELIEVE)
    allowed = allowed_whatever_was_decided(that_day, standard_rules(), np.array(members, dtype=np.int64)) & ~closed
    return Case(
        that_day,
        policy,
        day,
        tuple(losses),
        members,
        loss_of={member: place for member, (_, place) in under.items()},
        now={member: contract for member, (contract, _) in under.items()},
        may_go_to={member: tuple(np.flatnonzero(allowed[row]).tolist()) for row, member in enumerate(members)},
    )
