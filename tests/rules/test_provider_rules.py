"""Worked examples: restrictions, ratings and skills of a provider."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from tests.making import cap, county, days, framework, package, provider, restriction
from tests.rules.judging import finding, passes

# ---- not_restricted -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("starts", "ends", "barred"),
    [
        (None, None, True),
        (days(0), None, True),  # begins today
        (days(1), None, False),  # begins tomorrow
        (days(-90), days(0), False),  # ended today: today is no longer covered
        (days(-90), days(1), True),  # its last day is today
    ],
)
def test_no_new_work_while_a_restriction_is_in_force_today(starts: dt.date | None, ends: dt.date | None, barred: bool) -> None:
    here = county([package("N1")], [framework("BRACKEN")], restrictions=[restriction("BRACKEN", starts=starts, ends=ends)])
    assert passes(here, "not_restricted", "N1", "F-BRACKEN") is not barred


def test_today_counts_for_a_restriction_even_where_the_care_starts_later() -> None:
    later = package("N1", start_by=days(30))
    here = county([later], [framework("BRACKEN")], restrictions=[restriction("BRACKEN", ends=days(10))])
    assert not passes(here, "not_restricted", "N1", "F-BRACKEN")


def test_a_restriction_in_one_area_bars_new_work_there_alone() -> None:
    contracts = [framework("BRACKEN"), framework("BRACKEN", contract_id="F-BRACKEN-2", area_id="A2"), framework("CLOVER")]
    people = [package("N1"), package("N2", area_id="A2")]
    here = county(people, contracts, restrictions=[restriction("BRACKEN", area_id="A1")])
    assert not passes(here, "not_restricted", "N1", "F-BRACKEN")
    assert passes(here, "not_restricted", "N2", "F-BRACKEN-2")
    assert passes(here, "not_restricted", "N1", "F-CLOVER")  # another provider


def test_a_cap_does_not_bar_new_work() -> None:
    here = county([package("N1")], [framework("BRACKEN")], restrictions=[cap("BRACKEN", 4)])
    assert passes(here, "not_restricted", "N1", "F-BRACKEN")


def test_running_care_of_others_may_not_come_to_a_restricted_provider_either() -> None:
    running = package("R1", contract_id="F-CLOVER", transfer_decision="suitable")
    here = county([running], [framework("BRACKEN"), framework("CLOVER")], restrictions=[restriction("BRACKEN")])
    assert not passes(here, "not_restricted", "R1", "F-BRACKEN")


def test_the_restriction_in_force_is_named_with_its_end() -> None:
    given = restriction("BRACKEN", ends=days(10))
    here = county([package("N1")], [framework("BRACKEN")], restrictions=[given])
    found = finding(here, "not_restricted", "N1", "F-BRACKEN")
    assert found.sentence == "Bracken may take no new work until 2026-12-03 (restriction R-BRACKEN)."


# ---- rating -------------------------------------------------------------------------------------------------------------


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


# ---- skills -------------------------------------------------------------------------------------------------------------


def able(needs: tuple[str, ...], offers: tuple[str, ...], workers: int = 1) -> bool:
    person = package("N1", skills=needs, workers=workers)
    here = county([person], [framework("BRACKEN")], providers=[provider("BRACKEN", skills=offers)])
    return passes(here, "skills", "N1", "F-BRACKEN")


def test_every_skill_needed_must_be_there_and_further_ones_do_no_harm() -> None:
    assert able((), ())
    assert able(("dementia",), ("dementia", "medication"))
    assert not able(("dementia", "medication"), ("dementia",))
    assert not able(("dementia",), ("medication",))


def test_two_care_workers_need_a_provider_of_double_handed_care() -> None:
    assert not able((), (), workers=2)
    assert able((), ("double_handed",), workers=2)
    assert not able(("dementia",), ("dementia",), workers=2)
    assert able(("dementia",), ("dementia", "double_handed"), workers=2)


def test_the_skill_may_be_asked_for_by_name_too() -> None:
    assert not able(("double_handed",), (), workers=1)
    assert able(("double_handed",), ("double_handed",), workers=1)
    assert able(("double_handed",), ("double_handed",), workers=2)


def test_the_skills_missing_are_said_in_words() -> None:
    person = package("N1", skills=("end_of_life",), workers=2)
    here = county([person], [framework("BRACKEN")])
    found = finding(here, "skills", "N1", "F-BRACKEN")
    assert found.sentence == "The care needs two care workers at once, end of life, which Bracken does not offer."
    assert found.measured == "double_handed;end_of_life"


def test_a_restriction_of_one_area_is_told_with_its_area() -> None:
    here = county([package("N1")], [framework("BRACKEN")], restrictions=[restriction("BRACKEN", area_id="A1")])
    found = finding(here, "not_restricted", "N1", "F-BRACKEN")
    assert found.sentence == "Bracken may take no new work in area A1 until it is lifted (restriction R-BRACKEN)."
