"""What a plan takes for granted: staff who come with the rounds, where a principal is taken above its own limit, and rounds that
make room for others by leaving.
"""

from __future__ import annotations

from optimiser.domain.words import hours_in_words
from optimiser.transferring.problem import STAYS, Limit
from optimiser.transferring.transfer_plan import TransferPlan


def staff_assumed(plan: TransferPlan) -> list[str]:
    """A sentence for each principal that is above its own limit after some wave, what has left it by then counted."""
    county = plan.county
    found = []
    for provider_id in sorted({county.provider(target.contract).provider_id for target in plan.targets}):
        limit = next(p.max_hours_4w for p in county.providers if p.provider_id == provider_id)
        wave = _busiest_wave(plan, provider_id)
        if limit is None or wave is None:
            continue
        after = minutes_with(plan, provider_id, wave)
        if after > limit * 15:
            when = f" after wave {plan.waves[wave].number}" if _leaving(plan, provider_id) else ""
            found.append(
                f"{provider_id} would deliver {hours_in_words(after)} a week{when}, above its own limit of"
                f" {hours_in_words(int(limit * 15))}: this assumes that {_staff(plan, provider_id, wave)}."
            )
    return found


def minutes_with(plan: TransferPlan, provider_id: str, wave: int) -> int:
    """All minutes with a provider after a wave (its index): what has come by then counts, and what has left does not."""
    coming = sum(plan.candidates[i].minutes for i in _coming(plan, provider_id) if plan.choice[i] <= wave)
    leaving = sum(plan.candidates[i].minutes for i in _leaving(plan, provider_id) if plan.choice[i] <= wave)
    return plan.problem.before_minutes[provider_id] + coming - leaving


def _busiest_wave(plan: TransferPlan, provider_id: str) -> int | None:
    """The wave on which something comes and after which the provider has most to do; the last of several."""
    waves = sorted({plan.choice[i] for i in _coming(plan, provider_id)}, reverse=True)
    return max(waves, key=lambda wave: minutes_with(plan, provider_id, wave), default=None)


def _staff(plan: TransferPlan, provider_id: str, wave: int) -> str:
    coming = [plan.candidates[i].staff for i in _coming(plan, provider_id) if plan.choice[i] <= wave]
    leaving = [plan.candidates[i].staff for i in _leaving(plan, provider_id) if plan.choice[i] <= wave]
    words = f"{sum(filter(None, coming))} staff come with the rounds{_unknown(coming)}"
    if not leaving:
        return words
    count = sum(filter(None, leaving))
    return f"{words} and that {count} {'leaves' if count == 1 else 'leave'} with the rounds that go from it{_unknown(leaving)}"


def _unknown(staff: list[int | None]) -> str:
    count = staff.count(None)
    return f" (and those of {count} rounds whose staff are not known)" if count else ""


def _coming(plan: TransferPlan, provider_id: str) -> list[int]:
    own = {
        number for number, target in enumerate(plan.targets) if plan.county.provider(target.contract).provider_id == provider_id
    }
    return [i for i in plan.moving if plan.candidates[i].target in own]


def _leaving(plan: TransferPlan, provider_id: str) -> list[int]:
    return [i for i in plan.moving if plan.candidates[i].provider_id == provider_id]


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
