"""Contracts that follow each other in the course of a plan, worked out on paper: what is in force on a wave's day counts then."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimiser.domain.plan import AgreedMove, Known
from optimiser.domain.records import Contract
from optimiser.domain.snapshot import Snapshot
from optimiser.transferring.check import check
from optimiser.transferring.story import plan_transfer
from optimiser.transferring.transfer_plan import TransferPlan
from tests.making import following, framework, legacy, package, principal, provider, rate, snapshot
from tests.making.drawn_transfers import counties
from tests.making.transfers import POLICY, files, planned, small_county, where

MARCH, END_OF_MARCH, MAY = dt.date(2027, 3, 1), dt.date(2027, 3, 30), dt.date(2027, 5, 4)
"""The first three waves: the second is the Tuesday after Easter Monday, the third lies after the bank holiday."""
APRIL = dt.date(2027, 4, 1)


def rows(plan: TransferPlan, name: str = "transfers") -> dict[str, dict[str, str]]:
    key = "round_id" if name == "transfers" else "date"
    return {row[key]: row for row in csv.DictReader(io.StringIO(files(plan)[f"{name}.csv"].decode()))}


def with_principals(*principals: Contract, **given_: Any) -> Snapshot:
    return small_county(contracts=[*principals, legacy("OLD"), legacy("SMALL")], **given_)


def two_steps(hours: int = 100, then: int = 100, **after: Any) -> tuple[Contract, Contract]:
    """NEW's contract until 1 April and the one that takes over from it, with so many hours a week each."""
    first = principal("NEW", ends=APRIL, max_hours_4w=Fraction(4 * hours), rates_pence=(2300, 2300, 2300))
    return first, following(first, "P-NEW-2", APRIL, **{"max_hours_4w": Fraction(4 * then), **after})


def test_each_wave_goes_to_the_contract_in_force_on_its_day() -> None:
    county = with_principals(*two_steps())
    early = rows(planned(county))
    assert {name: row["to_contract_id"] for name, row in early.items()} == {"R1": "P-NEW", "R2": "", "R3": "", "R4": "P-NEW"}
    late = planned(county, Known(agreed=(AgreedMove("R4", MAY),)))
    assert rows(late)["R1"]["to_contract_id"] == "P-NEW"
    assert (rows(late)["R4"]["date"], rows(late)["R4"]["to_contract_id"]) == (str(MAY), "P-NEW-2")
    # N0's 30 hours and R1's 10 have carried over by then; R4 adds 5: 45 of 150 hours.
    assert rows(late, "waves")[str(MAY)]["share_after"] == "0.300000"
    area = json.loads(files(late)["result.json"])["areas"][0]
    assert (area["to_contract_id"], area["hours_before"], area["hours_after"]) == ("P-NEW-2", "30.00", "45.00")


def test_the_maximum_of_a_wave_is_that_of_its_contract() -> None:
    # 30 hours run; 36 may be there until April and 100 from then on: R1's ten hours wait until the second contract has begun.
    found = where(planned(with_principals(*two_steps(36, 100))))
    assert (found["R4"], found["R1"]) == (str(MARCH), str(MAY))


def test_a_smaller_maximum_to_come_keeps_back_what_would_pass_it() -> None:
    # 100 hours may be there in March, 36 from April on: R1's ten hours would be four too many then, whenever they move.
    plan = planned(with_principals(*two_steps(100, 36)))
    assert where(plan) == {"R1": "stays", "R2": "stays", "R3": "stays", "R4": str(MARCH)}
    assert plan.levels[0].value == (36 - 30 - 5) * 60


def test_prices_are_those_of_the_day_of_the_wave_and_care_is_paid_for_where_it_ends() -> None:
    # 30 hours with NEW at £23, 85 and 20 with OLD and SMALL at £24, R1 and R4 at the price of 1 March: £25 since February.
    plan = planned(with_principals(*two_steps(), rates=[rate("P-NEW", dt.date(2027, 2, 1), 2500)]))
    assert plan.levels[-1].value == 30 * 2300 + 85 * 2400 + 20 * 2400 + 15 * 2500
    # R4 moves in May, on the contract that takes over, at £26; that one guarantees 70 hours a week at its price of £26.
    steps = two_steps(then=100, rates_pence=(2600, 2600, 2600), guarantee=Fraction(7, 10))
    late = planned(with_principals(*steps), Known(agreed=(AgreedMove("R4", MAY),)))
    assert late.levels[-1].value == max(70 * 2600, (30 + 10) * 2300 + 5 * 2600) + 85 * 2400 + 20 * 2400
    # Guaranteed only 30 hours, what is delivered is dearer: one sum for the contract and the one before it.
    steps = two_steps(then=100, rates_pence=(2600, 2600, 2600), guarantee=Fraction(3, 10))
    late = planned(with_principals(*steps), Known(agreed=(AgreedMove("R4", MAY),)))
    assert late.levels[-1].value == (30 + 10) * 2300 + 5 * 2600 + 85 * 2400 + 20 * 2400


def replaced(**given_: Any) -> Snapshot:
    """NEW is the principal until 1 April, NEXT from then on."""
    names = [provider("NEW"), provider("NEXT"), provider("OLD"), provider("SMALL")]
    next_one = principal("NEXT", starts=APRIL, max_hours_4w=Fraction(400))
    return with_principals(principal("NEW", ends=APRIL, max_hours_4w=Fraction(400)), next_one, providers=names, **given_)


def test_a_new_principal_is_waited_for_and_nobody_is_moved_to_the_one_that_it_replaces() -> None:
    plan = planned(replaced())
    assert where(plan) == {"R1": str(MAY), "R2": "stays", "R3": "stays", "R4": str(MAY)}
    assert rows(plan)["R1"]["to_contract_id"] == "P-NEXT"
    assert plan.levels[0].value == (100 - 15) * 60, "nothing runs on P-NEXT yet"
    assert plan.notes[0] == (
        "NEXT is the principal of area A1 on the last waves (P-NEXT). Nobody is planned to move to P-NEW, which it replaces: only"
        " what is agreed goes there."
    )


def test_what_is_agreed_for_a_day_goes_to_the_principal_of_that_day() -> None:
    plan = planned(replaced(), Known(agreed=(AgreedMove("R1", MARCH),)))
    assert (rows(plan)["R1"]["date"], rows(plan)["R1"]["to_contract_id"]) == (str(MARCH), "P-NEW")
    assert rows(plan)["R4"]["to_contract_id"] == "P-NEXT"
    assert plan.levels[0].value == (100 - 5) * 60, "R1 will not be with the principal that the area has in the end"


def test_a_round_of_the_principal_that_was_may_move_once_its_contract_has_ended() -> None:
    people = {"N0": {"round_id": "R9"}}
    plan = planned(replaced(changed=people), destabilisation_limit=Fraction(1))
    found = rows(plan)["R9"]
    assert (found["date"], found["from_provider_id"], found["to_contract_id"]) == (str(MAY), "NEW", "P-NEXT")


def test_care_that_began_lately_has_rested_by_a_later_wave() -> None:
    # 84 days from 10 December are 4 March: not yet on the first wave, long since on the second.
    county = with_principals(*two_steps(), changed={"D1": {"care_started": dt.date(2026, 12, 10)}})
    assert where(planned(county))["R4"] == str(END_OF_MARCH)


def frameworks(*contracts: Contract) -> TransferPlan:
    """R1 (10 hours) is on ELM's framework contract, which has 20 hours in all, of an area with 100."""
    people = [
        package("N0", hours=40, contract_id="P-NEW"),
        package("E1", contract_id="F-ELM", round_id="R1", hours=10, transfer_decision="suitable"),
        package("E2", contract_id="F-ELM", hours=10),
        package("X1", hours=40, contract_id="L-OLD"),
    ]
    county = snapshot(people, [principal("NEW", max_hours_4w=Fraction(400)), legacy("OLD"), *contracts])
    return plan_transfer(county, ["A1"], replace(POLICY, framework_rounds=True, destabilisation_limit=Fraction(1)))


def test_a_frameworks_part_is_that_of_the_contracts_in_force_on_the_day() -> None:
    ash = framework("ASH")
    # Alone, ELM has the framework's 30 hours as its part, more than its 20: nothing may leave. Half is 15: too much, too.
    assert where(frameworks(framework("ELM"))) == {"R1": "stays"}
    assert where(frameworks(framework("ELM"), ash)) == {"R1": "stays"}
    # A third is 10: R1 may go. The third contract begins in April: not on the first two waves.
    third = framework("OAK", starts=APRIL)
    assert where(frameworks(framework("ELM"), ash, third)) == {"R1": str(MAY)}
    # A successor of ELM's with a part of its own by size: 10 of 40 hours, so that 7.5 have to stay.
    elm = framework("ELM", ends=APRIL, max_hours_4w=Fraction(120))
    sized = [elm, following(elm, "F-ELM-2", APRIL, max_hours_4w=Fraction(40)), framework("ASH", max_hours_4w=Fraction(120))]
    assert where(frameworks(*sized)) == {"R1": str(MAY)}


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("P-NEW-2,2027-05-04", "P-NEW,2027-05-04", "P-NEW is not where the care of area A1 goes on 2027-05-04"),
        ("P-NEW,2027-03-01", "P-NEW-2,2027-03-01", "P-NEW-2 is not where the care of area A1 goes on 2027-03-01"),
    ],
)
def test_the_check_knows_which_contract_is_in_force_on_a_day(old: str, new: str, fault: str) -> None:
    plan = planned(with_principals(*two_steps()), Known(agreed=(AgreedMove("R4", MAY),)))
    made = files(plan)
    header = made["transfers.csv"].decode().splitlines()[0].split(",")
    at = header.index("to_contract_id")
    (was, day), (wrong, _) = old.split(","), new.split(",")
    table = list(csv.reader(io.StringIO(made["transfers.csv"].decode())))
    for row in table:
        if row[at] == was and day in row:
            row[at] = wrong
    out = io.StringIO()
    csv.writer(out).writerows(table)
    known = Known(agreed=(AgreedMove("R4", MAY),))
    found = check(plan.county.snapshot, plan.policy, known, ["A1"], {**made, "transfers.csv": out.getvalue().encode()})
    assert fault in found


@settings(max_examples=15)
@given(counties(), st.integers(0, 200), st.integers(60, 240), st.booleans())
def test_the_check_confirms_plans_of_counties_whose_principals_change(county: Snapshot, wait: int, size: int, same: bool) -> None:
    day = dt.date(2027, 3, 1) + dt.timedelta(wait)
    before = next(c for c in county.contracts if c.contract_id == "P-NEW1")
    after = following(before, "P-LATER", day, max_hours_4w=Fraction(size), rates_pence=(2500, 2500, 2500))
    after = after if same else replace(after, provider_id="ELM", succeeds="")
    contracts = [c for c in county.contracts if c is not before]
    living = replace(
        county,
        contracts=tuple(sorted([replace(before, ends=day), after, *contracts], key=lambda c: c.contract_id)),
        rates=(rate("P-NEW2", day, 2700),),
    )
    plan = plan_transfer(living, ["A1", "A2"], replace(POLICY, horizon_months=8, destabilisation_limit=Fraction(1, 4)))
    assert files(plan)  # raises where the check finds anything
    assert plan.all_proven


def test_two_parts_of_one_persons_care_are_one_person_in_the_figures_and_two_packages_to_the_levels() -> None:
    plan = planned(small_county({"A2": {"part_of": "A1"}}))
    assert where(plan)["R1"] == str(MARCH)
    assert rows(plan)["R1"]["people"] == "1"
    assert rows(plan, "waves")[str(MARCH)]["people"] == "2", "R4's person is the other"
    assert next(level.value for level in plan.levels if level.name == "people_moved") == 3
    assert files(plan)["letters.txt"].count(b"Your reference: A") == 1
