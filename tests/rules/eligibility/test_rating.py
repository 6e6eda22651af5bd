"""Ratings that bar new work."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from tests.making import county, days, framework, package, provider
from tests.rules.judging import passes


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
