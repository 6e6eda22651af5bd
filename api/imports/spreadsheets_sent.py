"""Spreadsheets in a request's body, in place of a strict folder: understood as ``optimiser tidy`` understands them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from starlette.requests import Request

from api.http.zipped_folder import HIDDEN, ZIPS, unpacked
from optimiser.io.faults import Note
from optimiser.io.leftovers import hidden_folder
from optimiser.io.reading import Reading, read_snapshot

WORKBOOKS = {
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "sent.xlsx",
    "application/vnd.oasis.opendocument.spreadsheet": "sent.ods",
}
"""What a workbook alone says that it is, and what faults call it."""
MAP = "map.toml"
"""In a zip beside the spreadsheets: the names of a council's own export."""


def kinds_taken(*, tidied: bool) -> tuple[str, ...]:
    """What a body may say that it is."""
    return (*ZIPS, *WORKBOOKS) if tidied else ZIPS


@contextmanager
def handed_over(request: Request, file: IO[bytes], most: int) -> Iterator[Path]:
    """The folder of a zip, or the workbook, on disk; gone afterwards. Raises the problem ``not_a_folder``."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if (name := WORKBOOKS.get(kind)) is None:
        with unpacked(file, most) as folder:
            yield folder
        return
    with workbook_on_disk(file, name) as place:
        yield place


@contextmanager
def workbook_on_disk(file: IO[bytes], name: str) -> Iterator[Path]:
    """A workbook in a folder of its own, under one of the names that faults call it; gone afterwards."""
    with hidden_folder(HIDDEN) as folder:
        with (folder / name).open("xb") as plain:
            shutil.copyfileobj(file, plain)
        yield folder / name


def read(place: Path, *, tidied: bool, day_first: bool) -> Reading:
    """The snapshot; of spreadsheets with a note for each column of how it was understood. Raises ``InputRefusedError``."""
    if not tidied:
        return read_snapshot(place)
    from optimiser.tidying.column_map import NO_MAP, read_map
    from optimiser.tidying.story import tidy

    given = read_map(place / MAP) if (place / MAP).is_file() else NO_MAP
    done = tidy(place, given, day_first=day_first, beside=place if place.is_dir() else place.parent)
    columns = (Note(f"{each.table}.csv", f"{each.column}, headed {each.heading!r}: {each.how}") for each in done.columns)
    others = (Note(file, said) for file, _, said in (each.partition(": ") for each in done.others))
    return Reading(done.reading.snapshot, (*done.reading.notes, *columns, *others))
