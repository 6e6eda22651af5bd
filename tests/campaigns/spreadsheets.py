"""The campaign of spoiled spreadsheets: counties that went through Excel, LibreOffice or Sheets, and through people.

``python -m tests.campaigns.spreadsheets [--cases N] [--seed N]``: each case is read equal to what it was before, or refused in
words; one that is read as anything else is wrong, and ends the campaign with exit code 1.
"""

from __future__ import annotations

import argparse
import datetime as dt
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from optimiser.io.faults import InputRefusedError
from optimiser.io.reading import read_snapshot
from optimiser.tidying.numbers import EXPONENT
from optimiser.tidying.story import Tidied, tidy
from tests.campaigns.spoiling.counties import Tables, as_files, county, without_zeros
from tests.campaigns.spoiling.files import Broken, Cell, Looks, Rows, comma_separated, open_document, workbook
from tests.campaigns.spoiling.programs import COUNTRIES, UK, US, Country, Value, entered, shown
from tests.making.folders import Folder


@dataclass
class Case:
    """One spoiled county on its way."""

    chance: random.Random
    sheets: dict[str, Rows]
    country: Country
    kind: str
    """``csv``, ``xlsx`` or ``ods``."""
    done: list[str] = field(default_factory=list)
    """What was done to it."""
    looks: Looks = field(default_factory=Looks)
    encoding: str = "utf-8"
    first_line: str = ""
    day_first: bool = False
    harmless: bool = True
    """Whether whoever reads it must get along with what was done: then a refusal is a failure, too."""

    def some_cell(self, *, table: str = "") -> tuple[str, int, int]:
        """A cell below the headings that holds something."""
        while True:
            name = table or self.chance.choice(list(self.sheets))
            row = self.chance.randrange(1, len(self.sheets[name]))
            column = self.chance.randrange(len(self.sheets[name][row]))
            if self.sheets[name][row][column] != "":
                return name, row, column


OTHER_HEADINGS: tuple[Callable[[str], str], ...] = (
    str.upper,
    str.title,
    lambda text: text.replace("_", " "),
    lambda text: f" {text}\u00a0",
)


def _titles(case: Case) -> None:
    for rows in case.sheets.values():
        titles: Rows = [["Home care"], [], ["Printed on Monday", "for the panel"]]
        rows[:0] = titles[: case.chance.randint(1, 3)]


def _blank_rows(case: Case) -> None:
    for rows in case.sheets.values():
        rows.insert(case.chance.randrange(1, len(rows) + 1), [])
        rows += [["", "", ""], []]


def _empty_columns(case: Case) -> None:
    for rows in case.sheets.values():
        width = len(rows[0])
        for row in rows:
            row.extend([""] * (width + 3 - len(row)))
        at = case.chance.randrange(width)
        for row in rows:
            row.insert(at, "")


def _headings(case: Case) -> None:
    for rows in case.sheets.values():
        rows[0] = list(map(case.chance.choice(OTHER_HEADINGS), map(str, rows[0])))


def _other_order(case: Case) -> None:
    for rows in case.sheets.values():
        order = list(range(len(rows[0])))
        case.chance.shuffle(order)
        rows[:] = [[row[at] for at in order] for row in rows]
        rows[1:] = case.chance.sample(rows[1:], len(rows) - 1)


def _blanks(case: Case) -> None:
    for _ in range(6):
        name, row, column = case.some_cell()
        cell = case.sheets[name][row][column]
        if isinstance(cell, str) and case.sheets[name][0][column] not in ("name", "reason", "protected"):
            case.sheets[name][row][column] = case.chance.choice([f"{cell} ", f" {cell}", f"{cell}\u00a0", f"\u200b{cell}"])


def _own_columns(case: Case) -> None:
    for number, row in enumerate(case.sheets["packages"]):
        row.append("Case worker" if number == 0 else "" if number % 3 else f"Team {number}")


def _pounds(case: Case) -> None:
    if case.country.point != ".":
        return
    for rows in (case.sheets["contracts"], case.sheets["rates"]):
        for column, heading in enumerate(rows[0]):
            if str(heading).startswith("rate_band"):
                for row in rows[1:]:
                    if isinstance(row[column], float):
                        row[column] = f"£{row[column]:.2f}"


def _share(case: Case) -> None:
    rows = case.sheets["contracts"]
    at = rows[0].index("guarantee")
    for row in rows[1:]:
        if isinstance(row[at], float):
            row[at] = f"{row[at]:.0%}"


def _yes_and_no(case: Case) -> None:
    rows = case.sheets["surgeries"]
    at = rows[0].index("band_centre")
    for row in rows[1:]:
        row[at] = "Yes" if row[at] in (True, "true", "TRUE") else "No"


def _words(case: Case) -> None:
    for name, heading in (("packages", "priority"), ("contracts", "tier"), ("providers", "cqc_rating")):
        at = case.sheets[name][0].index(heading)
        for row in case.sheets[name][1:]:
            row[at] = str(row[at]).replace("_", " ").capitalize()


def _noise(case: Case) -> None:
    """Sums of binary floats, as formulas leave them."""
    if case.kind == "csv":
        return
    rows = case.sheets["packages"]
    at = rows[0].index("hours_per_week")
    for row in rows[1:]:
        if isinstance(hours := row[at], float):
            row[at] = hours + 4e-15


def _hidden(case: Case) -> None:
    case.looks.hidden = True


def _from_1904(case: Case) -> None:
    case.looks.from_1904 = True


def _separator_line(case: Case) -> None:
    case.first_line = f"sep={case.country.separator}\r\n"


def _windows(case: Case) -> None:
    """What Windows-1252 has no letter for is a question mark afterwards."""
    case.encoding = "cp1252"
    cells = [cell for rows in case.sheets.values() for row in rows for cell in row if isinstance(cell, str)]
    case.harmless = case.harmless and all(cell == cell.encode("cp1252", "replace").decode("cp1252") for cell in cells)


def _utf_16(case: Case) -> None:
    case.encoding = "utf-16"


def _byte_order_mark(case: Case) -> None:
    case.encoding = "utf-8-sig"


# From here on nobody could get along with it: it is to be refused, or to do no harm.


def _error(case: Case) -> None:
    name, row, column = case.some_cell()
    error = case.chance.choice(["#REF!", "#N/A", "#VALUE!", "#NAME?", "#DIV/0!"])
    case.sheets[name][row][column] = error if case.kind == "csv" else Broken(error)


def _never_worked_out(case: Case) -> None:
    name, row, column = case.some_cell()
    case.sheets[name][row][column] = "########" if case.kind == "csv" else Broken("")


def _merged(case: Case) -> None:
    case.looks.merged = "area_id"


def _nothing_words(case: Case) -> None:
    rows = case.sheets["packages"]
    at = rows[0].index(
        case.chance.choice(["contract_id", "round_id", "skills", "excluded_provider_ids", "protected", "start_by"])
    )
    for row in rows[1:]:
        if row[at] == "":
            row[at] = case.chance.choice(["n/a", "None", "-", "TBC"])


def _garbled(case: Case) -> None:
    for rows in case.sheets.values():
        for row in rows:
            for at, cell in enumerate(row):
                if isinstance(cell, str) and not cell.isascii():
                    row[at] = cell.encode().decode("cp1252", "replace")


def _commas_in_lists(case: Case) -> None:
    for name in ("packages", "providers"):
        at = case.sheets[name][0].index("skills")
        for row in case.sheets[name][1:]:
            row[at] = str(row[at]).replace(";", ", ")


def _exponents(case: Case) -> None:
    name, row, column = case.some_cell(table="packages")
    case.sheets[name][row][column] = "1.2E+05"


def _serial_dates(case: Case) -> None:
    for rows in case.sheets.values():
        for row in rows[1:]:
            for at, cell in enumerate(row):
                if isinstance(cell, dt.date) and not isinstance(cell, dt.datetime):
                    row[at] = float(cell.toordinal() - 693594)


def _some_text_dates(case: Case) -> None:
    """As people type them into a program that is set up for another country: some are dates, some stay text.

    A CSV file shows dates in the way of the program that saved it: once another country's saves it, nothing in it tells.
    """
    typed_into = case.country if case.kind == "csv" else US
    for rows in case.sheets.values():
        for row in rows[1:]:
            for at, cell in enumerate(row):
                if isinstance(cell, dt.date) and not isinstance(cell, dt.datetime):
                    row[at] = entered(cell.strftime("%d/%m/%Y"), typed_into)


def _short_years(case: Case) -> None:
    """As a program shows dates that is set up to show them short."""
    for rows in case.sheets.values():
        for row in rows[1:]:
            for at, cell in enumerate(row):
                if isinstance(cell, dt.date) and not isinstance(cell, dt.datetime):
                    row[at] = cell.strftime("%d/%m/%y")


def _halves_of_days(case: Case) -> None:
    """Some times with am and pm, as people type them; of others the half is left out."""
    for rows in case.sheets.values():
        for row in rows[1:]:
            for at, cell in enumerate(row):
                if isinstance(cell, dt.time):
                    half = cell.strftime("%p").lower()
                    row[at] = f"{cell.hour % 12 or 12}:{cell.minute:02}" + (f" {half}" if case.chance.random() < 0.8 else "")


def _some_ids_as_numbers(case: Case) -> None:
    """Of ids in figures some were typed anew, as numbers."""
    for rows in case.sheets.values():
        at = rows[0].index("package_id") if "package_id" in rows[0] else -1
        for row in rows[1:] if at >= 0 else ():
            cell = row[at]
            if isinstance(cell, str) and cell.isdigit() and case.chance.random() < 0.3:
                row[at] = float(cell) if case.kind != "csv" else str(int(cell))


def _one_text_among_numbers(case: Case) -> None:
    """A number typed with the comma of another country."""
    rows = case.sheets["packages"]
    at = rows[0].index("hours_per_week")
    row = case.chance.choice(rows[1:])
    row[at] = case.chance.choice(["8,75", "1.234,5", "1,000", "8 3/4", "8:45", "8.75h", "~9", "7-8"])


def _renamed(case: Case) -> None:
    name = case.chance.choice(["offers", "visits", "rates", "restrictions", "packages"])
    case.sheets = {
        (case.chance.choice([f"{key} (1)", f"Copy of {key}", key.rstrip("s"), f"{key}2026"]) if key == name else key): rows
        for key, rows in case.sheets.items()
    }


def _misspelt(case: Case) -> None:
    name = case.chance.choice(list(case.sheets))
    at = case.chance.randrange(len(case.sheets[name][0]))
    case.sheets[name][0][at] = str(case.sheets[name][0][at])[:-1] + "z"


def _twice(case: Case) -> None:
    name = case.chance.choice(list(case.sheets))
    at = case.chance.randrange(len(case.sheets[name][0]))
    for row in case.sheets[name]:
        row.append(row[at])


def _cut(case: Case) -> None:
    """A line whose end is missing, as of a file that was copied by hand. In a workbook such cells are empty and nothing more."""
    rows = [row for name in case.sheets for row in case.sheets[name][1:] if len(row) > 1]
    if case.kind == "csv" and rows:
        row = case.chance.choice(rows)
        del row[case.chance.randrange(1, len(row)) :]


Spoil = Callable[[Case], None]
HARMLESS: tuple[Spoil, ...] = (
    _own_columns, _pounds, _share, _yes_and_no, _words, _noise, _blanks, _other_order, _headings, _empty_columns, _blank_rows,
    _titles, _hidden, _from_1904, _separator_line, _windows, _utf_16, _byte_order_mark,
)  # fmt: skip
HARMFUL: tuple[Spoil, ...] = (
    _short_years, _halves_of_days, _some_ids_as_numbers, _one_text_among_numbers, _error, _never_worked_out, _merged,
    _nothing_words, _garbled, _commas_in_lists, _exponents, _serial_dates, _some_text_dates, _misspelt, _twice, _renamed,
    _cut,
)  # fmt: skip
FIRST = (*HARMFUL[:-4], *HARMLESS[:8], *HARMFUL[-4:-1], *HARMLESS[8:], _cut)
"""What looks for headings comes before what moves them, and what takes cells away comes last."""


def spoiled(tables: Tables, chance: random.Random) -> Case:
    """A county that went through a program, in its country, and through whatever else happened to it."""
    country = chance.choice([UK, UK, UK, *COUNTRIES])
    kind = chance.choice(["csv", "csv", "xlsx", "ods"])
    as_text = chance.random() < 0.7
    case = Case(chance, {}, country, kind)
    for name, rows in tables.items():
        headings: list[Cell] = list(rows[0])
        body: Rows = [[_taken(cell, at, country, as_text) for cell, at in zip(row, rows[0], strict=True)] for row in rows[1:]]
        case.sheets[name] = [headings, *body]
    case.done += [f"{kind} of {country.name}", "ids as text" if as_text else "ids as they come"]
    case.day_first = country is UK and chance.random() < 0.8
    harmful = chance.sample(HARMFUL, chance.choice([0, 0, 0, 1, 2]))
    harmless = [spoil for spoil in HARMLESS if chance.random() < 0.25]
    powers = any(
        EXPONENT.fullmatch(row[0]) for row in tables["packages"]
    )  # nobody can tell these from what a program makes of 9E2
    case.harmless = as_text and not harmful and not powers and (kind != "csv" or (case.day_first and country is UK))
    for spoil in sorted((*harmful, *harmless), key=FIRST.index):
        spoil(case)
        case.done.append(spoil.__name__.strip("_").replace("_", " "))
    return case


def _taken(cell: str, heading: str, country: Country, as_text: bool) -> Value:
    """``as_text``: somebody formatted ids and text as text before the file was opened, and dates are dates."""
    if as_text and heading not in ("start_by", "starts", "ends", "care_started", "pamms_published", "band_centre"):
        numeric = heading in ("latitude", "longitude", "workers", "visits_per_week", "duration_minutes") or heading.startswith(
            ("rate_", "max_", "hours")
        )
        return entered(cell, UK) if numeric or heading in ("guarantee", "earliest_start", "latest_start") else cell
    return entered(cell, country)


def files_of(case: Case, others: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files that somebody hands over."""
    made = dict(others)
    if case.kind != "csv":
        book = workbook(case.sheets, case.looks) if case.kind == "xlsx" else open_document(case.sheets)
        return {**made, f"county.{case.kind}": book}
    for name, rows in case.sheets.items():
        lines = [
            [cell if isinstance(cell, str) else shown(cell, case.country) for cell in row if not isinstance(cell, Broken)]
            for row in rows
        ]
        text = case.first_line + comma_separated(lines, case.country.separator)
        made[f"{name}.csv"] = text.encode(case.encoding, "replace" if case.encoding == "cp1252" else "strict")
    return made


def judged(case: Case, tables: Tables, others: Mapping[str, bytes]) -> tuple[str, str]:
    """What became of a case: ``equal``, ``ids as digits``, ``refused`` or ``wrong``; and what is to be said of it."""
    with tempfile.TemporaryDirectory() as place:
        given, strict = Path(place) / "given", Path(place) / "strict"
        _write(given, files_of(case, others))
        _write(strict, as_files(tables, others))
        before = read_snapshot(strict).snapshot
        try:
            done = tidy(given, day_first=case.day_first)
        except InputRefusedError as refused:
            said = [fault.message() for fault in refused.faults]
            if not said or not all(": expected " in each for each in said):
                return "wrong", "refused without a word"
            return "refused", said[0]
        if _same(done, before.digest()):
            return "equal", ""
        _write(Path(place) / "digits", as_files(without_zeros(tables), others))
        if _same(done, read_snapshot(Path(place) / "digits").snapshot.digest()) and any(
            "digits" in note.how for note in done.columns
        ):
            return "ids as digits", ""
        return "wrong", "read as another county"


def _same(done: Tidied, digest: str) -> bool:
    """Whether nothing but columns of the council's own differ, which are kept beside."""
    return done.reading.snapshot.digest() == digest or replace(done.reading.snapshot, extra={}).digest() == digest


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    folder.mkdir()
    for name, content in files.items():
        (folder / name).write_bytes(content)


def run(cases: int, seed: int, tell: Callable[[str], None] = lambda _: None) -> tuple[Counter[str], list[str]]:
    """So many cases, the same for the same seed: how many went how, and what was wrong."""
    counts: Counter[str] = Counter()
    wrong: list[str] = []
    with tempfile.TemporaryDirectory() as place:
        folder = Folder.make(Path(place) / "county")
        others = {path.name: path.read_bytes() for path in folder.path.iterdir() if path.suffix in (".toml", ".geojson")}
    for number in range(cases):
        chance = random.Random(f"{seed}/{number}")
        tables = county(chance)
        case = spoiled(tables, chance)
        became, said = judged(case, tables, others)
        line = f"case {number} ({', '.join(case.done)}): {became}{said and f': {said}'}"
        if became == "wrong" or (case.harmless and became == "refused"):
            wrong.append(line)
        counts[became] += 1
        counts["harmless"] += case.harmless
        tell(line)
    return counts, wrong


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--tell", action="store_true", help="a line for each case")
    options = parser.parse_args(arguments)
    counts, wrong = run(options.cases, options.seed, print if options.tell else lambda _: None)
    for line in wrong:
        print(f"WRONG: {line}")
    print(
        f"{options.cases} spoiled spreadsheets: {counts['equal']} read equal, {counts['ids as digits']} with ids as their digits"
        f" (a note says so), {counts['refused']} refused in words, {counts['wrong']} read wrong;"
        f" {counts['harmless']} of them had to be read."
    )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
