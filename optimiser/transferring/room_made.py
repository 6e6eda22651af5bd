"""Which rounds make room for others by leaving: if one of them stays, those that it makes room for cannot all move."""

from __future__ import annotations

from optimiser.transferring.plan import TransferPlan
from optimiser.transferring.problem import STAYS, Limit


def makes_room(plan: TransferPlan, index: int) -> str:
    """What depends on a moving round's leaving, in one sentence; empty where nothing does."""
    passed = _passed_without(plan, index)
    if not passed:
        return ""
    others = {i for limit in passed for i, weight in limit.weights.items() if weight > 0 and plan.choice[i] in limit.waves}
    names = [plan.candidates[i].round_id for i in sorted(others)]
    cannot = f"{names[0]} cannot move" if len(names) == 1 else f"{', '.join(names)} cannot all move"
    return (
        f"Round {plan.candidates[index].round_id} makes room by leaving {plan.candidates[index].provider_id}: if it stays,"
        f" {cannot} ({'; '.join(dict.fromkeys(limit.sentence for limit in passed))}), and the plan has to be made again."
    )


def _passed_without(plan: TransferPlan, index: int) -> list[Limit]:
    choice = (*plan.choice[:index], STAYS, *plan.choice[index + 1 :])
    return [limit for limit in plan.problem.limits if limit.counts_both_ways and limit.used(choice) > limit.room]
