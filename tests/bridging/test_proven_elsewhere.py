"""What one order has proven holds in another only where the levels before it allow no other plans."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from optimiser.bridging.proven_elsewhere import ProvenElsewhere
from optimiser.domain.level_result import LevelResult
from optimiser.solving.problem import Level

NOTHING = ("nothing_red", "nothing_amber", "nothing_green")


def levels(*names: str, tolerance: int = 0) -> list[Level]:
    return [Level(name, Fraction(0), np.zeros(0, dtype=np.int64), (), tolerance=tolerance) for name in names]


def proven(tolerance: int = 0, **bests: int) -> list[LevelResult[int]]:
    return [
        LevelResult(name=name, unit="", value=best, best=best, bound=best, tolerance=tolerance, proven=True)
        for name, best in bests.items()
    ]


@pytest.mark.parametrize(
    ("bests", "bound"),
    [
        ((0, 0, 0, 45), 9),  # nobody has nothing, and the minutes are as few: the same plans
        ((0, 0, 0, 44), 9),  # fewer plans: what holds for more of them holds for these
        ((0, 0, 0, 46), 0),  # plans that the other order did not allow
        ((0, 1, 0, 45), 0),  # somebody has nothing, whom the other order did not allow to
    ],
)
def test_the_other_order_says_the_same_of_people_in_one_sum(bests: tuple[int, ...], bound: int) -> None:
    known = ProvenElsewhere(
        levels(*NOTHING, "uncovered_red", "legacy"), [proven(uncovered_red=45, people_with_nothing=0, legacy=9)]
    )
    assert known(bests) == bound


def test_a_sum_holds_its_parts_and_the_first_level_holds_everywhere() -> None:
    known = ProvenElsewhere(
        levels("uncovered_red", "people_with_nothing", "legacy"),
        [proven(**dict.fromkeys(NOTHING, 2), uncovered_red=40, legacy=7)],
    )
    assert known((40, 2)) == 7, "two people of any harm"
    assert known((40, 3)) == 0
    assert known(()) == 0, "fewer minutes may do, where people may have nothing"
    first = ProvenElsewhere(
        levels("nothing_red", "uncovered_red"), [proven(uncovered_red=45, legacy=9), proven(uncovered_red=44)]
    )
    assert first((7,)) == 45, "no plan at all is below it; of two bounds the higher one counts"


def test_tolerances_are_what_levels_may_be_at_most() -> None:
    before = proven(tolerance=2, uncovered_red=45) + proven(legacy=9)
    assert ProvenElsewhere(levels("uncovered_red", "legacy", tolerance=2), [before])((45,)) == 9
    assert ProvenElsewhere(levels("uncovered_red", "legacy", tolerance=3), [before])((45,)) == 0
