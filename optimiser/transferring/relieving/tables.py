"""The tables of a relief, a list of rows each."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping

from optimiser.domain.records import Visit
from optimiser.domain.words import hours, share_of
from optimiser.transferring.letters import Letter
from optimiser.transferring.relieving.explain import Explainer, decision_of
from optimiser.transferring.relieving.story import Relief

Row = dict[str, object]

RELIEF = (
    "package_id", "round_id", "if_missed", "counted_as", "priority", "hours_per_week", "decision", "from_contract_id",
    "to_contract_id", "to_provider_id", "with_the_round", "served_until", "then_from", "decision_pending", "own_plan_first",
    "reason", "letter",
)  # fmt: skip
ROUNDS = (
    "round_id", "provider_id", "whole", "people", "staff", "staff_hours_per_week", "hours_now", "hours_kept", "hours_moved",
    "hours_uncovered", "most_stays_with", "share_that_stays_together",
)  # fmt: skip
UNCOVERED_VISITS = (
    "package_id", "visit_id", "counted_as", "days", "earliest_start", "latest_start", "duration_minutes", "workers",
    "minutes_per_week",
)  # fmt: skip


def relief_rows(plan: Relief, explainer: Explainer, letters: Mapping[str, Letter]) -> list[Row]:
    """A row per package, in the order of their ids."""
    rows = (_relief_row(plan, explainer, letters, member) for member in plan.case.members)
    return sorted(rows, key=lambda row: str(row["package_id"]))


def _relief_row(plan: Relief, explainer: Explainer, letters: Mapping[str, Letter], member: int) -> Row:
    case, record = plan.case, plan.case.county.packages[member]
    moves, letter = plan.moves(member), letters.get(record.package_id)
    row: Row = {
        "package_id": record.package_id,
        "round_id": record.round_id,
        "if_missed": record.if_missed,
        "counted_as": case.harm(member),
        "priority": record.priority,
        "hours_per_week": hours(record.minutes_per_week),
        "decision": decision_of(plan, member),
        "from_contract_id": case.county.contracts[case.now[member]].contract_id,
        "with_the_round": str(moves and bool(record.round_id) and plan.is_whole(record.round_id)).lower(),
        "decision_pending": str(plan.is_pending(member)).lower(),
        "own_plan_first": str(plan.needs_own_plan(member)).lower(),
        "reason": explainer.reason(member),
        "letter": letter.kind if letter else "",
    }
    if not plan.is_uncovered(member):
        to = case.county.contracts[plan.where[member]]
        row |= {"to_contract_id": to.contract_id, "to_provider_id": to.provider_id}
    if not plan.is_kept(member):
        row["served_until"] = case.day
    if moves:
        row["then_from"] = case.day
    return row


def round_rows(plan: Relief) -> list[Row]:
    """A row per round: how whole each is for its staff."""
    return [_round_row(plan, round_id, members) for round_id, members in plan.case.rounds.items()]


def _round_row(plan: Relief, round_id: str, members: list[int]) -> Row:
    case = plan.case
    known = next((each for each in case.county.snapshot.rounds if each.round_id == round_id), None)
    provider_id = case.county.provider(case.now[members[0]]).provider_id
    with_whom: Counter[str] = Counter()
    for member in members:
        with_whom[min(plan.providers_of([member]))] += case.minutes(member)
    total, left = sum(with_whom.values()), with_whom.pop("", 0)
    most = max(sorted(with_whom), key=lambda name: with_whom[name], default="")
    return {
        "round_id": round_id,
        "provider_id": provider_id,
        "whole": str(plan.is_whole(round_id)).lower(),
        "people": case.county.people(members),
        "staff": "" if known is None or known.staff is None else known.staff,
        "staff_hours_per_week": "" if known is None or known.staff_hours_per_week is None else float(known.staff_hours_per_week),
        "hours_now": hours(total),
        "hours_kept": hours(with_whom[provider_id]),
        "hours_moved": hours(total - left - with_whom[provider_id]),
        "hours_uncovered": hours(left),
        "most_stays_with": most,
        "share_that_stays_together": share_of(with_whom[most], total) or "",
    }


def uncovered_visit_rows(plan: Relief) -> list[Row]:
    """Every visit that nobody delivers, those first that would harm most; a package without visits by its hours."""
    visits: dict[str, list[Visit]] = defaultdict(list)
    for visit in plan.case.county.snapshot.visits:
        visits[visit.package_id].append(visit)
    found: list[Row] = []
    for member in plan.most_harm_first(plan.uncovered):
        record = plan.case.county.packages[member]
        own: Row = {"package_id": record.package_id, "counted_as": plan.case.harm(member)}
        if not visits[record.package_id]:
            unknown = dict.fromkeys(("visit_id", "days", "earliest_start", "latest_start", "duration_minutes"), "")
            found.append(own | unknown | {"workers": record.workers, "minutes_per_week": record.minutes_per_week})
        for visit in sorted(visits[record.package_id], key=lambda each: (each.earliest_start, each.visit_id)):
            found.append(
                own
                | {
                    "visit_id": visit.visit_id,
                    "days": ";".join(visit.days),
                    "earliest_start": f"{visit.earliest_start:%H:%M}",
                    "latest_start": f"{visit.latest_start:%H:%M}",
                    "duration_minutes": visit.duration_minutes,
                    "workers": visit.workers,
                    "minutes_per_week": len(visit.days) * visit.duration_minutes * visit.workers,
                }
            )
    return found
