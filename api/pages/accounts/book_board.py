"""The account book in words: when periods begin, and how each contract pays."""

from __future__ import annotations

import csv
import io
import tomllib
from collections.abc import Mapping
from fractions import Fraction

from api.pages.page_words import day_in_words

UNKNOWN = "Not known"
ROUNDINGS = {"nearest": "to the nearest", "up": "up", "down": "down"}
HEADS = ("Contract", "From", "Steps", "Overruns", "Called off late", "Kept free during hospital")


def begins_in_words(files: Mapping[str, str]) -> str:
    """The first day of a period; empty: nobody has said."""
    settings = tomllib.loads(files.get("account.toml", ""))
    return day_in_words(settings["periods_begin"].isoformat()) if "periods_begin" in settings else ""


def settings_rows(files: Mapping[str, str]) -> list[tuple[str, str]]:
    """What else the settings say, as they are named in the file."""
    settings = tomllib.loads(files.get("account.toml", ""))
    return [(name, str(value)) for name, value in sorted(settings.items()) if name != "periods_begin"]


def terms_rows(files: Mapping[str, str]) -> list[list[str]]:
    """A row for each line of ``terms.csv``, by contract and day."""
    found = list(csv.DictReader(io.StringIO(files.get("terms.csv", ""), newline="")))
    ordered = sorted(found, key=lambda row: (row["contract_id"], row["starts"] or ""))
    return [_row({name: (cell or "").strip() for name, cell in row.items() if name}) for row in ordered]


def _row(row: Mapping[str, str]) -> list[str]:
    step, rounding, days = row["increment_minutes"], row["rounding"], row["retainer_days"]
    steps = f"{step} minutes" if step else "as the contract says"
    retainer = UNKNOWN if not days else "Nothing" if days == "0" else f"{days} days at {_share(row['retainer_share'])}"
    return [
        row["contract_id"],
        day_in_words(row["starts"]) if row["starts"] else "Always",
        f"{steps}, {ROUNDINGS[rounding]}" if rounding else f"{steps}; rounding not known",
        {"": UNKNOWN, "true": "Paid", "false": "Not paid"}[row["overrun_paid"].lower()],
        _share(row["late_cancellation_share"]),
        retainer,
    ]


def _share(cell: str) -> str:
    return f"{float(Fraction(cell) * 100):g}%" if cell else UNKNOWN
