"""However care is divided, taken back, asked for and ended: not a minute is lost or doubled, and an export says the same."""

from __future__ import annotations

import datetime as dt
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from api.acts.act import Caller
from api.call_offs.acts import add, withdraw
from api.call_offs.schemas import CallOffPart, Withdrawal
from api.care.acts import end, start
from api.care.schemas import End, Start
from api.clock import Clock
from api.http.errors import Problem
from api.offers.acts import answer, ask
from api.offers.schemas import Answer, Ask
from api.service import Service
from api.settings import Settings
from api.state.state import State
from api.state.store import Store
from api.storage import audit
from api.storage.audit import Actor
from api.storage.database import open_database, reading
from optimiser.domain.records import Visit
from optimiser.io.exporting import write_snapshot
from optimiser.io.faults import InputRefusedError
from optimiser.io.reading import read_snapshot
from optimiser.io.schema import DAYS
from tests.api.state.test_incremental_state import assert_same, fresh
from tests.making import AS_OF, framework, package, provider, snapshot

WEEK = tuple(sorted(DAYS))
WHOLES = ("N1", "N2", "N3")


def visit(name: str, minutes: int, workers: int = 1, days: tuple[str, ...] = WEEK, hour: int = 8) -> Visit:
    return Visit(name, name[:2], days, dt.time(hour), dt.time(hour + 1), minutes, workers)


VISITS = [visit("N1-A", 45), visit("N1-B", 20, hour=12), visit("N1-C", 30, 2, ("mon", "tue"), 19), visit("N2-A", 30, 2)]
"""N1: 315 + 140 + 120 minutes and 25 of a visit on Wednesdays; N2: 420 for double assist; N3 has none written down."""
VISITS.append(visit("N1-D", 25, 1, ("wed",), 15))


def beginning() -> Any:
    people = [
        package("N1", hours=10, visits_per_week=17, workers=2),
        package("N2", hours=7, visits_per_week=7, workers=2, service="double_assist"),
        package("N3", hours=6, visits_per_week=9),
    ]
    able = [provider(name, skills=("double_handed",)) for name in ("BRACKEN", "CLOVER")]
    return snapshot(people, [framework("BRACKEN"), framework("CLOVER")], providers=able, visits=VISITS)


def person(package_id: str) -> str:
    return package_id.partition("-")[0]


def minutes_of(state: State) -> Counter[str]:
    """Per person the minutes a week of all that is there of their care."""
    found: Counter[str] = Counter()
    for each in state.snapshot.packages:
        found[person(each.package_id)] += each.minutes_per_week
    return found


def visits_of(state: State) -> Counter[tuple[Any, ...]]:
    """Per person, day and window the minutes of care workers there: what a person sees of it."""
    found: Counter[tuple[Any, ...]] = Counter()
    for each in state.snapshot.visits:
        for day in each.days:
            found[person(each.package_id), day, each.earliest_start, each.duration_minutes] += each.workers
    return found


def drawn_part(draw: st.DrawFn, state: State) -> dict[str, Any]:
    """Some of a package's visits or hours, possible or not."""
    package_id = draw(st.sampled_from(sorted(state.stock["packages"])))
    mine = state.visits_of.get(package_id, ())
    if not mine:
        hours = draw(st.sampled_from([0.25, 1, 2.5, 6]))
        counted = {"hours_per_week": hours, "visits_per_week": draw(st.integers(1, 9))}
        return {"kind": "part", "package_id": package_id, **counted}
    shares = []
    for each in draw(st.lists(st.sampled_from(mine), min_size=1, max_size=3, unique=True)):
        days = draw(st.sets(st.sampled_from(DAYS), min_size=1)) if draw(st.booleans()) else set()
        share: dict[str, Any] = {"visit_id": each.visit_id} | ({"days": sorted(days)} if days else {})
        shares.append(share | ({"workers": 1} if draw(st.integers(0, 3)) == 0 else {}))
    return {"kind": "part", "package_id": package_id, "visits": shares}


def drawn_deed(draw: st.DrawFn, by: Caller, state: State) -> tuple[str, Callable[[], object]]:
    """Something that is done to somebody, and what it is; whether it is allowed is for the service to say."""
    what = draw(st.sampled_from(["divide"] * 4 + ["withdraw"] * 3 + ["ask", "answer", "start", "end"]))
    package_id = draw(st.sampled_from(sorted(state.stock["packages"])))
    waiting = [each.offer_id for each in state.snapshot.offers if not each.response]
    filed = sorted(state.stock["call_offs"])
    if what == "divide":
        part, tries = drawn_part(draw, state), draw(st.integers(0, 3)) == 0
        return what, lambda: add(by, CallOffPart.model_validate(part), tries)
    if what == "withdraw" and filed:
        call_off_id = draw(st.sampled_from(filed))
        return what, lambda: withdraw(by, call_off_id, Withdrawal(reason="drawn"), "*")
    if what == "answer" and waiting:
        no = {"response": "declined", "reason": "cannot_meet_need"}
        offer_id, given = draw(st.sampled_from(waiting)), draw(st.sampled_from([no, {"response": "accepted"}]))
        return what, lambda: answer(by, offer_id, Answer.model_validate(given), None)
    if what == "start":
        return what, lambda: start(by, package_id, Start())
    if what == "end" and len(state.stock["packages"]) > len(WHOLES):
        return what, lambda: end(by, package_id, End(reason="drawn"))
    return "ask", lambda: ask(by, package_id, Ask())


@settings(max_examples=20, deadline=None)
@given(st.data())
def test_no_minute_is_lost_or_doubled(empty: Path, tmp_path_factory: Any, data: st.DataObject) -> None:
    folder = tmp_path_factory.mktemp("divided")
    address = f"sqlite:///{shutil.copy(empty, folder / 'county.db')}"
    store = Store(open_database(address), Clock(AS_OF))
    store.load(beginning(), Actor("Ada Admin", "admin"))
    by = Caller(Service.of(Settings(database_url=address, as_of=AS_OF), store), Actor("Ada Planner", "planner"))
    for _ in range(data.draw(st.integers(2, 10), label="deeds")):
        before = store.state()
        what, deed = data.draw(st.composite(drawn_deed)(by, before), label="deed")
        try:
            deed()
        except (Problem, InputRefusedError, ValidationError):
            assert store.state().version == before.version, "refused whole"
            continue
        if what != "end":
            assert minutes_of(store.state()) == minutes_of(before)
            assert visits_of(store.state()) == visits_of(before)
    state = store.state()
    assert_same(state, fresh(state))
    write_snapshot(state.snapshot, folder / "out")
    again = read_snapshot(folder / "out").snapshot
    assert (again, again.digest()) == (state.snapshot, state.snapshot.digest())
    with reading(store.engine) as connection:
        assert not list(audit.verify(connection))
    by.service.close()


def test_all_that_was_divided_and_withdrawn_is_as_it_was(empty: Path, tmp_path: Path) -> None:
    address = f"sqlite:///{shutil.copy(empty, tmp_path / 'county.db')}"
    store = Store(open_database(address), Clock(AS_OF))
    store.load(beginning(), Actor("Ada Admin", "admin"))
    by = Caller(Service.of(Settings(database_url=address, as_of=AS_OF), store), Actor("Ada Planner", "planner"))
    first = store.state().snapshot
    wanted: list[tuple[str, list[dict[str, Any]]]] = [
        ("N1", [{"visit_id": "N1-A", "days": ["sat", "sun"]}, {"visit_id": "N1-C"}]),
        ("N1", [{"visit_id": "N1-A", "days": ["mon"]}]),
        ("N2", [{"visit_id": "N2-A", "workers": 1}]),
    ]
    made = [add(by, CallOffPart(kind="part", package_id=each, visits=shares))[0] for each, shares in wanted]  # type: ignore[arg-type]
    made.append(add(by, CallOffPart(kind="part", package_id="N3", hours_per_week=1.75, visits_per_week=2))[0])
    assert minutes_of(store.state()) == Counter({"N1": 600, "N2": 420, "N3": 360})
    assert {each.package_id: each.minutes_per_week for each in store.state().snapshot.packages} == {
        "N1": 345, "N1-P1": 210, "N1-P2": 45, "N2": 210, "N2-P1": 210, "N3": 255, "N3-P1": 105,
    }  # fmt: skip
    for call_off_id in made:
        withdraw(by, call_off_id, Withdrawal(reason="as it was"), "*")
    assert store.state().snapshot == first
    by.service.close()
