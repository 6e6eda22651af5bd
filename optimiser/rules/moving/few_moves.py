from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from optimiser.county import County, Ints
from optimiser.domain.plan import Plan
from optimiser.rules.base import MovingRule
from optimiser.rules.moving.moved_people import moves, moves_of
from optimiser.rules.vocabulary import Finding


class FewMoves(MovingRule):
    """No more people change provider than the run allows."""

    name = "few_moves"
    order = 10
    source = "snapshot format: reoptimise may move up to max_moves"
    settings = ("max_moves",)

    def __init__(self, max_moves: int | None = None) -> None:
        self._max_moves = max_moves

    def most(self, county: County) -> int:
        """How many may move: as given to the run, else the setting."""
        return county.policy.max_moves if self._max_moves is None else self._max_moves

    def rows(self, county: County, packages: Ints, contracts: Ints) -> Iterator[tuple[Ints, int]]:
        yield moves(county, packages, contracts).astype(np.int64), self.most(county)

    def findings(self, county: County, plan: Plan) -> Iterator[tuple[str, Finding]]:
        moved, most = len(moves_of(county, plan)), self.most(county)
        yield (
            "the plan",
            Finding(
                rule=self.name,
                passed=moved <= most,
                measured=moved,
                limit=most,
                unit="people",
                sentence=f"{moved} people would change provider; at most {most} may.",
            ),
        )
