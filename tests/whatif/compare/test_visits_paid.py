"""Recorded visits under other steps of billing, by hand; whose steps are meant; and what is refused."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from optimiser.accounting.ended_care import EndedCare
from optimiser.county import County
from optimiser.domain.accounts import AccountBook, AccountSettings, TermsByDay
from optimiser.io.actual_files import read_actuals
from optimiser.io.faults import InputRefusedError
from optimiser.io.records_again import records_again
from optimiser.solving.outcome import Effort
from optimiser.whatif.compare.problem import Billing, Scenario
from optimiser.whatif.compare.scenario_files import scenario_of
from optimiser.whatif.compare.story import compare
from optimiser.whatif.compare.visits_paid import RecordedVisits, billed, paid
from tests.accounting.elm import county, person
from tests.accounting.test_increments import BOTH, HERE, ROWS
from tests.making import framework, legacy, principal
from tests.making.actual_records import PERIOD, record, terms, written

FIVE, FIFTEEN = (Scenario(f"{minutes}", billing=(Billing(minutes, "nearest"),)) for minutes in (5, 15))


def recorded(rows: list[dict[str, object]], folder: Path, book: AccountBook) -> RecordedVisits:
    file = written(rows, folder / "actuals.csv")
    return RecordedVisits(read_actuals(file)[0], book, PERIOD, records_again(file))


def test_the_same_visits_under_every_scenario(tmp_path: Path) -> None:
    """ELM (15 as it is): 22 minutes at £24.00 come to £6.00, in steps of 5 to £8.00; 8 rural ones to £6.00, or £4.00. OAK: £30.00
    for 53 minutes, or £27.50. The plan is the same one.
    """
    visits = recorded(ROWS, tmp_path, AccountBook(AccountSettings(PERIOD.starts), BOTH))
    only_oak = Scenario("OAK", billing=(Billing(5, contract_id="L-OAK"),))
    table = compare(HERE, [FIVE, FIFTEEN, only_oak], Effort(), visits=visits)
    told = {(name.partition(str(PERIOD.ends))[2], unit): values for name, unit, values in table.rows()[-7:]}
    assert told["", "pounds"] == ("42.00", "39.50", "42.00", "39.50")
    assert told[", rural and under 30 minutes", "pounds"] == ("6.00", "4.00", "6.00", "6.00")
    assert told[", delivered", "hours"] == ("1.38",) * 4
    assert told[", billed", "hours"] == ("1.50", "1.42", "1.50", "1.42")
    assert told[", owed in all", "pounds"] == ("42.00", "39.50", "42.00", "39.50")
    assert len({column.digest for column in table.columns}) == 1
    assert len({column.indicators[:-7] for column in table.columns}) == 1


def test_people_whose_care_has_ended_since_are_paid_for_as_before(tmp_path: Path) -> None:
    """Nobody is in the county any more: their visits come to the same, and nothing of them is commissioned."""
    visits = recorded(ROWS, tmp_path, AccountBook(AccountSettings(PERIOD.starts), BOTH))
    empty = replace(HERE, packages=(), visits=())
    gone = replace(visits, ended=EndedCare(HERE.packages, HERE.visits))
    figures = [[each.value for each in paid(County.of(empty), which, FIFTEEN)] for which in (gone, visits)]
    before = [each.value for each in paid(County.of(HERE), visits, FIFTEEN)]
    assert figures[0] == before and before[0] == "42.00"
    assert figures[1][0] == "0.00", "of nobody the county knows nothing is paid"


def test_a_guarantee_swallows_what_a_step_adds(tmp_path: Path) -> None:
    """10 hours guaranteed at £24.00: 22 minutes are £6.00 or £8.00, and £240.00 are owed either way."""
    people = [person("P1", "P-ELM")]
    block = principal("ELM", max_hours_4w=10, guarantee=1)
    here = county(people=people, contracts=[block])
    rows = [record("R1", "08:00-08:22")]
    visits = recorded(rows, tmp_path, AccountBook(AccountSettings(PERIOD.starts), (terms("P-ELM"),)))
    rows_told = compare(here, [FIVE], Effort(), visits=visits).rows()[-7:]
    told = {name.rpartition(", ")[2]: values for name, _, values in rows_told}
    assert told["what guarantees add"] == ("234.00", "232.00")
    assert told["owed in all"] == ("240.00", "240.00")


def test_what_is_said_of_a_contract_comes_before_its_tier_and_that_before_all() -> None:
    contracts = [framework("ELM"), framework("OAK"), legacy("ASH")]
    book = AccountBook(AccountSettings(), (terms("F-ELM", starts=dt.date(2026, 12, 1)), terms("L-ASH", increment=None)))
    said = (Billing(5), Billing(10, tier="framework"), Billing(rounding="up", contract_id="F-OAK"))
    by_day = TermsByDay(billed(book, contracts, said).terms)

    def on(contract_id: str, day: dt.date = PERIOD.starts) -> tuple[int | None, str | None]:
        found = by_day.on(contract_id, day, 15)
        return found.increment_minutes, found.rounding

    assert on("F-ELM") == (10, None), "before its terms begin nothing else is known of it"
    assert on("F-ELM", dt.date(2026, 12, 1)) == (10, "nearest")
    assert on("F-OAK") == (15, "up")
    assert on("L-ASH") == (5, "nearest")
    assert billed(book, contracts, ()) == book


@pytest.mark.parametrize(
    ("patches", "said"),
    [
        ([{}], "something to change: increment_minutes, rounding"),
        ([{"increment_minutes": 0}], "increment_minutes"),
        ([{"rounding": "sideways"}], "one of nearest, up, down"),
        ([{"increment_minutes": 5, "tier": "legacy", "contract_id": "F-ELM"}], "a contract_id or a tier, not both"),
        ([{"increment_minutes": 5}, {"rounding": "up"}], "each contract, each tier and all of them once"),
        ([{"increment_minutes": 5, "contract_id": "F-NONE"}], "a contract_id of the snapshot"),
    ],
)
def test_what_is_no_step_is_refused(patches: list[dict[str, object]], said: str) -> None:
    with pytest.raises(InputRefusedError) as refused:
        scenario_of({"billing": patches}, "it", replace(county(), title=""))
    assert said in refused.value.faults[0].message()
