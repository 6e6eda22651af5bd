"""``stress``, ``compare`` and ``feasible`` as a user runs them."""

from __future__ import annotations

import csv
import html.parser
import io
import json
from pathlib import Path

import pytest

from optimiser.io.folders import THREE_VILLAGES, bundled
from tests.commands.running import run

VILLAGES = bundled(THREE_VILLAGES)


class _Page(html.parser.HTMLParser):
    """What a browser would need to know of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def test_a_sweep_writes_three_files_that_repeat_and_name_nobody(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("one", "two"):
        ran = run(capsys, "stress", VILLAGES, "--out", tmp_path / name, "--worst", "2")
        assert ran.code in (0, 3), ran.err
    assert "Alder Home Care" in ran.out
    assert "pay for their own care" in ran.out
    files = sorted(path.name for path in (tmp_path / "one").iterdir())
    assert files == ["stress.csv", "stress.html", "stress.json"]
    people = {row["package_id"] for row in csv.DictReader(io.StringIO((VILLAGES / "packages.csv").read_text(encoding="utf-8")))}
    for name in files:
        content = (tmp_path / "one" / name).read_bytes()
        assert content == (tmp_path / "two" / name).read_bytes()
        assert not any(f'"{person}"' in content.decode() or f">{person}<" in content.decode() for person in people)
    rows = list(csv.DictReader(io.StringIO((tmp_path / "one" / "stress.csv").read_text(encoding="utf-8"))))
    assert [row["kind"] for row in rows] == ["provider"] * 5 + ["two_providers"]
    assert rows[0]["provider_ids"] == "ALDER"


def test_the_page_opens_offline_and_can_be_read_by_everybody(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, "stress", VILLAGES, "--out", tmp_path / "out", "--worst", "2")
    text = (tmp_path / "out" / "stress.html").read_text(encoding="utf-8")
    page = _Page()
    page.feed(text)
    tags = [tag for tag, _ in page.tags]
    assert not {"script", "link", "img", "iframe"} & set(tags)
    assert "http" not in text
    assert ("html", {"lang": "en-GB"}) in page.tags
    assert tags.count("h1") == tags.count("main") == 1
    assert tags.count("table") == tags.count("caption")
    assert all("scope" in given for tag, given in page.tags if tag == "th")
    ids = [given["id"] for _, given in page.tags if "id" in given]
    assert len(ids) == len(set(ids))
    links = [str(given["href"]) for tag, given in page.tags if tag == "a"]
    assert all(link.removeprefix("#") in ids for link in links)
    assert "self-funders" in text or "pay for their own care" in text


def test_one_provider_two_together_and_a_hand_back(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ran = run(capsys, "stress", VILLAGES, "--provider", "ALDER", "--hand-back", "F-CLOVER", "--out", tmp_path / "out")
    assert ran.code == 0, ran.err
    record = json.loads((tmp_path / "out" / "stress.json").read_text(encoding="utf-8"))
    assert [each["kind"] for each in record["failures"]] == ["provider", "hand_back"]
    assert all(level["proven"] for each in record["failures"] for level in each["levels"])
    ran = run(capsys, "stress", VILLAGES, "--provider", "ALDER", "--provider", "CLOVER", "--together")
    assert "Alder Home Care + Clover Home Care" in " ".join(ran.out.split())


def test_unknown_names_are_refused_together(capsys: pytest.CaptureFixture[str]) -> None:
    ran = run(capsys, "stress", VILLAGES, "--provider", "NOBODY", "--hand-back", "NOTHING")
    assert ran.code == 2
    assert "'NOBODY'" in ran.err
    assert "'NOTHING'" in ran.err


def test_scenarios_side_by_side(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    scenario = tmp_path / "alder.toml"
    scenario.write_text('title = "Alder restricted"\n[[restrict]]\nprovider_id = "ALDER"\n', encoding="utf-8")
    ran = run(capsys, "compare", VILLAGES, "--scenario", scenario, "--out", tmp_path / "out")
    assert ran.code == 0, ran.err
    assert "Alder restricted" in ran.out
    lines = (tmp_path / "out" / "compare.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "indicator,unit,as it is,Alder restricted"
    assert '"unmet, standard",people,1,2' in lines
    scenario.write_text("[[restrict]]\n", encoding="utf-8")
    ran = run(capsys, "compare", VILLAGES, "--scenario", scenario, "--out", tmp_path / "none")
    assert ran.code == 2
    assert "restrict 1.provider_id" in ran.err
    assert not (tmp_path / "none").exists()


def test_recorded_visits_in_other_steps(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As ``optimiser account`` has both: £4,792.01 and £4,706.25."""
    scenarios = []
    for minutes in (5, 15):
        scenarios.append(tmp_path / f"{minutes}.toml")
        scenarios[-1].write_text(f'[[billing]]\nincrement_minutes = {minutes}\nrounding = "nearest"\n', encoding="utf-8")
    actuals = "--actuals", Path(VILLAGES) / "actuals.csv"
    ran = run(
        capsys, "compare", VILLAGES, "--scenario", *scenarios, *actuals, "--period", "2026-10-26", "--out", tmp_path / "out"
    )
    assert ran.code == 0, ran.err
    lines = (tmp_path / "out" / "compare.csv").read_text(encoding="utf-8").splitlines()
    assert '"recorded visits, 2026-10-26 to 2026-11-23",pounds,4708.95,4792.01,4706.25' in lines
    assert '"recorded visits, 2026-10-26 to 2026-11-23, owed in all",pounds,5950.45,5965.51,5947.75' in lines
    for options, said in (
        ((), "name them by --actuals and --period"),
        (actuals, "--actuals and --period go together"),
        ((*actuals, "--period", "2026-10-27"), "2026-10-27 begins no period"),
    ):
        ran = run(capsys, "compare", VILLAGES, "--scenario", scenarios[0], *options)
        assert (ran.code, said in ran.err) == (2, True)


def test_what_is_feasible_and_what_is_not(capsys: pytest.CaptureFixture[str]) -> None:
    ran = run(capsys, "feasible", VILLAGES, "--require", "unmet=2040", "--require", "unmet_urgent=0")
    assert ran.code == 0
    assert ran.out.startswith("Yes: ")
    ran = run(capsys, "feasible", VILLAGES, "--require", "unmet=0")
    assert ran.code == 0
    assert "contract F-CLOVER's 56 hours per four weeks" in ran.out
    assert "Contract F-CLOVER allows 60 hours per four weeks instead of 56" in ran.out
    ran = run(capsys, "feasible", VILLAGES, "--require", "nonsense")
    assert ran.code == 2
    assert "--require 'nonsense'" in ran.err
