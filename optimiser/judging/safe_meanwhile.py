"""Whether whoever waits is safe until care begins: a plan that holds, somebody who checks, a carer who can go on, and, where
nobody can be asked, a choice by a named person. It judges what is recorded and infers nothing; it names no provider.

Everybody waits until their first visit: those whose provider is asked or has said yes, too.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from optimiser.domain.dates import days_after
from optimiser.domain.person_records import Meanwhile
from optimiser.domain.policy import MeanwhileSettings
from optimiser.domain.records import PRIORITIES, Package
from optimiser.domain.snapshot import Snapshot
from optimiser.domain.words import date_in_words

NO_PLAN, PLAN_RAN_OUT, PLAN_TOO_SHORT, CARER_CANNOT_GO_ON, CHECK_OVERDUE, CHOICE_OVERDUE = KINDS = (
    "no_plan", "plan_ran_out", "plan_too_short", "carer_cannot_go_on", "check_overdue", "choice_overdue",
)  # fmt: skip
"""What can be wrong, most harm first."""
ENDS = ("bridge", "interim_bed")
"""Choices that have an end: whoever has one stays on the list, with a clock."""
NOBODY: Mapping[str, dt.date] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Wrong:
    """Something that is wrong, and since when. ``about``: what makes it an occasion of its own, a day or a moment."""

    kind: str
    about: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Standing:
    """How one person who waits is safe meanwhile."""

    package_id: str
    person_id: str
    """Whose care is divided into parts is one person."""
    priority: str
    start_by: dt.date | None
    plan: Meanwhile | None
    wrong: tuple[Wrong, ...]
    nobody_since: dt.date | None
    """Since when nobody can be asked, where nothing that still holds was chosen; None: somebody can, or something was."""
    choose_by: dt.date | None
    """The last day on which a choice is in time."""
    clock: str
    """Of a bridge or an interim bed: until when, and how long that is from now."""

    def __repr__(self) -> str:
        return f"<Standing of {self.package_id}: {', '.join(each.kind for each in self.wrong) or 'in order'}>"

    @property
    def is_in_order(self) -> bool:
        return not self.wrong


def standings(snapshot: Snapshot, nobody_since: Mapping[str, dt.date] = NOBODY) -> list[Standing]:
    """How everybody who waits is safe, most harm first. ``nobody_since``: since which day nobody can be asked, by package id."""
    plans = {plan.package_id: plan for plan in snapshot.meanwhile}
    found = [
        standing(
            package,
            plans.get(package.package_id) or plans.get(package.part_of),
            snapshot.as_of,
            snapshot.meanwhile_settings,
            nobody_since.get(package.package_id),
        )
        for package in snapshot.packages
        if package.status == "new"
    ]
    return sorted(found, key=most_harm_first)


def most_harm_first(each: Standing) -> tuple[int, int, str, str]:
    """What is worst first, then by priority, start and id; whoever is in order comes last."""
    worst = min((KINDS.index(wrong.kind) for wrong in each.wrong), default=len(KINDS))
    return worst, PRIORITIES.index(each.priority), (each.start_by or dt.date.max).isoformat(), each.package_id


def standing(
    package: Package, plan: Meanwhile | None, today: dt.date, settings: MeanwhileSettings, nobody_since: dt.date | None = None
) -> Standing:
    """How one person is safe on a day."""
    chosen = plan is not None and holds_choice(plan, today)
    nobody_since = None if chosen else nobody_since
    choose_by = None if nobody_since is None else _choose_by(package, plan, nobody_since, settings)
    wrong = [*_of_the_plan(package, plan, today)]
    if choose_by is not None and choose_by < today:
        told = f"Nobody can be asked since {_day(nobody_since)}; a choice was due by {_day(choose_by)}."
        wrong.append(Wrong(CHOICE_OVERDUE, choose_by.isoformat(), told))
    return Standing(
        package.package_id, package.part_of or package.package_id, package.priority, package.start_by, plan, tuple(wrong),
        nobody_since, choose_by, "" if plan is None else _clock(plan, today),
    )  # fmt: skip


def holds_plan(plan: Meanwhile | None, today: dt.date) -> bool:
    """Whether a plan says what holds, and that it still does."""
    return plan is not None and bool(plan.holds.strip()) and plan.holds_until is not None and plan.holds_until > today


def holds_choice(plan: Meanwhile, today: dt.date) -> bool:
    """Whether something was chosen that still holds; a purchase has an approved price."""
    if not plan.choice or (plan.choice == "purchase" and not plan.approved_by):
        return False
    return plan.choice_until is None or plan.choice_until > today


def _choose_by(package: Package, plan: Meanwhile | None, since: dt.date, settings: MeanwhileSettings) -> dt.date:
    """So many days after nobody was left; after a choice that ran out, not before its end."""
    due = days_after(since, settings.choose_days(package.priority))
    ended = plan.choice_until if plan is not None and plan.choice else None
    return due if ended is None else max(due, ended)


def _of_the_plan(package: Package, plan: Meanwhile | None, today: dt.date) -> Iterator[Wrong]:
    if plan is None:
        asked = "" if package.requested_at is None else package.requested_at.isoformat()
        yield Wrong(NO_PLAN, asked, "It is not recorded how the person is safe until care begins.")
        return
    recorded = plan.recorded_at.isoformat()
    if not plan.holds.strip() or plan.holds_until is None:
        missing = "until when" if plan.holds.strip() else "what holds"
        yield Wrong(NO_PLAN, recorded, f"It is not recorded {missing}: there is no plan until care begins.")
    elif plan.holds_until <= today:
        yield Wrong(PLAN_RAN_OUT, plan.holds_until.isoformat(), f"What was planned ended on {_day(plan.holds_until)}.")
    elif package.start_by is not None and plan.holds_until < package.start_by:
        told = f"What is planned ends on {_day(plan.holds_until)}, and care is to begin by {_day(package.start_by)}."
        yield Wrong(PLAN_TOO_SHORT, plan.holds_until.isoformat(), told)
    if plan.carer == "cannot_go_on":
        yield Wrong(CARER_CANNOT_GO_ON, recorded, "The unpaid carer cannot go on.")
    if plan.next_check is None or not plan.checked_by.strip():
        yield Wrong(CHECK_OVERDUE, recorded, "It is not recorded who checks, and when next.")
    elif plan.next_check < today:
        yield Wrong(CHECK_OVERDUE, plan.next_check.isoformat(), f"A check was due on {_day(plan.next_check)}.")


def _clock(plan: Meanwhile, today: dt.date) -> str:
    if plan.choice not in ENDS or plan.choice_until is None:
        return ""
    what, left = plan.choice.replace("_", " ").capitalize(), (plan.choice_until - today).days
    if left <= 0:
        return f"{what} ended on {_day(plan.choice_until)}."
    return f"{what} until {_day(plan.choice_until)}: {left} day{'' if left == 1 else 's'} left."


def _day(day: dt.date | None) -> str:
    return "" if day is None else date_in_words(day)


@dataclass(frozen=True, slots=True)
class Choice:
    """Something that may be chosen where nobody can be asked. ``open``: whether it can be today; ``needs``: a sentence."""

    choice: str
    open: bool
    needs: str


def what_may_be_chosen(*, reserve_open: bool, approvers: str = "") -> tuple[Choice, ...]:
    """Every choice with what it would need. ``approvers``: who may approve the price of a purchase, in words."""
    reserve = (
        "Ask the reserve providers of the area."
        if reserve_open
        else "The reserve is not open in the area: it is opened for a declared emergency alone."
    )
    return (
        Choice("part_of_care", True, "The visits that somebody can take now; the rest stays waiting."),
        Choice("bridge", True, "Care for the visits that cannot wait, and the day on which it ends."),
        Choice("reserve", reserve_open, reserve),
        Choice("purchase", True, f"A price outside the frameworks that {approvers or 'whoever may do so'} has approved."),
        Choice("direct_payment", True, "The person wants it: record what they said. It is never the only way out."),
        Choice("interim_bed", True, "The day on which it ends; the person stays on the list, with a clock."),
    )


def in_short(found: list[Standing]) -> dict[str, int]:
    """How many people each thing is wrong for, those that are wrong for anybody, most harm first."""
    people = {kind: {each.person_id for each in found if any(wrong.kind == kind for wrong in each.wrong)} for kind in KINDS}
    return {kind: len(ids) for kind, ids in people.items() if ids}
