"""``optimiser transfer`` from end to end: files whole or not at all, the same bytes for shuffled rows, re-plans, refusals."""

from __future__ import annotations

import csv
import json
import re
import signal
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from optimiser.domain.level_result import Amount
from optimiser.domain.policy import TransferPolicy
from optimiser.transferring.check import check
from optimiser.transferring.frontier import Reached, ReachedUnder
from optimiser.transferring.story import reached
from tests.commands.running import run, run_alone
from tests.making.folders import SETTINGS, Folder, shuffled

LEGACY = """\
T1,52.59,1.12,A1,active,3.5,7,1,,standard,,C5,RD2,,suitable,,,,2026-02-02
T2,52.60,1.12,A1,active,3.5,7,1,,standard,,C5,RD2,,,,,,2026-02-02
T3,52.60,1.13,A1,active,3.5,7,1,,standard,,C5,RD3,end_of_life,,,,,2026-02-02
T4,52.60,1.13,A1,active,1.75,7,1,,standard,,C5,RD4,,suitable,,,,2026-02-02
T5,52.60,1.34,A2,active,70,14,1,,standard,,C5,,,,,,,2026-02-02
"""
ROUNDS = "RD2,BIRCH,A1,1,9.5\nRD3,BIRCH,A1,1,4\nRD4,BIRCH,A1,,\n"
FIRST_FILES = {
    "transfers.csv", "people.csv", "impact.csv", "waves.csv", "result.json", "run.json", "transfer.html", "letters.jsonl",
    "letters.txt", "letters-large-print.html", "letters-as-asked.html", "letters-to-check.csv",
}  # fmt: skip


@pytest.fixture
def county(folder: Folder) -> Folder:
    """The small county with three legacy rounds of Birch's in area A1: RD2 and RD4 may move."""
    folder.write("packages.csv", folder.text("packages.csv") + LEGACY)
    folder.write("rounds.csv", folder.text("rounds.csv") + ROUNDS)
    return folder


def rows(out: Path, name: str) -> list[dict[str, str]]:
    with (out / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_a_plan_is_written_for_its_owner_alone(county: Folder, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "plan"
    ran = run(capsys, "transfer", county.path, "--area", "A1", "--out", out)
    assert ran.code == 0, ran.err
    assert {path.name for path in out.iterdir()} == FIRST_FILES
    assert {path.stat().st_mode & 0o777 for path in out.iterdir()} == {0o600}
    assert {row["round_id"]: row["decision"] for row in rows(out, "transfers.csv")} == {
        "RD2": "transfer",
        "RD3": "stay",
        "RD4": "transfer",
    }
    assert "2 rounds move with 3 people, 1 of them with a decision pending. Checked: every rule holds." in ran.out
    assert "end_of_life" not in "".join(path.read_text(encoding="utf-8") for path in out.iterdir())


def test_shuffled_rows_and_another_hash_seed_give_the_same_bytes(county: Folder, tmp_path: Path) -> None:
    made = []
    for seed in (1, 2):
        out = tmp_path / f"plan{seed}"
        arguments = ("transfer", county.path, "--area", "A1", "--out", out, "--frontier", "--recut")
        assert run_alone(*arguments, environment={"PYTHONHASHSEED": str(seed)}).code == 0
        made.append({path.name: path.read_bytes() for path in out.iterdir() if path.name != "run.json"})
        shuffled(county, seed)
    assert made[0] == made[1]


def test_names_of_blockers_only_when_asked_for(county: Folder, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for options, said in (((), "The whole round stays."), (("--name-blockers",), "this person's part in it: may not move")):
        out = tmp_path / f"plan{len(options)}"
        assert run(capsys, "transfer", county.path, "--area", "A1", "--out", out, *options).code == 0
        assert said in next(row["reason"] for row in rows(out, "people.csv") if row["package_id"] == "T3")


def test_a_replan_after_a_refusal(county: Folder, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first, second, third = (tmp_path / name for name in ("first", "second", "third"))
    assert run(capsys, "transfer", county.path, "--area", "A1", "--out", first).code == 0
    refused = tmp_path / "refused.csv"
    refused.write_text("package_id,refused_by\nT2,family\n", encoding="utf-8")
    ran = run(capsys, "transfer", county.path, "--area", "A1", "--out", second, "--refused", refused, "--earlier", first)
    assert ran.code == 0
    assert "Changed: RD2: 2027-03-01 -> stays." in ran.out
    assert [row["round_id"] for row in rows(second, "differences.csv")] == ["RD2"]
    assert run(capsys, "transfer", county.path, "--area", "A1", "--out", third, "--refused", refused).code == 0
    assert (third / "differences.csv").read_bytes() == (second / "differences.csv").read_bytes()
    agreed = tmp_path / "agreed.csv"
    agreed.write_text("round_id,date\nRD4,2027-03-29\n", encoding="utf-8")
    fourth = tmp_path / "fourth"
    assert run(capsys, "transfer", county.path, "--area", "A1", "--out", fourth, "--agreed", agreed, "--earlier", first).code == 0
    assert [row["after"] for row in rows(fourth, "differences.csv")] == ["2027-03-29"]


def test_direct_payments_are_priced_where_there_is_a_rate(
    county: Folder, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    county.write("snapshot.toml", f"{SETTINGS}[transfer]\ndirect_payment_rate = 26.00\n")
    out = tmp_path / "plan"
    assert run(capsys, "transfer", county.path, "--area", "A1", "--out", out).code == 0
    priced = {row["package_id"]: row for row in rows(out, "direct-payments.csv")}
    # 3.5 hours at £27.00 are £94.50; the council pays £91.00 of it, for which the principal would do it.
    figures = ("weekly_cost_now_gbp", "weekly_cost_to_council_gbp", "weekly_top_up_gbp")
    assert [priced["T1"][name] for name in figures] == ["94.50", "91.00", "3.50"]
    assert set(priced) == {"T1", "T2", "T4"}


def test_a_horizon_of_its_own_and_the_frontier(county: Folder, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "plan"
    arguments = ("transfer", county.path, "--area", "all", "--out", out, "--horizon-months", "2", "--frontier", "--recut")
    assert run(capsys, *arguments).code == 0
    record = json.loads((out / "result.json").read_text(encoding="utf-8"))
    assert record["waves"] == ["2027-03-01", "2027-03-30"]  # the Tuesday after Easter; four weeks on there is no Monday left
    assert record["notes"][-1].startswith("Wave 2 is on Tuesday 30 March 2027, since Monday 29 March 2027 is a bank holiday.")
    found = rows(out, "frontier.csv")
    assert {row["cut"] for row in found} == {"whole rounds", "recut"}
    assert {row["limit"] for row in found} == {"0.050000", "0.100000", "0.150000", "0.200000"}


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--area", "A9"), "there is no area A9"),
        (("--area", "A2"), "area A2 has no principal contract in force"),
        ((), "name the areas"),
        (("--area", "A1", "--from", "C1"), "name the areas"),
        (("--from", "C9"), "there is no contract C9"),
        (("--area", "A1", "--refused", "none.csv"), "none.csv"),
        (("--area", "A1", "--limits", "none.csv"), "none.csv"),
        (("--area", "A1", "--earlier", "nowhere"), "transfers.csv"),
        (("--area", "A1", "--rounds", "nowhere"), "rounds_planned.csv"),
    ],
)
def test_what_cannot_be_planned_is_refused_and_nothing_written(
    county: Folder, tmp_path: Path, capsys: pytest.CaptureFixture[str], options: tuple[str, ...], said: str
) -> None:
    out = tmp_path / "plan"
    ran = run(capsys, "transfer", county.path, "--out", out, *options)
    assert ran.code == 2
    assert said in ran.err
    assert not out.exists()


def test_a_full_folder_is_refused_unless_replaced(county: Folder, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "plan"
    arguments = ("transfer", county.path, "--area", "A1", "--out", out)
    assert [run(capsys, *arguments).code for _ in range(2)] == [0, 2]
    assert run(capsys, *arguments, "--replace").code == 0


def test_a_plan_that_the_check_does_not_confirm_is_a_defect(
    county: Folder, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = ["T1: fails not_excluded for C1 on 2027-03-01", "T1: fails rating for C1 on 2027-03-01"]
    monkeypatch.setattr("optimiser.transferring.report.check", lambda *given, **more: [*check(*given, **more), *found])
    ran = run(capsys, "transfer", county.path, "--area", "A1", "--out", tmp_path / "plan")
    assert ran.code == 4
    assert "T1: fails rating for C1" in ran.err
    assert "T1: fails a rule (left out, since it may tell something of the person) for C1" in ran.err
    assert "not_excluded" not in ran.err
    assert not (tmp_path / "plan").exists()


def test_a_contract_that_is_handed_back(county: Folder, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "back"
    ran = run(capsys, "transfer", county.path, "--from", "C5", "--out", out)
    assert ran.code == 0, ran.err
    assert {path.name for path in out.iterdir()} == {
        "hand-back.csv", "hand-back.html", "letters.jsonl", "letters.txt", "letters-large-print.html", "letters-as-asked.html",
        "letters-to-check.csv", "result.json", "run.json",
    }  # fmt: skip
    assert len(rows(out, "hand-back.csv")) == 6
    assert "people have a place" in ran.out


def interrupting(monkeypatch: pytest.MonkeyPatch, module: str, at: int) -> None:
    """Somebody presses Ctrl-C when the so-manyth level has been told."""
    told: list[str] = []

    def report(level: str, *_: Amount) -> None:
        told.append(level)
        if len(told) == at:
            signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(f"optimiser.commands.transfer.{module}.reporter", lambda **_: report)


@pytest.mark.parametrize("at", [1, 3, 6])
@pytest.mark.parametrize(
    ("module", "options"),
    [
        ("planning", ("--area", "A1")),
        ("planning", ("--area", "A1", "--refused", "refused.csv")),
        ("planning", ("--from", "C5")),
    ],
    ids=["plan", "re-plan", "hand-back"],
)
def test_ctrl_c_keeps_the_best_plan_so_far(
    county: Folder,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    module: str,
    options: tuple[str, ...],
    at: int,
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("refused.csv").write_text("package_id\nT2\n", encoding="utf-8")
    interrupting(monkeypatch, module, at)
    ran = run(capsys, "transfer", county.path, *options, "--out", tmp_path / "out")
    assert ran.code == 130, ran.err
    assert "Interrupted: this is the best plan found so far." in ran.out
    record = json.loads((tmp_path / "out" / "result.json").read_text(encoding="utf-8"))
    told = json.loads((tmp_path / "out" / "run.json").read_text(encoding="utf-8"))
    assert (told["stopped"], told["repeatable"]) == ("cancelled", False)
    assert all(level["gap"] >= 0 for level in record["levels"])


def test_ctrl_c_during_the_frontier_keeps_the_plan_and_the_points_so_far(
    county: Folder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[TransferPolicy] = []

    def reached_until(*given: Any) -> ReachedUnder:
        under = reached(*given)

        def one(policy: TransferPolicy, recut: bool) -> Reached:
            asked.append(policy)
            if len(asked) == 3:
                raise KeyboardInterrupt
            return under(policy, recut)

        return one

    monkeypatch.setattr("optimiser.commands.transfer.planning.reached", reached_until)
    ran = run(capsys, "transfer", county.path, "--area", "A1", "--frontier", "--out", tmp_path / "out")
    assert ran.code == 130
    assert len(rows(tmp_path / "out", "frontier.csv")) == 2


class _Page(HTMLParser):
    """What a page asks for from elsewhere, and how its tables and pictures are labelled."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.tags if name == tag]


def test_the_page_stands_alone_and_can_be_listened_to(county: Folder, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "plan"
    assert run(capsys, "transfer", county.path, "--area", "A1", "--out", out, "--frontier").code == 0
    text = (out / "transfer.html").read_text(encoding="utf-8")
    page = _stands_alone(text)
    assert len(page.of("svg")) == 3
    assert all(svg["role"] == "img" and svg["aria-labelledby"] for svg in page.of("svg"))
    assert not re.search(r"TUPE (applies|will apply)|TUPE transfer", text)
    assert "question of law" in text


def test_the_page_of_a_hand_back_stands_alone_too(county: Folder, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "transfer", county.path, "--from", "C5", "--out", tmp_path / "back").code == 0
    text = (tmp_path / "back" / "hand-back.html").read_text(encoding="utf-8")
    assert len(_stands_alone(text).of("table")) >= 4
    assert "6 people need another provider." in text


def _stands_alone(text: str) -> _Page:
    """A page that asks for nothing from elsewhere, with its headings and tables labelled."""
    page = _Page()
    page.feed(text)
    assert not [tag for tag, attrs in page.tags if tag in ("script", "link", "img") or "src" in attrs]
    assert all(str(link["href"]).startswith("#") for link in page.of("a"))
    assert page.of("html")[0]["lang"] == "en-GB"
    assert len(page.of("caption")) == len(page.of("table"))
    assert all("scope" in heading for heading in page.of("th"))
    assert len(page.of("h1")) == len(page.of("main")) == 1
    return page
