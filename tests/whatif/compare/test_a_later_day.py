"""A county as its records say that it will be on a later day, every figure by hand."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from pathlib import Path

import pytest

from optimiser.domain.snapshot import Snapshot
from optimiser.io.faults import InputRefusedError
from optimiser.solving.outcome import Effort
from optimiser.whatif.compare.problem import applied
from optimiser.whatif.compare.scenario_files import read_scenario
from optimiser.whatif.compare.story import compare, table_record
from tests.making import area, days, following, framework, legacy, package, principal, rate, restriction, snapshot

APRIL = dt.date(2027, 4, 1)


def county() -> Snapshot:
    """Dated: Alder's successor, Bracken's price, Dock's end without a successor, the Fens' go-live, Fern's restriction."""
    alder = principal("ALDER", ends=APRIL, max_hours_4w=Fraction(80), guarantee=Fraction(4, 5))
    return snapshot(
        [
            package("R1", hours=10, contract_id="P-ALDER"),
            package("R2", contract_id="F-BRACKEN"),
            package("R3", hours=7, contract_id="L-DOCK"),
            package("N1", area_id="A2"),
        ],
        [
            alder,
            following(alder, "P-ALDER-2", APRIL, rates_pence=(2500, 2500, 2500)),
            framework("BRACKEN"),
            legacy("DOCK", ends=dt.date(2027, 3, 1)),
            legacy("ELM", rates_pence=(2800, 2800, 2800)),
            principal("FERN", area_id="A2", starts=APRIL, rates_pence=(2300, 2300, 2300)),
        ],
        areas=[area("A1"), area("A2", go_live=APRIL)],
        rates=[rate("F-BRACKEN", APRIL, 2600)],
        restrictions=[restriction("FERN", ends=APRIL)],
    )


def on(tmp_path: Path, *lines: str) -> Path:
    file = tmp_path / "april.toml"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


def test_what_the_records_say_of_a_later_day_holds_on_it(tmp_path: Path) -> None:
    """Today: Alder 16 guaranteed hours at 24 = 384, Bracken 5 at 24 = 120, Dock 7 and N1's 5 at 24 = 288: 792 a week.

    In April: 16 at 25 = 400, Bracken 5 at 26 = 130, R3's 7 at 24 = 168 still, N1 with Fern 5 at 23 = 115: 813 a week.
    """
    file = on(tmp_path, 'title = "April"', "as_of = 2027-04-01")
    made = compare(county(), [read_scenario(file, county())], Effort())
    rows = {(name, unit): values for name, unit, values in made.rows()}
    assert rows["cost", "pounds a week"] == ("792.00", "813.00")
    assert rows["running care without a contract in force", "people"] == ("0", "1"), "R3: it goes on, and nobody has bought it"
    assert rows["running care without a contract in force", "hours a week"] == ("0.00", "7.00")
    assert rows["legacy in live areas", "hours a week"] == ("7.00", "7.00"), "R3; N1 is with the principal in April"
    assert rows["guarantees used", ""] == ("62.50%", "62.50%"), "10 of 16 hours: the successor's care has carried over"
    assert rows["unmet", "hours a week"] == ("0.00", "0.00")
    counties = table_record(made)["counties"]
    assert [(each["title"], each["as_of"]) for each in counties] == [("as it is", "2026-11-23"), ("April", "2027-04-01")]


def test_before_the_day_nothing_of_it_holds(tmp_path: Path) -> None:
    """The last of March: Dock has ended already; Alder's and Bracken's prices and the Fens are as they were."""
    file = on(tmp_path, "as_of = 2027-03-31")
    made = compare(county(), [read_scenario(file, county())], Effort())
    rows = {(name, unit): values for name, unit, values in made.rows()}
    assert rows["cost", "pounds a week"] == ("792.00", "812.00"), "N1 with Elm at 28, 20 pounds more: Dock takes nobody any more"
    assert rows["running care without a contract in force", "people"][1] == "1"


def test_other_changes_are_of_that_day(tmp_path: Path) -> None:
    """People invented wait on it, a restriction begins on it, and a contract that has been taken over from is named anew."""
    lines = ("as_of = 2027-04-01", "[[discharges]]", 'area_id = "A1"', "per_week = 1", "[[restrict]]", 'provider_id = "ELM"')
    changed = applied(county(), read_scenario(on(tmp_path, *lines), county()))
    (invented,) = [each for each in changed.packages if each.package_id.startswith("SCENARIO")]
    assert (changed.as_of, invented.start_by) == (APRIL, APRIL)
    assert [each.starts for each in changed.restrictions if each.provider_id == "ELM"] == [APRIL]
    with pytest.raises(InputRefusedError) as refused:
        read_scenario(on(tmp_path, "as_of = 2027-04-01", "[[contract]]", 'contract_id = "P-ALDER"', "guarantee = 0"), county())
    assert "P-ALDER-2, which has taken over" in refused.value.faults[0].message()


@pytest.mark.parametrize(
    ("said", "expected"), [(str(days(-1)), "a date from 2026-11-23, the snapshot's own, on"), ('"soon"', "a date")]
)
def test_a_day_that_is_past_or_none_is_refused(tmp_path: Path, said: str, expected: str) -> None:
    with pytest.raises(InputRefusedError) as refused:
        read_scenario(on(tmp_path, f"as_of = {said}"), county())
    (fault,) = refused.value.faults
    assert f"as_of: expected {expected}" in fault.message()
