"""``optimiser account`` from end to end on the three villages: files whole or not at all, refusals in words, exit codes."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from optimiser.accounting import paying, statement_lines
from optimiser.io.folders import ACCOUNT_FILES
from tests.commands.running import Ran, run, run_alone

VILLAGES = Path(__file__).resolve().parents[2] / "data" / "three_villages"
ACTUALS = VILLAGES / "actuals.csv"
Capture = pytest.CaptureFixture[str]


def account(
    capsys: Capture,
    out: Path,
    *more: str | Path,
    county: Path = VILLAGES,
    actuals: Path = ACTUALS,
    period: str = "2026-10-26",
) -> Ran:
    return run(capsys, "account", county, "--actuals", actuals, "--period", period, "--out", out, "--quiet", *more)


@pytest.fixture
def villages(tmp_path: Path) -> Path:
    """A county that a test may spoil."""
    return Path(shutil.copytree(VILLAGES, tmp_path / "county"))


def test_it_writes_drafts_and_says_what_they_come_to(tmp_path: Path, capsys: Capture) -> None:
    """A080's late cancellation, three days of hospital and the guarantee are in it: see the handbook's page."""
    out = tmp_path / "out"
    ran = account(capsys, out)
    assert ran.code == 0, ran.err
    assert {path.name for path in out.iterdir()} == {*ACCOUNT_FILES, "run.json"}
    assert all(path.stat().st_mode & 0o077 == 0 for path in out.iterdir())
    assert "218 lines add up to 5 statements, and these to £5,950.45" in ran.out
    record = json.loads((out / "account.json").read_bytes())
    assert (record["drafts_that_cannot_be_closed"], record["records_in_no_statement"]) == (2, 1)
    assert record["odd"] == {"one_came_of_two": 1, "two_claimed_one_named": 1, "unknown_package": 1}
    assert "a1" not in (out / "statement-lines.csv").read_text(encoding="utf-8").replace("A1", "")  # no pseudonym is written
    assert account(capsys, out).code == 2
    assert account(capsys, out, "--replace").code == 0


def test_neither_what_a_spreadsheet_leaves_behind_nor_another_process_changes_anything(tmp_path: Path, capsys: Capture) -> None:
    """A mark at the beginning, a line for the separator, Windows line ends, cells in quotes, empty rows, another column; and a
    process with other seeds of its own, in another zone of time.
    """
    plain = ACTUALS.read_text(encoding="utf-8").splitlines()
    rough = [f"{plain[0]},note", *('"' + line.replace(",", '","') + '","x, y"' for line in plain[1:]), "," * 14, ""]
    saved = tmp_path / "saved.csv"
    saved.write_bytes(("\ufeffsep=,\r\n" + "\r\n".join(rough)).encode())
    plainly = ("account", VILLAGES, "--actuals", ACTUALS, "--period", "2026-10-26", "--out", tmp_path / "one", "--quiet")
    assert run_alone(*plainly, environment={"PYTHONHASHSEED": "12", "TZ": "Asia/Tokyo", "LC_ALL": "C"}).code == 0
    ran = account(capsys, tmp_path / "other", actuals=saved)
    assert ran.code == 0, ran.err
    assert "saved.csv: unknown column 'note' is ignored" in ran.err
    for name in ACCOUNT_FILES:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "other" / name).read_bytes(), name


def test_without_a_first_day_of_periods_nothing_is_accounted(villages: Path, tmp_path: Path, capsys: Capture) -> None:
    (villages / "account.toml").write_text("longest_visit_minutes = 5\n", encoding="utf-8")
    ran = account(capsys, tmp_path / "out", county=villages)
    assert (ran.code, (tmp_path / "out").exists()) == (2, False)
    assert "account.toml, periods_begin: expected the first day of any four-week period of payment" in ran.err
    assert "account.longest_visit_minutes: expected a whole number of at least 60" in ran.err
    (villages / "account.toml").unlink()
    assert account(capsys, tmp_path / "out", county=villages).code == 2


def test_every_fault_of_terms_and_incentives_is_listed(villages: Path, tmp_path: Path, capsys: Capture) -> None:
    header = "contract_id,starts,increment_minutes,rounding,overrun_paid,late_cancellation_share,retainer_days,retainer_share\n"
    lines = "P-ASH,,15,nearest,,,,\nL-DOCK,,5,near,,2,,\nL-DOCK,,,,,,,\nL-DOCK,,,,,,,\n"
    amounts = "workers,over_hours,up_to_hours,pounds\n1,0,24,95\n1,12,48,60\n2,5,5,1\n"
    (villages / "terms.csv").write_text(header + lines, encoding="utf-8")
    (villages / "incentives.csv").write_text(amounts, encoding="utf-8")
    (villages / "incentive_periods.csv").write_text("starts,ends,occasion\n2026-12-01,2026-12-01,snow\n", encoding="utf-8")
    ran = account(capsys, tmp_path / "out", county=villages)
    assert ran.code == 2
    for said in (
        "terms.csv, line 2, contract_id: expected a contract of contracts.csv; found 'P-ASH'",
        "terms.csv, line 3, rounding: expected one of empty, nearest, up, down",
        "terms.csv, line 3, late_cancellation_share",
        "terms.csv, line 5, starts: expected one line for a contract and a day; found 'always'",
        "incentives.csv, line 3, over_hours: expected one payment for each number of workers, hour and day",
        "incentives.csv, line 4, up_to_hours: expected more than over_hours",
        "incentive_periods.csv, line 2, ends: expected a day after starts",
    ):
        assert said in ran.err, said


def test_what_was_asked_for_has_to_fit(tmp_path: Path, capsys: Capture) -> None:
    ran = account(capsys, tmp_path / "out", period="2026-10-27")
    assert (ran.code, "2026-10-27 begins no period; the one that it is in began on 2026-10-26" in ran.err) == (2, True)
    assert account(capsys, tmp_path / "october").code == 0
    ran = account(capsys, tmp_path / "out", "--closed", tmp_path / "october")
    assert "a closed period that begins on 2026-10-26 is not before 2026-10-26" in ran.err
    ran = account(capsys, tmp_path / "out", *("--closed", tmp_path / "october") * 2, period="2026-11-23")
    assert (ran.code, "the closed period that begins on 2026-10-26 is given more than once" in ran.err) == (2, True)
    some = tmp_path / "some.csv"
    some.write_text("".join(ACTUALS.read_text(encoding="utf-8").splitlines(keepends=True)[:100]), encoding="utf-8")
    ran = account(capsys, tmp_path / "out", "--closed", tmp_path / "october", actuals=some, period="2026-11-23")
    assert (ran.code, "record(s) that closed statements were made of are not in the actuals" in ran.err) == (2, True)


def test_a_closed_period_is_adjusted_in_a_later_one(tmp_path: Path, capsys: Capture) -> None:
    """A003, an hour of R4 at £26.00, lasted half of it: £13.00 less."""
    assert account(capsys, tmp_path / "october").code == 0
    every = tmp_path / "all.csv"
    later = (
        "A142,R4,2026-10-26,V06,2026-10-26T08:15,60,2026-10-26T08:16,2026-10-26T08:46,1,b1,cut_short,person,persons_wish,A003\n"
    )
    every.write_text(ACTUALS.read_text(encoding="utf-8") + later, encoding="utf-8")
    ran = account(capsys, tmp_path / "november", "--closed", tmp_path / "october", actuals=every, period="2026-11-23")
    assert ran.code == 0, ran.err
    told = (tmp_path / "november" / "adjustments.csv").read_text(encoding="utf-8").splitlines()
    assert told[1:] == ["F-BRACKEN,2026-10-26,442.00,429.00,-13.00"]
    closed = ("--closed", tmp_path / "october", "--closed", tmp_path / "november")
    assert account(capsys, tmp_path / "december", *closed, actuals=every, period="2026-12-21").code == 0
    assert len((tmp_path / "december" / "adjustments.csv").read_text(encoding="utf-8").splitlines()) == 1


def test_what_the_check_does_not_confirm_is_not_written(tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    right = paying.pence_of
    monkeypatch.setattr(statement_lines, "pence_of", lambda *given: right(*given) + 1)
    ran = account(capsys, tmp_path / "out")
    assert (ran.code, (tmp_path / "out").exists()) == (4, False)
    assert "the check does not confirm the account, so nothing was written." in ran.err
