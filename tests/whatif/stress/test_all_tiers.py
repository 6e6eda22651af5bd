"""Every tier that a county has contracts of is told, and whose care is divided is one person."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from optimiser.county import County
from optimiser.domain.snapshot import Snapshot
from optimiser.io.exporting import write_snapshot
from optimiser.rules.book import standard_rules
from optimiser.whatif.stress.report import stress_page, stress_record, stress_table
from optimiser.whatif.stress.story import Sweep, failure_of
from tests.commands.running import run
from tests.making import days, following, framework, legacy, package, principal, reserve, snapshot, specialist


def living() -> Snapshot:
    """ALDER stops: M1 with its part M2, and M3 whose night care OWL alone can take; only the reserve has room for M1 and M2."""
    ended = framework("ELM", ends=days(-5), max_hours_4w=Fraction(0))
    return snapshot(
        [
            package("M1", contract_id="L-ALDER"),
            package("M2", contract_id="L-ALDER", part_of="M1"),
            package("M3", contract_id="S-ALDER", service="night"),
        ],
        [legacy("ALDER"), specialist("ALDER"), specialist("OWL"), reserve("WREN"),
         principal("BIRCH", max_hours_4w=Fraction(0)), ended, following(ended, "F-ELM-2", days(-5))],
        reserve_areas=["A1"],
    )  # fmt: skip


def test_specialists_and_the_reserve_have_their_columns_and_people_are_counted_once() -> None:
    county = County.of(living())
    record = stress_record(Sweep(county, standard_rules()).named([failure_of(county, ["ALDER"])]))
    (failure,) = record["failures"]
    assert (failure["people"], failure["hours_per_week"]) == (2, "15.00")
    assert failure["by_tier"]["reserve"] == {"people": 1, "hours_per_week": "10.00"}
    assert failure["by_tier"]["specialist"] == {"people": 1, "hours_per_week": "5.00"}
    header = stress_table(record).decode().splitlines()[0]
    assert header.endswith("to_reserve_hours_per_week,to_specialist_hours_per_week")
    page = stress_page(record).decode()
    assert page.count('<th scope="col">To ') == 5, "a column for every tier"


def test_a_contract_that_was_taken_over_from_is_refused_with_its_successors_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_snapshot(living(), tmp_path / "county")
    stress = run(capsys, "stress", tmp_path / "county", "--hand-back", "F-ELM")
    assert stress.code == 2
    assert "--hand-back: contract F-ELM has ended, and F-ELM-2 has taken over from it: name that one" in stress.err
    scenario = tmp_path / "dearer.toml"
    scenario.write_text('[[contract]]\ncontract_id = "F-ELM"\nrate_band_1 = 25.00\n', encoding="utf-8")
    compare = run(capsys, "compare", tmp_path / "county", "--scenario", scenario)
    assert compare.code == 2
    assert "F-ELM-2, which has taken over from this contract" in compare.err
