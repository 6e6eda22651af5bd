"""The tables of a transfer plan, a list of rows each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from optimiser.domain.dates import months_after
from optimiser.domain.words import hours, pounds, share
from optimiser.rules.moving.moved_share import most_moved
from optimiser.transferring.calendar import YEAR_MONTHS
from optimiser.transferring.explain import moving_cuts, person_reason, round_reason
from optimiser.transferring.letters import letter_of
from optimiser.transferring.recut import agreement_by
from optimiser.transferring.transfer_plan import TransferPlan
from optimiser.transferring.who_may_move import direct_payment

Row = dict[str, object]

TRANSFERS = (
    "round_id", "decision", "wave", "from_provider_id", "to_contract_id", "people", "hours_per_week", "staff", "reason",
    "area_id", "date", "recut_of", "agreement_by",
)  # fmt: skip
PEOPLE = (
    "package_id", "round_id", "decision", "wave", "pending", "reason", "letter", "served_by_provider_id", "served_until",
    "then_by_provider_id", "then_from",
)  # fmt: skip
IMPACT = (
    "provider_id", "hours_before", "hours_moved", "share_moved", "earlier_share", "within_limit", "largest_year_share", "warning",
)  # fmt: skip
WAVES = (
    "wave", "date", "consultation_by", "employee_information_by", "review_by", "reviews", "people", "hours", "share_after",
    "area_id", "reply_by",
)  # fmt: skip
DIRECT_PAYMENTS = (
    "package_id", "provider_id", "hours_per_week", "rate_now_gbp", "direct_payment_rate_gbp", "weekly_cost_now_gbp",
    "weekly_cost_to_council_gbp", "weekly_top_up_gbp", "other_within_budget",
)  # fmt: skip
CHANGES = ("round_id", "before", "after", "why")


def listed(plan: TransferPlan) -> list[int]:
    """The candidates that the tables show: every round as it is, and the proposed parts that move."""
    return [index for index in plan.told if not plan.candidates[index].recut_of or index in plan.moving]


def persons(plan: TransferPlan, index: int) -> list[int]:
    """The packages that a row of a round speaks of: without those who move in a part of it."""
    each = plan.candidates[index]
    cut = {m for c in moving_cuts(plan) if plan.candidates[c].recut_of == each.round_id for m in plan.candidates[c].members}
    return sorted({*each.members, *each.alone} - cut)


def transfer_rows(plan: TransferPlan) -> Iterator[Row]:
    """A row per round."""
    for index in listed(plan):
        each, wave, target = plan.candidates[index], plan.wave_of(index), plan.targets[plan.candidates[index].target]
        who = persons(plan, index)
        row: Row = {
            "round_id": each.round_id,
            "decision": "transfer" if wave else "stay",
            "from_provider_id": each.provider_id,
            "people": plan.county.people(who),
            "hours_per_week": hours(sum(int(plan.county.minutes[m]) for m in who)),
            "staff": "" if each.staff is None else each.staff,
            "reason": round_reason(plan, index),
            "area_id": target.area_id,
            "recut_of": each.recut_of,
        }
        if wave:
            contract = plan.county.contracts[target.contract].contract_id
            row |= {"wave": wave.number, "to_contract_id": contract, "date": wave.date}
            if each.recut_of:
                row["agreement_by"] = agreement_by(plan.county.as_of, wave.date, plan.policy)
        yield row


def people_rows(plan: TransferPlan, *, name_blockers: bool = False) -> list[Row]:
    """A row per person of a candidate round."""
    rows = []
    for index in listed(plan):
        for package in persons(plan, index):
            rows.append(_person_row(plan, index, package, name_blockers=name_blockers))
    return sorted(rows, key=lambda row: str(row["package_id"]))


def _person_row(plan: TransferPlan, index: int, package: int, *, name_blockers: bool) -> Row:
    each, wave = plan.candidates[index], plan.wave_of(index)
    moves = wave is not None and package in each.members
    contract = int(plan.county.running_on[package])
    letter = letter_of(plan, index, package) if contract >= 0 else None
    row: Row = {
        "package_id": plan.county.packages[package].package_id,
        "round_id": each.round_id,
        "decision": "transfer" if moves else "stay",
        "pending": str(moves and plan.is_pending(package)).lower(),
        "reason": person_reason(plan, index, package, name_blockers=name_blockers),
        "served_by_provider_id": plan.county.contracts[contract].provider_id if contract >= 0 else "",
        "letter": letter.kind if letter else "",
    }
    if moves and wave is not None:
        new = plan.county.provider(plan.targets[each.target].contract).provider_id
        row |= {"wave": wave.number, "served_until": wave.date, "then_by_provider_id": new, "then_from": wave.date}
    return row


@dataclass(frozen=True)
class Impact:
    """What a plan takes from one provider; minutes a week, and earlier moves counted where that is said."""

    provider_id: str
    before_minutes: int
    moved_minutes: int
    earlier_minutes: int
    largest_year_minutes: int
    within_limit: bool
    warning: bool

    def share(self, minutes: int) -> Fraction:
        """A part of all its running care."""
        return Fraction(minutes, self.before_minutes)


def impacts(plan: TransferPlan) -> Iterator[Impact]:
    """For each provider that has a candidate round."""
    for provider_id in sorted({each.provider_id for each in plan.candidates}):
        before = plan.problem.before_minutes[provider_id]
        moved = sum(plan.candidates[i].minutes for i in plan.moving if plan.candidates[i].provider_id == provider_id)
        most = largest_year_minutes(plan, provider_id)
        yield Impact(
            provider_id=provider_id,
            before_minutes=before,
            moved_minutes=moved,
            earlier_minutes=earlier_minutes(plan, provider_id),
            largest_year_minutes=most,
            within_limit=most <= most_moved(plan.share_that_may_go(provider_id), before),
            warning=most > plan.policy.destabilisation_warning * before,
        )


def impact_rows(plan: TransferPlan) -> Iterator[Row]:
    """A row per provider that has a candidate round."""
    return map(impact_row, impacts(plan))


def impact_row(each: Impact) -> Row:
    """A line of ``impact.csv``."""
    return {
        "provider_id": each.provider_id,
        "hours_before": hours(each.before_minutes),
        "hours_moved": hours(each.moved_minutes),
        "share_moved": share(each.share(each.moved_minutes)),
        "earlier_share": share(each.share(each.earlier_minutes)),
        "within_limit": str(each.within_limit).lower(),
        "largest_year_share": share(each.share(each.largest_year_minutes)),
        "warning": str(each.warning).lower(),
    }


def earlier_minutes(plan: TransferPlan, provider_id: str) -> int:
    """What moved away before the plan in any twelve months together with its first wave."""
    first = plan.waves[0].date
    return sum(
        move.minutes_per_week
        for move in plan.known.history
        if move.from_provider_id == provider_id and first < months_after(move.date, YEAR_MONTHS)
    )


def largest_year_minutes(plan: TransferPlan, provider_id: str) -> int:
    """The most that moves away in any twelve months, earlier moves counted."""
    moves = [(move.date, move.minutes_per_week) for move in plan.known.history if move.from_provider_id == provider_id]
    for index in plan.moving:
        wave = plan.wave_of(index)
        if plan.candidates[index].provider_id == provider_id and wave is not None:
            moves.append((wave.date, plan.candidates[index].minutes))
    return max((sum(m for day, m in moves if start <= day < months_after(start, YEAR_MONTHS)) for start, _ in moves), default=0)


def wave_rows(plan: TransferPlan) -> Iterator[Row]:
    """A row per wave and area, up to the last wave that somebody moves on."""
    for number, wave in enumerate(plan.used_waves):
        for area in plan.areas:
            name = plan.targets[area].area_id
            moving = (plan.candidates[index] for index in plan.moving if plan.choice[index] == number)
            here = [each for each in moving if plan.targets[each.target].area_id == name]
            yield {
                "wave": wave.number,
                "date": wave.date,
                "consultation_by": wave.consultation_by,
                "employee_information_by": wave.employee_information_by,
                "review_by": wave.review_by,
                "reviews": plan.county.people(member for each in here for member in each.members if plan.is_pending(member)),
                "people": plan.county.people(member for each in here for member in each.members),
                "hours": hours(sum(each.minutes for each in here)),
                "share_after": share(plan.share_after(area, number)),
                "area_id": name,
                "reply_by": wave.reply_by,
            }


def direct_payment_rows(plan: TransferPlan) -> list[Row]:
    """A row per person who is to move: what staying by a direct payment would cost. None without a rate."""
    rate = plan.policy.direct_payment_rate_pence
    rows: list[Row] = []
    for index in plan.moving:
        each = plan.candidates[index]
        for package in (*each.members, *each.alone):
            money = direct_payment(plan.county, package, rate, plan.targets[each.target].contract)
            if money is None or rate is None:
                continue
            rows.append(
                {
                    "package_id": plan.county.packages[package].package_id,
                    "provider_id": each.provider_id,
                    "hours_per_week": hours(int(plan.county.minutes[package])),
                    "rate_now_gbp": pounds(money.rate_now_pence),
                    "direct_payment_rate_gbp": pounds(rate),
                    "weekly_cost_now_gbp": pounds(money.charge_pence),
                    "weekly_cost_to_council_gbp": pounds(money.council_pence),
                    "weekly_top_up_gbp": pounds(money.top_up_pence),
                    "other_within_budget": str(money.other_within_budget).lower(),
                }
            )
    return sorted(rows, key=lambda row: str(row["package_id"]))


def change_rows(plan: TransferPlan) -> list[Row]:
    """A row per round that is not where it was in the earlier plan."""
    return [{"round_id": c.round_id, "before": c.before, "after": c.after, "why": c.why} for c in plan.changes or ()]
