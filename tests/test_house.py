"""The house keeps its order: no module name means two things, nothing is loose in the service, tests lie as the source."""

from __future__ import annotations

import ast
from collections import defaultdict
from pathlib import Path

from optimiser.domain.brief import Brief, Part
from optimiser.rules.book import standard_rules
from optimiser.rules.briefed.briefed_books import briefed_rules
from optimiser.rules.levels.travel_by_rounds import TravelByRounds
from optimiser.rules.moving.books_that_move import moving_rules

ROOT = Path(__file__).parents[1]
INNER = {"story", "problem", "formulation", "solve", "check", "explain", "report", "page", "tables", "letters"}
"""What a use case calls its parts."""
FEATURE = {"acts", "answers", "routes", "schemas"}
"""What a feature of the service calls its parts."""
ONE_THING = {
    "audit", "band", "bridge", "build", "calendar", "clock", "compare", "feasible", "fit", "frontier", "keys", "relieve",
    "reoptimise", "rounds_plan", "staffing", "stress", "tonight",
}  # fmt: skip
"""One thing in two rooms: actions of two commands, a command and what it calls, a record and its file, a plan and its check."""
AT_THE_ROOT_OF_THE_SERVICE = {"__init__", "app", "clock", "safe_addresses", "service", "settings", "terminal", "window_periods"}


def modules() -> list[Path]:
    found = [path for room in ("optimiser", "api") for path in (ROOT / room).rglob("*.py")]
    return [path for path in found if "versions" not in path.parts and path.parent.name != "templates"]


def test_no_name_of_a_module_means_two_things() -> None:
    where: dict[str, list[str]] = defaultdict(list)
    for path in modules():
        if not path.stem.startswith("__"):
            where[path.stem].append(str(path.relative_to(ROOT)))
    twice = {name: places for name, places in where.items() if len(places) > 1}
    assert {name: places for name, places in twice.items() if name not in INNER | FEATURE | ONE_THING} == {}
    assert twice.keys() >= ONE_THING, "a name that stands once needs no exception"


def test_nothing_lies_loose_at_the_root_of_the_service() -> None:
    assert {path.stem for path in (ROOT / "api").glob("*.py")} == AT_THE_ROOT_OF_THE_SERVICE


def test_no_file_is_so_long_that_it_has_two_jobs() -> None:
    assert [str(path) for path in modules() if len(path.read_text(encoding="utf-8").splitlines()) > 350] == []


def test_every_rule_has_a_file_of_worked_examples() -> None:
    asked = briefed_rules(standard_rules(), Brief(Part(providers=("ALDER",)), {"N1": None}))
    rules = {type(rule) for rule in (*asked, *moving_rules(history=()))} | {TravelByRounds}
    for rule in sorted(rules, key=lambda rule: rule.__module__):
        kind, name = rule.__module__.split(".")[-2:]
        examples = ROOT / "tests" / "rules" / kind / f"test_{name}.py"
        assert examples.exists(), f"{rule.__name__}: a case worked out by hand belongs into {examples.relative_to(ROOT)}"
        assert "def test_" in examples.read_text("utf-8")


def test_every_room_and_feature_has_a_folder_of_tests() -> None:
    for room in ("optimiser", "api"):
        for folder in sorted(path.parent for path in (ROOT / room).glob("*/__init__.py")):
            tests = ROOT / "tests" / ("api" if room == "api" else "") / folder.name
            assert list(tests.rglob("test_*.py")), f"{room}/{folder.name} has no tests in {tests.relative_to(ROOT)}"


def test_a_program_starts_at_the_end_of_its_file() -> None:
    """What stands below the start of a program is not there yet when it runs, however well it is tested where it is imported."""
    texts = {path: path.read_text(encoding="utf-8") for path in modules()}
    programs = {path: ast.parse(text).body for path, text in texts.items() if "__main__" in text}
    starts = {path: [at for at, each in enumerate(body) if _starts(each)] for path, body in programs.items()}
    assert any(starts.values())
    assert [str(path) for path, at in starts.items() if at and at[-1] != len(programs[path]) - 1] == []


def _starts(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.If) and "__main__" in ast.unparse(statement.test)
