"""Which rounds may move at all: those of other providers whose every package is on a legacy contract, or one that has ended by
the day of the wave. And what moves away from each provider: the share of its county-wide hours in any twelve months.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from optimiser.county import NOWHERE, County
from optimiser.domain.dates import months_after
from optimiser.domain.plan import EarlierMove, Known
from optimiser.domain.policy import TransferPolicy
from optimiser.geography.grid import half_up
from optimiser.rules.book import standard_rules
from optimiser.rules.moving.moved_share import most_moved
from optimiser.transferring.blockers import Blocker, blockers_of
from optimiser.transferring.calendar import YEAR_MONTHS, Wave
from optimiser.transferring.targets import Target
from optimiser.transferring.who_may_move import Judgement, judge


@dataclass(frozen=True)
class Candidate:
    """A round (or a proposed part of one) that moves whole or stays whole."""

    round_id: str
    provider_id: str
    target: int
    """The index of the target that it would move to; a round has a candidate for each one that it may move to on some wave."""
    members: tuple[int, ...]
    """The packages that would move."""
    alone: tuple[int, ...]
    """Packages that stay behind alone, by their own recorded wish."""
    staff: int | None
    minutes: int
    metres: int
    """From the middle of the members' places to the principal's nearest office."""
    waves: tuple[int, ...]
    """The indices of the target's waves on which everybody in it may move."""
    blockers: tuple[Blocker, ...]
    """Why it may move on none."""
    recut_of: str = ""
    """The round that it would be cut from; empty for a round as it is."""

    def __repr__(self) -> str:
        return f"<Candidate {self.round_id} of {self.provider_id}: {self.people} people>"

    @property
    def people(self) -> int:
        return len(self.members)


def members_by_round(county: County) -> dict[str, list[int]]:
    """The packages of every round."""
    members: dict[str, list[int]] = defaultdict(list)
    for index, package in enumerate(county.packages):
        if package.round_id:
            members[package.round_id].append(index)
    return dict(sorted(members.items()))


def round_providers(county: County, members: list[int]) -> set[str]:
    """Who delivers the running care of a round: one provider, in a snapshot that makes sense."""
    return {county.contracts[county.running_on[m]].provider_id for m in members if county.packages[m].contract_id}


def is_movable_tier(county: County, package: int, policy: TransferPolicy, day: dt.date) -> bool:
    """Whether the contract that a package is under on a day is one that care may be moved from."""
    if not county.packages[package].contract_id:
        return True  # care that has not begun is on no contract; it blocks its round by itself
    contract = county.contracts[county.contract_on(package, day)]
    return contract.tier == "legacy" or contract.has_ended(day) or (policy.framework_rounds and contract.tier == "framework")


@dataclass(frozen=True)
class PooledRound:
    """A round that is a candidate."""

    round_id: str
    targets: tuple[int, ...]
    """The indices of its area's targets, the last one last."""
    members: list[int]
    waves: tuple[int, ...]
    """The indices of the waves on which another provider is the principal and every contract is one that care may leave."""

    def __repr__(self) -> str:
        return f"<PooledRound {self.round_id}: {len(self.members)} people>"


@dataclass(frozen=True)
class Pool:
    """The rounds that are candidates, and who of them may move when."""

    rounds: tuple[PooledRound, ...]
    judgement: Judgement

    def __repr__(self) -> str:
        return f"<Pool of {len(self.rounds)} rounds>"


def pool(county: County, targets: tuple[Target, ...], waves: tuple[Wave, ...], policy: TransferPolicy, known: Known) -> Pool:
    """Every candidate round of the targets' areas, in the order of their ids, judged person by person."""
    found = _rounds_of(county, targets, waves, policy)
    area_of = {member: each.targets for each in found for member in each.members}
    packages = np.array(sorted(area_of), dtype=np.int64)
    contracts = [
        np.array([targets[target_on(targets, area_of[member], wave)].contract for member in sorted(area_of)], dtype=np.int64)
        for wave in range(len(waves))
    ]
    return Pool(tuple(found), judge(county, standard_rules(), known, policy, packages, contracts, waves))


def target_on(targets: tuple[Target, ...], of_area: tuple[int, ...], wave: int) -> int:
    """An area's target on a wave; where no principal is in force then, its last one, which the rules refuse on that day."""
    return next((index for index in of_area if wave in targets[index].waves), of_area[-1])


def candidates(
    county: County, targets: tuple[Target, ...], policy: TransferPolicy, known: Known, judged: Pool
) -> tuple[Candidate, ...]:
    """Every round of the pool as it is, for each target that it may move to: whole or nothing."""
    staff = {each.round_id: each.staff for each in county.snapshot.rounds}
    wishes = known.wishes if policy.stay_alone else frozenset()
    return tuple(
        made
        for each in judged.rounds
        for made in candidates_of(county, targets, judged.judgement, each, each.members, staff.get(each.round_id), wishes)
    )


def _rounds_of(county: County, targets: tuple[Target, ...], waves: tuple[Wave, ...], policy: TransferPolicy) -> list[PooledRound]:
    """Candidate rounds with the targets of their area and their members."""
    targets_of: dict[str, list[int]] = defaultdict(list)
    for index, target in enumerate(targets):
        targets_of[target.area_id].append(index)
    stated = {each.round_id: each.area_id for each in county.snapshot.rounds}
    found = []
    for name, members in members_by_round(county).items():
        areas = sorted({county.packages[member].area_id for member in members})
        here = tuple(targets_of.get(stated.get(name) or areas[0], ()))
        providers = round_providers(county, members)
        if not here or len(providers) != 1:
            continue
        possible = tuple(
            number
            for number, wave in enumerate(waves)
            if providers != {county.provider(targets[target_on(targets, here, number)].contract).provider_id}
            and all(is_movable_tier(county, member, policy, wave.date) for member in members)
        )
        if possible:
            found.append(PooledRound(name, here, members, possible))
    return found


def candidates_of(
    county: County,
    targets: tuple[Target, ...],
    judgement: Judgement,
    pooled: PooledRound,
    members: list[int],
    staff: int | None,
    wishes: frozenset[str],
    *,
    name: str = "",
    first_wave: int = 0,
) -> list[Candidate]:
    """A round, or the part of it with these members (under a ``name`` of its own), judged as a whole.

    One for each target that it may move to; one that says why not, where it may move to none.
    """
    alone = tuple(member for member in members if county.packages[member].package_id in wishes)
    movers = tuple(member for member in members if member not in alone)
    free = [k for k in pooled.waves if k >= first_wave and movers and all(judgement.may_move(m, k) for m in movers)]
    found = {target: tuple(k for k in free if k in targets[target].waves) for target in pooled.targets}
    return [
        Candidate(
            round_id=name or pooled.round_id,
            provider_id=min(round_providers(county, members)),
            target=target,
            members=movers,
            alone=alone,
            staff=staff,
            minutes=int(county.minutes[list(movers)].sum()),
            metres=metres_to_base(county, targets[target].contract, movers),
            waves=open_waves,
            blockers=() if open_waves else blockers_of(county, judgement, movers, pooled.waves),
            recut_of=pooled.round_id if name else "",
        )
        for target, open_waves in found.items()
        if open_waves or (not any(found.values()) and target == pooled.targets[-1])
    ]


def metres_to_base(county: County, contract: int, members: tuple[int, ...]) -> int:
    """Whole metres from the middle of the members' places to the nearest office of the contract's provider."""
    from optimiser.geography.grid import to_grid

    if not members:
        return 0
    middle = county.place[list(members)].mean(axis=0, keepdims=True)
    provider_id = county.contracts[contract].provider_id
    offices = [office for office in county.snapshot.offices if office.provider_id == provider_id]
    bases = to_grid([office.latitude for office in offices], [office.longitude for office in offices])
    return int(half_up(county.travel.metres(middle, bases).min(axis=1))[0])


@dataclass(frozen=True)
class Window:
    """Twelve months from a day on, up to but not including ``ends``, in which a provider's moves are counted together."""

    provider_id: str
    starts: dt.date
    ends: dt.date
    waves: tuple[int, ...]
    """The indices of the waves in it: at least one."""
    earlier_minutes: int
    """What moved away in it before the plan."""
    room_minutes: int
    """What may still move in it."""


def hours_before(county: County) -> dict[str, int]:
    """Per provider id: the minutes of all its running care in the county on the day of the snapshot."""
    running = county.running_on != NOWHERE
    holders = county.provider_of[county.running_on[running]]
    minutes = np.bincount(holders, weights=county.minutes[running], minlength=len(county.providers))
    return {provider.provider_id: int(minutes[index]) for index, provider in enumerate(county.providers)}


def windows(
    provider_id: str, minutes: int, limit: Fraction, waves: tuple[Wave, ...], history: Iterable[EarlierMove]
) -> tuple[Window, ...]:
    """Every twelve months that matter: those that begin with a move or a wave and hold a wave.

    A window that begins between two moves holds no more than the one that begins with its first move, so these are enough.
    """
    own = [move for move in history if move.from_provider_id == provider_id]
    found = []
    for starts in sorted({move.date for move in own} | {wave.date for wave in waves}):
        ends = months_after(starts, YEAR_MONTHS)
        inside = tuple(index for index, wave in enumerate(waves) if starts <= wave.date < ends)
        earlier = sum(move.minutes_per_week for move in own if starts <= move.date < ends)
        if inside:
            room = max(0, most_moved(limit, minutes) - earlier)
            found.append(Window(provider_id, starts, ends, inside, earlier, room))
    return tuple(window for window in found if not any(_covers(other, window) for other in found))


def _covers(other: Window, window: Window) -> bool:
    """Whether another window asks for all that this one does."""
    wider = set(window.waves) <= set(other.waves) and other.room_minutes <= window.room_minutes
    same = set(window.waves) == set(other.waves) and other.room_minutes == window.room_minutes
    return wider and (not same or other.starts < window.starts)
