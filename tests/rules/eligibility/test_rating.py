"""Ratings that bar new work."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from typing import Any

import pytest

from optimiser.domain.cqc import worst_of
from optimiser.rules.base import EligibilityRule
from tests.making import county, days, framework, location, package, principal, provider
from tests.rules.judging import finding, passes, rule_named


def rated(policy: dict[str, Any] | None = None, **given: Any) -> bool:
    here = county([package("N1")], [framework("BRACKEN")], providers=[provider("BRACKEN", **given)], **(policy or {}))
    return passes(here, "rating", "N1", "F-BRACKEN")


@pytest.mark.parametrize("cqc", ["outstanding", "good", "requires_improvement", "not_rated"])
def test_every_cqc_rating_but_inadequate_may_take_new_work(cqc: str) -> None:
    assert rated(cqc_rating=cqc)
    assert not rated(cqc_rating="inadequate")


@pytest.mark.parametrize(
    ("pamms", "published", "may"),
    [
        ("poor", days(-1), False),
        ("poor", days(0), False),  # published today counts today
        ("poor", days(1), True),  # published tomorrow: a draft never counts
        ("poor", None, True),  # never published
        ("requires_improvement", days(-1), True),
        ("excellent", days(-1), True),
        ("", days(-1), True),
    ],
)
def test_a_pamms_rating_counts_from_its_publication(pamms: str, published: dt.date | None, may: bool) -> None:
    assert rated(pamms_rating=pamms, pamms_published=published) is may


def test_a_good_pamms_rating_does_not_outweigh_an_inadequate_one() -> None:
    assert not rated(cqc_rating="inadequate", pamms_rating="excellent", pamms_published=days(-1))


def test_a_council_may_bar_other_ratings() -> None:
    strict = {"bar_cqc": ("inadequate", "requires_improvement"), "bar_pamms": ()}
    assert not rated(strict, cqc_rating="requires_improvement")
    assert rated(strict, pamms_rating="poor", pamms_published=days(-1))


def test_the_worst_of_the_locations_counts_until_a_contract_names_one() -> None:
    """CQC rates locations: the House is good and the Lodge inadequate. A1's contract names the House, A2's names none."""
    house = location("BRACKEN", "good", location_id="1-1", name="House", cqc_rated=days(-400))
    lodge = location("BRACKEN", "inadequate", location_id="1-2", name="Lodge", cqc_rated=days(-30))
    named = framework("BRACKEN", location_id="1-1")
    unnamed = principal("BRACKEN", area_id="A2")
    wrong = framework("BRACKEN", contract_id="F-2", location_id="1-2")
    inadequate = [provider("BRACKEN", cqc_rating="inadequate")]
    here = county([package("N1")], [named, unnamed, wrong], providers=inadequate, locations=[house, lodge])
    told = {each.contract_id: finding(here, "rating", "N1", each.contract_id) for each in here.contracts}
    assert {contract_id: found.passed for contract_id, found in told.items()} == {
        "F-BRACKEN": True, "P-BRACKEN": False, "F-2": False,
    }  # fmt: skip
    assert told["F-BRACKEN"].sentence == (
        "Bracken is rated CQC good at House, which the contract names, PAMMS none published: that does not bar new work."
    )
    assert told["P-BRACKEN"].sentence == (
        "Bracken is rated CQC inadequate, the worst of its 2 locations, as the contract names none, PAMMS none published:"
        " that bars new work."
    )
    rule = rule_named("rating")
    assert isinstance(rule, EligibilityRule)
    assert [rule.bars_new_work(here, index) for index in range(3)] == [
        f"no new work since {days(-30)} (CQC inadequate at Lodge, which the contract names)",
        "",
        f"no new work since {days(-30)} (CQC inadequate, the worst of its 2 locations, as the contract names none)",
    ]


def test_a_location_that_is_not_rated_is_worse_than_one_that_requires_improvement() -> None:
    ratings = ("outstanding", "good", "requires_improvement", "not_rated", "inadequate")
    for better, worse in pairwise(ratings):
        assert worst_of([location("BRACKEN", worse), location("BRACKEN", better, location_id="0")]).cqc_rating == worse
