"""``optimiser shadow`` as a council runs it: it finds exactly what a generated team did against the cascade, and its check finds
what is changed in what it writes.
"""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimiser.__main__ import main
from optimiser.domain.hiding import Hiding
from optimiser.domain.snapshot import Snapshot
from optimiser.io.reading import read_snapshot
from optimiser.shadowing.check import faults_of_shadow
from optimiser.shadowing.report import (
    DECISIONS_FILE,
    FOR_THE_TEAM,
    PAGE_FILE,
    RECORD_FILE,
    WAITS_FILE,
    shadow_files,
    shadow_record,
)
from optimiser.shadowing.story import shadow
from tests.commands.running import run
from tests.making import at, days, framework, legacy, office, package, principal, provider, snapshot
from tests.making.brokerage_team import PASSED, RULE, SAID_NO, SAME, Team
from tests.making.living import living_snapshots
from tests.making.written import write

Capture = pytest.CaptureFixture[str]
Files = dict[str, bytes]
NIGHTS = 9
EXPECTED = {
    SAME: {("same", "asked_first")},
    SAID_NO: {("fact_not_recorded", "said_no_since")},
    RULE: {("rule", "breaks_a_rule")},
    PASSED: {(kind, "passed_over_nothing_recorded") for kind in ("better", "worse")} | {("same", "equal_on_every_level")},
}


def county() -> Snapshot:
    """One area, five providers, twenty people with care, six who wait."""
    names = ("ALDER", "BRACKEN", "CLOVER", "DOCK", "ELDER")
    contracts = [
        principal("ALDER", max_hours_4w=Fraction(320), guarantee=Fraction(4, 5), rates_pence=(2310, 2410, 2510)),
        framework("BRACKEN", max_hours_4w=Fraction(160)),
        framework("CLOVER", max_hours_4w=Fraction(120), rates_pence=(2500, 2550, 2600)),
        legacy("DOCK", rates_pence=(2700, 2700, 2700)),
        legacy("ELDER", rates_pence=(2650, 2750, 2800)),
    ]
    held = [each.contract_id for each in contracts]
    people = [
        package(f"R{number:02}", at(400 * number, -250 * number), hours=2 + number % 3, contract_id=held[number % 5])
        for number in range(20)
    ]
    waiting = [
        package(f"N{number}", at(-600 * number, 300 * number), hours=2 + number, workers=1 + number % 2,
                skills=("dementia",) if number % 3 == 0 else (), start_by=days(number))
        for number in range(6)
    ]  # fmt: skip
    able = {name: ("dementia", "double_handed")[: 2 - number % 3] for number, name in enumerate(names)}
    return snapshot(
        [*people, *waiting],
        contracts,
        providers=[
            provider(name, skills=able[name], max_distance_miles=Fraction(9 - number)) for number, name in enumerate(names)
        ],
        offices=[office(name, at(1500 * number, 800 * number)) for number, name in enumerate(names)],
    )


@pytest.fixture(scope="module")
def team() -> Team:
    return Team(Random(3), per_day=4, declines=0.25, breaks=0.15, passes=0.25, looks_at=6)


@pytest.fixture(scope="module")
def nights(team: Team, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for each night, rows shuffled."""
    place = tmp_path_factory.mktemp("team") / "nights"
    for number, night in enumerate(team.nights(county(), NIGHTS)):
        folder = place / f"{number:02}"
        folder.mkdir(parents=True)
        write(night, folder, Random(number))
    return place


@pytest.fixture(scope="module")
def made(nights: Path, tmp_path_factory: pytest.TempPathFactory) -> Files:
    out = tmp_path_factory.mktemp("made") / "out"
    assert main(["shadow", str(nights), "--out", str(out), "--quiet"]) == 0
    return {path.name: path.read_bytes() for path in out.iterdir()}


def rows(files: Files, name: str = DECISIONS_FILE) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(files[name].decode())))


def test_it_finds_exactly_what_the_team_did_against_the_cascade(team: Team, made: Files) -> None:
    found = {row["package_id"]: row for row in rows(made)}
    assert found.keys() == team.done.keys()
    assert {*team.done.values()} == {SAME, SAID_NO, RULE, PASSED}, "the team did each"
    for name, did in team.done.items():
        row = found[name]
        assert (row["class"], row["why"]) in EXPECTED[did], (name, did)
        assert sorted(filter(None, row["rules"].split(";"))) == sorted(team.broken.get(name, []))
        assert row["compared_with"] == team.passed_over.get(name, "")


def test_members_read_counts_alone_and_no_name(made: Files, nights: Path, tmp_path: Path, capsys: Capture) -> None:
    record = json.loads(made[RECORD_FILE])
    assert sum(each["decisions"] for each in record["classes"]) == record["decisions"] == len(rows(made))
    everybody = read_snapshot(nights / "00").snapshot
    assert sum(each["chosen"] for each in record["providers"]) == record["decisions"]
    *often, others = record["providers"]
    counts = ("asked_first", "chosen", "passed_over", "chosen_against_a_rule")
    assert all(max(each[name] for name in counts) >= 5 for each in often), "no line of a provider with a few decisions"
    assert others["provider"] == "Others together"
    assert f"Others together ({others['providers']}), fewer than 5 times each" in made[PAGE_FILE].decode()
    for name in (PAGE_FILE, RECORD_FILE):
        text = made[name].decode()
        assert not [each.name for each in everybody.providers if each.name in text]
        assert not [row["package_id"] for row in rows(made) if row["package_id"] in text]
    ran = run(capsys, "shadow", nights, "--out", tmp_path / "out", "--name-providers", "--smallest", "1", "--json")
    named = json.loads(ran.out)
    assert {each["provider"] for each in named["providers"]} <= {each.name for each in everybody.providers}
    assert sum(each["people"] for each in named["who_waited"]["workers"]) == named["people"]["people_who_waited"]
    for name in FOR_THE_TEAM:
        assert (tmp_path / "out" / name).read_bytes() == made[name]


def test_the_same_bytes_in_any_order_of_folders(made: Files, nights: Path, tmp_path: Path, capsys: Capture) -> None:
    for number in range(NIGHTS):
        other = tmp_path / f"{(5 * number) % NIGHTS}"
        shutil.copytree(nights / f"{number:02}", other)
        header, *lines = (other / "packages.csv").read_text(encoding="utf-8").splitlines()
        (other / "packages.csv").write_text("\n".join([header, *reversed(lines)]) + "\n", encoding="utf-8")
    (tmp_path / "latest").symlink_to(tmp_path / "0")
    given = [tmp_path / f"{number}" for number in range(4)]
    ran = run(capsys, "shadow", *given, tmp_path, "--out", tmp_path.parent / "again", "--quiet")
    assert ran.code == 0, ran.err
    assert {path.name: path.read_bytes() for path in (tmp_path.parent / "again").iterdir()} == made


def test_wrong_folders_are_refused_whole_with_every_fault(nights: Path, tmp_path: Path, capsys: Capture) -> None:
    night, out = read_snapshot(nights / "00").snapshot, tmp_path / "out"
    others = {
        "one": night,
        "same-day": night,
        "settings": replace(night, as_of=days(1), policy=replace(night.policy, rest_days=1)),
        "areas": replace(night, as_of=days(2), areas=(*night.areas, replace(night.areas[0], area_id="A2"))),
        "unreadable": replace(night, as_of=days(3)),
        "undated": replace(night, as_of=days(4)),
    }
    for name, each in others.items():
        (tmp_path / "in" / name).mkdir(parents=True)
        write(each, tmp_path / "in" / name, Random(1))
    (tmp_path / "in" / "unreadable" / "contracts.csv").unlink()
    (tmp_path / "in" / "undated" / "snapshot.toml").write_text('title = "When?"\n', encoding="utf-8")
    ran = run(capsys, "shadow", tmp_path / "in", tmp_path / "nowhere", "--out", out)
    assert ran.code == 2
    for said in ("same-day are all of", "(rest_days)", "(A2)", "contracts.csv", "as_of", "nowhere: expected a snapshot folder"):
        assert said in ran.err
    alone = run(capsys, "shadow", tmp_path / "in" / "one", "--out", out)
    assert alone.code == 2
    assert "expected two nights or more" in alone.err
    assert not out.exists()


def first_of(kind: str, column: str, value: str) -> Callable[[Files], None]:
    """Another value in the first decision of a kind."""

    def spoil(files: Files) -> None:
        table = rows(files)
        next(row for row in table if row["class"] == kind)[column] = value
        text = io.StringIO(newline="")
        writer = csv.DictWriter(text, table[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(table)
        files[DECISIONS_FILE] = text.getvalue().encode()

    return spoil


def less_a_row(name: str) -> Callable[[Files], None]:
    def spoil(files: Files) -> None:
        files[name] = b"".join(files[name].splitlines(keepends=True)[:-1])

    return spoil


def rewritten(name: str, old: bytes, new: bytes) -> Callable[[Files], None]:
    def spoil(files: Files) -> None:
        files[name] = files[name].replace(old, new, 1)

    return spoil


def another_count(*path: str | int) -> Callable[[Files], None]:
    def spoil(files: Files) -> None:
        record = json.loads(files[RECORD_FILE])
        place = record
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = 4711
        files[RECORD_FILE] = json.dumps(record).encode()

    return spoil


SPOILT: dict[str, Callable[[Files], None]] = {
    "a class": first_of("rule", "class", "same"),
    "a reason": first_of("fact_not_recorded", "why", "facts_changed_since"),
    "a rule": first_of("rule", "rules", "rating"),
    "who is asked first": first_of("same", "first_contract_id", "L-DOCK"),
    "a place": first_of("same", "place", "2"),
    "an amount": first_of("worse", "cost_pence_more", "1"),
    "whom it is compared with": first_of("worse", "compared_with", "L-ELDER"),
    "a decision left out": less_a_row(DECISIONS_FILE),
    "a wait left out": less_a_row(WAITS_FILE),
    "a day of a wait": rewritten(WAITS_FILE, b",placed,", b",gone,"),
    "a class's count": another_count("classes", 0, "decisions"),
    "a provider's count": another_count("providers", 0, "chosen"),
    "a group's count": another_count("who_waited", "workers", 0, "people"),
    "people who could have been asked for": another_count("could_have_been_asked_earlier", "people"),
    "a name": rewritten(PAGE_FILE, b"</main>", b"<p>N1 waits</p></main>"),
}


def test_the_check_finds_what_is_changed_in_what_is_written(nights: Path) -> None:
    made = shadow([read_snapshot(nights / f"{number:02}").snapshot for number in range(4)])
    read, whole = made.nights, shadow_files(made, shadow_record(made, Hiding(), named=False))
    assert faults_of_shadow(read, made.rules, whole) == []
    for what, spoil in SPOILT.items():
        files = dict(whole)
        spoil(files)
        assert faults_of_shadow(read, made.rules, files), what


def test_what_the_check_does_not_confirm_is_not_written(
    nights: Path, tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("optimiser.shadowing.check.faults_of_night", lambda *_: ["night 2026-11-23: no"])
    ran = run(capsys, "shadow", nights / "00", nights / "01", "--out", tmp_path / "out", "--quiet")
    assert (ran.code, (tmp_path / "out").exists()) == (4, False)
    assert "night 2026-11-23: no" in ran.err


@settings(max_examples=4)
@given(living_snapshots(), st.integers(0, 10**6))
def test_the_check_confirms_every_report_of_random_counties(first: Snapshot, seed: int) -> None:
    read = Team(Random(seed), per_day=2, declines=0.3, breaks=0.2, passes=0.3).nights(first, 3)
    made = shadow(read)
    files = shadow_files(made, shadow_record(made, Hiding(1), named=False))
    assert faults_of_shadow(read, made.rules, files) == []
