"""A model that forbids what the rules allow still makes legal plans; it is noticed all the same."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from optimiser.allocating.story import Allocation, allocate
from optimiser.county import County, Ints
from optimiser.io.folders import THREE_VILLAGES, bundled
from optimiser.io.reading import read_snapshot
from optimiser.judging.checking import DisagreementError
from optimiser.rules.base import Bools
from optimiser.rules.book import RuleBook, standard_rules
from optimiser.rules.eligibility.rating import Rating


class TooStrict(Rating):
    """A rule whose model half refuses every principal; its check half is right."""

    def passes(self, county: County, packages: Ints) -> Bools:
        principal = np.array([contract.tier == "principal" for contract in county.contracts])
        return np.asarray(super().passes(county, packages) & ~principal)


class TooLoose(Rating):
    """A rule whose check half refuses what its model half lets pass."""

    name = "rating"

    def passes(self, county: County, packages: Ints) -> Bools:
        return np.ones((len(packages), len(county.contracts)), dtype=np.bool_)


def explained(rules: RuleBook) -> Allocation:
    allocation = allocate(read_snapshot(bundled(THREE_VILLAGES)).snapshot, rules=rules)
    for package in range(len(allocation.county.packages)):
        allocation.explain(package)
    return allocation


def with_rating(rule: Rating) -> RuleBook:
    book = standard_rules()
    others = tuple(rule if each.name == "rating" else each for each in book.eligibility)
    return dataclasses.replace(book, eligibility=others)


def test_a_model_half_that_is_too_strict_is_a_disagreement() -> None:
    with pytest.raises(
        DisagreementError, match="contract P-ALDER: for the check it keeps every eligibility rule, the model does not"
    ):
        explained(with_rating(TooStrict()))


def test_both_halves_alike_raise_nothing() -> None:
    assert explained(with_rating(TooLoose())).all_proven  # nobody there is barred by a rating


def test_what_was_given_away_names_the_later_level() -> None:
    allocation = explained(standard_rules())
    cost = next(level for level in allocation.levels if level.name == "cost")
    assert (cost.given_away, cost.given_to) == (200, ("travel",))
