"""What ``result.json`` of a transfer says: the same bytes for the same input and settings."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable
from dataclasses import fields
from fractions import Fraction
from typing import Any

from optimiser.domain.level_result import A, LevelResult, level_record
from optimiser.domain.words import hours, hours_in_words, people, percent, share
from optimiser.io.result_head import result_head
from optimiser.rules.moving.moved_share import most_moved
from optimiser.transferring.assumptions import makes_room, staff_assumed
from optimiser.transferring.need_anybody_move import need_record
from optimiser.transferring.tables import impacts, largest_year_minutes
from optimiser.transferring.transfer_plan import TransferPlan

WORDING = (
    "This plan is evidence about organised groupings of employees: which people's care, delivered by which round and how many"
    " staff, would move together. Whether employment transfers is a question of law for the council and both providers; nothing"
    " here answers it."
)


def result_record(plan: TransferPlan) -> dict[str, Any]:
    """Levels, areas, waves, what is pending, what to talk about, and what it was decided on."""
    county = plan.county
    return {
        **result_head(county.snapshot, titled=True, command="transfer", wording=WORDING, need_anybody_move=need_record(plan)),
        "known_digest": known_digest(plan),
        "travel": county.travel.provenance,
        "settings": settings_record(plan),
        "complete": plan.stopped == "no",
        "levels": level_records(plan.levels),
        "areas": [_area(plan, area) for area in plan.areas],
        "waves": [str(wave.date) for wave in plan.waves],
        "rounds": [_round(plan, index) for index in plan.told],
        "if_refused": if_refused(plan),
        **({"agreed_limits": agreed_limits(plan)} if plan.known.limits else {}),
        "warnings": warnings(plan),
        "notes": list(plan.notes),
    }


def known_digest(plan: TransferPlan) -> str:
    """Of the history, what is agreed, refused and wished."""
    known = plan.known
    lines = [
        *(f"history {m.date} {m.package_id} {m.from_provider_id} {m.minutes_per_week}" for m in known.history),
        *(f"agreed {m.round_id} {m.date}" for m in known.agreed),
        *(f"refused {name}" for name in sorted(known.refused)),
        *(f"wish {name}" for name in sorted(known.wishes)),
        *(f"limit {each.provider_id} {each.share} {each.minutes_per_week} {each.reason}" for each in known.limits),
    ]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def agreed_limits(plan: TransferPlan) -> list[dict[str, Any]]:
    """Per provider with which a lower limit was agreed: how much may move within twelve months, why, and how much does."""
    found = []
    for each in plan.known.limits:
        before = plan.problem.before_minutes.get(each.provider_id, 0)
        part = plan.share_that_may_go(each.provider_id)
        found.append(
            {
                "provider_id": each.provider_id,
                "share": share(part),
                "most_hours_per_week": hours(most_moved(part, before)),
                "hours_in_a_year": hours(largest_year_minutes(plan, each.provider_id)),
                "reason": each.reason,
            }
        )
    return found


def settings_record(plan: TransferPlan) -> dict[str, Any]:
    policy = {part.name: getattr(plan.policy, part.name) for part in fields(plan.policy)}
    policy["destabilisation_limit"] = plan.policy.moved_share_limit(plan.county.policy)
    policy["principal_share_target"] = plan.county.policy.principal_share_target
    return {name: _plain(value) for name, value in policy.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, Fraction):
        return int(value) if value.denominator == 1 else float(value)
    if isinstance(value, dt.date):
        return str(value)
    return [_plain(each) for each in value] if isinstance(value, tuple) else value


def level_records(levels: Iterable[LevelResult[A]]) -> list[dict[str, Any]]:
    """A transfer tells how much each level gave away, not to which."""
    return [level_record(level, without=("given_to",)) for level in levels]


def _area(plan: TransferPlan, index: int) -> dict[str, Any]:
    target, county = plan.targets[index], plan.county
    after = plan.minutes_after(index)
    moving = (plan.candidates[i] for i in plan.moving)
    staff = [each.staff or 0 for each in moving if plan.targets[each.target].area_id == target.area_id]
    return {
        "area_id": target.area_id,
        "name": county.snapshot.areas[county.area_of[target.area_id]].name,
        "to_contract_id": county.contracts[target.contract].contract_id,
        "hours_of_area": hours(target.demand),
        "mark_hours": hours(target.mark),
        "hours_before": hours(target.running),
        "hours_after": hours(after),
        "short_hours_before": hours(target.short),
        "short_hours_after": hours(max(0, target.mark - after)),
        "share_before": share(Fraction(target.running, max(1, target.demand))),
        "share_after": share(plan.share_after(index)),
        "rounds_moved": len(staff),
        "staff_with_the_rounds": sum(staff),
    }


def _round(plan: TransferPlan, index: int) -> dict[str, Any]:
    each, wave = plan.candidates[index], plan.wave_of(index)
    return {
        "round_id": each.round_id,
        "recut_of": each.recut_of,
        "wave": None if wave is None else wave.number,
        "people": each.people,
        "minutes": each.minutes,
        "metres_to_base": each.metres,
        "waves_possible": sorted(
            plan.waves[k].number for i in plan.candidates_of(each.round_id) for k in plan.candidates[i].waves
        ),
        "blockers": [{"kind": b.kind, "people": len(b.packages), "sentence": b.sentence} for b in each.blockers],
    }


def if_refused(plan: TransferPlan) -> list[dict[str, Any]]:
    """For each person planned whose decision is pending: what a refusal would change."""
    found = []
    for index in plan.moving:
        each, wave = plan.candidates[index], plan.wave_of(index)
        assert wave is not None
        area = next(area for area in plan.areas if plan.targets[area].area_id == plan.targets[each.target].area_id)
        target = plan.targets[area]
        without = Fraction(plan.minutes_after(area) - plan.problem.towards_mark[index], max(1, target.demand))
        sentence = (
            f"Round {each.round_id} stays with {each.provider_id}: {people(each.people)} and {hours_in_words(each.minutes)} fewer"
            f" on wave {wave.number}. The principal of {target.area_id} ends at {percent(without)} instead of"
            f" {percent(plan.share_after(area))} of the area's hours."
        )
        for member in each.members:
            if plan.is_pending(member):
                name = plan.county.packages[member].package_id
                then = f"{sentence} {makes_room(plan, index)}".rstrip()
                found.append({"package_id": name, "round_id": each.round_id, "wave": wave.number, "then": then})
    return sorted(found, key=lambda record: record["package_id"])


def warnings(plan: TransferPlan) -> list[str]:
    """What somebody should talk about before this plan is used."""
    found = []
    for each in impacts(plan):
        if each.warning and each.moved_minutes:
            part = percent(each.share(each.largest_year_minutes))
            found.append(
                f"{each.provider_id} loses {part} of its hours within a year, above the warning line of"
                f" {percent(plan.policy.destabilisation_warning)}: talk to it about its viability first."
            )
    for agreed in plan.known.limits:
        most = most_moved(plan.share_that_may_go(agreed.provider_id), plan.problem.before_minutes.get(agreed.provider_id, 0))
        found.append(
            f"At most {hours_in_words(most)} a week may leave {agreed.provider_id} within a year, as agreed with it"
            f" ({agreed.reason}); {hours_in_words(largest_year_minutes(plan, agreed.provider_id))} do."
        )
    assumed = [] if plan.policy.provider_limit_binds else staff_assumed(plan)
    return found + assumed + [said for index in plan.moving if (said := makes_room(plan, index))] + _recut_warnings(plan)


def _recut_warnings(plan: TransferPlan) -> list[str]:
    if not any(plan.candidates[i].recut_of for i in plan.moving):
        return []
    return [
        "Re-cut rounds need their present provider's agreement, and it must run them as cut from the date given (agreement_by)"
        " until they move: a grouping made for the transfer alone would look arranged for it."
    ]
