"""Every level of a bridge counted again, and whether its bound and its proof can stand beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from optimiser.bridging.check_case import Case, unit_of
from optimiser.county import County
from optimiser.rules.book import standard_rules
from optimiser.rules.vocabulary import Group

Told = Mapping[str, Any]


NUMBERS = ("value", "best", "bound", "tolerance", "given_away")


def level_faults(county: County, cases: Mapping[str, Case], told: Mapping[str, list[Told]]) -> Iterator[str]:
    """Everything that is wrong with the levels told, per alternative."""
    for name, levels in told.items():
        right = cases[name].levels(name)
        if (names := [level["name"] for level in levels]) != list(right):
            yield f"{name}: the levels are {', '.join(names)}"
            continue
        if missing := [level["name"] for level in levels if not all(isinstance(level[each], int) for each in NUMBERS)]:
            yield f"{name}: no whole numbers are told of {', '.join(missing)}"
            continue
        for level in levels:
            yield from (f"{name}: {fault}" for fault in _level(county, level, right[level["name"]]))
        others = {other: case.levels(name) for other, case in cases.items() if other != name}
        yield from (f"{name}: {fault}" for fault in _bounds(levels, others))


def _level(county: County, told: Told, counted: int) -> Iterator[str]:
    """One level alone: no plan is below its bound, and it is proven where that meets the best, or as nearly as its rule says."""
    name, value, best, bound = (told[each] for each in ("name", "value", "best", "bound"))
    if value != counted:
        yield f"level {name}: told {value}, counted {counted}"
    rule, tolerance, open_to = standard_rules().level(Group.EXCEPTION), 0, Fraction(0)
    if name == rule.name:
        tolerance, open_to = rule.tolerance(county), rule.proof_may_leave(county, best)
    right = {
        "unit": unit_of(name),
        "tolerance": tolerance,
        "given_away": value - best,
        "gap": float(Fraction(best - bound) / max(best, 1)),
        "proven": best - bound <= open_to,
    }
    yield from (f"level {name}: {each} is {told[each]!r}" for each, it in right.items() if told[each] != it)
    if not bound <= best <= value:
        yield f"level {name}: bound {bound}, best {best} and value {value} are not in this order"
    if value - best > tolerance:
        yield f"level {name}: more is given away than its tolerance"


def _bounds(levels: list[Told], others: Mapping[str, Mapping[str, int]]) -> Iterator[str]:
    """What another alternative does is legal in this order, too: it is below no bound, as long as earlier levels are kept."""
    for other, values in others.items():
        for level in levels:
            reached = values[level["name"]]
            if reached < level["bound"]:
                yield f"level {level['name']}: bound {level['bound']}, and {other} has {reached}"
            if reached > level["best"]:
                break
