"""Social work decisions about one kind of move each: which of a person's counts for a move, to whom, on what day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from optimiser.domain.person_records import NOT_SUITABLE, Decision
from optimiser.domain.records import Package


@dataclass(frozen=True)
class DecisionsOnMoves:
    """By package_id a person's decisions; whoever has none is not in it."""

    by_person: Mapping[str, tuple[Decision, ...]]

    def __repr__(self) -> str:
        return f"<DecisionsOnMoves of {len(self.by_person)} people>"

    @staticmethod
    def of(decisions: Iterable[Decision]) -> DecisionsOnMoves:
        """Decisions as a snapshot holds them."""
        found: dict[str, tuple[Decision, ...]] = {}
        for decision in decisions:
            found[decision.package_id] = (*found.get(decision.package_id, ()), decision)
        return DecisionsOnMoves(found)

    def are_about(self, person: Package) -> bool:
        """Whether the person has any."""
        return person.package_id in self.by_person

    def of_person(self, person: Package, move: str, provider_id: str, day: dt.date) -> str:
        """``suitable``, ``not_suitable``, or empty where nothing counts yet.

        Decisions about one kind of move outrank the person's ``transfer_decision``, which says it of any. Of several that count
        the latest does, and of one day the one against it.
        """
        if not self.are_about(person):
            return person.transfer_decision
        latest = self.latest(person.package_id, move, provider_id, day)
        return latest.decision if latest else ""

    def latest(self, package_id: str, move: str, provider_id: str, day: dt.date) -> Decision | None:
        """The decision that counts for a move to a provider on a day, where there is one."""
        counting = [each for each in self.by_person.get(package_id, ()) if each.counts(move, provider_id, day)]
        return max(counting, key=lambda each: (each.decided_on, each.decision == NOT_SUITABLE), default=None)
