"""Transfer plans that were made before: whom they would move where and when, and what becomes of them once they no longer hold.

Nobody knows here which letters were sent: whoever was written a letter in the newest plan that still stood is taken to have it.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Collection, Iterable
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Connection, select, update

from api.contract_lives.schemas import PlanOutOfDate
from api.offers.alerts import MOVE_IS_OFF, Occasion, alert
from api.runs.events import OUT_OF_DATE, add_event, last_event
from api.runs.stored_runs import Run, result_of, run_of
from api.state.state import State
from api.state.store import Change
from api.state.stored_records import LETTERS
from api.storage.table_schema import runs
from optimiser.county import NOWHERE
from optimiser.transferring.letters import correcting_letter, once_a_person

KIND = "transfer"


@dataclass(frozen=True)
class PlannedMove:
    """Somebody whom a plan would move on a day, and the contract that they would come to."""

    package_id: str
    contract_id: str
    area_id: str
    on: dt.date
    from_provider_id: str
    to_provider_id: str


class PlannedRound(NamedTuple):
    """A round of a plan. ``day``: empty where it stays; else as the plan writes it, with the contract that it would move to."""

    round_id: str
    area_id: str
    day: str
    contract_id: str


@dataclass(frozen=True)
class PlanMade:
    """A transfer's plan that nothing has been said against since. ``result`` None: it is being made."""

    run: Run
    areas: frozenset[str] | None
    """None: every area with a principal."""
    moves: tuple[PlannedMove, ...] = ()
    people: frozenset[str] = frozenset()
    """Everybody whom it writes to."""
    rounds: tuple[PlannedRound, ...] = ()
    """Every round as it is, and no part that was cut."""

    def __repr__(self) -> str:
        return f"<PlanMade by run {self.run.run_id}: {len(self.moves)} moves>"

    def covers(self, area_id: str) -> bool:
        return self.areas is None or area_id in self.areas


def plans_made(connection: Connection) -> list[PlanMade]:
    """The transfers' plans that still stand, the newest first; hand-backs, which are made for a day, are none."""
    wanted = runs.c.kind == KIND, runs.c.status.in_(("running", "succeeded", "cancelled"))
    ids = connection.execute(select(runs.c.run_id).where(*wanted).order_by(runs.c.created_at.desc(), runs.c.run_id.desc()))
    found = (run_of(connection, str(run_id)) for run_id in ids.scalars().all())
    standing = (run for run in found if run is not None and last_event(connection, run.run_id, OUT_OF_DATE) is None)
    plans = (_plan_of(connection, run) for run in standing if not run.settings.get(KIND, {}).get("hand_back_of"))
    return [plan for plan in plans if plan is not None]


def _plan_of(connection: Connection, run: Run) -> PlanMade | None:
    packed = result_of(connection, run.run_id)
    if packed is None:
        asked = run.settings.get(KIND, {}).get("area_ids")
        return PlanMade(run, frozenset(asked) if asked else None) if run.status == "running" else None
    result = orjson.loads(packed)["result"]
    to = {row["round_id"]: row for row in result["transfers"]}
    return PlanMade(
        run,
        frozenset(area["area_id"] for area in result["areas"]),
        tuple(_move(person, to[person["round_id"]]) for person in result["people"] if person["decision"] == KIND),
        frozenset(person["package_id"] for person in result["people"] if person["letter"]),
        tuple(
            PlannedRound(row["round_id"], row["area_id"], row["date"], row["to_contract_id"])
            for row in result["transfers"]
            if not row["recut_of"]
        ),
    )


def _move(person: dict[str, str], of_round: dict[str, str]) -> PlannedMove:
    return PlannedMove(
        person["package_id"],
        of_round["to_contract_id"],
        of_round["area_id"],
        dt.date.fromisoformat(person["then_from"]),
        person["served_by_provider_id"],
        person["then_by_provider_id"],
    )


def provider_now(state: State, package_id: str) -> str | None:
    """Who delivers somebody's running care; None where none runs."""
    package = state.county.package_index.get(package_id)
    if package is None or state.county.running_on[package] == NOWHERE:
        return None
    return state.county.provider(int(state.county.running_on[package])).provider_id


def has_moved(state: State, move: PlannedMove) -> bool:
    """Whether the care is with the new provider already."""
    return provider_now(state, move.package_id) == move.to_provider_id


@dataclass(frozen=True)
class Overtaken:
    """A plan that no longer holds, with the moves of it that do not take place."""

    plan: PlanMade
    moves: tuple[PlannedMove, ...]

    def told(self) -> PlanOutOfDate:
        waves = sorted({move.on for move in self.moves})
        return PlanOutOfDate(run_id=self.plan.run.run_id, waves=waves, people=len(self.moves))


def overtaken(state: State, plans: Iterable[PlanMade], area_id: str, is_off: Callable[[PlannedMove], bool]) -> list[Overtaken]:
    """The plans for an area, each with the moves that are off and that nobody has made yet."""
    return [
        Overtaken(plan, tuple(move for move in plan.moves if is_off(move) and _still_to_come(state, move)))
        for plan in plans
        if plan.covers(area_id)
    ]


def _still_to_come(state: State, move: PlannedMove) -> bool:
    """Whether somebody has running care that is not with the new provider yet."""
    return provider_now(state, move.package_id) not in (None, move.to_provider_id)


def newest(found: Iterable[Overtaken]) -> PlanMade | None:
    """The newest of these plans that is finished."""
    return next((each.plan for each in found if each.plan.rounds), None)


def set_aside(change: Change, found: Collection[Overtaken], because: str) -> None:
    """Each plan is marked as out of date, as everybody who looks at its run is told."""
    for each in found:
        run_id, now = each.plan.run.run_id, change.clock.instant()
        locked = update(runs).where(runs.c.run_id == run_id).values(fence=runs.c.fence + 0)
        change.connection.execute(locked)  # so that this event has a number of its own
        add_event(change.connection, run_id, OUT_OF_DATE, now, because=because)
        change.remember("run.out_of_date", "runs", run_id, {"because": because})


def put_right(change: Change, state: State, found: Iterable[Overtaken]) -> int:
    """A letter, and an alert, for everybody whose newest letter told them of a move that is off; how many letters."""
    written: dict[str, tuple[str, PlannedMove]] = {}
    spoken_to: set[str] = set()
    for each in found:  # the newest first: what an older plan wrote has been overtaken by it
        moves = {move.package_id: move for move in each.moves}
        written |= {name: (each.plan.run.run_id, moves[name]) for name in moves.keys() - spoken_to}
        spoken_to |= each.plan.people
    county = state.county
    names = {provider.provider_id: provider.name for provider in county.providers}
    letters = [
        correcting_letter(name, names[provider_now(state, name) or ""], names[move.to_provider_id], move.on)
        for name, (_, move) in sorted(written.items())
    ]
    for letter in once_a_person(county, letters):
        run_id = written[letter.package_id][0]
        letter_id = hashlib.sha256(f"{run_id}\x1f{letter.package_id}".encode()).hexdigest()[:16]
        body: dict[str, Any] = {**asdict(letter), "letter_id": letter_id, "run_id": run_id, "written_on": str(state.as_of)}
        change.put(LETTERS, letter_id, body)
        change.remember("letter.written", "packages", letter.package_id, {"letter_id": letter_id, "run_id": run_id})
        alert(change, Occasion(MOVE_IS_OFF, letter.package_id, run_id))
    return len(once_a_person(county, letters))
