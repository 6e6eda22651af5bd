"""Cells that cannot be read: each is a fault with its file, line, column, expectation and value."""

from __future__ import annotations

import pytest

from optimiser.io.cells import BadCellError, decimal
from tests.making.folders import Folder, faults_of

NOT_NUMBERS = [
    "x", "nan", "NaN", "inf", "-inf", "Infinity", "1e5", "１２", "٢٤", "1,000", "+60", " 60", "60 ", "0x10", "1_000", "60.", ".5",
]  # fmt: skip
"""The full-width and the Arabic digits look like numbers to many a library."""

NUMBERS = [("contracts.csv", "C3", "max_hours_4w", value, "a number") for value in [*NOT_NUMBERS, "-1", "-0.5", "1000001"]] + [
    ("contracts.csv", "C3", "max_hours_4w", "60.1234567", "6 decimals"),
    ("providers.csv", "BIRCH", "max_distance_miles", "-3", "from 0 to 1000"),
    ("restrictions.csv", "X1", "new_hours_4w", "lots", "a number"),
    ("rounds.csv", "RD1", "staff_hours_per_week", "-46", "a number"),
]
WHOLE = [
    ("visits.csv", "V1", "duration_minutes", value, "a whole number") for value in [*NOT_NUMBERS, "", "0", "30.5", "-30", "1441"]
] + [
    ("packages.csv", "N5", "visits_per_week", "2001", "from 1 to 2000"),
    ("packages.csv", "N5", "workers", "3", "from 1 to 2"),
    ("visits.csv", "V1", "workers", "0", "from 1 to 2"),
    ("contracts.csv", "C1", "billing_increment_minutes", "61", "from 1 to 60"),
    ("rounds.csv", "RD1", "staff", "1.5", "a whole number"),
]
BAD_DATES = [
    "soon", "01/04/2026", "2026-4-1", "20260401", "2026-13-01", "2026-02-29", "0000-01-01", "2026-W14-3", "2026-04-01T00:00:00",
    " 2026-04-01", "２０２６-04-01",
]  # fmt: skip
DATES = [("contracts.csv", "C4", "starts", value, "a date") for value in BAD_DATES] + [
    ("contracts.csv", "C4", "ends", "never", "a date"),
    ("providers.csv", "ALDER", "pamms_published", "2026", "a date"),
    ("restrictions.csv", "X1", "starts", "2026-10", "a date"),
    ("packages.csv", "N1", "start_by", "tomorrow", "a date"),
    ("packages.csv", "R1", "care_started", "4 May 2026", "a date"),
]
BAD_MOMENTS = [
    "2026-11-21", "17:00", "2026-11-21T17:00:00+00:00", "2026-11-21T17:00:00Z", "2026-11-21T17:00+01:00", "2026-11-21T25:00:00",
    "2026-11-21T17:60", "2026-11-31T17:00", "21/11/2026 17:00", "2026-11-21T17", "２０２６-11-21T17:00:00",
]  # fmt: skip
MOMENTS = [("offers.csv", "OF1", "offered_at", value, "without an offset") for value in [*BAD_MOMENTS, ""]] + [
    ("offers.csv", "OF1", "responded_at", "2026-11-22T09:30:00+00:00", "without an offset"),
    ("packages.csv", "N1", "requested_at", "yesterday", "a date and time"),
]
TIMES = [
    ("visits.csv", "V1", "earliest_start", value, "a time of day")
    for value in ["", "7:00", "24:00", "07:60", "07:00Z", "07:00+01:00", "7am", "0700", "０7:00"]
] + [("visits.csv", "V1", "latest_start", "noon", "a time of day")]
TRUTHS = [("surgeries.csv", "S2", "band_centre", value, "true or false") for value in ["", "True", "FALSE", "yes", "1", "true "]]
ENUMS = [
    ("contracts.csv", "C1", "tier", "Principal", "one of principal, framework, legacy"),
    ("contracts.csv", "C1", "tier", "", "one of principal, framework, legacy"),
    ("restrictions.csv", "X1", "kind", "paused", "one of no_new_work, capped"),
    ("providers.csv", "ALDER", "cqc_rating", "", "one of outstanding"),
    ("providers.csv", "ALDER", "pamms_rating", "outstanding", "one of empty, excellent"),
    ("packages.csv", "N1", "status", "waiting", "one of new, active"),
    ("packages.csv", "N1", "priority", "", "one of urgent"),
    ("packages.csv", "N1", "source", "hospital", "one of"),
    ("offers.csv", "OF1", "response", "refused", "one of"),
]
LISTS = [
    ("visits.csv", "V1", "days", "mon;tuesday", "a list of"),
    ("visits.csv", "V1", "days", "", "at least one day"),
    ("contracts.csv", "C3", "bands", "1;4", "a list of 1, 2, 3"),
]
HOURS = [
    *(("packages.csv", "N5", "hours_per_week", value, "a number from 0 to 336") for value in [*NOT_NUMBERS, "", "-3.5", "337"]),
    *(("packages.csv", "N5", "hours_per_week", value, "in quarter hours") for value in ["3.4", "3.2501", "0.1"]),
    ("packages.csv", "N5", "hours_per_week", "0", "more than 0 hours"),
]
POUNDS = [
    ("contracts.csv", "C1", "rate_band_1", value, "a number") for value in ["", "£24", "1e2", "-24", "1000.01", "24,00", "nan"]
] + [
    ("contracts.csv", "C1", "rate_band_1", "24.001", "2 decimals"),
    ("contracts.csv", "C2", "rate_band_2", "26.505", "2 decimals"),
    ("contracts.csv", "C2", "rate_band_3", "x", "a number"),
]
SHARES = [("contracts.csv", "C1", "guarantee", value, "from 0 to 1") for value in ["1.01", "80", "-0.1", "80%", "inf"]]
IDS = [
    ("packages.csv", "N5", "package_id", value, "an id") for value in ["", " N5", "N5 ", "N;5", "N\n5", "N\u200b5", "N" * 101]
] + [
    ("contracts.csv", "C1", "area_id", "A1 ", "an id"),
    ("offers.csv", "OF1", "contract_id", "", "an id"),
]
LONG = [("providers.csv", "ALDER", "name", "a" * 10_001, "at most 10,000 characters")]

SHOWN = [*NUMBERS, *WHOLE, *DATES, *MOMENTS, *TIMES, *TRUTHS, *ENUMS, *LISTS, *HOURS, *POUNDS, *SHARES, *IDS, *LONG]


@pytest.mark.parametrize(("name", "row", "column", "value", "expected"), SHOWN)
def test_a_wrong_cell_is_named_with_its_place_expectation_and_value(
    folder: Folder, name: str, row: str, column: str, value: str, expected: str
) -> None:
    line = folder.change(name, row, **{column: value})
    [fault] = [fault for fault in faults_of(folder) if (fault.file, fault.line, fault.column) == (name, line, column)]
    assert expected in fault.expected
    assert fault.found == (value or "empty")
    message = fault.message()
    assert message.startswith(f"{name}, line {line}, {column}: expected ")
    assert message.isprintable()
    assert value[:10].strip("\n\u200b") in message or not value.isprintable()


def test_a_sum_of_binary_floats_is_called_a_number_with_too_many_digits() -> None:
    pounds = decimal(0, 1000, places=2)
    for too_long in ("21.130000000000003", "0" * 13, "-1.0000000000001"):
        with pytest.raises(BadCellError) as refused:
            pounds(too_long)
        assert refused.value.expected == "a number from 0 to 1000"
        assert refused.value.kind == "more than 12 digits before or after the point"
    with pytest.raises(BadCellError) as refused:
        pounds("21.13.0")
    assert refused.value.kind == "not a number"


PERSONAL = [
    ("packages.csv", "N1", "latitude", "52.6O5", "not a number"),
    ("packages.csv", "N1", "latitude", "nan", "not a number"),
    ("packages.csv", "N1", "latitude", "５２.６", "not a number"),
    ("packages.csv", "N1", "latitude", "5.2605e1", "not a number"),
    ("packages.csv", "N1", "latitude", "55.987", "outside England"),
    ("packages.csv", "N1", "latitude", "-52.605", "outside England"),
    ("packages.csv", "N1", "latitude", "1.1051", "latitude and longitude swapped"),
    ("packages.csv", "N1", "longitude", "1.105E", "not a number"),
    ("packages.csv", "N1", "longitude", "inf", "not a number"),
    ("packages.csv", "N1", "longitude", "1.987", "outside England"),
    ("packages.csv", "N1", "longitude", "-6.6001", "outside England"),
    ("packages.csv", "N1", "longitude", "52.6051", "latitude and longitude swapped"),
    ("packages.csv", "N1", "protected", "palliative " * 1000, "a longer text"),
    ("packages.csv", "N1", "transfer_decision", "unsure-as-yet", "not one of these"),
    ("packages.csv", "N1", "excluded_provider_ids", "ELMTREE", "an unknown id"),
    ("offers.csv", "OF1", "reason", "grandmother " * 1000, "a longer text"),
    ("restrictions.csv", "X1", "reason", "safeguarding " * 1000, "a longer text"),
]


@pytest.mark.parametrize(("name", "row", "column", "value", "kind"), PERSONAL)
def test_of_a_personal_value_only_its_kind_is_told(
    folder: Folder, name: str, row: str, column: str, value: str, kind: str
) -> None:
    line = folder.change(name, row, **{column: value})
    [fault] = [fault for fault in faults_of(folder) if (fault.file, fault.line, fault.column) == (name, line, column)]
    message = fault.message()
    assert kind in message
    assert value[:10] not in message
    assert value[:10] in fault.message(show_values=True)


@pytest.mark.parametrize("column", ["latitude", "longitude"])
def test_a_missing_coordinate_is_told_to_be_empty(folder: Folder, column: str) -> None:
    line = folder.change("packages.csv", "N1", **{column: ""})
    [fault] = [fault for fault in faults_of(folder) if (fault.file, fault.line, fault.column) == ("packages.csv", line, column)]
    assert "empty" in fault.message()


@pytest.mark.parametrize(("name", "row"), [("offices.csv", "OF1"), ("surgeries.csv", "S1")])
def test_coordinates_are_told_by_their_kind_in_every_file(folder: Folder, name: str, row: str) -> None:
    folder.change(name, row, latitude="52.6O5")
    messages = [fault.message() for fault in faults_of(folder)]
    assert any("latitude" in message and "not a number" in message for message in messages)
    assert not any("52.6O5" in message for message in messages)


@pytest.mark.parametrize(("name", "row"), [("offices.csv", "OF1"), ("surgeries.csv", "S1"), ("packages.csv", "N1")])
def test_swapped_coordinates_are_said_to_be_swapped(folder: Folder, name: str, row: str) -> None:
    line = folder.change(name, row, latitude="1.105", longitude="52.605")
    found = {fault.column: fault for fault in faults_of(folder) if (fault.file, fault.line) == (name, line)}
    assert found.keys() >= {"latitude", "longitude"}
    assert "swapped" in found["latitude"].kind
    assert "swapped" in found["longitude"].kind


@pytest.mark.parametrize(
    ("name", "row", "column", "value"),
    [
        ("packages.csv", "N5", "latitude", "53"),
        ("packages.csv", "N5", "latitude", "52.600000000000001421085471520200371742"[:32]),
        ("packages.csv", "N5", "longitude", "-0.14"),
        ("packages.csv", "N5", "hours_per_week", "3.50"),
        ("packages.csv", "N5", "visits_per_week", "7.0"),
        ("contracts.csv", "C1", "guarantee", "1"),
        ("contracts.csv", "C1", "max_hours_4w", "0"),
        ("contracts.csv", "C1", "rate_band_1", "24.100"),
        ("offers.csv", "OF1", "offered_at", "2026-11-21 17:00"),
        ("offers.csv", "OF1", "offered_at", "2026-11-21T17:00:00.123456"),
        ("visits.csv", "V1", "earliest_start", "07:00:30"),
        ("providers.csv", "ALDER", "skills", " dementia ; double_handed;;dementia"),
    ],
)
def test_unusual_spellings_of_good_values_are_accepted(folder: Folder, name: str, row: str, column: str, value: str) -> None:
    from optimiser.io.reading import read_snapshot

    folder.change(name, row, **{column: value})
    assert len(read_snapshot(folder.path).snapshot.packages) == 10
