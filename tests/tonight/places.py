"""A small county tonight: DALE fails; ELM's rounds are built by hand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from optimiser.domain.records import Package, Visit
from optimiser.domain.rounds_plan import PlannedRound, PlannedVisit, RoundsPlan
from optimiser.domain.snapshot import Snapshot
from optimiser.domain.staffing import DAYS
from optimiser.tonight.story import Tonight, tonight
from optimiser.tonight.what_fails import Failure, moment_of
from tests.making import at, framework, package, snapshot
from tests.making.weeks import visit

MONDAY_NIGHT = "2026-11-23T18:00"


def of_dale(package_id: str, **given: Any) -> Package:
    return package(package_id, contract_id="F-DALE", **given)


def county(people: Sequence[Package], visits: Sequence[Visit], **given: Any) -> Snapshot:
    """DALE's people; ELM's X lives 1,000 m to the east, Y and Z 1,000 m to the west of everybody else."""
    others = [
        package("X", at(1_000), contract_id="F-ELM"),
        package("Y", at(-1_000), contract_id="F-ELM"),
        package("Z", at(-1_000), contract_id="F-ELM"),
    ]
    own = [visit("VX", "X"), visit("VY", "Y", "10:00", "10:00"), visit("VZ", "Z", "10:00", "10:00")]
    contracts = given.pop("contracts", [framework("DALE"), framework("ELM")])
    return snapshot([*people, *others], contracts, visits=[*visits, *own], **given)


def run_of(round_id: str, *visits: tuple[str, str, str], days: Sequence[str] = DAYS, way: int = 392) -> list[PlannedVisit]:
    """A run of (visit, start, end) on every day; from X to Y it is 2,000 m, 392 seconds."""

    def seconds(time: str) -> int:
        hours, minutes = map(int, time.split(":"))
        return hours * 3600 + minutes * 60

    return [
        PlannedVisit(round_id, day, place, name, "W", seconds(start), seconds(start), seconds(end), way * (place > 1), 0)
        for day in days
        for place, (name, start, end) in enumerate(visits, start=1)
    ]


def built(*runs: list[PlannedVisit]) -> RoundsPlan:
    names = sorted({each.round_id for run in runs for each in run})
    rounds = tuple(PlannedRound(name, "ELM", "morning", DAYS, "") for name in names)
    return RoundsPlan(rounds, tuple(each for run in runs for each in run), (), "by hand")


def failing(moment: str = MONDAY_NIGHT, *provider_ids: str) -> Failure:
    return Failure(moment_of(moment), provider_ids or ("DALE",))


def listed(made: Tonight) -> list[tuple[str, str]]:
    return [(due.visit.visit_id, str(due.day)) for due in made.visits]


def list_of(facts: Snapshot, moment: str = MONDAY_NIGHT, **given: Any) -> Tonight:
    return tonight(facts, failing(moment), **given)


def at_clock(text: str) -> dt.datetime:
    return moment_of(text)
