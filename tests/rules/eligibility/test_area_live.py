"""Whether the area is live: principal and framework wait for the go-live, the legacy framework does not."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.making import AS_OF, area, county, days, framework, legacy, package, principal
from tests.rules.judging import passes


@pytest.mark.parametrize(
    ("go_live", "live"),
    [(days(-1), True), (AS_OF, True), (days(1), False), (None, False)],
)
def test_principal_and_framework_wait_for_the_go_live_and_the_legacy_framework_does_not(
    go_live: dt.date | None, live: bool
) -> None:
    contracts = [principal("ALDER"), framework("BRACKEN"), legacy("DOCK")]
    here = county([package("N1")], contracts, areas=[area(go_live=go_live)])
    assert passes(here, "area_live", "N1", "P-ALDER") is live
    assert passes(here, "area_live", "N1", "F-BRACKEN") is live
    assert passes(here, "area_live", "N1", "L-DOCK")


@pytest.mark.parametrize(("start_by", "live"), [(days(9), False), (days(10), True), (days(11), True)])
def test_an_area_that_goes_live_before_the_care_starts_counts_as_live(start_by: dt.date, live: bool) -> None:
    here = county([package("N1", start_by=start_by)], [framework("BRACKEN")], areas=[area(go_live=days(10))])
    assert passes(here, "area_live", "N1", "F-BRACKEN") is live


def test_running_care_could_not_go_to_the_principal_before_the_go_live() -> None:
    running = package("R1", contract_id="L-DOCK", start_by=days(20), transfer_decision="suitable")
    here = county([running], [legacy("DOCK"), principal("ALDER")], areas=[area(go_live=days(10))])
    assert not passes(here, "area_live", "R1", "P-ALDER")


def test_it_is_the_persons_area_that_must_be_live() -> None:
    # A framework contract of the live area A1, asked about somebody in A2, which is not live.
    areas = [area("A1"), area("A2", go_live=None)]
    here = county([package("N1", area_id="A2")], [framework("BRACKEN")], areas=areas)
    assert not passes(here, "area_live", "N1", "F-BRACKEN")
