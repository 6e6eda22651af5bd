"""Every command on a county that lacks something: a result, or a refusal in words, and never a traceback."""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain
from pathlib import Path

import pytest

from tests.commands.every_command import failures, following_calls, frontier_call, reading_calls, rounds_calls
from tests.commands.running import run
from tests.making.folders import OF_PEOPLE, TABLES, Folder, area

WAITING = ("N1", "N2", "N3", "N4", "N5", "N6")
RUNNING = ("R1", "R2", "R3", "R4")


def without_principals(county: Folder) -> None:
    county.drop("contracts.csv", "C1")
    county.drop("rates.csv", "C1")
    county.drop("packages.csv", "R1")
    county.drop("visits.csv", "V3", "V4")
    county.drop("offers.csv", "OF1", "OF4")
    county.drop("meanwhile.csv", "R1")


def without_packages(county: Folder) -> None:
    for name in OF_PEOPLE:
        county.put(name, [])


def without_waiting_packages(county: Folder) -> None:
    county.drop("packages.csv", *WAITING)
    county.drop("visits.csv", "V1", "V2")
    county.drop("offers.csv", "OF1", "OF2", "OF3")


def without_running_care(county: Folder) -> None:
    county.drop("packages.csv", *RUNNING)
    county.drop("visits.csv", "V3", "V4")
    county.drop("offers.csv", "OF4")


def without_contracts(county: Folder) -> None:
    without_running_care(county)
    for name in ("contracts.csv", "rates.csv", "offers.csv"):
        county.put(name, [])


def without_providers(county: Folder) -> None:
    without_contracts(county)
    for name in ("providers.csv", "offices.csv", "rounds.csv", "restrictions.csv"):
        county.put(name, [])
    county.put("packages.csv", [row | {"excluded_provider_ids": ""} for row in county.rows("packages.csv")])


def without_rounds(county: Folder) -> None:
    county.put("rounds.csv", [])
    county.change("packages.csv", "R1", round_id="")


def without_visits(county: Folder) -> None:
    county.put("visits.csv", [])


def without_files_that_may_be_missing(county: Folder) -> None:
    without_rounds(county)
    for name in ("rounds.csv", "visits.csv", "offers.csv", "restrictions.csv"):
        (county.path / name).unlink()


def without_offices(county: Folder) -> None:
    county.put("offices.csv", [])


def without_live_areas(county: Folder) -> None:
    county.areas([area("A1", 1.0, None), area("A2", 1.2, None), area("A3", 1.4, None)])


def without_anything(county: Folder) -> None:
    for name in TABLES:
        county.put(name, [])
    county.areas([])


def without_all_but_a_place(county: Folder) -> None:
    for name in TABLES:
        county.put(name, [row for row in county.rows(name) if name == "surgeries.csv"])


LACKING = [
    without_principals,
    without_packages,
    without_waiting_packages,
    without_running_care,
    without_contracts,
    without_providers,
    without_rounds,
    without_visits,
    without_files_that_may_be_missing,
    without_offices,
    without_live_areas,
    without_anything,
    without_all_but_a_place,
]
WITH_ROUNDS = (without_packages, without_contracts, without_visits)
"""Those for which planning rounds is soon told to be impossible."""


@pytest.mark.parametrize("lacking", LACKING, ids=lambda each: each.__name__)
def test_every_command_says_what_it_lacks(
    lacking: Callable[[Folder], None],
    folder: Folder,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'county.db'}")
    lacking(folder)
    place = tmp_path / "written"
    place.mkdir()
    rounds = rounds_calls(folder.path, place) if lacking in WITH_ROUNDS else ()
    calls = chain(reading_calls(folder.path, place), rounds, following_calls(folder.path, place))
    assert failures(capsys, calls) == []


@pytest.mark.parametrize("lacking", LACKING, ids=lambda each: each.__name__)
def test_a_frontier_where_something_lacks(
    lacking: Callable[[Folder], None], folder: Folder, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lacking(folder)
    assert failures(capsys, [frontier_call(folder.path, tmp_path)]) == []


def test_a_transfer_without_a_principal_says_so(folder: Folder, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    without_principals(folder)
    ran = run(capsys, "transfer", folder.path, "--area", "all", "--out", tmp_path / "out", "--quiet")
    assert ran.code == 2
    assert "no area has a principal contract that has not ended" in ran.err
    assert not (tmp_path / "out").exists()
