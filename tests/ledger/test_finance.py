"""What a finance system is told from one day to the next: worked out by hand, and adding up."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import shutil
from pathlib import Path

import pytest

from optimiser.county import County
from optimiser.io.reading import read_snapshot
from optimiser.ledger.price_changes import changes_between, running_care
from tests.commands.running import run
from tests.making.folders import Folder


@pytest.fixture
def later(folder: Folder) -> Folder:
    """The same county two weeks on; nothing has happened."""
    shutil.copytree(folder.path, folder.path.parent / "later")
    after = Folder(folder.path.parent / "later")
    after.write("snapshot.toml", after.text("snapshot.toml").replace("2026-11-23", "2026-12-07"))
    return after


def lines(before: Folder, after: Folder) -> list[tuple[str, str, str, str, str, int]]:
    found = changes_between(*(County.of(read_snapshot(each.path).snapshot) for each in (before, after)))
    return [(each.event, str(each.day), each.day_is, each.package_id, each.care.contract_id, each.change_pence) for each in found]


def test_where_nothing_happens_there_is_no_line(folder: Folder, later: Folder) -> None:
    assert lines(folder, later) == []


def test_starts_and_ends(folder: Folder, later: Folder) -> None:
    """N5: 3.5 hours on C2 in band 1 at 25.00 are 87.50 a week. R2: 14 hours on C2 at 25.00 were 350.00."""
    later.change("packages.csv", "N5", status="active", contract_id="C2", care_started="2026-12-01")
    later.put("packages.csv", [row for row in later.rows("packages.csv") if row["package_id"] != "R2"])
    assert lines(folder, later) == [
        ("start", "2026-12-01", "recorded", "N5", "C2", 8750),
        ("end", "2026-12-07", "by", "R2", "C2", -35000),
    ]


def test_prices_and_hours(folder: Folder, later: Folder) -> None:
    """R2: 14 hours at 25.00; from the first of December 26.00 (+14.00), from the third 25.50 (-7.00); then 10 hours (-102.00)."""
    rates = later.rows("rates.csv")
    more = [("2026-12-01", "26.00"), ("2026-12-03", "25.50"), ("2027-01-01", "30.00")]
    later.put(
        "rates.csv", [*rates, *({**rates[0], "contract_id": "C2", "starts": day, "rate_band_1": rate} for day, rate in more)]
    )
    later.change("packages.csv", "R2", hours_per_week="10")
    assert [line for line in lines(folder, later) if line[3] == "R2"] == [
        ("price", "2026-12-01", "recorded", "R2", "C2", 1400),
        ("price", "2026-12-03", "recorded", "R2", "C2", -700),
        ("hours", "2026-12-07", "by", "R2", "C2", -10200),
    ]


def test_care_on_another_contract_ends_there_and_starts_here(folder: Folder, later: Folder) -> None:
    later.change("packages.csv", "R2", contract_id="C3", care_started="2026-12-02", protected="")
    assert [line[:5] for line in lines(folder, later)] == [
        ("end", "2026-12-02", "recorded", "R2", "C2"),
        ("start", "2026-12-02", "recorded", "R2", "C3"),
    ]


def test_lines_add_up_to_what_a_week_costs_more(folder: Folder, later: Folder) -> None:
    later.change("packages.csv", "N5", status="active", contract_id="C2", care_started="2026-12-01")
    later.change("contracts.csv", "C6", rate_band_1="27.50")
    later.change("packages.csv", "R4", hours_per_week="7.25")
    before, after = (County.of(read_snapshot(each.path).snapshot) for each in (folder, later))
    totals = [sum(care.weekly_pence for care in running_care(each).values()) for each in (before, after)]
    assert sum(line.change_pence for line in changes_between(before, after)) == totals[1] - totals[0] != 0
    with pytest.raises(ValueError, match="expected a day after 2026-12-07"):
        changes_between(after, before)
    assert before.as_of == dt.date(2026, 11, 23)


def test_the_file_has_the_councils_own_ids(
    folder: Folder, later: Folder, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = later.rows("contracts.csv")
    for row in rows:
        row["our_line_id"] = "" if row["contract_id"] == "C6" else f"=L{row['contract_id']}"
    later.put("contracts.csv", rows, rows[0])
    later.change("packages.csv", "N5", status="active", contract_id="C2", care_started="2026-12-01")
    later.change("packages.csv", "R3", hours_per_week="11")
    out = tmp_path / "finance.csv"
    asked = ("finance", later.path, "--since", folder.path, "--line-id", "our_line_id")
    ran = run(capsys, *asked, "--out", out, "--json")
    assert ran.code == 0, ran.err
    assert json.loads(ran.out)["lines"] == {"start": 1, "end": 0, "hours": 1, "price": 0}
    assert json.loads(ran.out)["lines_without_an_id"] == 1
    found = list(csv.DictReader(io.StringIO(out.read_text("utf-8"))))
    assert found[0] == {
        "event": "start", "day": "2026-12-01", "day_is": "recorded", "line_id": "'=LC2", "package_id": "N5", "contract_id": "C2",
        "provider_id": "BIRCH", "band": "1", "hours_per_week": "3.50", "rate_gbp": "25.00", "weekly_gbp": "87.50",
        "change_gbp": "87.50",
    }  # fmt: skip
    assert (found[1]["event"], found[1]["line_id"]) == ("hours", "")
    assert out.stat().st_mode & 0o777 == 0o600
    assert run(capsys, *asked, "--out", out).code == 2
    wrong = run(capsys, "finance", later.path, "--since", folder.path, "--line-id", "nothing", "--out", tmp_path / "other.csv")
    assert (wrong.code, "no column 'nothing' of your own" in wrong.err) == (2, True)
    assert run(capsys, "finance", folder.path, "--since", later.path, "--out", tmp_path / "other.csv").code == 2
    assert not (tmp_path / "other.csv").exists()
