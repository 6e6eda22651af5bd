"""What an index of postcodes of England's size takes, beside the same in SQLite.

    .venv/bin/python -m tests.benchmarks.postcodes [--postcodes 2300000]

A file in the layout of the ONS Postcode Directory is made up, of which a third has ended; districts lie in boxes of twelve
kilometres. Look-ups are of postcodes drawn at random, with their degrees.
"""

from __future__ import annotations

import argparse
import random
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from functools import partial
from pathlib import Path

import numpy as np

from optimiser.geography.postcodes.index import PostcodeIndex, usable
from optimiser.geography.postcodes.letters import nearest_in_letters
from optimiser.geography.postcodes.postcode_places import NoSuchPlaceError, district_at, place_of
from optimiser.geography.postcodes.spelling import INWARDS, Postcode, inward_of
from optimiser.io.postcode_files import index_of_files
from optimiser.io.postcode_index import write_index

DISTRICTS = [f"{first}{second}{number}" for first in "ABCDEFGHLN" for second in "ABCDEFGHLR" for number in range(1, 25)]
HEADINGS = "pcds,doterm,usertype,oseast1m,osnrth1m,osgrdind,ctry\n"
LOOK_UPS = 3_000
MISTYPED = ("NRI2DH", "QQ11AA", "HELLO", "N12", "ABCDEFGHJKL", "1234567")


def lines(how_many: int) -> Iterator[str]:
    """A made-up directory."""
    drawn = random.Random(7)
    each = min(INWARDS, how_many // len(DISTRICTS))
    yield HEADINGS
    for district in DISTRICTS:
        east, north = drawn.randrange(300_000, 600_000), drawn.randrange(100_000, 500_000)
        for number in sorted(drawn.sample(range(INWARDS), each)):
            ended = "201907" if drawn.random() < 0.35 else ""
            place = f"{east + drawn.randrange(12_000)},{north + drawn.randrange(12_000)}"
            yield f"{district} {inward_of(number)},{ended},{int(drawn.random() < 0.1)},{place},1,E92000001\n"


def milliseconds(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    with suppress(NoSuchPlaceError):
        act()
    return (time.perf_counter() - began) * 1000


def drawn_codes(index: PostcodeIndex) -> list[Postcode]:
    """Postcodes in use."""
    drawn = random.Random(1)
    found = []
    for _ in range(LOOK_UPS):
        district = drawn.choice(index.names).decode()
        inwards, known = index.in_district(district)
        found.append(Postcode(district, inward_of(int(inwards[drawn.choice(np.flatnonzero(usable(known)))]))))
    return found


def told(what: str, taken: list[float]) -> None:
    ordered = sorted(taken)
    print(f"{what}: {statistics.median(ordered):.3f} ms in the middle, {ordered[len(ordered) * 99 // 100]:.3f} for 99 of 100")


def in_sqlite(directory: Path, file: Path, codes: list[Postcode]) -> None:
    """The same postcodes as a table by postcode."""
    with closing(sqlite3.connect(file)) as base:
        base.execute(
            "create table p (code text primary key, ended text, large int, east int, north int, quality int) without rowid"
        )
        with directory.open(encoding="utf-8") as rows:
            next(rows)
            cells = (row.split(",")[:6] for row in rows)
            base.executemany("insert into p values (?, ?, ?, ?, ?, ?)", ((a.replace(" ", ""), *rest) for a, *rest in cells))
        base.commit()
        print(f"SQLite: {file.stat().st_size / 1e6:.1f} MB")
        question = "select east, north from p where code = ?"
        told("SQLite, a look-up without degrees", [
            milliseconds(partial(base.execute, question, (f"{each.outward}{each.inward}",))) for each in codes
        ])  # fmt: skip


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--postcodes", type=int, default=2_300_000)
    how_many = options.parse_args().postcodes
    with tempfile.TemporaryDirectory() as name:
        directory, file = Path(name) / "directory.csv", Path(name) / "postcodes.index"
        with directory.open("w", encoding="utf-8") as out:
            out.writelines(lines(how_many))
        began = time.process_time()
        write_index(file, index_of_files([directory]).content, replace=False)
        print(f"built in {time.process_time() - began:.1f} s of processor")
        began = time.perf_counter()
        index = PostcodeIndex.opened(file)
        took = time.perf_counter() - began
        size = f"{index.about['postcodes']:,} postcodes, {index.about['in_use']:,} in use: {file.stat().st_size / 1e6:.1f} MB"
        print(f"{size}, opened in {took:.3f} s")
        codes = drawn_codes(index)
        place_of(index, str(codes[0]))  # what is loaded once
        told("a look-up with its degrees", [milliseconds(partial(place_of, index, str(each))) for each in codes])
        told("one without degrees", [milliseconds(partial(index.find, each)) for each in codes])
        places = [place_of(index, str(each)) for each in codes[:300]]
        district_at(index, places[0].latitude, places[0].longitude)
        told(
            "the district of a place",
            [milliseconds(partial(district_at, index, each.latitude, each.longitude)) for each in places],
        )
        for text in MISTYPED:
            print(f"the nearest to {text}: {milliseconds(partial(nearest_in_letters, index, text)):.1f} ms")
        in_sqlite(directory, Path(name) / "postcodes.db", codes)


if __name__ == "__main__":
    main()
