"""Compiled code that is kept: taken up by the next run, never by one of other sources, and never needed."""

from __future__ import annotations

import ast
import importlib
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from numba.core.caching import UserProvidedCacheLocator
from numba.extending import is_jitted

import optimiser
from optimiser.kept_code import _digest
from optimiser.rounds.solve.compiled import compiled

SHAPES = "from typing import NamedTuple\n\nclass Leg(NamedTuple):\n    metres: float\n    seconds: float\n"
PRICES = f"from {compiled.__module__} import compiled\n\n@compiled\ndef price(leg):\n    return leg.metres * 2\n"
SUMS = PRICES.partition("@")[0] + "from toy.prices import price\n\n@compiled\ndef cost(leg):\n    return price(leg)\n"
Run = Callable[..., ModuleType]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """A run of the package ``toy`` with these files in it, and no others: as it would be in a process of its own."""
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "kept"))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    monkeypatch.syspath_prepend(tmp_path)
    package = tmp_path / "toy"
    package.mkdir()

    def again(**files: str) -> ModuleType:
        for name in [name for name in sys.modules if name.partition(".")[0] == "toy"]:
            monkeypatch.delitem(sys.modules, name)
        for old in package.glob("*.py"):
            old.unlink()
        for name, text in {"__init__": "", **files}.items():
            (package / f"{name}.py").write_text(text, encoding="utf-8")
        importlib.invalidate_caches()
        _digest.cache_clear()
        return importlib.import_module("toy.sums")

    return again


def leg(of: str = "shapes") -> Any:
    return importlib.import_module(f"toy.{of}").Leg(3.0, 60.0)


def hits(function: Any) -> int:
    return sum(function.stats.cache_hits.values())


def test_the_next_run_takes_up_what_was_compiled(run: Run) -> None:
    first = run(shapes=SHAPES, prices=PRICES, sums=SUMS)
    assert (first.cost(leg()), hits(first.cost)) == (6.0, 0)
    second = run(shapes=SHAPES, prices=PRICES, sums=SUMS)
    assert (second.cost(leg()), hits(second.cost)) == (6.0, 1)


def test_what_was_compiled_for_a_class_of_a_module_that_was_renamed_is_compiled_anew(run: Run) -> None:
    assert run(shapes=SHAPES, prices=PRICES, sums=SUMS).cost(leg()) == 6.0
    assert run(forms=SHAPES, prices=PRICES, sums=SUMS).cost(leg("forms")) == 6.0


def test_what_was_compiled_in_out_of_another_file_goes_with_that_file(run: Run) -> None:
    assert run(shapes=SHAPES, prices=PRICES, sums=SUMS).cost(leg()) == 6.0
    dearer = PRICES.replace("* 2", "* 7")
    assert run(shapes=SHAPES, prices=dearer, sums=SUMS).cost(leg()) == 21.0
    assert run(shapes=SHAPES, prices=PRICES, sums=SUMS).cost(leg()) == 6.0


@pytest.mark.parametrize("ending", [".nbi", ".nbc"])
@pytest.mark.parametrize("left", [b"", b"cgone\nGone\n."])
def test_what_cannot_be_read_is_forgotten(run: Run, tmp_path: Path, ending: str, left: bytes) -> None:
    files = {"shapes": SHAPES, "prices": PRICES, "sums": SUMS}
    run(**files).cost(leg())
    spoiled = [file for file in (tmp_path / "kept").rglob("*") if file.suffix == ending]
    assert spoiled
    for file in spoiled:
        file.write_bytes(left)
    assert run(**files).cost(leg()) == 6.0
    healed = run(**files)
    assert (healed.cost(leg()), hits(healed.cost)) == (6.0, 1)


def test_where_nothing_may_be_written_what_was_kept_before_is_read(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: object) -> None:
        raise PermissionError("a folder that may only be read")

    files = {"shapes": SHAPES, "prices": PRICES, "sums": SUMS}
    run(**files).cost(leg())
    monkeypatch.setattr(UserProvidedCacheLocator, "ensure_cache_path", refuse)
    again = run(**files)
    assert (again.cost(leg()), hits(again.cost)) == (6.0, 1)
    other = run(**files, more="")
    assert (other.cost(leg()), hits(other.cost)) == (6.0, 0)


def test_a_place_that_is_none_takes_nothing_from_the_result(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "file" / "below"))
    assert run(shapes=SHAPES, prices=PRICES, sums=SUMS).cost(leg()) == 6.0


@pytest.mark.parametrize(
    ("named", "kept"), [("/caches", "/caches/optimiser"), ("caches", "home/.cache/optimiser"), ("", "home/.cache/optimiser")]
)
def test_without_a_folder_of_its_own_it_is_the_users(
    named: str, kept: str, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NUMBA_CACHE_DIR")
    monkeypatch.setenv("XDG_CACHE_HOME", named)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    cost = run(shapes=SHAPES, prices=PRICES, sums=SUMS).cost
    assert Path(cost.stats.cache_path).parent == tmp_path / kept
    assert Path(cost.stats.cache_path).name.startswith("toy-")


def test_a_user_without_a_home_keeps_nothing(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def nowhere() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("NUMBA_CACHE_DIR")
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setattr(Path, "home", nowhere)
    cost = run(shapes=SHAPES, prices=PRICES, sums=SUMS).cost
    assert (cost(leg()), cost.stats.cache_path) == (6.0, None)


def test_what_is_compiled_in_stands_in_the_same_folder() -> None:
    """Else it could change and what is kept would be believed: the sources of a folder are what that goes by."""
    found = 0
    root = Path(optimiser.__file__).parent
    for file in sorted(root.rglob("*.py")):
        text = file.read_text(encoding="utf-8")
        if "kept_code import" not in text and "solve.compiled import" not in text:
            continue
        module = importlib.import_module(".".join(file.relative_to(root.parent).with_suffix("").parts))
        functions = [each for each in vars(module).values() if is_jitted(each) and each.py_func.__module__ == module.__name__]
        used = {name for each in functions for name in each.py_func.__code__.co_names}
        found += len(functions)
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("optimiser"):
                here = (node.module or "").rpartition(".")[0] == module.__name__.rpartition(".")[0]
                assert here or not used & {each.asname or each.name for each in node.names}, file
    assert found > 40
