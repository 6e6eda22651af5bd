"""Files that are not what they should be as a whole: missing, torn, of another encoding, too large."""

from __future__ import annotations

import os
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest

from optimiser.io import csv_tables
from optimiser.io.faults import Fault, InputRefusedError
from optimiser.io.reading import read_snapshot
from optimiser.io.schema import MAY_BE_ABSENT, TABLES
from tests.making.folders import REQUIRED, Folder, faults_of, the_fault

ALL_FILES = [*REQUIRED, *MAY_BE_ABSENT]
MEGABYTE = 1024 * 1024


def of_file(folder: Folder, name: str) -> list[Fault]:
    return [fault for fault in faults_of(folder) if fault.file == name]


def test_a_missing_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputRefusedError) as refused:
        read_snapshot(tmp_path / "nowhere")
    assert [fault.message() for fault in refused.value.faults] == [
        "nowhere: expected a folder with a snapshot; found 'no such folder'"
    ]


def test_a_file_in_the_folders_place_is_refused(folder: Folder) -> None:
    with pytest.raises(InputRefusedError):
        read_snapshot(folder.path / "packages.csv")


@pytest.mark.parametrize("name", REQUIRED)
def test_a_missing_file_is_named(folder: Folder, name: str) -> None:
    (folder.path / name).unlink()
    assert [(fault.line, fault.expected, fault.found) for fault in of_file(folder, name)] == [(0, "the file", "no such file")]


@pytest.mark.parametrize("name", ["restrictions.csv", "offers.csv", "visits.csv", "rounds.csv"])
def test_four_files_may_be_absent(folder: Folder, name: str) -> None:
    (folder.path / name).unlink()
    assert getattr(read_snapshot(folder.path).snapshot, name.removesuffix(".csv")) == ()


@pytest.mark.parametrize("name", ALL_FILES)
def test_a_folder_in_a_files_place_is_refused(folder: Folder, name: str) -> None:
    (folder.path / name).unlink()
    (folder.path / name).mkdir()
    assert [fault.expected for fault in of_file(folder, name)] == ["a readable file"]


@pytest.mark.parametrize("name", ALL_FILES)
def test_a_link_to_nowhere_is_refused_also_where_the_file_may_be_absent(folder: Folder, name: str) -> None:
    (folder.path / name).unlink()
    (folder.path / name).symlink_to(folder.path / "gone.csv")
    assert of_file(folder, name)


def test_a_pipe_is_refused_without_waiting_for_its_writer(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    read = Path.read_bytes

    def read_unless_a_pipe(path: Path) -> bytes:
        assert not path.is_fifo(), "this would wait for ever"
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", read_unless_a_pipe)
    (folder.path / "offers.csv").unlink()
    os.mkfifo(folder.path / "offers.csv")
    assert of_file(folder, "offers.csv")


def test_a_device_that_never_ends_is_refused_unread(folder: Folder) -> None:
    (folder.path / "offers.csv").unlink()
    (folder.path / "offers.csv").symlink_to("/dev/zero")
    assert [fault.expected for fault in of_file(folder, "offers.csv")] == ["a readable file"]


REQUIRED_COLUMNS = [(name, column.name) for name, columns in TABLES.items() for column in columns if not column.optional]


@pytest.mark.parametrize(("name", "column"), REQUIRED_COLUMNS)
def test_a_missing_column_is_named(folder: Folder, name: str, column: str) -> None:
    rows = folder.rows(name)
    for row in rows:
        del row[column]
    folder.put(name, rows, [title for title in folder.header(name) if title != column])
    [fault] = of_file(folder, name)
    assert (fault.line, fault.column, fault.found) == (1, column, "no such column")


@pytest.mark.parametrize("name", TABLES)
def test_a_column_that_is_there_twice_is_named(folder: Folder, name: str) -> None:
    column = folder.header(name)[1]
    lines = folder.text(name).splitlines()
    folder.write(name, "\n".join([f"{lines[0]},{column}", *(f"{line},x" for line in lines[1:])]))
    [fault] = of_file(folder, name)
    assert (fault.line, fault.column, fault.expected) == (1, column, "each column once")


@pytest.mark.parametrize("content", ["", "\ufeff"])
@pytest.mark.parametrize("name", TABLES)
def test_an_empty_table_without_a_header_is_refused(folder: Folder, name: str, content: str) -> None:
    folder.write(name, content)
    assert [(fault.line, fault.expected) for fault in of_file(folder, name)] == [(1, "a header line")]


@pytest.mark.parametrize("name", TABLES)
def test_a_row_with_too_many_or_too_few_cells_is_refused_with_its_line(folder: Folder, name: str) -> None:
    width = len(folder.header(name))
    lines = folder.text(name).splitlines()
    folder.write(name, "\n".join([*lines, f"{lines[-1]},surplus", lines[-1].rsplit(",", 1)[0]]))
    found = {fault.line: (fault.expected, fault.found) for fault in of_file(folder, name) if not fault.column}
    assert found == {
        len(lines) + 1: (f"{width} cells", f"{width + 1} cells"),
        len(lines) + 2: (f"{width} cells", f"{width - 1} cells"),
    }


def test_lines_are_counted_as_an_editor_counts_them_also_after_a_cell_of_several_lines(folder: Folder) -> None:
    folder.change("restrictions.csv", "X1", reason="first\nsecond\r\nthird")
    folder.write("restrictions.csv", folder.text("restrictions.csv") + "\n" + "X9,ALDER,,,,paused,,\n")
    assert [(fault.line, fault.column) for fault in of_file(folder, "restrictions.csv")] == [(7, "kind")]


@pytest.mark.parametrize("spoil", ['N3,"', '"N3,', 'N3,"52.59"x,'])
def test_a_quote_left_open_or_closed_too_early_is_refused_at_the_line_where_it_stands(folder: Folder, spoil: str) -> None:
    folder.write("packages.csv", folder.text("packages.csv").replace("\nN3,", f"\n{spoil}", 1))
    [fault] = of_file(folder, "packages.csv")
    assert (fault.line, fault.expected) == (4, "well-formed CSV")


def test_a_cell_beyond_the_limit_of_the_csv_reader_is_refused(folder: Folder) -> None:
    folder.change("providers.csv", "ALDER", name="a" * 200_000)
    assert [fault.expected for fault in of_file(folder, "providers.csv")] == ["well-formed CSV"]


ENCODINGS: list[tuple[str, Callable[[str], bytes]]] = [
    ("latin-1", lambda text: text.replace("a", "é", 1).encode("latin-1")),
    ("windows-1252", lambda text: text.replace("a", "€", 1).encode("cp1252")),
    ("utf-16", lambda text: text.encode("utf-16")),
    ("utf-16 without a mark", lambda text: text.encode("utf-16-le")),
    ("utf-32", lambda text: text.encode("utf-32")),
    ("an overlong byte sequence", lambda text: text.encode().replace(b"a", b"\xc1\xa1", 1)),
    ("a lone surrogate", lambda text: text.replace("a", "\ud800", 1).encode("utf-8", "surrogatepass")),
]


@pytest.mark.parametrize("encode", [encode for _, encode in ENCODINGS], ids=[name for name, _ in ENCODINGS])
@pytest.mark.parametrize("name", ALL_FILES)
def test_a_file_in_another_encoding_is_refused(folder: Folder, name: str, encode: Callable[[str], bytes]) -> None:
    folder.write(name, encode(folder.text(name)))
    assert of_file(folder, name)


def test_a_byte_that_is_not_utf_8_is_named_with_its_line(folder: Folder) -> None:
    folder.write("providers.csv", folder.text("providers.csv").encode().replace(b"Cedar", b"C\xe9dar"))
    [fault] = of_file(folder, "providers.csv")
    assert (fault.line, fault.expected, fault.found) == (4, "text in UTF-8", "byte 0xe9")


@pytest.mark.parametrize("name", ["offers.csv", "packages.csv", "providers.csv", "snapshot.toml", "areas.geojson"])
def test_a_nul_byte_is_refused(folder: Folder, name: str) -> None:
    text = {"offers.csv": "time_of_day", "packages.csv": "end_of_life", "providers.csv": "Alder Care", "snapshot.toml": "Three"}
    word = text.get(name, "Example")
    folder.write(name, folder.text(name).replace(word, f"{word[:2]}\0{word[2:]}", 1))
    assert of_file(folder, name)


@pytest.mark.parametrize("name", ALL_FILES)
def test_a_file_over_the_size_limit_is_refused(folder: Folder, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_tables, "MAX_BYTES", (folder.path / name).stat().st_size - 1)
    assert any("at most" in fault.expected for fault in of_file(folder, name))


def test_a_file_of_exactly_the_size_limit_is_accepted(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    largest = max((folder.path / name).stat().st_size for name in ALL_FILES)
    monkeypatch.setattr(csv_tables, "MAX_BYTES", largest)
    assert read_snapshot(folder.path).notes == ()


@pytest.mark.parametrize("name", ["snapshot.toml", "areas.geojson", "packages.csv", "offers.csv"])
def test_a_file_of_200_megabytes_is_refused_unread(folder: Folder, name: str) -> None:
    os.truncate(folder.path / name, 200 * MEGABYTE)
    tracemalloc.start()
    try:
        faults = of_file(folder, name)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert [(fault.line, fault.found) for fault in faults] == [(0, "200 MB")]
    assert peak < 20 * MEGABYTE


def drop_alder(folder: Folder) -> None:
    folder.change("providers.csv", "ALDER", cqc_rating="superb")


KNOCK_ON: list[tuple[str, Callable[[Folder], object]]] = [
    ("a package that visits name", lambda folder: folder.change("packages.csv", "N1", hours_per_week="seven")),
    ("a package that offers name", lambda folder: folder.change("packages.csv", "N5", start_by="soon")),
    ("a provider that contracts name", drop_alder),
    ("a contract that packages name", lambda folder: folder.change("contracts.csv", "C1", rate_band_1="£24")),
    ("a round that packages name", lambda folder: folder.change("rounds.csv", "RD1", staff="two")),
    ("one visit of several", lambda folder: folder.change("visits.csv", "V2", earliest_start="5pm")),
    ("the only band centre", lambda folder: folder.change("surgeries.csv", "S1", latitude="north")),
    ("the only office", lambda folder: folder.change("offices.csv", "OF5", latitude="north")),
    ("a missing file", lambda folder: (folder.path / "providers.csv").unlink()),
    ("an unreadable file", lambda folder: folder.write("contracts.csv", b"\xff")),
    (
        "a missing column",
        lambda folder: folder.write("offices.csv", folder.text("offices.csv").replace("provider_id", "provider")),
    ),
    ("a ragged row", lambda folder: folder.write("providers.csv", folder.text("providers.csv").replace(",20\n", ",20,\n"))),
    (
        "an area's outline",
        lambda folder: folder.write("areas.geojson", folder.text("areas.geojson").replace("52.5]", "92.5]", 1)),
    ),
    ("areas that are not JSON", lambda folder: folder.write("areas.geojson", "{")),
]


@pytest.mark.parametrize("spoil", [spoil for _, spoil in KNOCK_ON], ids=[name for name, _ in KNOCK_ON])
def test_one_mistake_is_one_fault_and_right_cells_elsewhere_are_not_blamed_for_it(
    folder: Folder, spoil: Callable[[Folder], object]
) -> None:
    spoil(folder)
    the_fault(folder)


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("quoted", [False, True])
def test_columns_separated_by_semicolons_are_one_fault(folder: Folder, name: str, quoted: bool) -> None:
    text = folder.text(name).replace(",", ";")
    header, _, rest = text.partition("\n")
    folder.write(name, (";".join(f'"{title}"' for title in header.split(";")) if quoted else header) + "\n" + rest)
    fault = the_fault(folder)
    assert (fault.file, fault.line) == (name, 1)
    assert fault.message() == f"{name}, line 1: expected columns separated by commas, not semicolons"
