"""What a spreadsheet takes a text for when it opens a file, and what it shows when it saves one, by country."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

Value = str | float | bool | dt.date | dt.datetime | dt.time
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class ShortDate(dt.date):
    """A date that was entered without a year: it is shown without one."""


@dataclass(frozen=True)
class Country:
    """How a program is set up."""

    name: str
    day_first: bool
    date: str
    """As ``strftime`` writes it; ``{d}`` and ``{m}`` without zeros."""
    moment: str
    point: str
    separator: str


UK = Country("UK", True, "%d/%m/%Y", "%d/%m/%Y %H:%M", ".", ",")
US = Country("US", False, "{m}/{d}/%Y", "{m}/{d}/%Y %H:%M", ".", ",")
GERMANY = Country("Germany", True, "%d.%m.%Y", "%d.%m.%Y %H:%M", ",", ";")
SHEETS = Country("Sheets", True, "%Y-%m-%d", "%Y-%m-%d %H:%M:%S", ".", ",")
COUNTRIES = (UK, US, GERMANY, SHEETS)


def entered(text: str, country: Country) -> Value:
    """What a program takes a cell of a CSV file for, whatever its column is."""
    if re.fullmatch(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?", text) and country.point == ".":
        return float(f"{float(text):.15g}")
    if re.fullmatch(r"[+-]?\d+(,\d+)?([eE][+-]?\d+)?", text) and country.point == ",":
        return float(text.replace(",", "."))
    if text.casefold() in ("true", "false") and country is not GERMANY:
        return text.casefold() == "true"
    if text.startswith(("=", "+", "-")) and len(text) > 1 and not text[1:].replace(".", "").isdigit():
        return "#NAME?"
    return _date(text, country)


def _date(text: str, country: Country) -> Value:
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            return dt.date.fromisoformat(text)
        if re.fullmatch(r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}(:\d{2})?", text):
            return dt.datetime.fromisoformat(text)
        if re.fullmatch(r"\d{1,2}:\d{2}(:\d{2})?", text):
            hour, minute, *_ = map(int, text.split(":"))
            return dt.time(hour, minute)
        if found := re.fullmatch(r"(\d{1,2})[/-](\d{1,2})(?:[/-](\d{4}))?", text):
            day, month = (int(found[1]), int(found[2])) if country.day_first else (int(found[2]), int(found[1]))
            return dt.date(int(found[3]), month, day) if found[3] else ShortDate(2026, month, day)
        if found := re.fullmatch(r"([A-Za-z]{3})-?(\d{1,2})", text):
            return ShortDate(2026, MONTHS.index(found[1].capitalize()) + 1, int(found[2]))
    except ValueError:
        pass
    return text


def shown(value: Value, country: Country) -> str:
    """What a program writes into a CSV file."""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        text = f"{value:.15g}"
        if len(text.lstrip("-").partition(".")[0]) > 11 or "e" in text:
            text = f"{value:.5E}"
        return text.replace(".", country.point)
    if isinstance(value, dt.datetime):
        return _dated(value, country.moment)
    if isinstance(value, dt.date):
        if isinstance(value, ShortDate):
            return f"{value.day:02}-{MONTHS[value.month - 1]}"
        return _dated(value, country.date)
    if isinstance(value, dt.time):
        return value.strftime("%H:%M")
    return value


def _dated(value: dt.date, pattern: str) -> str:
    return value.strftime(pattern).replace("{d}", str(value.day)).replace("{m}", str(value.month))
