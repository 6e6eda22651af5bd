"""Hours of a guarantee that are paid and not used, by reason, worked by hand; and delivered shares beside commissioned ones.

ELM's principal contract: 20 hours in four weeks at £24.00, 80% guaranteed: 16 hours, £384.00.
"""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

from optimiser.domain.records import Offer, Package
from tests.making import days, framework, noon, offer, package, principal, snapshot
from tests.making.actual_records import made, record, table, terms

BOTH = (terms("P-ELM"), terms("F-OAK"))


def use(
    people: list[Package], folder: Path, offers: list[Offer] | None = None, rows: Any = (), maximum: int = 20
) -> dict[str, str]:
    contracts = [principal("ELM", max_hours_4w=Fraction(maximum), guarantee=Fraction(4, 5)), framework("OAK")]
    _, files = made(snapshot(people, contracts, offers=offers or ()), rows, folder, *BOTH)
    return table(files, "guarantee-use.csv")[0]


def hours(told: dict[str, str]) -> list[str]:
    names = ("unused", "not_delivered", "declined", "not_asked", "no_demand")
    return [told[f"{name}_hours"] for name in names]


def test_without_care_there_was_no_demand(tmp_path: Path) -> None:
    told = use([], tmp_path)
    assert hours(told) == ["16.00", "0.00", "0.00", "0.00", "16.00"]
    assert (told["guaranteed_hours"], told["unused_gbp"]) == ("16.00", "384.00")


def test_what_was_commissioned_and_not_delivered_comes_first(tmp_path: Path) -> None:
    """Two hours a week are eight; half an hour of it was delivered."""
    told = use([package("P1", contract_id="P-ELM", hours=2)], tmp_path, rows=[record("R1", visit_id="")])
    assert hours(told) == ["15.50", "7.50", "0.00", "0.00", "8.00"]


def test_what_it_declined_while_below_its_guarantee_is_paid_twice(tmp_path: Path) -> None:
    """One hour a week with OAK from the 15th day: two hours; half an hour of it was delivered there at £24.00."""
    people = [package("P1", contract_id="F-OAK", hours=1, care_started=days(14))]
    answer = offer("P1", "P-ELM", "declined", responded_at=noon(3))
    told = use(people, tmp_path, [answer], rows=[record("R1", visit_id="", date=days(15))])
    assert hours(told) == ["16.00", "0.00", "2.00", "0.00", "14.00"]
    assert (told["declined_packages"], told["paid_elsewhere_gbp"], told["hours_placing_differently_would_use"]) == (
        "1",
        "12.00",
        "2.00",
    )


def test_an_offer_that_it_let_lapse_counts_like_one_that_it_declined(tmp_path: Path) -> None:
    people = [package("P1", contract_id="F-OAK", hours=1, care_started=days(14))]
    answer = offer("P1", "P-ELM", "expired", responded_at=noon(3))
    assert hours(use(people, tmp_path, [answer])) == ["16.00", "0.00", "2.00", "0.00", "14.00"]


def test_care_of_another_service_is_no_demand_for_it(tmp_path: Path) -> None:
    people = [package("P1", contract_id="F-OAK", hours=28, care_started=days(0), service="night")]
    assert hours(use(people, tmp_path)) == ["16.00", "0.00", "0.00", "0.00", "16.00"]


def test_a_decline_of_another_period_is_no_reason(tmp_path: Path) -> None:
    people = [package("P1", contract_id="F-OAK", hours=1, care_started=days(14))]
    told = use(people, tmp_path, [offer("P1", "P-ELM", "declined", responded_at=noon(-3), offered_at=noon(-4))])
    assert hours(told) == ["16.00", "0.00", "0.00", "0.00", "16.00"]


def test_what_began_elsewhere_without_asking_it(tmp_path: Path) -> None:
    """28 hours a week of one who began today with OAK is 112 hours in the period: more than what is left. No others count."""
    people = [
        package("P1", contract_id="F-OAK", hours=28, care_started=days(0)),
        package("P2", contract_id="F-OAK", hours=5, care_started=days(-1)),
        package("P3", contract_id="F-OAK", hours=5, care_started=days(0), area_id="A2"),
    ]
    assert hours(use(people, tmp_path)) == ["16.00", "0.00", "0.00", "16.00", "0.00"]


def test_delivery_above_the_maximum_is_told(tmp_path: Path) -> None:
    rows = [record(f"R{at}", visit_id="", date=days(at)) for at in range(4)]
    told = use([package("P1", contract_id="P-ELM")], tmp_path, rows=rows, maximum=1)
    assert (told["above_maximum_hours"], hours(told)[0]) == ("1.00", "0.00")


def test_shares_as_delivered_beside_those_commissioned(tmp_path: Path) -> None:
    """Commissioned 3 to 1; delivered 30 minutes each. Night care is no home care; an area without a principal has no line."""
    people = [package("P1", contract_id="P-ELM", hours=3), package("P2", contract_id="F-OAK", hours=1)]
    people.append(package("P3", contract_id="F-ASH", hours=1, area_id="A2"))
    people.append(package("P4", contract_id="F-OAK", hours=9, service="night"))
    contracts = [principal("ELM"), framework("OAK"), framework("ASH", area_id="A2")]
    rows = [record("R1", visit_id=""), record("R2", visit_id="", package_id="P2"), record("R3", visit_id="", package_id="P3")]
    rows.append(record("R4", visit_id="", package_id="P4"))
    _, files = made(snapshot(people, contracts), rows, tmp_path, *BOTH)
    told = table(files, "delivered-shares.csv")
    assert [tuple(row.values()) for row in told] == [
        ("A1", "16.00", "12.00", "0.750000", "1.00", "0.50", "0.500000", "below"),
    ]
