"""The county and its candidates as a problem of plain numbers."""

from __future__ import annotations

import datetime as dt
import math
from collections import defaultdict
from dataclasses import replace
from fractions import Fraction

import numpy as np

from optimiser.county import NOWHERE, County, Ints
from optimiser.domain.dates import months_after
from optimiser.domain.money import whole_half_up
from optimiser.domain.plan import Known
from optimiser.domain.policy import TransferPolicy
from optimiser.domain.words import percent
from optimiser.transferring.calendar import Wave
from optimiser.transferring.candidate_rounds import Candidate, hours_before, windows
from optimiser.transferring.circles import limits_of
from optimiser.transferring.problem import Limit, Payment, Problem
from optimiser.transferring.targets import Target, rooms


def build_problem(
    county: County,
    targets: tuple[Target, ...],
    found: tuple[Candidate, ...],
    waves: tuple[Wave, ...],
    policy: TransferPolicy,
    known: Known,
    fixed: dict[int, int],
) -> Problem:
    """The problem of which candidate moves when."""
    return Problem(
        minutes=tuple(each.minutes for each in found),
        towards_mark=tuple(each.minutes if targets[each.target].counts else 0 for each in found),
        people=tuple(each.people for each in found),
        metres=tuple(each.metres for each in found),
        waves=tuple(each.waves for each in found),
        excludes=_cuts_of_one_round(found),
        limits=tuple(_limits(county, targets, found, waves, policy, known)),
        short_minutes=sum(target.short for target in targets if target.is_last),
        moved_from=_moved_from(found),
        before_minutes=hours_before(county),
        payments=tuple(_payments(county, targets, found, months_after(waves[0].date, policy.horizon_months))),
        fixed=fixed,
        cost_proof_pence=county.waiting_minutes // county.policy.proof_pence_divisor,
        cost_tolerance_pence=county.waiting_minutes // county.policy.tolerance_pence_divisor,
    )


def _cuts_of_one_round(found: tuple[Candidate, ...]) -> tuple[tuple[int, ...], ...]:
    """A round, to whichever target, and the parts that may be cut from it: at most one of them moves."""
    by_round: dict[str, list[int]] = defaultdict(list)
    for index, each in enumerate(found):
        if each.waves:
            by_round[each.recut_of or each.round_id].append(index)
    return tuple(tuple(group) for _, group in sorted(by_round.items()) if len(group) > 1)


def _moved_from(found: tuple[Candidate, ...]) -> dict[str, dict[int, int]]:
    rounds: dict[str, dict[int, int]] = defaultdict(dict)
    for index, each in enumerate(found):
        if each.waves:
            rounds[each.provider_id][index] = each.minutes
    return dict(sorted(rounds.items()))


def _limits(
    county: County,
    targets: tuple[Target, ...],
    found: tuple[Candidate, ...],
    waves: tuple[Wave, ...],
    policy: TransferPolicy,
    known: Known,
) -> list[Limit]:
    limits = [limit for room in rooms(county, targets, policy) for limit in limits_of(county, room, targets, found, len(waves))]
    before, general = hours_before(county), policy.moved_share_limit(county.policy)
    for provider_id, weights in _moved_from(found).items():
        share = known.share_that_may_go(provider_id, before[provider_id], general)
        agreed = ", as agreed with it," if share < general else ""
        for window in windows(provider_id, before[provider_id], share, waves, known.history):
            sentence = f"{percent(share)} of {provider_id}'s hours{agreed} in the year from {window.starts}"
            limits.append(Limit("destabilisation", provider_id, weights, frozenset(window.waves), window.room_minutes, sentence))
    people = {i: each.people for i, each in enumerate(found)}
    limits += [
        Limit(
            "reviews", str(wave.number), people, frozenset({index}), policy.reviews_per_wave, f"the reviews of wave {wave.number}"
        )
        for index, wave in enumerate(waves)
    ]
    return limits + (_framework_parts(county, targets, found, waves) if policy.framework_rounds else [])


def _framework_parts(
    county: County, targets: tuple[Target, ...], found: tuple[Candidate, ...], waves: tuple[Wave, ...]
) -> list[Limit]:
    """What may leave each framework contract by each wave: never below its part of the framework's share of the area.

    The contracts are those in force on that day, with the care that has carried over to them by then.
    """
    tightest: dict[tuple[int, int], Limit] = {}
    for target in (each for each in targets if each.is_last):
        for number, wave in enumerate(waves):
            under = _contracts_on(county, wave.date)
            for index, part in framework_parts_on(county, target.area_id, wave.date).items():
                runs = under == index
                left = int(county.minutes[runs].sum()) - math.ceil(part * target.demand)
                weights = {i: sum(int(county.minutes[m]) for m in each.members if runs[m]) for i, each in enumerate(found)}
                weights = {i: weight for i, weight in weights.items() if weight}
                if weights:
                    name = county.contracts[index].contract_id
                    limit = Limit(
                        "framework_part", name, weights, frozenset(range(number + 1)), max(0, left),
                        f"the part of {name} in the framework's share",
                    )  # fmt: skip
                    tightest[index, limit.room] = limit  # moves only add, so that a later wave asks for all that this one does
    return list(tightest.values())


def _contracts_on(county: County, day: dt.date) -> Ints:
    """Per package the contract that its running care is under on a day, NOWHERE for new care."""
    after = [county.contract_index[county.succession.contract_on(c.contract_id, day)] for c in county.contracts]
    return np.where(county.running_on == NOWHERE, NOWHERE, np.array([*after, NOWHERE], dtype=np.int64)[county.running_on])


def framework_parts_on(county: County, area_id: str, day: dt.date) -> dict[int, Fraction]:
    """Per framework contract of an area in force on a day: its part of the area's minutes."""
    here = [
        index
        for index, c in enumerate(county.contracts)
        if c.tier == "framework" and c.area_id == area_id and c.in_force(day) and c.max_hours_4w != 0
    ]
    sizes = [size for index in here if (size := county.contracts[index].max_hours_4w) is not None]
    share = 1 - county.policy.principal_share_target
    return {
        index: share * (Fraction(1, len(here)) if size is None or len(sizes) < len(here) else size / sum(sizes))
        for index in here
        for size in (county.contracts[index].max_hours_4w,)
    }


def _payments(county: County, targets: tuple[Target, ...], found: tuple[Candidate, ...], day: dt.date) -> list[Payment]:
    """The weekly pence of every contract that a move may change, and of all the others together.

    Care is paid for on the contract that it will be under on ``day``, the end of the plan: what moves at the prices of its
    wave, what stays at those of today.
    """
    base: dict[int, int] = defaultdict(int)
    at_the_end = [county.contract_index[county.succession.contract_on(c.contract_id, day)] for c in county.contracts]
    for package, contract in enumerate(county.running_on.tolist()):
        if contract >= 0:
            base[at_the_end[contract]] += county.price_pence(package, contract)
    change: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    on_its_day = [replace(county, moves_on=target.first_day) for target in targets]
    for index, each in enumerate(found):
        for member in each.members if each.waves else ():
            now, to = int(county.running_on[member]), targets[each.target].contract
            change[at_the_end[now]][index] -= county.price_pence(member, now)
            change[at_the_end[to]][index] += on_its_day[each.target].price_pence(member, to)
    return [
        Payment(base[contract], guaranteed_pence(county, contract, day), dict(change[contract]))
        for contract in range(len(county.contracts))
    ]


def guaranteed_pence(county: County, contract: int, day: dt.date) -> int:
    """What a contract is paid a week whatever is delivered, half up; nothing when it is not in force on the day."""
    record = county.contracts[contract]
    if record.max_hours_4w is None or not record.in_force(day):
        return 0
    return whole_half_up(record.guarantee * record.max_hours_4w / 4 * county.rates_pence(contract, day)[0])
