"""Arguments that several commands have, and the kinds of values they take."""

from __future__ import annotations

import argparse
import datetime as dt
import math
import re
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]


PACKAGE_ID = "its package_id; one that begins with a dash stands behind '--', as the last argument"
"""An option takes such an id as ``--provider=ID``."""


def snapshot_folder(command: argparse.ArgumentParser) -> None:
    command.add_argument("folder", metavar="FOLDER", help="a snapshot folder")


def as_json(command: argparse.ArgumentParser, what: str = "what result.json holds") -> None:
    """For programs. Every command that reports something has it."""
    command.add_argument("--json", action="store_true", help=f"print {what} as JSON, and nothing else on the output")


def replace(command: argparse.ArgumentParser) -> None:
    command.add_argument("--replace", action="store_true", help="replace an earlier result in that folder")


def result(command: argparse.ArgumentParser, what: str) -> None:
    """Where a result goes that is always written."""
    command.add_argument("--out", required=True, metavar="DIR", help=f"folder for {what}; made whole or not at all")


def last_resort(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--wall-seconds",
        type=seconds,
        metavar="S",
        default=600.0,
        help="last resort: stop solving after S seconds (default: 600); a run so cut need not repeat byte for byte",
    )


def postcodes(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--postcodes",
        metavar="FILE",
        default="",
        help="an index that 'optimiser postcodes build' made (default: OPTIMISER_POSTCODES, else a few postcodes of Norfolk)",
    )


def quiet(command: argparse.ArgumentParser) -> None:
    command.add_argument("--quiet", action="store_true", help="no progress")


def workers(command: argparse.ArgumentParser, what: str = "processes") -> None:
    """Of what is done in parallel; what comes of it is the same whatever their number, and wherever."""
    where = command.add_mutually_exclusive_group()
    where.add_argument("--workers", type=count_from_one, metavar="N", help=f"{what} (default: one a processor)")
    cluster_address(where, "do it")


def cluster_address(command: argparse._ActionsContainer, what: str) -> None:
    """Where it is done instead of here."""
    command.add_argument(
        "--cluster",
        metavar="ADDRESS",
        help=f"{what} on a Dask cluster instead, by its scheduler: tls://HOST:PORT, or tcp://127.0.0.1:PORT here",
    )


def show_values(command: argparse.ArgumentParser) -> None:
    command.add_argument("--show-values", action="store_true", help="show values of personal columns in faults (terminal only)")


def staffing(command: argparse.ArgumentParser) -> None:
    """What rounds are planned by, and what was planned is judged by."""
    command.add_argument("--settings", metavar="FILE", help="shifts, limits and breaks of rounds (TOML): see data/README.md")
    command.add_argument(
        "--travel",
        default="straight-line",
        metavar="SOURCE",
        help="travel times of rounds: straight-line (default), graph:FILE.graphml, osrm:ADDRESS or valhalla:ADDRESS"
        " (the council's own server)",
    )


def solving(command: argparse.ArgumentParser) -> None:
    """What every command takes that solves and may write a folder."""
    replace(command)
    last_resort(command)
    quiet(command)
    show_values(command)


def moving(command: argparse.ArgumentParser) -> None:
    """How many may move, in all and in one step."""
    command.add_argument(
        "--max-moves", type=count, metavar="N", help="how many people may change provider (default: the setting max_moves)"
    )
    command.add_argument(
        "--step-moves",
        type=count_from_one,
        metavar="N",
        help="how many people one step may move; every provider in it has to accept first (default: the setting step_moves)",
    )


def if_others_move(command: argparse.ArgumentParser) -> None:
    """What would place those left waiting, re-solved."""
    command.add_argument(
        "--if-others-move",
        action="store_true",
        help="work out, for everybody left waiting, also the smallest change that would place them if others who wait may go"
        " elsewhere, with its bound (two minutes or so where 170 wait)",
    )


def part_and_pins(command: argparse.ArgumentParser) -> None:
    """What the run is for, where that is not the whole county, and what a named person has settled for it beforehand."""
    group = command.add_argument_group(
        "a part of the county, and pins",
        "Areas, packages and rounds add up to those whose care is decided on; providers are who may be asked, and whose running"
        " care may move. Everybody else stays as they are. Of a bundle, one stands for all. Each may be given several times.",
    )
    for kind, what in (
        ("area", "the packages of this area"),
        ("package", "this package"),
        ("round", "the packages of this round"),
        ("provider", "new care is placed with this provider alone; of running care only what it delivers may move"),
    ):
        group.add_argument(f"--only-{kind}", action="append", default=[], metavar="ID", help=what)
    group.add_argument(
        "--pin",
        action="append",
        default=[],
        metavar="PACKAGE=CONTRACT",
        help="the package goes to this contract, or to nobody (PACKAGE=waiting); up to ten pins are priced one by one",
    )
    group.add_argument("--pins", metavar="FILE", help="pins as a CSV file: package_id, contract_id (or the word waiting)")


def count(text: str) -> int:
    """A whole number from 0 on."""
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise argparse.ArgumentTypeError(f"expected a whole number from 0 on, found {text!r}")
    return int(text)


def count_from_one(text: str) -> int:
    """A whole number from 1 on."""
    if text.strip("0") == "" or not (text.isascii() and text.isdigit() and len(text) < 10):
        raise argparse.ArgumentTypeError(f"expected a whole number from 1 on, found {text!r}")
    return int(text)


def months(text: str) -> int:
    """A number of months from 1 to 120."""
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 120:
        raise argparse.ArgumentTypeError(f"expected a number of months from 1 to 120, found {text!r}")
    return int(text)


def four_week_hours(text: str) -> Fraction:
    """Hours per four weeks, exact: a number from 0 on with at most four decimals."""
    if not re.fullmatch(r"\d{1,6}(\.\d{1,4})?", text, re.ASCII):
        raise argparse.ArgumentTypeError(f"expected hours per four weeks such as 1200 or 37.5, found {text!r}")
    return Fraction(text)


def day(text: str) -> dt.date:
    """A date as it is written in files."""
    try:
        return dt.date.fromisoformat(text if len(text) == len("2026-12-07") else "")
    except ValueError:
        raise argparse.ArgumentTypeError(f"expected a date such as 2026-12-07, found {text!r}") from None


def metres(text: str) -> float:
    """A number of metres from 0 to 10,000."""
    if not re.fullmatch(r"\d{1,5}(\.\d{1,3})?", text, re.ASCII) or float(text) > 10_000:
        raise argparse.ArgumentTypeError(f"expected a number of metres up to 10000, found {text!r}")
    return float(text)


def seconds(text: str) -> float:
    """A number of seconds from 0 on."""
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not 0 <= number < math.inf:
        raise argparse.ArgumentTypeError(f"expected a number of seconds from 0 on, found {text!r}")
    return number
