"""A rule's name is written in its own file alone: nothing else looks a rule or a level up by its name or its place."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import api
import optimiser
from optimiser.domain.brief import Brief, Part
from optimiser.domain.policy import Policy
from optimiser.rules.base import Rule
from optimiser.rules.book import standard_rules
from optimiser.rules.briefed.briefed_books import briefed_rules
from optimiser.rules.longest_first.book_of_a_county import rules_for
from optimiser.rules.moving.books_that_move import moving_rules

SOURCES = [Path(str(package.__file__)).parent for package in (optimiser, api)]
HOME = SOURCES[0] / "rules"
BRIEF = Brief(Part(providers=("ALDER",)), {"N1": None})
LONGEST_FIRST = rules_for(Policy(largest_first_after_days=1))
NAMES = {rule.name for rule in (*LONGEST_FIRST, *moving_rules(history=()), *briefed_rules(standard_rules(), BRIEF))}
LOOKED_UP_ON = {"name", "rule", "level"}
"""Attributes that hold the name of a rule or level."""
BY_NAME = {"levels", "values", "rules", "limits"}
"""What holds levels or rules under their names."""
BY_PLACE = {"levels", "bests", "bounds", "rules", "limits", "values(…)", "held.values"}
"""What holds them in the strict order."""


def leaks(source: str) -> Iterator[tuple[int, str]]:
    """Each line of a source that knows a rule or a level by its name or its place, and how."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in NAMES and "_" in node.value:
            yield node.lineno, f"says {node.value}"
        if isinstance(node, ast.Compare) and any(map(_is_a_name, (node.left, *node.comparators))):
            yield from ((node.lineno, f"compares with {word}") for word in _words(node))
        if isinstance(node, ast.Call) and _looks_at_a_part(node.func):
            yield node.lineno, "looks at a part of a name"
        if isinstance(node, ast.Subscript):
            held = _held(node.value)
            if not held.isdisjoint(BY_NAME):
                yield from ((node.lineno, f"looks up {word}") for word in _words(node.slice))
            if not held.isdisjoint(BY_PLACE) and _is_a_place(node.slice):
                yield node.lineno, f"picks by place: {ast.unparse(node)}"


def _is_a_name(node: ast.expr) -> bool:
    return isinstance(node, ast.Attribute) and node.attr in LOOKED_UP_ON


def _looks_at_a_part(called: ast.expr) -> bool:
    return isinstance(called, ast.Attribute) and called.attr in ("startswith", "endswith") and _is_a_name(called.value)


def _words(node: ast.AST) -> list[str]:
    return [str(each.value) for each in ast.walk(node) if isinstance(each, ast.Constant) and each.value in NAMES]


def _held(node: ast.expr) -> set[str]:
    """What is looked into, by its last word and its last two: ``problem.levels``, ``LEVELS``, ``problem.values(plan)``."""
    if isinstance(node, ast.Call):
        return {f"{word}(…)" for word in _held(node.func)}
    if isinstance(node, ast.Attribute):
        return {node.attr, *(f"{word}.{node.attr}" for word in _held(node.value))}
    return {node.id.lower()} if isinstance(node, ast.Name) else set()


def _is_a_place(node: ast.expr) -> bool:
    """A number, or a slice that begins or ends at one; a constant's name is one too, and so is a sum with either."""
    if isinstance(node, ast.Slice):
        return any(_is_a_place(end) for end in (node.lower, node.upper) if end is not None)
    if isinstance(node, ast.UnaryOp):
        return _is_a_place(node.operand)
    if isinstance(node, ast.BinOp):
        return _is_a_place(node.left) and _is_a_place(node.right)
    if isinstance(node, ast.Name):
        return node.id.isupper()
    return isinstance(node, ast.Constant) and isinstance(node.value, int)


def test_nothing_outside_the_rules_knows_one_by_its_name_or_its_place() -> None:
    files = [path for folder in SOURCES for path in sorted(folder.rglob("*.py")) if HOME not in path.parents]
    assert len(files) > 300
    found = [f"{path}:{line} {how}" for path in files for line, how in leaks(path.read_text(encoding="utf-8"))]
    assert found == []


LEAKS = [
    'skipped = {"provider_hours"}',
    'words.get(limit.rule, "unmet_urgent")',
    'level = next(each for each in levels if each.name == "cost")',
    'asked.name in ("legacy", "cost")',
    'level.name.startswith("unmet")',
    'allocation.levels["travel"]',
    "problem.levels[3]",
    "problem.levels[-1:]",
    "problem.levels[:4]",
    "problem.levels[:ASKED]",
    "problem.values(plan)[: UNMET + 1]",
    "standing.held.values[WEIGHED - 2]",
]
HARMLESS = [
    'row["tier"] == "legacy"',
    'Column("outcome", one_of("placed", "unmet"))',
    "problem.levels[:count]",
    "levels[names[0]]",
    "limits[index]",
    "made.values[0]",
    "row.values[:1]",
    'outcomes["unmet"]',
]


@pytest.mark.parametrize("line", LEAKS)
def test_every_kind_of_leak_is_seen(line: str) -> None:
    assert list(leaks(line))


@pytest.mark.parametrize("line", HARMLESS)
def test_words_and_columns_may_stand(line: str) -> None:
    assert not list(leaks(line))


def test_every_name_is_looked_for() -> None:
    """Rules that stand in for another and those that are given something are under their names too."""

    def below(kind: type[Rule]) -> Iterator[type[Rule]]:
        for each in kind.__subclasses__():
            yield each
            yield from below(each)

    at_home = {each.name for each in below(Rule) if each.__module__.startswith("optimiser.") and hasattr(each, "name")}
    assert at_home == NAMES
