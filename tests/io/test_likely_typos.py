"""Mistyped words and dates that would leave a person with nobody: accepted, never repaired, and said."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from optimiser.io.likely_typos import FAR_YEARS, LIKE_NONE, NEAR_ONE, SAME_BUT_FOR_LOOKS, TWO_WORKERS, searched, typo_notes
from optimiser.io.likely_typos import notes_of as notes_found
from optimiser.io.reading import read_snapshot
from tests.making import AS_OF, framework, package, provider, snapshot
from tests.making.folders import Folder, notes_of

FAR = dt.datetime(2126, 11, 23, 9)
NOBODY = "packages.csv: no provider has a skill that is needed, so nobody can be asked"


@pytest.mark.parametrize(
    ("skill", "kind", "nearest"),
    [
        ("Dementia", SAME_BUT_FOR_LOOKS, "dementia"),
        ("dementia\u200b", SAME_BUT_FOR_LOOKS, "dementia"),
        ("ｄementia", SAME_BUT_FOR_LOOKS, "dementia"),
        ("double handed", SAME_BUT_FOR_LOOKS, "double_handed"),
        ("Double-Handed", SAME_BUT_FOR_LOOKS, "double_handed"),
        ("dementai", NEAR_ONE, "dementia"),
        ("stoma", LIKE_NONE, ""),
    ],
)
def test_a_skill_that_no_provider_has_is_noted_with_its_line_and_never_named(
    folder: Folder, skill: str, kind: str, nearest: str
) -> None:
    line = folder.change("packages.csv", "N2", skills=skill)
    reading = read_snapshot(folder.path)
    note = next(note for note in reading.notes if note.file == "packages.csv")
    assert note.message() == f"{NOBODY} ({kind}) (line {line})"
    assert skill not in note.message()
    shown = note.message(show_values=True)
    assert (f"(nearest: '{nearest}')" in shown) == bool(nearest)
    assert shown.isprintable()
    assert next(p.skills for p in reading.snapshot.packages if p.package_id == "N2") == (skill,), "nothing is put right"


def test_equal_ones_are_one_note_with_a_count_and_their_lines(folder: Folder) -> None:
    lines = [folder.add("packages.csv", "N2", package_id=f"M{n}", skills="Dementia") for n in range(30)]
    (said,) = notes_of(folder)
    named = ", ".join(map(str, lines[:20]))
    assert said == f"{NOBODY} ({SAME_BUT_FOR_LOOKS}) (30 times; lines {named} and 10 more)"


def test_what_has_changed_alone_is_searched_again() -> None:
    """A provider's only skill goes: the search for skills is made again, for those of dates in packages nothing is looked at."""
    held = framework("ALDER")
    before = snapshot(
        [package("N", skills=("dementia",), requested_at=FAR)], [held], providers=[provider("ALDER", skills=("dementia",))]
    )
    known = searched(before)
    after = replace(before, providers=(provider("ALDER", skills=("medication",)),))
    found = searched(after, known)
    assert notes_found(found) == typo_notes(after) != typo_notes(before)
    kept = {(each.look.__name__, each.through[0]) for each, old in zip(found, known, strict=True) if each is old}
    assert ("_far_dates", "packages") in kept
    assert ("_far_dates", "providers") not in kept
    later = replace(after, as_of=after.as_of + dt.timedelta(days=366 * FAR_YEARS))
    assert notes_found(searched(later, found)) == typo_notes(later) != typo_notes(after), "another day makes other dates far"


def test_running_care_is_noted_apart_and_two_workers_are_a_skill_too() -> None:
    held = framework("ALDER")
    county = snapshot(
        [package("R", contract_id="F-ALDER", skills=("dementai",)), package("N", workers=2)],
        [held],
        providers=[provider("ALDER", skills=("dementia", "double-handed"))],
    )
    lacking = "no provider has a skill that is needed, so"
    found = [(note.text, note.values) for note in typo_notes(county)]
    assert found == [
        (f"{lacking} nobody can be asked ({SAME_BUT_FOR_LOOKS})", ("'double_handed' (nearest: 'double-handed')",)),
        (f"{lacking} the care can move to nobody ({NEAR_ONE})", ("'dementai' (nearest: 'dementia')",)),
    ]
    alone = snapshot([package("N", workers=2)], [held])
    assert [note.text for note in typo_notes(alone)] == [f"{lacking} nobody can be asked ({TWO_WORKERS})"]


@pytest.mark.parametrize(
    ("file", "row", "column", "value"),
    [
        ("packages.csv", "N2", "start_by", "2206-11-25"),
        ("packages.csv", "N2", "requested_at", "1926-11-21T16:40:00"),
        ("packages.csv", "R2", "care_started", "1926-06-01"),
        ("contracts.csv", "C3", "ends", "9999-12-31"),
        ("contracts.csv", "C5", "starts", "0219-11-01"),
        ("restrictions.csv", "X1", "starts", "1926-10-01"),
        ("providers.csv", "ALDER", "pamms_published", "2206-03-02"),
        ("offers.csv", "OF1", "offered_at", "1926-11-21T17:00:00"),
    ],
)
def test_dates_decades_away_are_noted(folder: Folder, file: str, row: str, column: str, value: str) -> None:
    line = folder.change(file, row, **{column: value})
    assert f"{file}: {column} is more than 20 years from 2026-11-23 (line {line})" in notes_of(folder)


def test_an_area_that_goes_live_in_another_century_is_named(folder: Folder) -> None:
    features = folder.features()
    features[1]["properties"]["go_live"] = "2126-04-01"
    folder.areas(features)
    assert notes_of(folder) == ["areas.geojson: go_live of area A2 is more than 20 years from 2026-11-23"]


def test_twenty_years_are_near_and_a_month_more_is_far() -> None:
    def noted(day: dt.date) -> bool:
        return bool(typo_notes(snapshot([package("N", start_by=day)], [framework("ALDER")])))

    assert not noted(AS_OF.replace(year=AS_OF.year + FAR_YEARS))
    assert noted(AS_OF.replace(year=AS_OF.year + FAR_YEARS, month=12))
    assert not noted(AS_OF.replace(year=AS_OF.year - FAR_YEARS))
    assert noted(AS_OF.replace(year=AS_OF.year - FAR_YEARS, month=10))


@pytest.mark.parametrize(
    ("row", "cells", "said"),
    [
        ("R2", {"requested_at": "2026-06-02T09:00:00"}, "care_started is before requested_at"),
        ("N2", {"start_by": "2025-11-19"}, "start_by is more than a year before requested_at"),
        ("N2", {"requested_at": "2026-11-24T00:00:00"}, "requested_at is after 2026-11-23"),
        ("R2", {"care_started": "2027-06-01"}, "care is running, and care_started is after 2026-11-23"),
    ],
)
def test_dates_in_the_wrong_order_are_noted(folder: Folder, row: str, cells: dict[str, str], said: str) -> None:
    line = folder.change("packages.csv", row, **cells)
    assert notes_of(folder) == [f"packages.csv: {said} (line {line})"]


def test_care_that_starts_on_the_day_of_its_request_is_in_order(folder: Folder) -> None:
    folder.change("packages.csv", "R2", requested_at="2026-06-01T09:00:00")
    folder.change("packages.csv", "N2", start_by="2026-11-01")
    assert notes_of(folder) == []


@pytest.mark.parametrize("empty", ["", "  ", "\u200b", "\u00a0"])
def test_empty_names_are_noted(folder: Folder, empty: str) -> None:
    provider_line = folder.change("providers.csv", "BIRCH", name=empty)
    surgery_line = folder.change("surgeries.csv", "S1", name=empty)
    features = folder.features()
    features[0]["properties"]["name"] = empty
    folder.areas(features)
    nothing = "is empty: people will read nothing in its place"
    assert notes_of(folder) == [
        f"areas.geojson: name of area A1 {nothing}",
        f"providers.csv: name {nothing} (line {provider_line})",
        f"surgeries.csv: name {nothing} (line {surgery_line})",
    ]
