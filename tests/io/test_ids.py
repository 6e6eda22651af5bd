"""Whatever id is accepted is written in every file and read again; what is made of an id is an id as well."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from optimiser.domain.plan import AgreedMove
from optimiser.domain.records import LONGEST, made_of
from optimiser.io.cells import identifier
from optimiser.io.moves import read_earlier, read_known
from optimiser.io.rounds_plan import read_rounds_plan
from optimiser.io.spreadsheets import escaped, spreadsheet, unescaped
from optimiser.rounds.report import tables
from optimiser.rounds.story import Order, build_provider
from tests.making.folders import Folder, the_fault
from tests.making.transfers import small_county
from tests.making.weeks import BRISK, town

ODD = ("=1+1", "-x", "+x", "@x", "'=x", "''=x", "'x", "a/b", 'é, "q"', "X" * LONGEST, "=" + "X" * (LONGEST - 1))


@pytest.mark.parametrize("dots", [".", "..", "--"])
def test_what_no_address_or_command_can_hold_is_refused(folder: Folder, dots: str) -> None:
    folder.change("packages.csv", "N4", package_id=dots)
    fault = the_fault(folder)
    assert (fault.file, fault.line, fault.column) == ("packages.csv", 5, "package_id")
    assert fault.message().endswith(
        f"expected an id other than '.', '..' and '--', which addresses and commands leave out; found '{dots}'"
    )


@pytest.mark.parametrize("control", ["a\x07b", "a\u200bb", "a\u2028b", "a;b", "a" * (LONGEST + 1)])
def test_what_no_file_or_list_can_hold_is_refused(folder: Folder, control: str) -> None:
    folder.change("packages.csv", "N4", package_id=control)
    assert "expected an id of at most 100 printable characters, without ';'" in the_fault(folder).message()


@pytest.mark.parametrize("odd", ODD)
def test_no_cell_is_changed_by_being_escaped_and_read_again(odd: str) -> None:
    assert unescaped(escaped(odd)) == odd


def test_what_is_made_of_an_id_is_an_id_and_no_two_are_the_same() -> None:
    assert made_of("ALDER", "-M001") == "ALDER-M001"
    long = ["X" * LONGEST, "X" * (LONGEST - 1) + "Y", "X" * 97, "é " * 49 + "é"]
    made = [made_of(own, f"-M{number:03}") for own in long for number in (1, 2)]
    assert len(set(made)) == len(made)
    for each in made:
        assert identifier(each) == each
        assert each.endswith(("-M001", "-M002"))


@pytest.mark.parametrize("odd", ["ROWAN" + "X" * (LONGEST - 5), "=ROWAN", "'-ROWAN", "=" + "X" * (LONGEST - 1), "a/../b"])
def test_rounds_of_a_provider_with_an_odd_id_are_read_again(tmp_path: Path, odd: str) -> None:
    small = town()
    county = replace(
        small,
        providers=tuple(replace(each, provider_id=odd) for each in small.providers),
        offices=tuple(replace(each, provider_id=odd) for each in small.offices),
        contracts=tuple(replace(each, provider_id=odd) for each in small.contracts),
    )
    plan = build_provider(Order(county, thoroughness=BRISK), odd)
    assert plan.visits
    (tmp_path / "rounds_planned.csv").write_bytes(spreadsheet(tables.ROUNDS, tables.round_rows(plan)))
    (tmp_path / "visits_planned.csv").write_bytes(spreadsheet(tables.VISITS, tables.visit_rows(plan)))
    (tmp_path / "unserved.csv").write_bytes(spreadsheet(tables.UNSERVED, tables.unserved_rows(plan.unserved)))
    (tmp_path / "result.json").write_text('{"travel": "t", "snapshot_digest": "d", "as_of": "2026-11-23"}', encoding="utf-8")
    again = read_rounds_plan(tmp_path, county).plan
    assert [(each.round_id, each.provider_id) for each in again.rounds] == [(e.round_id, e.provider_id) for e in plan.rounds]
    assert again.visits == plan.visits


@pytest.mark.parametrize("odd", ODD)
def test_an_earlier_plan_knows_its_rounds_again(tmp_path: Path, odd: str) -> None:
    row = {"round_id": odd, "decision": "transfer", "date": "2027-03-01"}
    (tmp_path / "transfers.csv").write_bytes(spreadsheet(tuple(row), [row]))
    assert read_earlier(tmp_path) == {odd: dt.date(2027, 3, 1)}


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("is_copied", [True, False])
def test_rounds_and_people_are_known_as_they_are_and_as_tables_write_them(tmp_path: Path, odd: str, *, is_copied: bool) -> None:
    small = small_county({"A1": {"package_id": odd, "round_id": odd}, "A2": {"round_id": odd}})
    county = replace(small, rounds=tuple(replace(r, round_id=odd) if r.round_id == "R1" else r for r in small.rounds))
    written = escaped(odd) if is_copied else odd
    quoted = '"' + written.replace('"', '""') + '"'
    (tmp_path / "agreed.csv").write_text(f"round_id,date\n{quoted},2027-03-01\n", encoding="utf-8")
    (tmp_path / "refused.csv").write_text(f"package_id\n{quoted}\n", encoding="utf-8")
    known, _ = read_known(county, agreed=tmp_path / "agreed.csv", refused=tmp_path / "refused.csv")
    assert known.agreed == (AgreedMove(odd, dt.date(2027, 3, 1)),)
    assert known.refused == {odd}
