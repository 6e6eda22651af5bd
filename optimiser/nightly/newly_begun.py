"""Care that has just begun, in the report: first visits that nobody has confirmed, and enhanced home support with its clock.

A report is of a day, not of an hour: what is wrong is told as at its beginning, and beside it what comes due in its course.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from optimiser.county import NOWHERE, County
from optimiser.domain.dates import days_after, instant_of, wall_clock
from optimiser.domain.words import moment_in_words
from optimiser.judging.enhanced_support import Support, supports
from optimiser.judging.first_visits import FIRST_VISIT_NOT_CONFIRMED, FirstVisit
from optimiser.nightly.numbering import Numbering

Row = dict[str, Any]


@dataclass(frozen=True)
class FirstDays:
    """What the service knows of care that has just begun, and a folder does not."""

    first_visits: Sequence[FirstVisit] = ()
    """Those that nobody has said took place."""
    answered_at: Mapping[str, dt.datetime] = field(default_factory=dict)
    """Per package id when it was last said whether care is still needed after enhanced home support, in UTC."""
    onward_of: Mapping[str, str] = field(default_factory=dict)
    """Per package id of an onward request that of the enhanced home support which it follows: they are one person's."""

    def texts(self) -> dict[str, list[str]]:
        """All of it, for whoever compares; nothing where there is nothing."""
        told = {
            "first_visits": [f"{each.package_id} {each.provider_id} {each.why} {each.due_at}" for each in self.first_visits],
            "answered_at": [f"{each} {self.answered_at[each]}" for each in sorted(self.answered_at)],
            "onward_of": [f"{each} {self.onward_of[each]}" for each in sorted(self.onward_of)],
        }
        return {name: texts for name, texts in told.items() if texts}


NOTHING_KNOWN = FirstDays()


def newly_begun(county: County, known: FirstDays, numbering: Numbering) -> Row:
    """The two tables of the report."""
    starts, ends = (instant_of(dt.datetime.combine(days_after(county.as_of, ahead), dt.time())) for ahead in (0, 1))
    last = ends - dt.datetime.resolution  # what comes due at midnight comes due tomorrow
    by_tonight = {each.package_id: each for each in supports(county.snapshot, last, known.answered_at)}
    return {
        "first_visits_not_confirmed": [_first_visit(county, each, starts, numbering) for each in known.first_visits],
        "enhanced_support": [
            _support(county, each, by_tonight[each.package_id], numbering)
            for each in supports(county.snapshot, starts, known.answered_at)
        ],
    }


def kinds_told(county: County, known: FirstDays) -> dict[str, list[str]]:
    """Per package id the kinds of alert of which these tables tell."""
    last = instant_of(dt.datetime.combine(days_after(county.as_of, 1), dt.time())) - dt.datetime.resolution
    told = {each.package_id: [FIRST_VISIT_NOT_CONFIRMED] for each in known.first_visits}
    for each in supports(county.snapshot, last, known.answered_at):
        told.setdefault(each.package_id, []).extend(wrong.kind for wrong in each.wrong)
    return told


def _person(county: County, package_id: str, numbering: Numbering) -> Row:
    package = county.package_index[package_id]
    person, contract = county.packages[package], int(county.running_on[package])
    return {
        **numbering.named(package_id),
        "priority": person.priority,
        "area_id": person.area_id,
        "provider": "" if contract == NOWHERE else county.provider(contract).name,
    }


def _first_visit(county: County, each: FirstVisit, day_starts: dt.datetime, numbering: Numbering) -> Row:
    return {
        **_person(county, each.package_id, numbering),
        "why": each.why,
        "due_at": wall_clock(each.due_at).isoformat(),
        "due": moment_in_words(wall_clock(each.due_at)),
        "late": each.is_late(day_starts),
    }


def _support(county: County, now: Support, by_tonight: Support, numbering: Numbering) -> Row:
    known = {(wrong.kind, wrong.about) for wrong in now.wrong}
    return {
        **_person(county, now.package_id, numbering),
        "clock": now.clock,
        "runs_on": now.runs_on,
        "kinds": [wrong.kind for wrong in now.wrong],
        "wrong": [wrong.sentence for wrong in now.wrong],
        "today": [wrong.sentence for wrong in by_tonight.wrong if (wrong.kind, wrong.about) not in known],
    }


def newly_begun_in_words(record: Row) -> str:
    """Counts alone, as a line; empty where there is nobody."""
    visits, support = record["first_visits_not_confirmed"], record["enhanced_support"]
    if not visits and not support:
        return ""
    late, on = sum(each["late"] for each in visits), sum(each["runs_on"] for each in support)
    return (
        f"First visits not confirmed: {len(visits)}, late {late}."
        f" Enhanced home support: {len(support)}, running on and not decided {on}."
    )
