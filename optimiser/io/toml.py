"""Settings in TOML: a file read whole, tables of named settings, and the kinds of values they hold."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from optimiser.io.csv_tables import read_text
from optimiser.io.fault_codes import Code
from optimiser.io.faults import Findings, in_words

Parsers = Mapping[str, Callable[[Any], Any]]
"""How each setting's value is read; ``ValueError`` says what was expected."""

MAX_DECIMALS = 30


def read_toml(folder: Path, file: str, findings: Findings) -> dict[str, Any] | None:
    """What the file holds, numbers with a point as ``Decimal``; None with a fault when it cannot be read."""
    content = read_text(folder, file, findings)
    if content is None:
        return None
    try:
        return tomllib.loads(content.replace("\r\n", "\n"), parse_float=Decimal)
    except (ValueError, ArithmeticError, RecursionError) as error:  # a number beyond measure is no TOMLDecodeError
        line, problem = at_line(str(error)[:200])
        findings.fault(file, line, "", "well-formed TOML", problem, code=Code.MALFORMED)
        return None


def at_line(problem: str) -> tuple[int, str]:
    """A complaint of the TOML reader: its line (0: none told) and the rest of it."""
    told = re.fullmatch(r"(.*) \(at line (\d+), column (\d+)\)", problem, re.DOTALL)
    return (int(told[2]), f"{told[1]}, column {told[3]}") if told else (0, problem)


def named_settings(file: str, where: str, table: Any, parsers: Parsers, findings: Findings) -> dict[str, Any] | None:
    """The settings of a table by name; an unknown name or a value out of its bounds is a fault. None: it is no table."""
    if not isinstance(table, dict):
        findings.fault(file, 0, where, "a table of settings", in_words(table), code=Code.WRONG_SETTING)
        return None
    settings: dict[str, Any] = {}
    for name, value in table.items():
        if name not in parsers:
            findings.fault(
                file, 0, f"{where}.{name}", f"a setting: {', '.join(sorted(parsers))}", name, code=Code.UNKNOWN_SETTING
            )
            continue
        try:
            settings[name] = parsers[name](value)
        except ValueError as error:
            findings.fault(file, 0, f"{where}.{name}", str(error), in_words(value), code=Code.WRONG_SETTING)
    return settings


def exact(least: int, most: int) -> Callable[[Any], Fraction]:
    """Reads a number within bounds as an exact fraction."""

    def read(value: Any) -> Fraction:
        if isinstance(value, bool) or not isinstance(value, int | Decimal) or not Decimal(value).is_finite():
            raise ValueError(f"a number from {least} to {most}")
        if not least <= value <= most:
            raise ValueError(f"a number from {least} to {most}")
        if isinstance(value, Decimal) and not -MAX_DECIMALS <= int(value.as_tuple().exponent) <= MAX_DECIMALS:
            raise ValueError(f"a number with at most {MAX_DECIMALS} decimals")  # a fraction of more would fill the memory
        return Fraction(value)

    return read


def whole(least: int, most: int) -> Callable[[Any], int]:
    """Reads a whole number within bounds."""

    def read(value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise ValueError(f"a whole number of at least {least} and at most {most}")
        return value

    return read


def truth(value: Any) -> bool:
    """Reads true or false."""
    if not isinstance(value, bool):
        raise ValueError("true or false")
    return value
