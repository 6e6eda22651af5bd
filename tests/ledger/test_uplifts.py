"""A proposed uplift, worked by hand: prices, two financial years, the market's percentage, a budget; and its check.

P1 has 7 hours a week with OAK (legacy, £30.00): an hour a day.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import random
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from optimiser.county import County
from optimiser.domain.proposals import BudgetLine, Measures, Proposal, UpliftLine
from optimiser.domain.snapshot import Snapshot
from optimiser.io.faults import InputRefusedError
from optimiser.io.uplift_files import read_budget, read_proposal
from optimiser.ledger import spending
from optimiser.ledger.uplift_report import UpliftNotConfirmedError, uplift_files
from optimiser.ledger.uplifts import work_out
from tests.commands.running import run
from tests.making import DEREHAM, FAKENHAM, days, following, framework, legacy, package, principal, rate, snapshot
from tests.making.written import write

APRIL = dt.date(2027, 4, 1)
YEAR = 366  # to 31 March 2028
OAK = legacy("OAK", rates_pence=(3000, 3000, 3000))


def line(percent: str | None = None, new_pence: int | None = None, **given: Any) -> UpliftLine:
    return UpliftLine(
        given.get("contract_id", ""), given.get("tier", ""), given.get("band"), Fraction(percent) if percent else None, new_pence
    )


def tables(
    here: Snapshot, *lines: UpliftLine, starts: dt.date = APRIL, market: str = "", **given: Any
) -> tuple[dict[str, list[dict[str, str]]], dict[str, Any]]:
    measures = Measures(Fraction(market) if market else None, given.get("sustainable"), "a survey")
    made = work_out(County.of(here), Proposal(starts, lines), measures, given.get("budget", ()))
    files, record = uplift_files(made, {})
    return {name: _table(content) for name, content in files.items() if name.endswith(".csv")}, record


def _table(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode(), newline="")))


def one(contract: Any = OAK, **given: Any) -> Snapshot:
    return snapshot([package("P1", contract_id=contract.contract_id, hours=7, **given)], [contract])


def test_a_year_and_the_next_one() -> None:
    """6% on £30.00 are £1.80 an hour, an hour a day: £658.80 in 366 days, £657.00 in 365."""
    told, record = tables(one(), line("6"))
    cost = told["uplift-cost.csv"][0]
    assert (cost["this_year_without_gbp"], cost["this_year_more_gbp"], cost["next_year_more_gbp"]) == (
        "10980.00",
        "658.80",
        "657.00",
    )
    assert (record["this_year"], record["next_year"]) == ("2027/28", "2028/29")


def test_what_begins_within_the_year_costs_the_rest_of_it() -> None:
    """From 1 March 2027 to 31 March are 31 days: £55.80; the next year is 2027/28 with 366."""
    told, _ = tables(one(), line("6"), starts=dt.date(2027, 3, 1))
    cost = told["uplift-cost.csv"][0]
    assert (cost["this_year_more_gbp"], cost["next_year_more_gbp"]) == ("55.80", "658.80")


def test_half_a_penny_is_one() -> None:
    """5% of £24.90 make £26.145."""
    told, _ = tables(one(framework("ELM", rates_pence=(2490, 2490, 2490))), line("5"))
    assert told["uplift-prices.csv"][0]["rate_after_gbp"] == "26.15"


def test_the_nearest_line_counts() -> None:
    """A contract's own before its tier's, a band's before all; whatever the order of lines."""
    contracts = [OAK, framework("ELM", rates_pence=(2000, 2200, 2400)), framework("ASH")]
    lines = [
        line("1"),
        line("2", tier="framework"),
        line("3", tier="framework", band=3),
        line(None, 2100, contract_id="F-ELM", band=1),
    ]
    for order in (lines, lines[::-1]):
        told, _ = tables(snapshot([], contracts), *order)
        prices = {(row["contract_id"], row["band"]): row["rate_after_gbp"] for row in told["uplift-prices.csv"]}
        assert [prices["F-ELM", band] for band in "123"] == ["21.00", "22.44", "24.72"]
        assert [prices["F-ASH", band] for band in "13"] == ["24.48", "24.72"]
        assert prices["L-OAK", "1"] == "30.30"


def test_a_block_above_the_market_is_named_and_a_pennys_rounding_is_not() -> None:
    """5% of £24.90, rounded, is what the market's percentage makes of it."""
    block = principal("ELM", max_hours_4w=Fraction(10), guarantee=Fraction(4, 5), rates_pence=(2490, 2490, 2490))
    assert tables(one(block), line("5"), market="5")[1]["blocks_above_market"] == []
    assert tables(one(block), line(None, 2616), market="5")[1]["blocks_above_market"] == ["P-ELM"]
    assert tables(one(), line("50"), market="5")[1]["blocks_above_market"] == []  # no block
    assert tables(one(block), line("50"))[1]["blocks_above_market"] is None


def test_who_stays_below_a_sustainable_hour() -> None:
    assert tables(one(), line("1"), sustainable=3031)[1]["below_sustainable"] == ["L-OAK"]
    assert tables(one(), line("1"), sustainable=3030)[1]["below_sustainable"] == []
    assert tables(one(), line("1"))[1]["below_sustainable"] is None


def test_the_guarantee_is_paid_where_care_is_less() -> None:
    """80% of 280 hours in four weeks are 8 hours a day, at £24.00 £192.00; care is an hour. 5% of it are £9.60 a day."""
    block = principal("ELM", max_hours_4w=Fraction(280), guarantee=Fraction(4, 5))
    told, _ = tables(one(block), line("5"))
    cost = told["uplift-cost.csv"][0]
    assert (cost["this_year_without_gbp"], cost["this_year_more_gbp"]) == (f"{192 * YEAR}.00", "3513.60")


def test_recorded_prices_from_that_day_on_stand() -> None:
    """From July at £31.00, already decided: the uplift of 6% costs £1.80 on 91 days of April to June."""
    here = snapshot([package("P1", contract_id="L-OAK", hours=7)], [OAK], rates=[rate("L-OAK", dt.date(2027, 7, 1), 3100)])
    told, record = tables(here, line("6"))
    assert told["uplift-cost.csv"][0]["this_year_more_gbp"] == "163.80"
    assert record["recorded_prices_that_stand"] == ["L-OAK"]
    on_the_day = snapshot([package("P1", contract_id="L-OAK", hours=7)], [OAK], rates=[rate("L-OAK", APRIL, 3100)])
    told, record = tables(on_the_day, line("6"))
    assert (told["uplift-cost.csv"][0]["this_year_more_gbp"], record["recorded_prices_that_stand"]) == ("0.00", ["L-OAK"])


def test_care_goes_on_under_the_contract_that_takes_over() -> None:
    """From 1 July at £20.00 under its successor, whose tier is the same: 10% of £30.00 on 91 days, of £20.00 on 275."""
    ends = dt.date(2027, 7, 1)
    before = legacy("OAK", rates_pence=(3000,) * 3, ends=ends)
    here = snapshot(
        [package("P1", contract_id="L-OAK", hours=7)], [before, following(before, "L-OAK-2", ends, rates_pence=(2000,) * 3)]
    )
    told, _ = tables(here, line("10"))
    more = {row["contract_id"]: row["this_year_more_gbp"] for row in told["uplift-cost.csv"]}
    assert more == {"L-OAK": "273.00", "L-OAK-2": "550.00"}


def test_what_is_committed_to_the_years_end_against_a_budget() -> None:
    """From 23 November 2026 to 31 March 2027 are 129 days at £30.00: £3,870.00."""
    budget = [BudgetLine("legacy", "A1", 1000000, 613001), BudgetLine("framework", "A1", 500, 0)]
    told, record = tables(one(), line("6"), budget=budget)
    rows = {row["tier"]: row for row in told["commitment.csv"]}
    assert (rows["legacy"]["committed_with_gbp"], rows["legacy"]["left_gbp"], rows["legacy"]["over_budget"]) == (
        "3870.00",
        "-0.01",
        "true",
    )
    assert (rows["framework"]["left_gbp"], rows["framework"]["over_budget"]) == ("5.00", "false")
    assert record["over_budget"] == [["legacy", "A1"]]


def test_people_who_wait_are_not_in_it_and_bands_have_their_own_price() -> None:
    """Fakenham is in band 3: £33.00."""
    contract = legacy("OAK", rates_pence=(3000, 3100, 3300))
    here = snapshot([package("P1", FAKENHAM, contract_id="L-OAK", hours=7), package("P2", hours=7)], [contract])
    assert tables(here, line("10"))[0]["uplift-cost.csv"][0]["this_year_more_gbp"] == "1207.80"


def drawn(dice: random.Random) -> tuple[Snapshot, list[UpliftLine]]:
    block = principal(
        "ELM", max_hours_4w=Fraction(dice.randrange(1, 400)), guarantee=Fraction(4, 5), ends=days(dice.randrange(50, 500))
    )
    before = framework("ASH", ends=days(90), rates_pence=(2311, 2420, 2533))
    contracts = [OAK, block, before, following(before, "F-ASH-2", days(90), rates_pence=(2401, 2502, 2603))]
    people = [
        package(f"P{at}", dice.choice((FAKENHAM, DEREHAM)), contract_id=each, hours=dice.randrange(1, 20))
        for at, each in enumerate(dice.choices(["L-OAK", "P-ELM", "F-ASH"], k=8))
    ]
    rates = [rate("L-OAK", days(dice.randrange(10, 400)), 3111), rate("P-ELM", days(dice.randrange(10, 400)), 2555, 2666, 2777)]
    lines = [line("3.7"), line("4.1", tier="framework"), line(None, 2612, contract_id="P-ELM", band=2)]
    return snapshot(people, contracts, rates=rates), lines


@pytest.mark.parametrize("seed", range(6))
def test_the_check_counts_every_day_anew(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    dice = random.Random(seed)
    here, lines = drawn(dice)
    starts = days(dice.randrange(-5, 300))
    tables(here, *lines, starts=starts)
    monkeypatch.setattr(spending, "PERIOD_DAYS", 29)
    monkeypatch.setattr(spending, "WEEK", 421)
    with pytest.raises(UpliftNotConfirmedError):
        tables(here, *lines, starts=starts)


def refused(text: str, folder: Path, read: Any = read_proposal) -> list[str]:
    path = folder / "file.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputRefusedError) as found:
        read(path, APRIL, one()) if read is read_proposal else read(path, one())
    return [fault.message() for fault in found.value.faults]


def test_every_fault_of_a_proposal_and_a_budget_is_listed(tmp_path: Path) -> None:
    told = refused("contract_id,tier,percent,new_rate\nL-ASH,,5,\n,legacy,5,25.00\n,legacy,6,\n,,,\nL-OAK,legacy,1,\n", tmp_path)
    assert [each.partition(": ")[2].partition(";")[0] for each in told] == [
        "expected a contract of contracts.csv", "expected either a percent or a new_rate",
        "expected one line for a contract or tier and a band", "expected a contract or a tier, not both",
    ]  # fmt: skip
    told = refused("tier,area_id,budget_gbp\nlegacy,A9,1\nlegacy,A1,1\nlegacy,A1,2\n", tmp_path, read_budget)
    assert len(told) == 2


def test_the_command_says_what_it_costs_and_refuses_half_a_measure(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    county, proposal = tmp_path / "county", tmp_path / "proposal.csv"
    county.mkdir()
    write(one(), county, random.Random(1))
    proposal.write_text("tier,percent\nlegacy,6\n", encoding="utf-8")
    asked = ("uplift", county, "--proposal", proposal, "--from", "2027-04-01", "--out", tmp_path / "out")
    ran = run(capsys, *asked)
    assert ran.code == 0, ran.err
    assert "From 2027-04-01: 658.80 pounds more in 2027/28" in ran.out
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        "uplift-prices.csv", "uplift-cost.csv", "commitment.csv", "uplift.json", "run.json",
    }  # fmt: skip
    assert run(capsys, *asked, "--replace", "--sustainable-hour", "30").code == 2
    assert run(capsys, *asked).code == 2  # the folder is taken
