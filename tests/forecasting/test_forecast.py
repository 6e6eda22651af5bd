"""``optimiser forecast`` as a commissioner runs it: the same bytes however it is run, a page for everybody, and a backcast."""

from __future__ import annotations

import csv
import html.parser
import io
import json
import shutil
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from optimiser.__main__ import main
from optimiser.forecasting.fan import BY_NAME, within
from optimiser.forecasting.many_draws import OPTIMISER, Course
from optimiser.forecasting.rates_file import read_given
from optimiser.forecasting.rates_given import Arrivals, Given
from optimiser.forecasting.story import course_of, forecast
from optimiser.forecasting.weekly_figures import AT
from optimiser.io.folders import THREE_VILLAGES, bundled
from optimiser.io.reading import read_snapshot
from tests.commands.running import run
from tests.making.written import write

VILLAGES = bundled(THREE_VILLAGES)
GIVEN = """\
[[arrivals]]
per_week = 1
[rates]
ends_per_week = 0.05
hospital_per_week = 0.02
fails_per_year = 0.1
decline = 0.3
"""
FILES = {
    "forecast.csv", "forecast-drivers.csv", "forecast-providers.csv", "forecast-reached.csv", "forecast-waits.csv",
    "forecast.json", "index.html",
}  # fmt: skip
GOLDEN = {
    "people_waiting": ["1", "2", "1", "1", "1", "2", "2", "1", "1"],
    "unmet": ["10.00", "15.00", "10.00", "10.00", "10.00", "15.00", "20.00", "10.00", "10.00"],
    "principal_share": ["0.5000", "0.5238", "0.5455", "0.4800", "0.5000", "0.4800", "0.5000", "0.4286", "0.4138"],
    "legacy": ["20.00", "15.00", "15.00", "15.00", "15.00", "15.00", "15.00", "15.00", "15.00"],
}
"""Medians of the county, week by week. At first ten hours wait in most draws: N6, whom nobody can take, as in ``WORKED.md``."""
Capture = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def rates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("rates") / "forecast.toml"
    file.write_text(GIVEN, encoding="utf-8")
    return file


def arguments(folder: Path, rates: Path, out: Path, *more: str) -> list[str]:
    own = ["--until", "2027-01-18", "--draws", "6", "--sensitivity-draws", "2", "--out", str(out), "--quiet", *more]
    return ["forecast", str(folder), "--given", str(rates), *own]


@pytest.fixture(scope="module")
def made(rates: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eight weeks of the three villages."""
    out = tmp_path_factory.mktemp("made") / "out"
    assert main(arguments(VILLAGES, rates, out, "--workers", "1")) == 0
    return out


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO((folder / name).read_text(encoding="utf-8"))))


def test_what_is_written(made: Path) -> None:
    assert {path.name for path in made.iterdir()} == FILES
    record = json.loads((made / "forecast.json").read_bytes())
    assert (record["weeks"], record["draws"], record["complete"], record["checked"]["draws"]) == (8, 6, True, 1)
    assert {"Objectives", "Logic", "Data", "Experimentation", "Implementation", "Code access"} == {
        part["section"] for part in record["assumptions"]
    }


def test_the_golden_run(made: Path) -> None:
    county = json.loads((made / "forecast.json").read_bytes())["county"]
    assert {name: county[name]["median"] for name in ("people_waiting", "unmet", "principal_share", "legacy")} == GOLDEN


def test_the_same_bytes_in_two_processes_and_in_any_order_of_rows(
    made: Path, rates: Path, tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(VILLAGES, tmp_path / "shuffled")
    for table in (tmp_path / "shuffled").glob("*.csv"):
        header, *lines = table.read_text(encoding="utf-8").splitlines()
        table.write_text("\n".join([header, *reversed(lines)]) + "\n", encoding="utf-8")
    monkeypatch.setenv("PYTHONHASHSEED", "12")
    ran = run(capsys, *arguments(tmp_path / "shuffled", rates, tmp_path / "out", "--workers", "2"))
    assert ran.code == 0, ran.err
    for name in FILES:
        assert (tmp_path / "out" / name).read_bytes() == (made / name).read_bytes(), name


def test_more_draws_leave_those_before_as_they_were(rates: Path) -> None:
    snapshot = read_snapshot(VILLAGES).snapshot
    course = course_of(snapshot, read_given(rates, snapshot), until=snapshot.as_of.replace(month=12, day=21))
    few, more = (forecast(course, count, workers=1) for count in (2, 4))
    assert (more.figures[:2] == few.figures).all()


def test_providers_are_numbered_unless_they_are_asked_for_by_name(
    made: Path, rates: Path, tmp_path: Path, capsys: Capture
) -> None:
    assert {row["provider"] for row in rows(made, "forecast-providers.csv")} == {f"Provider {number}" for number in range(1, 6)}
    run(capsys, *arguments(VILLAGES, rates, tmp_path / "out", "--name-providers", "--workers", "1"))
    assert "Alder Home Care" in {row["provider"] for row in rows(tmp_path / "out", "forecast-providers.csv")}
    for name in FILES - {"forecast-providers.csv"}:
        text = (tmp_path / "out" / name).read_text(encoding="utf-8")
        assert "Alder" not in text and "ALDER" not in text


def test_bands_lie_within_each_other(made: Path) -> None:
    for row in rows(made, "forecast.csv"):
        values = [
            float(row[name]) for name in ("low_95", "low_80", "low_50", "median", "high_50", "high_80", "high_95") if row[name]
        ]
        assert values == sorted(values)


class _Page(html.parser.HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def test_the_page_opens_offline_and_every_picture_has_words_and_a_table(made: Path) -> None:
    text = (made / "index.html").read_text(encoding="utf-8")
    page = _Page()
    page.feed(text)
    tags = [tag for tag, _ in page.tags]
    assert not {"script", "link", "img", "iframe"} & set(tags) and "http" not in text
    assert tags.count("h1") == tags.count("main") == 1
    assert tags.count("table") == tags.count("caption")
    pictures = [given for tag, given in page.tags if tag == "svg"]
    assert len(pictures) == tags.count("desc") == tags.count("figure") > 5
    assert all(given["role"] == "img" and given["aria-labelledby"] for given in pictures)
    ids = [given["id"] for _, given in page.tags if "id" in given]
    assert len(ids) == len(set(ids))
    assert not any(f">{person}<" in text for person in ("R1", "N1"))


def test_what_is_not_given_is_refused(tmp_path: Path, capsys: Capture) -> None:
    ran = run(capsys, "forecast", VILLAGES, "--until", "2027-01-18", "--out", tmp_path / "out")
    assert ran.code == 2 and "how many people are asked for in a week" in ran.err and not (tmp_path / "out").exists()


def test_a_backcast_says_how_well_it_foretold(rates: Path, tmp_path: Path, capsys: Capture) -> None:
    snapshot = read_snapshot(VILLAGES).snapshot
    later = replace(snapshot, as_of=snapshot.as_of.replace(month=12, day=21))
    (tmp_path / "later").mkdir()
    write(later, tmp_path / "later", Random(1))
    out = tmp_path / "out"
    own = ["--draws", "5", "--sensitivity-draws", "0", "--workers", "1", "--quiet", "--out", str(out)]
    ran = run(capsys, "forecast", tmp_path / "later", "--from", VILLAGES, "--given", rates, *own)
    assert ran.code == 0, ran.err
    assert "With 12 figures nothing can be said of the bands" in ran.out and "play 40 or more" in ran.out
    judged = {row["figure"]: row for row in rows(out, "forecast-calibration.csv") if row["area_id"] == "A1"}
    assert judged["people_waiting"]["actual"] == "7"  # N7 as well, whose question is open
    assert (judged["principal_share"]["actual"], judged["legacy"]["actual"]) == ("0.4000", "5.00")
    ran = run(capsys, "forecast", VILLAGES, "--from", tmp_path / "later", "--given", rates, *own, "--replace")
    assert ran.code == 2 and "is not before" in ran.err


def test_decided_by_the_engine_the_first_week_is_its_allocation() -> None:
    """As ``WORKED.md`` has it N6 alone waits; N7, whose question is let go, goes to Alder."""
    snapshot = read_snapshot(VILLAGES).snapshot
    given = Given((), ends_per_week=0.0, decline=0.0)
    course = Course(snapshot, given, 1, seed=1, decide=OPTIMISER)
    made, _, broken = course.checked(0)
    assert broken == []
    assert made.figures[:, -1, AT["people_waiting"]].tolist() == [1, 1]
    assert made.figures[0, -1, AT["legacy_minutes"]] == 600


def test_the_bands_of_a_forecast_hold_other_draws_of_the_same_county() -> None:
    """Twenty-five draws tell the bands; the figures of twenty others lie in those of 80% about as often as that."""
    snapshot = read_snapshot(VILLAGES).snapshot
    given = Given((Arrivals(1.5),), ends_per_week=0.05, decline=0.3)
    foretold, truth = Course(snapshot, given, 6, seed=1), Course(snapshot, given, 6, seed=2)
    told = BY_NAME["people_with_care"]
    drawn = [int(told.of(foretold.play(number)[1].figures[-1, -1])) for number in range(25)]
    came = [int(told.of(truth.play(number)[1].figures[-1, -1])) for number in range(20)]
    assert 12 <= sum(within(value, drawn, 0.1, 0.9) for value in came) <= 20
