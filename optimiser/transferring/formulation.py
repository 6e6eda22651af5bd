"""The county and its candidates as a problem of plain numbers."""

from __future__ import annotations

import datetime as dt
import math
from collections import defaultdict
from fractions import Fraction

import numpy as np

from optimiser.county import County, whole_half_up
from optimiser.domain.dates import months_after
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
        people=tuple(each.people for each in found),
        metres=tuple(each.metres for each in found),
        waves=tuple(each.waves for each in found),
        excludes=_cuts_of_one_round(found),
        limits=tuple(_limits(county, targets, found, waves, policy, known)),
        short_minutes=sum(target.short for target in targets),
        moved_from=_moved_from(found),
        before_minutes=hours_before(county),
        payments=tuple(_payments(county, targets, found, months_after(waves[0].date, policy.horizon_months))),
        fixed=fixed,
        cost_proof_pence=county.waiting_minutes // county.policy.proof_pence_divisor,
        cost_tolerance_pence=county.waiting_minutes // county.policy.tolerance_pence_divisor,
    )


def _cuts_of_one_round(found: tuple[Candidate, ...]) -> tuple[tuple[int, ...], ...]:
    """A round and the parts that may be cut from it: at most one of them moves."""
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
    always = frozenset(range(len(waves)))
    limits = [limit for room in rooms(county, targets, policy) for limit in limits_of(county, room, targets, found, len(waves))]
    before, share = hours_before(county), policy.moved_share_limit(county.policy)
    for provider_id, weights in _moved_from(found).items():
        for window in windows(provider_id, before[provider_id], share, waves, known.history):
            sentence = f"{percent(share)} of {provider_id}'s hours in the year from {window.starts}"
            limits.append(Limit("destabilisation", provider_id, weights, frozenset(window.waves), window.room_minutes, sentence))
    people = {i: each.people for i, each in enumerate(found)}
    limits += [
        Limit(
            "reviews", str(wave.number), people, frozenset({index}), policy.reviews_per_wave, f"the reviews of wave {wave.number}"
        )
        for index, wave in enumerate(waves)
    ]
    return limits + (_framework_parts(county, targets, found, always) if policy.framework_rounds else [])


def _framework_parts(
    county: County, targets: tuple[Target, ...], found: tuple[Candidate, ...], always: frozenset[int]
) -> list[Limit]:
    """What may leave each framework contract: never below its part of the framework's share of the area."""
    limits = []
    share = 1 - county.policy.principal_share_target
    for target in targets:
        here = [
            index
            for index, c in enumerate(county.contracts)
            if c.tier == "framework" and c.area_id == target.area_id and c.in_force(county.as_of) and c.max_hours_4w != 0
        ]
        sizes = [county.contracts[index].max_hours_4w for index in here]
        known = [size for size in sizes if size is not None]
        for index, size in zip(here, sizes, strict=True):
            part = Fraction(1, len(here)) if len(known) < len(sizes) or size is None else size / sum(known)
            running = int(county.minutes[np.flatnonzero(county.running_on == index)].sum())
            left = max(0, running - math.ceil(part * share * target.demand))
            weights = {
                i: sum(int(county.minutes[m]) for m in each.members if county.running_on[m] == index)
                for i, each in enumerate(found)
            }
            weights = {i: weight for i, weight in weights.items() if weight}
            name = county.contracts[index].contract_id
            if weights:
                limits.append(
                    Limit("framework_part", name, weights, always, left, f"the part of {name} in the framework's share")
                )
    return limits


def _payments(county: County, targets: tuple[Target, ...], found: tuple[Candidate, ...], day: dt.date) -> list[Payment]:
    """The weekly pence of every contract that a move may change, and of all the others together."""
    base: dict[int, int] = defaultdict(int)
    for package, contract in enumerate(county.running_on.tolist()):
        if contract >= 0:
            base[contract] += county.price_pence(package, contract)
    change: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for index, each in enumerate(found):
        for member in each.members if each.waves else ():
            now, to = int(county.running_on[member]), targets[each.target].contract
            change[now][index] -= county.price_pence(member, now)
            change[to][index] += county.price_pence(member, to)
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
