"""Why a round stays: every blocker, counted. Who the people are is told only to those who may know."""

from __future__ import annotations

from dataclasses import dataclass

from optimiser.county import County
from optimiser.transferring.judging import CAPPED, REFUSED, Judgement

MAY_NOT_MOVE = "may_not_move"
NOT_STARTED = "not_started"
KIND_OF = {"may_move": MAY_NOT_MOVE, "not_excluded": MAY_NOT_MOVE, REFUSED: MAY_NOT_MOVE, "other_provider": "other_provider"}
"""Rules that tell something private of a person count as one kind, so that a count does not tell which."""

OF_THE_PRINCIPAL = {
    "in_force": "the principal's contract is not in force on any wave",
    "area_live": "the area is not live on any wave",
    "not_restricted": "the principal may take no new work",
    "rating": "the principal's rating bars new work",
    CAPPED: "the principal's new work is capped",
}
OF_PEOPLE = {
    MAY_NOT_MOVE: ("may not move", "may not move"),
    NOT_STARTED: ("has care that has not begun", "have care that has not begun"),
    "skills": ("needs something that the principal does not offer", "need something that the principal does not offer"),
    "band": ("lives in a price band that the contract does not serve", "live in a price band that the contract does not serve"),
    "distance": ("lives further away than the principal travels", "live further away than the principal travels"),
    "no_standing_decline": ("was declined by the principal", "were declined by the principal"),
    "area": ("lives in another area", "live in another area"),
    "other_provider": ("has the principal already", "have the principal already"),
}


@dataclass(frozen=True)
class Blocker:
    """One kind of thing that stands in the way. ``packages`` is empty where it is the principal's, not a person's."""

    kind: str
    packages: tuple[int, ...]

    @property
    def sentence(self) -> str:
        """Counted, without a name."""
        if self.kind in OF_THE_PRINCIPAL:
            return OF_THE_PRINCIPAL[self.kind]
        one, many = OF_PEOPLE.get(self.kind, (f"fails the rule {self.kind}", f"fail the rule {self.kind}"))
        count = len(self.packages)
        return f"1 person {one}" if count == 1 else f"{count} people {many}"


def blockers_of(county: County, judgement: Judgement, members: tuple[int, ...], wave_count: int) -> tuple[Blocker, ...]:
    """What stands in the way on the wave on which the fewest rules fail."""
    if not members:
        return ()
    by_wave = [_on_wave(county, judgement, members, wave) for wave in range(wave_count)]
    fewest = min(by_wave, key=lambda found: sum(map(len, found.values())))
    return tuple(
        Blocker(kind, () if kind in OF_THE_PRINCIPAL else tuple(packages))
        for kind, packages in sorted(fewest.items(), key=_order)
    )


def _on_wave(county: County, judgement: Judgement, members: tuple[int, ...], wave: int) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for member in members:
        kinds = {KIND_OF.get(rule, rule) for rule in judgement.failing(member, wave)}
        if county.packages[member].status == "new":
            kinds.add(NOT_STARTED)
        for kind in kinds:
            found.setdefault(kind, []).append(member)
    return found


def _order(item: tuple[str, list[int]]) -> tuple[int, int, str]:
    kinds = [*OF_PEOPLE, *OF_THE_PRINCIPAL]
    kind = item[0]
    return (kinds.index(kind) if kind in kinds else len(kinds), -len(item[1]), kind)
