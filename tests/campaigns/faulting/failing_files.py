"""Writes and syncs of a database's files that fail: a library loaded before the C library, told by a file what to do."""

from __future__ import annotations

import mmap
import shutil
import struct
import subprocess
from dataclasses import dataclass
from pathlib import Path

SOURCE = Path(__file__).with_suffix(".c")
WRITES, SYNCS = 1, 2
NUMBERS = struct.Struct("5i")


class NoCompilerError(Exception):
    """There is no C compiler here."""


@dataclass
class FailingFiles:
    """Which of the next calls fail, in whatever process was started with ``environment``."""

    environment: dict[str, str]
    _told: mmap.mmap

    @staticmethod
    def made_in(folder: Path, files: str) -> FailingFiles:
        """``files``: a part of the path of the files that fail. Raises ``NoCompilerError``."""
        compiler = shutil.which("cc")
        if compiler is None:
            raise NoCompilerError("cc is missing: apt-get install gcc")
        library, control = folder / "failing_files.so", folder / "control"
        subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-o", library, SOURCE, "-ldl"], check=True)
        control.write_bytes(bytes(NUMBERS.size))
        with control.open("r+b") as file:
            told = mmap.mmap(file.fileno(), NUMBERS.size)
        return FailingFiles(
            {"LD_PRELOAD": str(library), "FAULTS_CONTROL": str(control), "FAULTS_FILES": files},
            told,
        )

    def fail(self, calls: int, number: int, error: int, *, lasting: bool) -> None:
        """The call of this number from now on fails, and with ``lasting`` all after it."""
        self._told[:] = NUMBERS.pack(calls, number, error, int(lasting), 0)

    def end(self) -> int:
        """All goes well again; how many calls have failed."""
        failed = NUMBERS.unpack(self._told[:])[4]
        self._told[:] = NUMBERS.pack(0, 0, 0, 0, 0)
        return int(failed)

    def close(self) -> None:
        self._told.close()
