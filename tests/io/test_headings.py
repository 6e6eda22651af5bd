"""Headings: which line they stand on, what they are separated by, and what somebody may have meant."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from optimiser.io.faults import Fault, InputRefusedError
from optimiser.io.moves import AGREED, HISTORY, REFUSED, WISHES, read_history, read_known
from optimiser.io.reading import read_snapshot
from optimiser.io.schema import TABLES
from optimiser.io.staffing import WORKERS, read_staffing
from tests.making.folders import Folder, faults_of, notes_of, the_fault

PACKAGES = "packages.csv"
Spoil = Callable[[str], str]


def each_line(change: Callable[[str], str]) -> Spoil:
    return lambda text: "".join(f"{change(line)}\n" for line in text.splitlines())


def with_empty_rows(text: str) -> str:
    width = text.partition("\n")[0].count(",")
    return text + f"{',' * width}\n" * 2 + f"{', ' * width}\n" + f"{',' * (width + 3)}\n"


HARMLESS: list[tuple[str, Spoil, list[str]]] = [
    ("a sep line", lambda text: f"sep=,\n{text}", ["the line 'sep=' for a spreadsheet is ignored"]),
    ("a sep line in quotes", lambda text: f'"sep=,"\r\n{text}', ["the line 'sep=' for a spreadsheet is ignored"]),
    ("a sep line in capitals", lambda text: f"SEP=;\n{text}", ["the line 'sep=' for a spreadsheet is ignored"]),
    ("a sep line with empty cells", lambda text: f"sep=,,,,\n{text}", ["the line 'sep=' for a spreadsheet is ignored"]),
    ("empty columns", each_line(lambda line: f"{line},,,"), ["an empty column is ignored (3 times)"]),
    ("columns of blanks", each_line(lambda line: f"{line}, ,\xa0"), ["an empty column is ignored (2 times)"]),
    ("an empty column before", each_line(lambda line: f",{line}"), ["an empty column is ignored"]),
    (
        "headings without a name and rows that end before them",
        lambda text: text.replace("\n", ",,\n", 1),
        ["an empty column is ignored (2 times)"],
    ),
    ("empty rows", with_empty_rows, ["row of empty cells is ignored (4 times)"]),
]


@pytest.mark.parametrize(("spoil", "said"), [case[1:] for case in HARMLESS], ids=[case[0] for case in HARMLESS])
@pytest.mark.parametrize("name", TABLES)
def test_what_spreadsheets_leave_behind_is_a_harmless_note(folder: Folder, name: str, spoil: Spoil, said: list[str]) -> None:
    before = read_snapshot(folder.path).snapshot
    folder.write(name, spoil(folder.text(name)))
    after = read_snapshot(folder.path).snapshot
    assert after.digest() == before.digest()
    assert notes_of(folder) == [f"{name}: {each}" for each in said]


BESIDE: dict[str, str] = {
    "history": "date,package_id,from_provider_id,hours_per_week\n2026-10-01,R1,ALDER,7\n",
    "moves": "date,package_id,from_provider_id,hours_per_week\n2026-10-01,R1,ALDER,7\n",
    "agreed": "round_id,date\nRD1,2027-02-01\n",
    "refused": "package_id,refused_by\nR1,family\n",
    "wishes": "package_id,wish\nR1,direct_payment\n",
    WORKERS: "worker_id,provider_id,skills,travels,latitude,longitude,hours_per_week,days\nW1,ALDER,,drives,,,30,mon;tue\n",
}


def read_beside(folder: Folder, kind: str, path: Path) -> tuple[object, list[str]]:
    """What is read of a file beside a snapshot, and the notes."""
    snapshot = read_snapshot(folder.path).snapshot
    if kind == "history":
        read: object
        read, notes = read_history(path, snapshot)
    elif kind == WORKERS:
        _, read, notes = read_staffing(path.parent, None, snapshot)
    else:
        read, notes = read_known(snapshot, **{"history" if kind == "moves" else kind: path})
    return read, [note.message() for note in notes]


@pytest.mark.parametrize(("spoil", "said"), [case[1:] for case in HARMLESS], ids=[case[0] for case in HARMLESS])
@pytest.mark.parametrize("kind", BESIDE)
def test_files_beside_a_snapshot_are_read_by_the_same_reader(folder: Folder, kind: str, spoil: Spoil, said: list[str]) -> None:
    path = folder.path / (kind if kind == WORKERS else f"{kind}.csv")
    path.write_text(BESIDE[kind], encoding="utf-8")
    before, _ = read_beside(folder, kind, path)
    path.write_bytes(spoil(BESIDE[kind]).encode())
    assert read_beside(folder, kind, path) == (before, [f"{path.name}: {each}" for each in said])


def test_lines_are_counted_with_the_sep_line(folder: Folder) -> None:
    folder.change(PACKAGES, "N1", status="lost")
    folder.write(PACKAGES, "sep=,\n" + folder.text(PACKAGES))
    assert the_fault(folder).line == 3


def test_a_value_in_one_of_several_columns_without_a_heading_is_refused_and_not_shown(folder: Folder) -> None:
    lines = folder.text(PACKAGES).splitlines()
    folder.write(PACKAGES, "\n".join([f"{lines[0]},,,", *(f"{line},Mary Brown,,7" for line in lines[1:])]))
    faults = faults_of(folder)
    assert [(fault.line, fault.column, fault.found) for fault in faults] == [(1, "column 20", "none"), (1, "column 22", "none")]
    assert all("heading" in fault.expected for fault in faults)


def test_one_column_without_a_heading_may_hold_what_it_likes_with_a_note(folder: Folder) -> None:
    text = folder.text(PACKAGES).splitlines()
    folder.write(PACKAGES, "\n".join([f",{text[0]}", *(f"{n},{line}" for n, line in enumerate(text[1:]))]))
    assert notes_of(folder) == ["packages.csv: unknown column '' is kept and ignored"]


@pytest.mark.parametrize("width", [-1, 1, 2, 4])
def test_rows_of_another_width_than_the_headings_are_refused_also_beside_empty_columns(folder: Folder, width: int) -> None:
    lines = folder.text("providers.csv").splitlines()
    last = lines[-1].rsplit(",", 1)[0] if width == -1 else lines[-1] + "," * width
    folder.write("providers.csv", "\n".join([*(f"{line},,," for line in lines[:-1]), last]))
    [fault] = [each for each in faults_of(folder) if each.file == "providers.csv"]
    assert (fault.line, fault.expected) == (len(lines), "8 cells")


ALIKE = [
    ("Package_ID", "'Package_ID'"),
    ("PACKAGE_ID", "'PACKAGE_ID'"),
    ("Package ID", "'Package ID'"),
    ("package-id", "'package-id'"),
    ("package_id\u200b", r"'package_id\x200b'"),
    ("package\ufeff_id", r"'package\xfeff_id'"),
    ("\xa0package_id", r"'\xa0package_id'"),
    ("package\xad_id", r"'package\xad_id'"),
    ("ｐackage_id", "'ｐackage_id'"),
    ("package_id ", "'package_id '"),
    ("pakage_id", "'pakage_id'"),
    ("packageid", "'packageid'"),
    ("package_ids", "'package_ids'"),
]


@pytest.mark.parametrize(("heading", "told"), ALIKE)
def test_a_heading_that_looks_like_a_column_is_named_with_what_was_meant(folder: Folder, heading: str, told: str) -> None:
    folder.write(PACKAGES, folder.text(PACKAGES).replace("package_id", heading, 1))
    [fault] = [each for each in faults_of(folder) if each.file == PACKAGES]
    assert fault.message() == (
        f"packages.csv, line 1, package_id: expected this column (column {told} is not known; did you mean 'package_id'?); "
        "found 'no such column'"
    )


@pytest.mark.parametrize("name", TABLES)
def test_all_headings_in_capitals_are_each_named(folder: Folder, name: str) -> None:
    header = folder.text(name).partition("\n")[0]
    folder.write(name, folder.text(name).replace(header, header.upper(), 1))
    faults = [each for each in faults_of(folder) if each.file == name]
    assert {each.column for each in faults} == {column.name for column in TABLES[name] if not column.optional}
    assert all(f"{each.column.upper()!r} is not known; did you mean {each.column!r}?" in each.expected for each in faults)


def test_of_two_headings_that_may_be_meant_the_one_that_differs_least_is_named(folder: Folder) -> None:
    text = folder.text("offers.csv").replace("reason", "Reasons,Reason", 1).replace("time_of_day", ",time_of_day")
    folder.write("offers.csv", text.replace(",,,\n", ",,,,\n").replace("accepted,", "accepted,,"))
    assert "column 'Reason' is not known" in the_fault(folder).expected


@pytest.mark.parametrize(
    ("heading", "said"),
    [
        ("Held_Until", "unknown column 'Held_Until' is kept and ignored; did you mean 'held_until'?"),
        ("previous_contract", "unknown column 'previous_contract' is kept and ignored; did you mean 'previous_contract_id'?"),
        ("Package_ID", "unknown column 'Package_ID' is kept and ignored; it is like 'package_id', which is there too"),
        ("skil\u200bls", r"unknown column 'skil\x200bls' is kept and ignored; it is like 'skills', which is there too"),
        ("district", "unknown column 'district' is kept and ignored"),
        (
            "Postcode",
            "unknown column 'Postcode' is kept and ignored;"
            " 'optimiser postcodes fill' leaves it out: the places say where people live",
        ),
    ],
)
def test_an_unknown_column_that_is_like_a_known_one_is_told_as_such(folder: Folder, heading: str, said: str) -> None:
    rows = [row | {heading: ""} for row in folder.rows(PACKAGES)]
    folder.put(PACKAGES, rows, [*folder.header(PACKAGES), heading])
    assert notes_of(folder) == [f"packages.csv: {said}"]


TITLES = [
    ("a title", "Packages of 23 November\n", "another line"),
    ("a title and a blank line", "Packages of 23 November\n\n", "another line"),
    ("a title with empty cells", "Packages of 23 November,,,,,,\nNorth,\n", "another line"),
    ("a blank line", "\n", "an empty line"),
    ("a row of empty cells", ",,,,\n", "an empty line"),
]


@pytest.mark.parametrize(("title", "found"), [case[1:] for case in TITLES], ids=[case[0] for case in TITLES])
@pytest.mark.parametrize("name", TABLES)
def test_titles_above_the_headings_are_one_fault_that_says_where_the_headings_are(
    folder: Folder, name: str, title: str, found: str
) -> None:
    folder.write(name, title + folder.text(name))
    fault = the_fault(folder)
    line = title.count("\n") + 1
    assert fault == Fault(
        name, 1, "", f"the headings (they seem to stand on line {line}: delete the lines above it)", found, kind="another value"
    )


def test_titles_are_recognised_also_above_headings_in_capitals_and_below_a_sep_line(folder: Folder) -> None:
    text = folder.text("rounds.csv")
    folder.write("rounds.csv", "sep=,\nRounds\n" + text.replace("round_id", "ROUND_ID").replace("staff", "Staff"))
    fault = the_fault(folder)
    assert (fault.line, "line 3" in fault.expected) == (2, True)


@pytest.mark.parametrize("columns", [HISTORY, AGREED, REFUSED, WISHES])
def test_titles_above_the_headings_of_a_small_file_are_recognised(folder: Folder, columns: tuple[object, ...]) -> None:
    kind = {id(HISTORY): "history", id(AGREED): "agreed", id(REFUSED): "refused", id(WISHES): "wishes"}[id(columns)]
    path = folder.path / f"{kind}.csv"
    path.write_text("Told by telephone\n" + BESIDE[kind], encoding="utf-8")
    with pytest.raises(InputRefusedError) as refused:
        read_beside(folder, kind, path)
    assert ["line 2" in fault.expected for fault in refused.value.faults] == [True]


def test_a_file_without_headings_is_one_fault_and_shows_nobody(folder: Folder) -> None:
    folder.write(PACKAGES, folder.text(PACKAGES).partition("\n")[2])
    fault = the_fault(folder)
    assert fault.expected.startswith("the headings package_id, latitude, longitude, area_id, ")
    assert (fault.line, fault.found) == (1, "none of them")


@pytest.mark.parametrize(("separator", "called"), [(";", "semicolons"), ("\t", "tabs"), ("|", "bars")])
@pytest.mark.parametrize("above", ["", "sep={}\n", "Packages, as of today\n"])
@pytest.mark.parametrize("name", TABLES)
def test_columns_separated_otherwise_are_one_fault_where_they_begin(
    folder: Folder, name: str, separator: str, called: str, above: str
) -> None:
    text = folder.text(name).replace(";", " ").replace(",", separator)
    folder.write(name, above.format(separator) + text)
    fault = the_fault(folder)
    assert (fault.line, fault.expected) == (1 + above.count("\n"), f"columns separated by commas, not {called}")


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"PK\x03\x04\x14\x00", "a workbook or another archive"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "an old workbook"),
        ("package_id,latitude\n".encode("utf-16"), "UTF-16"),
    ],
)
def test_a_workbook_or_another_encoding_is_told_with_what_to_do(folder: Folder, content: bytes, found: str) -> None:
    folder.write(PACKAGES, content)
    fault = the_fault(folder)
    assert fault.found == found
    assert "CSV UTF-8" in fault.expected


def test_where_postcodes_stand_in_place_of_degrees_the_way_on_is_told(folder: Folder) -> None:
    folder.write("offices.csv", "office_id,provider_id,POSTCODE\nOF1,ALDER,NR1 2DH\n")
    hint = "this column ('optimiser postcodes fill' finds it by the column of postcodes)"
    expected = [(each.column, each.expected) for each in faults_of(folder) if each.file == "offices.csv"]
    assert expected == [("latitude", hint), ("longitude", hint)]
