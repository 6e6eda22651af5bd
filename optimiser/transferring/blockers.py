"""Why a round stays: every blocker, counted. Who the people are is told only to those who may know."""

from __future__ import annotations

from dataclasses import dataclass

from optimiser.county import County
from optimiser.rules.base import Blocks, EligibilityRule
from optimiser.transferring.who_may_move import CAPPED, REFUSED, Judgement


@dataclass(frozen=True)
class Kind:
    """What one or several rules are told as."""

    name: str
    words: Blocks
    turn: tuple[int, int] = (0, 0)


MAY_NOT_MOVE = Kind("may_not_move", Blocks(one="may not move", many="may not move"))
"""Rules that tell something private of a person count as one kind, so that a count does not tell which."""
NOT_STARTED = Kind("not_started", Blocks(one="has care that has not begun", many="have care that has not begun"), (1, 0))
OF_PEOPLE, OF_THE_PRINCIPAL, OTHERS = 2, 3, 5
THE_CAP = Kind(CAPPED, Blocks(principal="the principal's new work is capped"), (4, 0))


def kind_of(rule: EligibilityRule) -> Kind:
    """What a rule is told as: by its own words where it has any; without them a private one is not told from its like."""
    words = rule.blocks
    if words.principal:
        return Kind(rule.name, words, (OF_THE_PRINCIPAL, words.turn or rule.order))
    if words.one:
        return Kind(rule.name, words, (OF_PEOPLE, words.turn or rule.order))
    if rule.private:
        return MAY_NOT_MOVE
    return Kind(rule.name, Blocks(one=f"fails the rule {rule.name}", many=f"fail the rule {rule.name}"), (OTHERS, 0))


@dataclass(frozen=True)
class Blocker:
    """One kind of thing that stands in the way. ``packages`` is empty where it is the principal's, not a person's."""

    kind: str
    words: Blocks
    packages: tuple[int, ...]

    @property
    def sentence(self) -> str:
        """Counted, without a name."""
        if self.words.principal:
            return self.words.principal
        count = len(self.packages)
        return f"1 person {self.words.one}" if count == 1 else f"{count} people {self.words.many}"


def blockers_of(county: County, judgement: Judgement, members: tuple[int, ...], waves: tuple[int, ...]) -> tuple[Blocker, ...]:
    """What stands in the way on the one of these waves on which the fewest rules fail."""
    if not members:
        return ()
    by_wave = [_on_wave(county, judgement, members, wave) for wave in waves]
    fewest = min(by_wave, key=lambda found: sum(map(len, found.values())))
    return tuple(
        Blocker(kind.name, kind.words, () if kind.words.principal else tuple(packages))
        for kind, packages in sorted(fewest.items(), key=_order)
    )


def _on_wave(county: County, judgement: Judgement, members: tuple[int, ...], wave: int) -> dict[Kind, list[int]]:
    told_as = {rule.name: kind_of(rule) for rule in judgement.rules} | {REFUSED: MAY_NOT_MOVE, CAPPED: THE_CAP}
    found: dict[Kind, list[int]] = {}
    for member in members:
        kinds = {told_as[name] for name in judgement.failing(member, wave)}
        if county.packages[member].status == "new":
            kinds.add(NOT_STARTED)
        for kind in kinds:
            found.setdefault(kind, []).append(member)
    return found


def _order(item: tuple[Kind, list[int]]) -> tuple[tuple[int, int], int, str]:
    kind, packages = item
    return kind.turn, -len(packages), kind.name
