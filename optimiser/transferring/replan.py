"""A plan after somebody has said no: where rounds were, and what differs now."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from optimiser.transferring.calendar import Wave, on_or_after
from optimiser.transferring.candidate_rounds import Candidate
from optimiser.transferring.explain import in_the_way
from optimiser.transferring.problem import STAYS, Choice
from optimiser.transferring.transfer_plan import Change, TransferPlan

HOLIDAY = "The day that it was to move on is a bank holiday: it moves on the next working day."


def earlier_choice(found: tuple[Candidate, ...], calendar: tuple[Wave, ...], earlier: Mapping[str, dt.date | None]) -> Choice:
    """Where each candidate was; one that may not be there any more counts as staying, which is no change to be charged."""
    wave_on = {wave.date: index for index, wave in enumerate(calendar)}
    choice = []
    for each in found:
        day = earlier.get(each.round_id)
        wave = STAYS if day is None else wave_on.get(day, STAYS)
        choice.append(wave if wave in each.waves else STAYS)
    return tuple(choice)


def elsewhere_before(found: tuple[Candidate, ...], earlier: Choice) -> frozenset[int]:
    """Candidates whose round was on a wave of another of its candidates."""
    placed = {each.round_id for each, wave in zip(found, earlier, strict=True) if wave != STAYS}
    pairs = enumerate(zip(found, earlier, strict=True))
    return frozenset(index for index, (each, wave) in pairs if wave == STAYS and each.round_id in placed)


def changes_between(plan: TransferPlan, earlier: Mapping[str, dt.date | None]) -> tuple[Change, ...]:
    """Every round that is not where it was, in the order of their ids."""
    index_of = {plan.candidates[index].round_id: index for index in plan.told}
    found = []
    for name in sorted(set(index_of) | {name for name, day in earlier.items() if day is not None}):
        index, before = index_of.get(name), earlier.get(name)
        wave = None if index is None else plan.wave_of(index)
        after = None if wave is None else wave.date
        if before != after:
            moved = before is not None and after == on_or_after(before, plan.policy)
            found.append(Change(name, _text(before), _text(after), HOLIDAY if moved else _why(plan, index, earlier)))
    return tuple(found)


def _text(day: dt.date | None) -> str:
    return "" if day is None else str(day)


def _why(plan: TransferPlan, index: int | None, earlier: Mapping[str, dt.date | None]) -> str:
    if index is None:
        return "The round is no candidate any more."
    each = plan.candidates[index]
    if any(plan.county.packages[m].package_id in plan.known.refused for m in each.members):
        return "Somebody in it, or their social worker, has said no: the whole round stays."
    if each.blockers:
        return f"It may not move any more: {'; '.join(blocker.sentence for blocker in each.blockers)}."
    if plan.choice[index] == STAYS and _room_is_not_made(plan, index, earlier):
        return f"There is no room for it any more: {'; '.join(in_the_way(plan, index))}."
    return "It makes up for a change elsewhere."


def _room_is_not_made(plan: TransferPlan, index: int, earlier: Mapping[str, dt.date | None]) -> bool:
    """Whether a round that was to leave the provider that this one would go to stays there now."""
    principal = plan.county.provider(plan.targets[plan.candidates[index].target].contract).provider_id
    return any(
        each.provider_id == principal and earlier.get(each.round_id) is not None and plan.choice[other] == STAYS
        for other in plan.told
        for each in (plan.candidates[other],)
    )
