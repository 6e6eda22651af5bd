"""The care's area: a contract covers its own area, and a county-wide one every area."""

from __future__ import annotations

from tests.making import county, framework, legacy, package
from tests.rules.judging import passes


def test_a_contract_covers_its_own_area_and_no_other() -> None:
    here = county([package("N1"), package("N2", area_id="A2")], [framework("BRACKEN"), framework("CLOVER", area_id="A2")])
    assert passes(here, "area", "N1", "F-BRACKEN")
    assert not passes(here, "area", "N1", "F-CLOVER")
    assert not passes(here, "area", "N2", "F-BRACKEN")
    assert passes(here, "area", "N2", "F-CLOVER")


def test_a_county_wide_contract_covers_every_area() -> None:
    here = county([package("N1"), package("N2", area_id="A2")], [legacy("DOCK"), legacy("ELDER", area_id="A2")])
    assert passes(here, "area", "N1", "L-DOCK")
    assert passes(here, "area", "N2", "L-DOCK")
    assert not passes(here, "area", "N1", "L-ELDER")  # an older block contract belongs to its area
