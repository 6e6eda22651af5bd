"""A plan to begin with, made as it is done by hand: most harm first, each kept while the hours last, else the nearest place."""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from optimiser.domain.records import HARMS
from optimiser.solving.problem import IntArray
from optimiser.transferring.relieving.formulation import Model


def by_hand(model: Model) -> IntArray:
    """Legal: no limit is passed. Who should not move stays first, then who has nowhere to go; of the others the smallest stay."""
    case, problem = model.case, model.problem
    left = problem.limit_capacity.copy()
    uses: dict[int, list[tuple[int, int]]] = defaultdict(list)
    rows = np.repeat(np.arange(len(problem.limits), dtype=np.int64), np.diff(problem.limits.start))
    for row, choice, amount in zip(
        rows.tolist(), problem.limits.choice.tolist(), problem.limits.coefficient.tolist(), strict=True
    ):
        uses[choice].append((row, amount))
    choices_of: dict[int, list[int]] = defaultdict(list)
    for choice, item in enumerate(problem.choice_item.tolist()):
        choices_of[item].append(choice)

    def turn(item: int) -> tuple[int, bool, bool, int, str]:
        member = case.members[item]
        free, hard = bool(case.may_go_to[member]), all(case.is_against_assessment(member, to) for to in case.may_go_to[member])
        return HARMS.index(case.harm(member)), free, not hard, case.minutes(member), case.county.packages[member].package_id

    def metres(member: int, choice: int) -> float:
        return float(case.county.office_metres[member, case.county.provider_of[model.contract[choice]]])

    where = {}
    for item in sorted(range(len(case.members)), key=turn):
        member = case.members[item]
        stays, nowhere, *others = choices_of[item]
        for choice in (stays, *sorted(others, key=lambda each: (metres(member, each), each)), nowhere):
            if all(left[row] >= amount for row, amount in uses[choice]):
                break
        for row, amount in uses[choice]:
            left[row] -= amount
        where[member] = int(model.contract[choice])
    return model.choices(where)
