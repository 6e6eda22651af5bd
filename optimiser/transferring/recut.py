"""Compact parts of rounds that could move where the whole round cannot: proposals, for their present providers to agree to.

A part is a whole run for one or more of the round's staff: each of those who go, and each of those who stay, has about as many
hours as before. Its people live close together, and nobody who stays is left alone and far from the others who stay.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from fractions import Fraction

from optimiser.county import County
from optimiser.domain.dates import days_after, is_holiday, months_after, working_day_up_to
from optimiser.domain.plan import Known
from optimiser.domain.policy import TransferPolicy
from optimiser.domain.records import made_of
from optimiser.geography.grid import Metres, crow_metres
from optimiser.rules.moving.moved_share import most_moved
from optimiser.transferring.calendar import Wave, on_or_after
from optimiser.transferring.candidate_rounds import Candidate, Pool, candidates_of, hours_before, round_providers
from optimiser.transferring.targets import Target

MOST_PARTS = 5
"""So many parts of a round are proposed to the search: the largest for each number of staff who would go, then the next."""


def first_recut_day(as_of: dt.date, policy: TransferPolicy) -> dt.date:
    """The earliest day on which a part may move: agreed first, then run by its provider through the lead time."""
    return months_after(_agreement_ends(as_of, policy), policy.lead_months)


def agreement_by(as_of: dt.date, wave: dt.date, policy: TransferPolicy) -> dt.date:
    """By when a part that moves on a wave has to be agreed, to be run as cut through the lead time."""
    day = months_after(wave, -policy.lead_months)
    if not is_holiday(day, policy.extra_holidays):
        return day
    return max(working_day_up_to(day, policy.extra_holidays), min(day, _agreement_ends(as_of, policy)))


def _agreement_ends(as_of: dt.date, policy: TransferPolicy) -> dt.date:
    """When the present provider has had its time to agree; on a holiday, the next working day."""
    return on_or_after(days_after(as_of, 7 * policy.recut_agreement_weeks), policy)


def recut_candidates(
    county: County,
    targets: tuple[Target, ...],
    waves: tuple[Wave, ...],
    policy: TransferPolicy,
    judged: Pool,
    known: Known | None = None,
) -> list[Candidate]:
    """The parts of every candidate round that may be cut; ids are the round's with ``-cut1``, ``-cut2``…"""
    opening = first_recut_day(county.as_of, policy)
    first = next((index for index, wave in enumerate(waves) if wave.date >= opening), len(waves))
    staff = {each.round_id: each.staff for each in county.snapshot.rounds}
    before, general = hours_before(county), policy.moved_share_limit(county.policy)
    known = known or Known()
    found = []
    for each in judged.rounds:
        name, members = each.round_id, each.members
        later = [wave for wave in each.waves if wave >= first]
        movable = [m for m in members if any(judged.judgement.may_move(m, k) for k in later)]
        provider_id = min(round_providers(county, members))
        most = most_moved(known.share_that_may_go(provider_id, before[provider_id], general), before[provider_id])
        for number, (part, count) in enumerate(parts(county, members, movable, staff.get(name), most, policy), start=1):
            made = candidates_of(
                county, targets, judged.judgement, each, list(part), count, frozenset(),
                name=made_of(name, f"-cut{number}"), first_wave=first,
            )  # fmt: skip
            found += [cut for cut in made if cut.waves]
    return found


def parts(
    county: County, members: list[int], movable: list[int], staff: int | None, most: int, policy: TransferPolicy
) -> list[tuple[tuple[int, ...], int]]:
    """Parts of one round, of at most so many minutes, with the number of its staff each.

    Of each number of staff the largest first, then the second largest…; compact before scattered.
    """
    minutes = {member: int(county.minutes[member]) for member in members}
    total = sum(minutes.values())
    count = staff or max(1, round(Fraction(total, 60) / policy.recut_staff_hours))
    found: dict[tuple[int, ...], int] = {}
    for part in _grown(county, movable):
        size = sum(minutes[member] for member in part)
        going = round(Fraction(size * count, total))
        if size <= most and 0 < going < count and _whole_runs(size, going, total, count, policy):
            rest = [member for member in members if member not in part]
            if is_compact(county.place[list(part)], policy) and is_workable(county.place, members, rest, policy):
                found[part] = going
    ordered = sorted(found, key=lambda part: (-sum(minutes[m] for m in part), _spread(county.place[list(part)]), part))
    seen: Counter[int] = Counter()
    turn = {}
    for part in ordered:
        seen[found[part]] += 1
        turn[part] = seen[found[part]]
    ordered.sort(key=turn.__getitem__)
    return [(part, found[part]) for part in ordered[:MOST_PARTS]]


def _grown(county: County, movable: list[int]) -> Iterator[tuple[int, ...]]:
    """Each movable person with their nearest one, two, three… movable neighbours."""
    for seed in movable:
        away = crow_metres(county.place[seed], county.place[movable])
        order = sorted(range(len(movable)), key=lambda k: (float(away[k]), movable[k]))
        for size in range(1, len(movable) + 1):
            yield tuple(sorted(movable[k] for k in order[:size]))


def _whole_runs(size: int, going: int, total: int, count: int, policy: TransferPolicy) -> bool:
    """Whether each care worker who goes, and each who stays, has about as many minutes as each had before."""
    before = Fraction(total, count)
    each = (Fraction(size, going), Fraction(total - size, count - going))
    return all(abs(minutes - before) <= policy.recut_run_tolerance * before for minutes in each)


def is_compact(places: Metres, policy: TransferPolicy) -> bool:
    """Whether everybody lives within reach of the middle."""
    return _spread(places) <= policy.recut_group_metres


def _spread(places: Metres) -> float:
    return float(crow_metres(places.mean(axis=0), places).max())


def is_workable(place: Metres, members: list[int], rest: list[int], policy: TransferPolicy) -> bool:
    """Whether those who stay are still a run: as compact as a part has to be or as they were, and nobody alone and far.

    Somebody who lived far from the others before does not count.
    """
    if len(rest) < 2 or _spread(place[rest]) > max(float(policy.recut_group_metres), _spread(place[members])):
        return False
    return all(
        _nearest(place, member, rest) <= max(float(policy.recut_gap_metres), _nearest(place, member, members)) for member in rest
    )


def _nearest(place: Metres, member: int, others: list[int]) -> float:
    away = crow_metres(place[member], place[[other for other in others if other != member]])
    return float(away.min())
