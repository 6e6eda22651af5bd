"""Small weeks of visits, and their rounds, for tests."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import cache

import pytest

from optimiser.domain.records import Visit
from optimiser.domain.rounds_plan import RoundsPlan
from optimiser.domain.snapshot import Snapshot
from optimiser.domain.staffing import DAYS, StaffingSettings, Worker
from optimiser.geography.travel_times.straight_line import DRIVING, WALKING
from optimiser.rounds.check import Case
from optimiser.rounds.shift_problem import Thoroughness
from optimiser.rounds.story import Order, build_provider
from tests import making

BRISK = Thoroughness(counting=300, week=2_000)


@contextmanager
def searched_briskly() -> Iterator[None]:
    """Whatever plans rounds meanwhile tries as little, where nothing else is asked for: enough for weeks of few visits."""
    given = Thoroughness.__init__.__defaults__
    assert given is not None
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Thoroughness.__init__, "__defaults__", (BRISK.counting, BRISK.week, *given[2:]))
        assert Thoroughness() == BRISK
        yield


WEEK = DAYS
SOME = ("mon", "wed", "fri")


def visit(visit_id: str, package_id: str, opens: str = "07:00", closes: str = "09:30", **given: object) -> Visit:
    """Half an hour on every day by one care worker, in the morning, unless told otherwise."""
    plain = Visit(visit_id, package_id, WEEK, dt.time.fromisoformat(opens), dt.time.fromisoformat(closes), 30, 1)
    return replace(plain, **given)  # type: ignore[arg-type]


def town(people: int = 14, seed: int = 3) -> Snapshot:
    """People around Dereham in ROWAN's care: each in the morning, half of them in the evening; some for two, some medication."""
    dice = random.Random(seed)
    packages, visits = [], []
    for number in range(people):
        name = f"N{number:02}"
        place = making.at(dice.randrange(-4000, 4000), dice.randrange(-4000, 4000))
        two = number % 5 == 0
        skills = ("medication",) if number % 4 == 1 else ()
        packages.append(making.package(name, place, contract_id="F-ROWAN", workers=1 + two, skills=skills))
        days = SOME if number % 3 == 2 else WEEK
        visits.append(visit(f"V{number:02}a", name, days=days, workers=1 + two, duration_minutes=dice.choice((30, 45))))
        if number % 2:
            visits.append(visit(f"V{number:02}b", name, "16:00", "18:00"))
    return making.snapshot(packages, [making.framework("ROWAN")], visits=visits)


@cache
def town_rounds() -> RoundsPlan:
    """The town's week, built once."""
    return build_provider(Order(town(), thoroughness=BRISK), "ROWAN")


def hamlet(people: int = 9, seed: int = 1, minutes: tuple[int, ...] = (30, 45, 60)) -> Snapshot:
    """People near each other with one visit each, some on three days only: many ways to deal them out."""
    dice = random.Random(seed)
    packages = [
        making.package(f"H{n:02}", making.at(dice.randrange(900), dice.randrange(900)), contract_id="F-ROWAN")
        for n in range(people)
    ]
    visits = [
        visit(f"V{n:02}", f"H{n:02}", "07:00", "10:00", days=dice.choice((SOME, WEEK)), duration_minutes=dice.choice(minutes))
        for n in range(people)
    ]
    return making.snapshot(packages, [making.framework("ROWAN")], visits=visits)


def case_of(plan: RoundsPlan, snapshot: Snapshot, workers: Sequence[Worker] = ()) -> Case:
    return Case(snapshot, StaffingSettings(), workers, plan, DRIVING, WALKING, ("ROWAN",))


def worker(worker_id: str, **given: object) -> Worker:
    """One of ROWAN's who drives, has every skill and any day, and whose base is not known."""
    plain = Worker(worker_id, "ROWAN", ("medication",), "drives", None, None, None, ())
    return replace(plain, **given)  # type: ignore[arg-type]
