"""Scenario files: each kind of patch read and applied, and a wrong file refused whole."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from optimiser.domain.snapshot import Snapshot
from optimiser.io.faults import InputRefusedError
from optimiser.whatif.compare.problem import applied
from optimiser.whatif.compare.scenario_files import KINDS, read_scenario
from tests.making import AS_OF, SCARNING, area, days, framework, package, principal, snapshot

COUNTY: Snapshot = snapshot(
    [
        package("N1", SCARNING, excluded_provider_ids=("ALDER",), protected="autism"),
        package("N2", contract_id="P-ALDER", hours=7),
    ],
    [principal("ALDER"), framework("BRACKEN")],
    areas=[area("A1"), area("A2", go_live=None)],
)

EVERY_KIND = """
title = "All at once"
[[restrict]]
provider_id = "ALDER"
kind = "capped"
new_hours_4w = 40.5
[[contract]]
contract_id = "F-BRACKEN"
max_hours_4w = 80
rate_band_1 = 24.01
[[go_live]]
area_id = "A2"
date = 2026-12-01
[[framework]]
provider_id = "ALDER"
area_id = "A1"
max_hours_4w = 100
rate_band_1 = 25
rate_band_3 = 27.50
[[discharges]]
area_id = "A1"
per_week = 20
"""


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "scenario.toml"
    path.write_text(text, encoding="utf-8")
    return path


def faults_of(tmp_path: Path, text: str) -> list[str]:
    with pytest.raises(InputRefusedError) as refused:
        read_scenario(write(tmp_path, text), COUNTY)
    return [fault.message() for fault in refused.value.faults]


def test_every_kind_of_patch_changes_what_it_says_and_nothing_else(tmp_path: Path) -> None:
    scenario = read_scenario(write(tmp_path, EVERY_KIND), COUNTY)
    changed = applied(COUNTY, scenario)
    (cap,) = changed.restrictions
    assert (cap.provider_id, cap.kind, cap.new_hours_4w, cap.starts) == ("ALDER", "capped", Fraction("40.5"), AS_OF)
    contracts = {contract.contract_id: contract for contract in changed.contracts}
    assert contracts["F-BRACKEN"].max_hours_4w == 80
    assert contracts["F-BRACKEN"].rates_pence == (2401, 2400, 2400)
    assert contracts["SCENARIO-01-ALDER"].tier == "framework"
    assert contracts["SCENARIO-01-ALDER"].rates_pence == (2500, 2500, 2750)
    assert contracts["P-ALDER"] == COUNTY.contracts[1]
    assert changed.areas[1].go_live == dt.date(2026, 12, 1)
    assert [person for person in changed.packages if not person.package_id.startswith("SCENARIO")] == list(COUNTY.packages)
    assert list(changed.packages) == sorted(changed.packages, key=lambda person: person.package_id)


def test_invented_people_are_always_the_same_and_take_nothing_private_with_them(tmp_path: Path) -> None:
    scenario = read_scenario(write(tmp_path, EVERY_KIND), COUNTY)
    first, again = applied(COUNTY, scenario), applied(COUNTY, scenario)
    assert first == again
    invented = [person for person in first.packages if person.package_id.startswith("SCENARIO")]
    assert len(invented) == 20
    places = {(person.latitude, person.longitude) for person in COUNTY.packages}
    for person in invented:
        assert (person.latitude, person.longitude) in places
        assert (person.status, person.priority, person.start_by) == ("new", "discharge", AS_OF)
        assert (person.excluded_provider_ids, person.protected, person.contract_id) == ((), "", "")
    assert len({person.minutes_per_week for person in invented}) == 2


def test_a_wrong_file_is_refused_with_every_fault(tmp_path: Path) -> None:
    faults = faults_of(
        tmp_path,
        """
        titel = "misspelt"
        [[restrict]]
        provider_id = "NOBODY"
        kind = "capped"
        [[contract]]
        contract_id = "F-BRACKEN"
        [[contract]]
        contract_id = "P-ALDER"
        guarantee = 1.5
        hours = 3
        [[go_live]]
        area_id = "A1"
        date = "soon"
        [[framework]]
        area_id = "A9"
        [[discharges]]
        area_id = "A2"
        per_week = 2.5
        """,
    )
    for said in (
        "titel: expected title or one of",
        "restrict 1.provider_id: expected a provider_id of the snapshot; found 'NOBODY'",
        "restrict 1.new_hours_4w: expected a value where the kind is capped",
        "contract 1: expected something to change",
        "contract 2.guarantee: expected a number from 0 to 1; found '1.5'",
        "contract 2.hours: expected one of",
        "go_live 1.date: expected a date",
        "framework 1.area_id: expected a area_id of the snapshot; found 'A9'",
        "framework 1.provider_id: expected a value",
        "discharges 1.per_week: expected a whole number",
    ):
        assert any(said in fault for fault in faults), (said, faults)


def test_a_contract_that_ends_before_it_starts_and_a_second_principal_are_faults(tmp_path: Path) -> None:
    ends = '[[contract]]\ncontract_id = "F-BRACKEN"\nstarts = 2027-04-01\nends = 2027-03-31\n'
    assert faults_of(tmp_path, ends) == [
        "scenario.toml, contract F-BRACKEN.ends: expected a date not before starts (2027-04-01); found '2027-03-31'"
    ]
    later = replace(COUNTY, contracts=(*COUNTY.contracts, principal("CLOVER", starts=days(30))))
    sooner = f'[[contract]]\ncontract_id = "P-CLOVER"\nstarts = {AS_OF}\n'
    with pytest.raises(InputRefusedError) as refused:
        read_scenario(write(tmp_path, sooner), later)
    assert "one principal contract in force in area A1" in refused.value.faults[0].message()
    handed_over = f'{sooner}[[contract]]\ncontract_id = "P-ALDER"\nends = {AS_OF}\n'
    contracts = {c.contract_id: c for c in applied(later, read_scenario(write(tmp_path, handed_over), later)).contracts}
    assert [contracts[name].in_force(AS_OF) for name in ("P-ALDER", "P-CLOVER")] == [False, True]


def test_one_record_may_be_named_once_and_people_need_somewhere_to_live(tmp_path: Path) -> None:
    twice = '[[contract]]\ncontract_id = "P-ALDER"\nguarantee = 0\n' * 2
    assert faults_of(tmp_path, twice) == ["scenario.toml, contract.contract_id: expected each one once; found 'P-ALDER'"]
    (fault,) = faults_of(tmp_path, '[[discharges]]\narea_id = "A2"\nper_week = 1')
    assert "an area in which somebody has or needs care" in fault


@pytest.mark.parametrize("text", ["", "title = 3", "restrict = 5", "[[restrict]\n", "contract = [1]"])
def test_what_is_no_scenario_is_a_fault(tmp_path: Path, text: str) -> None:
    assert faults_of(tmp_path, text)


def test_no_file_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(InputRefusedError):
        read_scenario(tmp_path / "none.toml", COUNTY)


def test_every_kind_and_key_is_documented() -> None:
    text = (Path(__file__).parents[3] / "data" / "README.md").read_text(encoding="utf-8").partition("## Scenarios")[2]
    for kind, keys in KINDS.items():
        assert f"[[{kind}]]" in text
        for key in keys:
            assert f"`{key}`" in text, (kind, key)
