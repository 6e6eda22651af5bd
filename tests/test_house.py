"""The house keeps its order: no name of a module means two things, nothing lies loose at the root of the service."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).parents[1]
INNER = {"story", "problem", "formulation", "solve", "check", "explain", "report", "page", "tables", "letters"}
"""What a use case calls its parts."""
FEATURE = {"acts", "answers", "routes", "schemas"}
"""What a feature of the service calls its parts."""
ONE_THING = {"audit", "band", "calendar", "fit", "keys", "reoptimise", "rounds_plan", "staffing"}
"""One thing in two rooms: a command and what it calls, a record and its file, a part of a plan and its check."""
AT_THE_ROOT_OF_THE_SERVICE = {"__init__", "app", "clock", "service", "settings", "terminal"}


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
