"""A workbook's sheets, read in a process of its own: what a broken or a hostile one does to its reader, be it all the memory that
there is, ends that process and nothing else.
"""

from __future__ import annotations

import os
import pickle
import resource
import subprocess
import sys
from dataclasses import dataclass
from typing import Any

from optimiser.processes import SAFE_PATH
from optimiser.tidying.workbook_parts import WorkbookRefusedError

MOST_MEMORY_BYTES = 3 * 1024**3
MOST_SECONDS = 120
"""Of processor; ten counties take five."""


@dataclass(frozen=True)
class ReadSheet:
    """A sheet as the library has it: cells by row, and which are merged."""

    name: str
    is_hidden: bool
    rows: list[list[Any]]
    merged: list[tuple[tuple[int, int], tuple[int, int]]]


def read_sheets(workbook: bytes) -> list[ReadSheet]:
    """The sheets that hold cells. Raises ``WorkbookRefusedError`` where the workbook cannot be read within the limits."""
    done = subprocess.run(
        [sys.executable, "-m", "optimiser.tidying.workbook_reader"],
        input=workbook,
        capture_output=True,
        env={**os.environ, SAFE_PATH: "1"},
        check=False,
    )
    if done.returncode != 0:
        raise WorkbookRefusedError("a workbook that can be opened", "a broken one, or no workbook")
    sheets: list[ReadSheet] = pickle.loads(done.stdout)  # of our own process
    return sheets


def main() -> int:
    """Reads a workbook from the input and writes its sheets to the output."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY_BYTES, MOST_MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    import io

    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    book = CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read()))
    made = []
    for about in book.sheets_metadata:
        if about.typ is SheetTypeEnum.WorkSheet:
            sheet = book.get_sheet_by_name(about.name)
            rows = sheet.to_python(skip_empty_area=False)
            hidden = about.visible is not SheetVisibleEnum.Visible
            made.append((about.name, hidden, rows, sheet.merged_cell_ranges or []))
    # Under the name by which the reader imports it: this module is ``__main__`` here.
    from optimiser.tidying.workbook_reader import ReadSheet as Importable

    sys.stdout.buffer.write(pickle.dumps([Importable(*each) for each in made]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
