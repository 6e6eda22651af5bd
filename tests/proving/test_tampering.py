"""Whatever number of a certificate or a result is changed is found, or does no harm: nothing untrue is said to be proven."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimiser.allocating.certifying import certify
from optimiser.allocating.story import Allocation, allocate
from optimiser.domain.level_result import LevelResult
from optimiser.io.folders import THREE_VILLAGES, bundled
from optimiser.io.reading import read_snapshot
from optimiser.proving.certificate import certificate_record
from optimiser.proving.check import Verification, reprove


@lru_cache
def made() -> tuple[Allocation, dict[str, Any]]:
    """The villages, and the certificate of what came out."""
    given = read_snapshot(bundled(THREE_VILLAGES)).snapshot
    allocation = allocate(given)
    return allocation, certificate_record(*certify(allocation.county, allocation.rules, allocation.levels))


def verified(levels: tuple[LevelResult[int], ...] | None = None, certificate: object = None) -> Verification:
    allocation, told = made()
    plan = allocation.verified.plan
    return reprove(
        allocation.county, allocation.rules, levels or allocation.levels, plan, told if certificate is None else certificate
    )


def numbers(record: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where whole numbers stand in a record."""
    for key, value in record.items() if isinstance(record, dict) else enumerate(record) if isinstance(record, list) else ():
        if isinstance(value, int):
            yield *path, key
        yield from numbers(value, (*path, key))


def test_what_was_made_holds() -> None:
    found = verified()
    assert found.faults == ()
    assert found.covered == len(found.levels) == 9
    assert [level.status for level in found.levels].count("no choice changes it") == 1


@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_a_changed_number_of_a_certificate_proves_nothing_untrue(data: st.DataObject) -> None:
    allocation, told = made()
    changed = copy.deepcopy(told)
    *path, last = data.draw(st.sampled_from(list(numbers(told))))
    place = changed
    for key in path:
        place = place[key]
    place[last] += data.draw(st.integers(-(10**9), 10**9).filter(bool))
    found = verified(certificate=changed)
    for level in found.levels:
        assert level.proves is not None
        assert level.proves <= level.told.best
    if last == "bound" and place[last] > allocation.levels[path[-1]].best:
        assert found.faults, "more is claimed than any prices prove"


@pytest.mark.parametrize("index", range(9))
@pytest.mark.parametrize("name", ["best", "bound", "tolerance", "value"])
@given(by=st.integers(-3_000, 3_000).filter(bool))
@settings(max_examples=4, deadline=None)
def test_a_changed_figure_of_a_result_is_found(index: int, name: str, by: int) -> None:
    levels = list(made()[0].levels)
    told = levels[index]
    levels[index] = replace(told, **{name: getattr(told, name) + by})
    still_so = told.proven and name == "bound" and by < 0  # a bound told lower than it is, and within what a proof may leave
    found = verified(tuple(levels))
    may_leave = made()[0].rules.levels[index].proof_may_leave(made()[0].county, told.best)
    assert found.faults or (still_so and told.best - told.bound - by <= may_leave), (told.name, name, by)


@pytest.mark.parametrize("index", range(9))
def test_a_level_told_to_be_better_than_any_plan_is_found(index: int) -> None:
    """Best, bound and value lowered together, as somebody would who wants it to look right."""
    levels = list(made()[0].levels)
    told = levels[index]
    levels[index] = replace(told, best=told.best - 60, bound=told.bound - 60, value=told.value - 60)
    assert verified(tuple(levels)).faults


def test_a_level_told_to_be_worse_is_not_said_to_be_proven() -> None:
    """Best and bound raised together to where the plan is anyhow: it may be true, and no price says that it is."""
    levels = list(made()[0].levels)
    index, told = next((i, each) for i, each in enumerate(levels) if each.given_away)
    levels[index] = replace(told, best=told.value, bound=told.value)
    assert verified(tuple(levels)).levels[index].status == "rests on search"


@pytest.mark.parametrize(
    ("certificate", "says"),
    [
        ({}, "cuts: missing"),
        ({"cuts": [], "levels": {}}, "levels: expected a list"),
        ({"cuts": [], "levels": [{"name": "travel", "bound": 0, "prices": []}]}, "the name of number 1"),
        ({"cuts": [], "levels": [{"name": "unmet_urgent", "bound": 0.5, "prices": []}]}, "bound: expected a whole number"),
    ],
)
def test_a_certificate_that_is_none_is_told_with_where(certificate: dict[str, Any], says: str) -> None:
    found = verified(certificate=certificate)
    assert len(found.faults) == 1
    assert says in found.faults[0]
    assert found.covered == 0


def test_without_certificates_of_levels_what_is_proven_is_told_all_the_same() -> None:
    found = verified(certificate={"cuts": [], "levels": []})
    assert found.faults == ()
    assert 0 < found.covered < 9
    assert "rests on search" in {level.status for level in found.levels}
