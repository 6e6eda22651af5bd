"""The indicators of a small county, by hand."""

from __future__ import annotations

from fractions import Fraction

from optimiser.judging.checking import verify
from optimiser.rules.book import standard_rules
from optimiser.solving.outcome import Effort
from optimiser.whatif.compare.indicators import largest_share, worst_failure
from optimiser.whatif.compare.problem import MoreDischarges, Scenario
from optimiser.whatif.compare.story import compare, table_csv, table_record
from tests.making import county, framework, legacy, package, plan, principal, snapshot

# Alder has 10 and 4 hours, Bracken 6; Bracken's contract has room for 8 hours a week more, the legacy contract for 2.
PEOPLE = [
    package("N1", contract_id="P-ALDER", hours=10),
    package("N2", contract_id="P-ALDER", hours=4),
    package("N3", contract_id="F-BRACKEN", hours=6),
]
CONTRACTS = [
    principal("ALDER", max_hours_4w=Fraction(80), guarantee=Fraction(4, 5)),
    framework("BRACKEN", max_hours_4w=Fraction(56)),
    legacy("DOCK", max_hours_4w=Fraction(8)),
]


def test_resilience_by_hand() -> None:
    made = county(PEOPLE, CONTRACTS)
    verified = verify(made, standard_rules(), plan(made))
    assert largest_share(made, verified) == (Fraction(7, 10), "A1", "ALDER")
    # 14 hours lose Alder, 8 + 2 have room elsewhere: four are left, one person at least.
    assert worst_failure(made, verified) == (1, "ALDER")


def test_room_without_limit_leaves_nobody_for_certain() -> None:
    made = county(PEOPLE, [*CONTRACTS[:2], legacy("DOCK")])
    assert worst_failure(made, verify(made, standard_rules(), plan(made))) == (0, "")


def test_the_table_stands_side_by_side() -> None:
    busier = Scenario("busier", discharges=(MoreDischarges("A1", 3),))
    table = compare(snapshot(PEOPLE, CONTRACTS), [busier], Effort())
    rows = {name: values for name, _, values in table.rows()}
    assert rows["unmet, discharge"][0] == "0"
    assert rows["guarantees used"][0] == "87.50%"  # 14 of 16 hours
    assert rows["guarantees paid for nothing"][0] == "48.00"
    assert rows["principals' share of their areas"][0] == "70.00%"
    assert rows["moves"] == ("0", "0")
    assert table_csv(table).decode().splitlines()[0] == "indicator,unit,as it is,busier"
    assert [county["title"] for county in table_record(table)["counties"]] == ["as it is", "busier"]
    assert table == compare(snapshot(PEOPLE, CONTRACTS), [busier], Effort())
