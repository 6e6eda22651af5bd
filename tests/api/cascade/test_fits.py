"""Fits beside the cascade, over real HTTP: advice from rounds that were built, by a process of its own."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, cast

import pytest

from api.cascade import fitting_room as room
from api.cascade import fitting_worker as worker
from api.cascade.fitting_room import Answer, FittingRoom, Provenance, Question, Refused, RoundsRefusedError
from api.settings import Settings
from api.state.store import Store
from optimiser import exits
from optimiser.__main__ import main
from optimiser.domain.snapshot import Snapshot
from optimiser.rounds.fitting.cheapest_insertion import RoundsInMemory
from optimiser.rounds.fitting.fit import Fit
from tests.api.conftest import SMALL, Served, serving
from tests.api.databases import ON_SQLITE
from tests.making.weeks import searched_briskly

pytestmark = ON_SQLITE

Json = dict[str, Any]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The three villages' rounds."""
    folder = tmp_path_factory.mktemp("rounds") / "built"
    with searched_briskly():
        assert main(["rounds", "build", str(SMALL), "--out", str(folder), "--quiet"]) == exits.PROVEN
    return folder


def settings_of(database_url: str, small: Snapshot, rounds: Path) -> Settings:
    return Settings(database_url=database_url, as_of=small.as_of, rounds=str(rounds))


@pytest.fixture(autouse=True)
def nobody_is_impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine may take its time."""
    monkeypatch.setattr(room, "PATIENCE_SECONDS", 100.0)


@pytest.fixture
def served_rounds(store: Store, database_url: str, small: Snapshot, built: Path) -> Iterator[Served]:
    assert not store.is_empty()
    with serving(settings_of(database_url, small, built)) as running:
        yield running


def cascade(served: Served, package_id: str, query: str = "") -> Json:
    with served.client("planner") as client:
        answer = client.get(f"/v1/packages/{package_id}/cascade{query}")
        assert answer.status_code == 200
        told: Json = answer.json()
        return told


def test_each_place_says_what_the_package_would_cost_its_provider(served_rounds: Served) -> None:
    """The same figures as ``optimiser rounds fit`` gives for N4; who has no rounds is not known; the order stays."""
    plain, told = cascade(served_rounds, "N4"), cascade(served_rounds, "N4", "?fit=true")
    found = {place["provider_id"]: place["fit"] for place in told["places"]}
    assert found["CLOVER"] == {
        "outcome": "fits",
        "extra_minutes_per_week": 0,
        "round_ids": ["CLOVER-M001"],
        "visits_later": 0,
        "visits_without_room": 0,
    }
    assert (found["BRACKEN"]["outcome"], found["BRACKEN"]["extra_minutes_per_week"]) == ("fits", 61)
    assert found["ELDER"]["outcome"] == "not_known" and found["ELDER"]["extra_minutes_per_week"] is None
    assert told["rounds"]["built_from"] == "2026-11-23" and told["rounds"]["left_out"] == 0
    assert told["rounds"]["travel"].startswith("straight line")
    for place in told["places"]:
        del place["fit"]
    del told["rounds"]
    assert told == plain
    assert cascade(served_rounds, "N4", "?fit=true")["places"][0]["fit"] in found.values()  # again, from what is kept


def test_without_rounds_nothing_is_known_and_nothing_else_changes(served: Served) -> None:
    told = cascade(served, "N4", "?fit=true")
    assert told["rounds"] is None
    assert {place["fit"]["outcome"] for place in told["places"]} == {"not_known"}
    assert "fit" not in cascade(served, "N4")["places"][0]


def test_a_process_that_is_gone_leaves_the_cascade_as_it_is(served_rounds: Served) -> None:
    fitting = served_rounds.service.fitting
    assert fitting is not None
    fitting.kill()
    told = cascade(served_rounds, "N4", "?fit=true")
    assert {place["fit"]["outcome"] for place in told["places"]} == {"not_known"}
    assert told["next_step"] == cascade(served_rounds, "N4")["next_step"]


def spoilt(built: Path, to: Path, name: str, old: str, new: str) -> Path:
    shutil.copytree(built, to)
    (to / name).write_text((to / name).read_text().replace(old, new))
    return to


def told_by_worker(settings: Settings, *questions: Question, noting: list[str] | None = None) -> list[object]:
    """What the process says, worked in this one: what was read, or why not; then an answer to each question."""
    said: list[object] = []
    asked = iter(questions)

    class Service:
        """The other end."""

        def send(self, told: object) -> None:
            said.append(told)
            if noting is not None:
                noting.append(type(told).__name__)

        def recv(self) -> object:
            try:
                return next(asked)
            except StopIteration:
                raise EOFError from None

    kept = [(each, signal.getsignal(each)) for each in (signal.SIGINT, signal.SIGTERM)]
    try:
        worker.work(cast(Connection, Service()), settings)
    finally:
        for each, before in kept:
            signal.signal(each, before)
    return said


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("rounds_planned.csv", "ALDER,", "OTHERS,", "a provider of this county; found 'OTHERS'"),
        ("visits_planned.csv", "-worker-", "-", "a care worker of workers.csv (put it beside the rounds)"),
        ("visits_planned.csv", ",V", ",W", "not one round that is as it was built"),
        ("result.json", "straight line", "crow", "the travel times in use (straight line"),
        ("result.json", "travel", "t", "expected the result of optimiser rounds build"),
    ],
)
@pytest.mark.usefixtures("store")
def test_rounds_of_another_county_are_refused(
    database_url: str, small: Snapshot, built: Path, tmp_path: Path, name: str, old: str, new: str, said: str
) -> None:
    (told,) = told_by_worker(settings_of(database_url, small, spoilt(built, tmp_path / "spoilt", name, old, new)))
    assert isinstance(told, Refused)
    assert said in "\n".join(told.lines)


@pytest.mark.usefixtures("store")
def test_what_the_process_refuses_is_what_the_service_is_told(
    database_url: str, small: Snapshot, built: Path, tmp_path: Path
) -> None:
    others = spoilt(built, tmp_path / "spoilt", "result.json", "travel", "t")
    with pytest.raises(RoundsRefusedError) as refused:
        FittingRoom(settings_of(database_url, small, others)).start()
    assert "expected the result of optimiser rounds build" in "\n".join(refused.value.lines)


def _ends(*_: object) -> None:
    os._exit(7)


@pytest.mark.usefixtures("store")
def test_a_process_that_ends_before_it_has_read_them_is_told_by_how_it_ended(
    database_url: str, small: Snapshot, built: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "work", _ends)
    with pytest.raises(RoundsRefusedError) as refused:
        FittingRoom(settings_of(database_url, small, built)).start()
    assert refused.value.lines == (
        "The process that reads them ended with exit code 7: what it wrote itself to the error output says why.",
    )


@pytest.mark.usefixtures("store")
def test_the_rounds_are_read_wherever_the_service_runs(
    database_url: str, small: Snapshot, built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "work"
    folder.mkdir()
    for name in ("api", "optimiser", "numpy", "types"):
        (folder / f"{name}.py").write_text("raise SystemExit('a stray file was imported')", encoding="utf-8")
    monkeypatch.chdir(folder)
    fitting = FittingRoom(settings_of(database_url, small, built))
    fitting.start()
    fitting.close()
    assert fitting.provenance is not None


@pytest.mark.usefixtures("store")
def test_rounds_whose_care_has_changed_are_left_out(database_url: str, small: Snapshot, built: Path, tmp_path: Path) -> None:
    """Clover's only round visits somebody whose visit is gone: nothing is known of Clover, and one round is left out."""
    line = next(line for line in (built / "visits_planned.csv").read_text().splitlines() if line.startswith("CLOVER-M001"))
    stale = spoilt(built, tmp_path / "stale", "visits_planned.csv", f",{line.split(',')[3]},", ",V99,")
    package = next(each for each in small.packages if each.package_id == "N4")
    visits = [each for each in small.visits if each.package_id == "N4"]
    first, answer = told_by_worker(settings_of(database_url, small, stale), Question(package, visits, ["BRACKEN", "CLOVER"]))
    assert isinstance(first, Provenance) and first.left_out == 1
    assert isinstance(answer, Answer) and [each.provider_id for each in answer.told] == ["BRACKEN"]


@pytest.mark.usefixtures("store")
def test_nobody_waits_for_what_is_compiled_on_its_first_call(
    database_url: str, small: Snapshot, built: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a new machine that takes longer than anybody waits, so it is done before the rounds are said to be read."""
    order: list[str] = []
    fit = RoundsInMemory.fit

    def noted(*given: Any) -> list[Fit]:
        order.append("fitted")
        return fit(*given)

    monkeypatch.setattr(RoundsInMemory, "fit", noted)
    told_by_worker(settings_of(database_url, small, built), noting=order)
    assert order == ["fitted", "Provenance"]
