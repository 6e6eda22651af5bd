"""The public door: lazy and typed, paths of every kind, short words for large things, tables for pandas."""

from __future__ import annotations

import ast
import dataclasses
import importlib
import inspect
import json
import pkgutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, cast

import pytest

import api
import optimiser
from optimiser.domain.plan import Known
from optimiser.domain.staffing import Worker
from optimiser.io.csv_tables import Row
from optimiser.io.faults import Fault
from optimiser.rounds.story import Order
from tests.door_example import morning, plan

ROOT = Path(__file__).parent.parent
VILLAGES = str(ROOT / "data" / "three_villages")
PERSONAL = ("latitude", "longitude", "0.80756", "0.902049", "0.996525", "dementia", "end_of_life", "learning_disability")
LONGEST = 400


@pytest.fixture(scope="module")
def results() -> dict[str, Any]:
    """What the example makes of the three villages, by the name of its kind."""
    return {type(each).__name__: each for each in morning(VILLAGES)}


@pytest.fixture
def allocation(results: dict[str, Any]) -> optimiser.Allocation:
    return cast(optimiser.Allocation, results["Allocation"])


def test_the_types_of_the_door_are_those_of_its_names() -> None:
    tree = ast.parse((ROOT / "optimiser" / "__init__.py").read_text(encoding="utf-8"))
    block = next(node for node in tree.body if isinstance(node, ast.If))
    typed = {name.name: node.module for node in block.body if isinstance(node, ast.ImportFrom) for name in node.names}
    assert typed == optimiser._DOOR
    assert sorted({*typed, "__version__"}) == sorted(optimiser.__all__)


def test_the_package_says_that_it_is_typed() -> None:
    for package in ("optimiser", "api"):
        assert (ROOT / package / "py.typed").exists()


def test_importing_the_package_loads_nothing_heavy() -> None:
    said = "import sys, optimiser; print(sorted({'numpy', 'ortools', 'pandas', 'shapely', 'fastapi'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True, cwd=ROOT).stdout == "[]\n"


def test_the_example_runs_and_each_result_says_its_name(results: dict[str, Any]) -> None:
    assert list(results) == ["Reading", "Allocation", "Reoptimisation", "Stress", "BuiltRounds", "Explanation"]
    assert all(repr(each).startswith(f"<{name} of ") for name, each in results.items() if name != "Reoptimisation")
    assert repr(results["Reoptimisation"]).startswith("<Reoptimisation in 6 steps with 1 moves")


@pytest.mark.parametrize("kind", [str, Path, optimiser.read_snapshot, lambda path: optimiser.read_snapshot(path).snapshot])
def test_a_county_is_named_by_a_path_or_given(kind: Any, allocation: optimiser.Allocation) -> None:
    assert optimiser.allocate(kind(VILLAGES)).verified.levels == allocation.verified.levels


def _dataclasses_in(thing: object, seen: dict[int, object]) -> Iterator[object]:
    """Everything of ours that can be reached from a result."""
    if id(thing) in seen:
        return
    seen[id(thing)] = thing
    if dataclasses.is_dataclass(thing) and type(thing).__module__.startswith("optimiser"):
        yield thing
    parts: list[object] = []
    if type(thing).__module__.startswith("optimiser"):
        names = [part.name for part in dataclasses.fields(thing)] if dataclasses.is_dataclass(thing) else list(vars(thing))
        parts += [getattr(thing, name, None) for name in names]
    elif isinstance(thing, dict):
        parts += [*thing.keys(), *thing.values()]
    elif isinstance(thing, list | tuple | set | frozenset):
        parts += thing
    for part in parts:
        yield from _dataclasses_in(part, seen)


SETTINGS = {"Policy", "TransferPolicy", "MeanwhileSettings", "Staffing", "StaffingSettings"}
"""They name skills and say what they are: they are of no person."""
PUBLIC = {"Surgery", "Office", "Provider"}
"""Their places and skills are told to everybody."""


def test_no_word_for_a_result_is_long_or_tells_of_a_person(results: dict[str, Any]) -> None:
    snapshot = results["Reading"].snapshot
    worker = Worker("W1", "ALDER", ("dementia",), "drives", 52.65, 0.80756, None, ())
    known = Known(refused=frozenset({"N1"}))
    found = [results, Order(snapshot, workers=(worker,)), known]
    told: dict[str, str] = {}
    for thing in _dataclasses_in(found, {}):
        if (name := type(thing).__name__) not in SETTINGS | PUBLIC:
            told[name] = max(told.get(name, ""), repr(thing), key=len)
    assert {"Snapshot", "Package", "Visit", "County", "VerifiedPlan", "Allocation", "Worker", "PlannedVisit"} <= set(told)
    assert {name: len(said) for name, said in told.items() if len(said) > LONGEST} == {}
    assert {name: said for name, said in told.items() if any(word in said for word in PERSONAL)} == {}


TELLING = {"latitude", "longitude", "skills", "priority", "protected", "transfer_decision", "excluded_provider_ids", "paragraphs"}
"""Fields that tell of a person, wherever they stand."""
OF_NOBODY = PUBLIC | {"ShiftRuns", "Slot"}
"""Tables of runs, and the place of a care worker in a round, tell no name."""


OF_THE_CLUSTER = "optimiser.in_parallel.scheduler_link"
"""It asks for ``distributed``, which is of an extra of its own; no record is in it."""


def _ours(package: ModuleType) -> Iterator[type]:
    for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        if "migrations" not in found.name and not found.name.endswith("__main__") and "handbook" not in found.name:
            if found.name == OF_THE_CLUSTER:
                continue
            module = importlib.import_module(found.name)
            yield from (each for _, each in inspect.getmembers(module, inspect.isclass) if each.__module__ == found.name)


def test_no_record_says_what_tells_of_a_person() -> None:
    telling: dict[str, set[str]] = {}
    for kind in (*_ours(optimiser), *_ours(api)):
        if dataclasses.is_dataclass(kind) and "def __repr__" not in inspect.getsource(kind) and kind.__name__ not in OF_NOBODY:
            shown = {part.name for part in dataclasses.fields(kind) if part.repr}
            telling |= {f"{kind.__module__}.{kind.__name__}": shown & TELLING} if shown & TELLING else {}
    assert telling == {}


def test_a_fault_and_a_row_say_no_value_of_a_personal_column() -> None:
    assert "52.6" not in repr(Fault("packages.csv", 3, "latitude", "degrees", "52.6x", personal=True, kind="a text"))
    assert "52.6" not in repr(Row(3, (52.6, "N1")))


def test_a_countys_word_is_as_short_as_a_villages() -> None:
    county = optimiser.read_snapshot(ROOT / "data" / "demonstration")
    assert len(repr(county)) < LONGEST
    assert len(repr(optimiser.County.of(county.snapshot))) < LONGEST


def test_an_allocation_is_a_table(allocation: optimiser.Allocation) -> None:
    table = allocation.to_frame()
    assert list(table["package_id"]) == [package.package_id for package in allocation.county.packages]
    assert table["weekly_cost_pence"].sum() == 212_200
    assert dict(table[table.status == "new"].groupby("outcome").size()) == {"pending": 1, "placed": 5, "unmet": 1}
    assert "reason" not in table
    by_id = allocation.to_frame(reasons=True).set_index("package_id")
    assert by_id.loc["N6", "reason"] == optimiser.explain(allocation, "N6").reason


def test_changes_failures_and_visits_are_tables(results: dict[str, Any]) -> None:
    changes = results["Reoptimisation"].to_frame()
    assert list(changes.columns) == ["step", "package_id", "kind", "from_contract_id", "to_contract_id", "reason"]
    assert list(changes[changes.kind == "move"].package_id) == ["R3"]
    failures = results["Stress"].to_frame()
    assert dict(zip(failures.provider_ids, failures.people, strict=True)) == {"ALDER": 2}
    visits = results["BuiltRounds"].to_frame()
    assert set(visits.visit_id) == {"V01", "V02", "V03", "V04"}


def test_an_allocation_and_failures_are_maps(allocation: optimiser.Allocation, results: dict[str, Any]) -> None:
    packages = allocation.to_geodataframe()
    assert (packages.crs.to_epsg(), len(packages)) == (27700, 12)
    assert dict(packages.groupby("outcome").size()) == dict(allocation.to_frame().groupby("outcome").size())
    assert "package_id" in allocation.to_geodataframe(exact=True)
    (area,) = allocation.to_geodataframe("areas").to_dict("records")
    assert (area["area_id"], area["people_unmet"], area["people_pending"]) == ("A1", 1, 1)
    (broken,) = results["Stress"].to_geodataframe().to_dict("records")
    assert (broken["failures_that_break_it"], broken["worst"], broken["people_unplaced_then"]) == (1, "Alder Home Care", 2)
    assert broken["geometry"].area > 0


def test_without_moves_the_table_of_changes_still_has_its_columns() -> None:
    snapshot = optimiser.read_snapshot(VILLAGES).snapshot
    nobody = dataclasses.replace(snapshot, packages=(), visits=(), offers=(), rounds=())
    assert "reason" in optimiser.reoptimise(nobody).to_frame()


def test_a_transfer_is_planned_checked_and_a_table(tmp_path: Path) -> None:
    with pytest.raises(optimiser.CannotPlanError):
        plan(VILLAGES, "A1")
    folder = _with_a_round(tmp_path)
    made = optimiser.transfer(folder, ["A1"])
    assert list(made.to_frame().round_id) == plan(folder, "A1") == ["RD2"]
    assert len(repr(made)) < LONGEST


def _with_a_round(tmp_path: Path) -> str:
    """The three villages with R5's care in a round that may move."""
    for file in Path(VILLAGES).glob("*.*"):
        text = file.read_text(encoding="utf-8")
        if file.name == "packages.csv":
            text = text.replace("L-DOCK,,", "L-DOCK,RD2,", 1)
        if file.name == "rounds.csv":
            text += "RD2,DOCK,A1,,\n"
        (tmp_path / file.name).write_text(text, encoding="utf-8")
    return str(tmp_path)


def test_an_explanation_reads_the_same_from_a_folder(allocation: optimiser.Allocation, tmp_path: Path) -> None:
    optimiser.write_allocation(allocation, str(tmp_path / "result"))
    assert json.loads((tmp_path / "result" / "run.json").read_text()) == {}
    read, made = optimiser.explain(str(tmp_path / "result"), "N3"), optimiser.explain(allocation, "N3")
    assert read == optimiser.Explanation(json.loads(json.dumps(made.record)))
    assert (read.contract_id, read.provider_id, read.outcome) == ("L-ELDER", "ELDER", "placed")
    assert "learning" not in read.for_person("the Care Line on 01603 496 0123") + read.for_provider("ELDER")


def test_an_unknown_id_is_named_with_the_nearest(allocation: optimiser.Allocation) -> None:
    for asked, said in (
        (lambda: optimiser.stress(VILLAGES, providers="ALDR"), "there is no provider 'ALDR': did you mean 'ALDER'?"),
        (lambda: optimiser.stress(VILLAGES, hand_back="P-ALDR"), "there is no contract 'P-ALDR': did you mean 'P-ALDER'?"),
        (lambda: optimiser.build_rounds(VILLAGES, area="nowhere"), "there is no area 'nowhere'"),
        (lambda: optimiser.explain(allocation, "N66"), "there is no package 'N66'"),
    ):
        with pytest.raises(optimiser.UnknownIdError) as unknown:
            asked()
        assert str(unknown.value) == said
