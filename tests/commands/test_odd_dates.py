"""The first and the last days of the calendar, wherever a date may stand: a result or words, and never a traceback."""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain
from pathlib import Path

import pytest

from tests.commands.every_command import failures, following_calls, frontier_call, reading_calls
from tests.commands.running import run
from tests.making.folders import SETTINGS, Folder, area

FIRST, LAST = "0001-01-01", "9999-12-31"
DATES = {
    "providers.csv": ("pamms_published",),
    "contracts.csv": ("starts", "ends"),
    "restrictions.csv": ("starts", "ends"),
    "packages.csv": ("start_by", "requested_at", "care_started"),
    "offers.csv": ("offered_at", "responded_at"),
}
MOMENTS = ("requested_at", "offered_at", "responded_at")
LEGACY = """\
T1,52.59,1.12,A1,active,3.5,7,1,,standard,,C5,RD2,,suitable,,,,2026-02-02
T2,52.60,1.12,A1,active,3.5,7,1,,standard,,C5,RD2,,,,,,2026-02-02
T3,52.60,1.13,A1,active,1.75,7,1,,standard,,C5,RD4,,suitable,,,,2026-02-02
"""


@pytest.fixture
def county(folder: Folder) -> Folder:
    """The small county with two rounds that may move."""
    folder.write("packages.csv", folder.text("packages.csv") + LEGACY)
    folder.write("rounds.csv", folder.text("rounds.csv") + "RD2,BIRCH,A1,1,9.5\nRD4,BIRCH,A1,,\n")
    return folder


def dated(county: Folder, day: str, *, also_empty: bool = False, columns: dict[str, tuple[str, ...]] = DATES) -> None:
    """Every date of these columns (empty ones too, by choice) on one day."""
    for name, wanted in columns.items():
        rows = county.rows(name)
        for row in rows:
            for column in wanted:
                if row[column] or also_empty:
                    row[column] = f"{day}T23:59:59" if column in MOMENTS else day
        county.put(name, rows)


def ends_last(county: Folder) -> None:
    dated(county, LAST, also_empty=True, columns={"contracts.csv": ("ends",), "restrictions.csv": ("ends",)})


def starts_first(county: Folder) -> None:
    dated(county, FIRST, also_empty=True, columns={"contracts.csv": ("starts",), "packages.csv": ("start_by", "requested_at")})


def starts_last(county: Folder) -> None:
    dated(county, LAST, columns={"packages.csv": ("start_by",), "providers.csv": ("pamms_published",)})
    county.areas([each | {"properties": each["properties"] | {"go_live": LAST}} for each in county.features()])


def asked_last(county: Folder) -> None:
    dated(county, LAST, columns={"offers.csv": ("offered_at", "responded_at"), "packages.csv": ("requested_at", "care_started")})


def asked_first(county: Folder) -> None:
    dated(county, FIRST, columns={"offers.csv": ("offered_at", "responded_at"), "packages.csv": ("requested_at", "care_started")})


def all_ever(county: Folder) -> None:
    """Contracts that never end, so that there is something to plan on any day."""
    empty = {"starts": "", "ends": ""}
    county.put("contracts.csv", [row | empty for row in county.rows("contracts.csv")])


def as_of(day: str) -> Callable[[Folder], None]:
    def make(county: Folder) -> None:
        all_ever(county)
        county.write("snapshot.toml", SETTINGS.replace("2026-11-23", day))
        dated(county, FIRST, columns={"locations.csv": ("cqc_rated",)})  # no rating is of a later day
        county.areas([area("A1", 1.0, day), area("A2", 1.2, None), area("A3", 1.4, None)])

    make.__name__ = f"as_of_{day}"
    return make


ODD = [
    ends_last,
    starts_first,
    starts_last,
    asked_last,
    asked_first,
    as_of(FIRST),
    as_of("9999-06-01"),
    as_of(LAST),
]


@pytest.mark.parametrize("odd", ODD, ids=lambda each: each.__name__)
def test_every_command_on_the_ends_of_the_calendar(
    odd: Callable[[Folder], None],
    county: Folder,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'county.db'}")
    odd(county)
    assert run(capsys, "check", county.path).code == 0
    place = tmp_path / "written"
    place.mkdir()
    calls = chain(reading_calls(county.path, place), [frontier_call(county.path, place)], following_calls(county.path, place))
    assert failures(capsys, calls) == []
