"""Counties to be spoiled: small, valid, each with other ids, dates and words of its own."""

from __future__ import annotations

import csv
import datetime as dt
import io
import random
from collections.abc import Mapping

from tests.making.folders import TABLES

Tables = dict[str, list[list[str]]]
"""By table its headings and rows."""


def county(chance: random.Random) -> Tables:
    """A county whose ids are in one of the ways in which councils number people, with dates all over the year."""
    tables = {name.removesuffix(".csv"): list(csv.reader(io.StringIO(text))) for name, text in TABLES.items()}
    _more_packages(tables, chance)
    _other_ids(tables, chance)
    _other_dates(tables, chance)
    if chance.random() < 0.7:
        for row in tables["locations"][1:]:
            row[0] = f"L{row[0]}"
    for name, column, least in (("providers", "name", 1), ("surgeries", "name", 1)):
        at = tables[name][0].index(column)
        for row in tables[name][least:]:
            row[at] += chance.choice(["", " (north)", ", Café Lane", " – day", " & Sons", " O’Neill", " £5 fund"])
    return tables


def _more_packages(tables: Tables, chance: random.Random) -> None:
    headings, *rows = tables["packages"]
    like = next(row for row in rows if row[headings.index("status")] == "new" and row[headings.index("area_id")] == "A1")
    for number in range(chance.randint(5, 25)):
        row = list(like)
        row[0] = f"M{number + 1}"
        row[headings.index("hours_per_week")] = chance.choice(["7", "8.75", "3.5", "14", "10.25"])
        tables["packages"].append(row)


def _other_ids(tables: Tables, chance: random.Random) -> None:
    """Packages are numbered: as they are, in figures, with zeros before them, with a dash that looks like a date, like powers."""
    ids = [row[0] for row in tables["packages"][1:]]
    many = len(ids)
    start = chance.randint(100, 800)
    ways = {
        "letters": [f"P-{start + number}" for number in range(many)],
        "figures": [str(10_000 + start + number) for number in range(many)],
        "zeros": [f"{(start + 97 * number) % 100_000:05}" for number in range(many)],
        "some zeros": [f"{(start + 7919 * number) % 100_000:05}" for number in range(many)],
        "dashes": [f"{number % 31 + 1}-{number % 12 + 1}-{start}"[: 4 + number % 5] + f"{number}" for number in range(many)],
        "days": [f"{number % 28 + 1}-{number // 28 + 1}" for number in range(many)],
        "powers": [f"{number + 1}E{number % 7 + 1}" for number in range(many)],
        "long": [str(4_000_000_000_000_000 + 137 * number) for number in range(many)],
        "letters and figures": [f"{start + number}" if number % 2 else f"Q{start + number}" for number in range(many)],
        "months": [f"{('MAR', 'QRS', 'JAN', 'XYZ')[number % 4]}{number + 1}" for number in range(many)],
    }
    new = dict(zip(ids, chance.choice(list(ways.values())), strict=True))
    for rows in tables.values():
        headings = rows[0]
        for column in ("package_id", "part_of"):
            if column in headings:
                at = headings.index(column)
                for row in rows[1:]:
                    row[at] = new.get(row[at], row[at])


def _other_dates(tables: Tables, chance: random.Random) -> None:
    headings = tables["packages"][0]
    at = headings.index("start_by")
    new = headings.index("status")
    for row in tables["packages"][1:]:
        if row[new] == "new" and chance.random() < 0.8:
            row[at] = str(dt.date(2026, 11, 1) + dt.timedelta(days=chance.randint(0, 120)))


def as_files(tables: Tables, others: Mapping[str, bytes]) -> dict[str, bytes]:
    """The strict folder."""
    made = dict(others)
    for name, rows in tables.items():
        text = io.StringIO(newline="")
        csv.writer(text, lineterminator="\n").writerows(rows)
        made[f"{name}.csv"] = text.getvalue().encode()
    return made


def without_zeros(tables: Tables) -> Tables:
    """The same county with ids that are their digits: what is left where a program took the zeros away everywhere."""
    made = {}
    for name, rows in tables.items():
        places = [at for at, heading in enumerate(rows[0]) if heading in ("package_id", "part_of")]
        made[name] = [rows[0]] + [
            [str(int(cell)) if at in places and cell.isdigit() else cell for at, cell in enumerate(row)] for row in rows[1:]
        ]
    return made
