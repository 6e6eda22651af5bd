"""What is done to the files of a SQLite database. The page size is that of SQLite unless told otherwise."""

from __future__ import annotations

import random
import struct
from collections.abc import Callable
from pathlib import Path

PAGE = 4096
LOG_HEAD, FRAME = 32, 24 + PAGE
Damage = Callable[[Path, random.Random], None]


def _pages(file: Path) -> int:
    return file.stat().st_size // PAGE


def _over(file: Path, at: int, content: bytes) -> None:
    with file.open("r+b") as opened:
        opened.seek(at)
        opened.write(content)


def noise_over_a_page(file: Path, rng: random.Random) -> None:
    _over(file, rng.randrange(_pages(file)) * PAGE, rng.randbytes(PAGE))


def nothing_in_a_page(file: Path, rng: random.Random) -> None:
    _over(file, rng.randrange(_pages(file)) * PAGE, bytes(PAGE))


def another_page(file: Path, rng: random.Random) -> None:
    source, target = rng.sample(range(_pages(file)), 2)
    _over(file, target * PAGE, file.read_bytes()[source * PAGE : (source + 1) * PAGE])


def a_few_bytes(file: Path, rng: random.Random) -> None:
    """Most often in the midst of a text: no page shows it."""
    _over(file, rng.randrange(PAGE, file.stat().st_size - 8), rng.randbytes(8))


def end_cut_off(file: Path, rng: random.Random) -> None:
    size = file.stat().st_size
    _cut(file, size - rng.randrange(1, size // 2))


def emptied(file: Path, _: random.Random) -> None:
    _cut(file, 0)


def _log(file: Path) -> Path:
    return file.with_name(f"{file.name}-wal")


def _cut(file: Path, size: int) -> None:
    with file.open("r+b") as opened:
        opened.truncate(size)


def log_gone(file: Path, _: random.Random) -> None:
    _log(file).unlink()


def log_emptied(file: Path, _: random.Random) -> None:
    _cut(_log(file), 0)


def log_cut_between_frames(file: Path, rng: random.Random) -> None:
    frames = (_log(file).stat().st_size - LOG_HEAD) // FRAME
    _cut(_log(file), LOG_HEAD + rng.randrange(frames) * FRAME)


def log_cut_in_a_frame(file: Path, rng: random.Random) -> None:
    _cut(_log(file), rng.randrange(LOG_HEAD, _log(file).stat().st_size - 1))


def noise_in_the_log(file: Path, rng: random.Random) -> None:
    _over(_log(file), rng.randrange(LOG_HEAD, _log(file).stat().st_size - PAGE), rng.randbytes(PAGE))


def log_of_another_time(file: Path, _: random.Random) -> None:
    """The log as it was when less had been acknowledged (kept beside the file by whoever made it)."""
    _log(file).write_bytes(earlier_log(file).read_bytes())


def earlier_log(file: Path) -> Path:
    return file.with_name(f"{file.name}-earlier-wal")


def frames_in(file: Path) -> int:
    """How many pages a log holds; 0 where there is none."""
    log = _log(file)
    if not log.exists() or log.stat().st_size < LOG_HEAD:
        return 0
    (magic,) = struct.unpack(">I", log.read_bytes()[:4])
    assert magic in (0x377F0682, 0x377F0683), "no log of SQLite"
    return (log.stat().st_size - LOG_HEAD) // FRAME


TO_THE_FILE: dict[str, Damage] = {
    "noise over a page": noise_over_a_page,
    "nothing in a page": nothing_in_a_page,
    "another page in its place": another_page,
    "a few bytes": a_few_bytes,
    "the end cut off": end_cut_off,
    "the file emptied": emptied,
}
TO_THE_LOG: dict[str, Damage] = {
    "the log gone": log_gone,
    "the log emptied": log_emptied,
    "the log cut between two frames": log_cut_between_frames,
    "the log cut in a frame": log_cut_in_a_frame,
    "noise in the log": noise_in_the_log,
    "the log of another time": log_of_another_time,
}
