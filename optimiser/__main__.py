"""The command line. Nothing heavy is imported before a command is known: ``--help`` answers at once."""

from __future__ import annotations

import argparse
import importlib
import io
import math
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TextIO

from optimiser import exits

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

EXIT_CODES = """exit codes:
  0    done; for an allocation: every level proven
  2    input refused, every fault listed
  3    a verified plan with open gaps
  4    model and check disagree: a defect of this software, please report it
  5    the service's audit trail does not hold: every break is listed
  6    another nightly run holds the lock; nothing was done
  7    nightly: nothing new since the latest report; nothing was changed
  130  interrupted; the best plan so far is kept
"""


def parser() -> argparse.ArgumentParser:
    """All commands and their options."""
    top = argparse.ArgumentParser(
        prog="optimiser",
        description="Who should deliver each package of home care: proven, checked and explained.",
        epilog=EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    top.add_argument("--version", action="store_true", help="print the version and stop")
    commands = top.add_subparsers(dest="command", metavar="COMMAND")
    _deciding_commands(commands)
    _what_if_commands(commands)
    _rounds_commands(commands)
    _telling_commands(commands)
    _service_commands(commands)
    return top


def _deciding_commands(commands: Any) -> None:
    """What decides: who delivers what."""
    check = commands.add_parser("check", help="read a snapshot folder and list every fault in it")
    check.add_argument("folder", metavar="FOLDER")
    check.add_argument("--show-values", action="store_true", help="show values of personal columns too (terminal only)")

    allocate = commands.add_parser("allocate", help="decide who should deliver each waiting package")
    allocate.add_argument("folder", metavar="FOLDER")
    allocate.add_argument("--out", required=True, metavar="DIR", help="folder for the result; made whole or not at all")
    _solving_options(allocate)

    reoptimise = commands.add_parser("reoptimise", help="few changes worth making: placements, and moves that make room for them")
    reoptimise.add_argument("folder", metavar="FOLDER")
    reoptimise.add_argument("--out", required=True, metavar="DIR", help="folder for the result; made whole or not at all")
    reoptimise.add_argument(
        "--max-moves", type=_count, metavar="N", help="how many people may change provider (default: the setting max_moves)"
    )
    reoptimise.add_argument(
        "--history", metavar="FILE", help="earlier moves (CSV); the share moved from any one provider is then limited"
    )
    _solving_options(reoptimise)
    _nightly_options(commands.add_parser("nightly", help="the report for the morning: what is late, worth changing, new, or due"))
    _transfer_options(commands.add_parser("transfer", help="plan which existing rounds move to a principal, and in which wave"))


def _what_if_commands(commands: Any) -> None:
    """What asks how things would be."""
    stress = commands.add_parser("stress", help="what if a provider stopped delivering tomorrow? every one, or those named")
    stress.add_argument("folder", metavar="FOLDER")
    stress.add_argument(
        "--provider",
        action="append",
        default=[],
        metavar="ID",
        help="this provider alone, solved as an allocation is; may be repeated",
    )
    stress.add_argument("--together", action="store_true", help="the providers named fail on the same day")
    stress.add_argument(
        "--hand-back",
        action="append",
        default=[],
        metavar="CONTRACT_ID",
        help="one contract is handed back, the provider goes on",
    )
    stress.add_argument(
        "--worst", type=_count, default=4, metavar="N", help="sweep: try each two of the N worst together (default: %(default)s)"
    )
    stress.add_argument(
        "--out", metavar="DIR", help="folder for stress.csv, stress.json and stress.html; made whole or not at all"
    )
    _solving_options(stress)

    feasible = commands.add_parser(
        "feasible",
        help="can these requirements hold together, and if not, what conflicts",
        description="Can these requirements hold together? Levels are at most a value (unmet_urgent, unmet_discharge, unmet,"
        " legacy, new_legacy (without what is there already), principal_first, volume_share, disruption, cost, travel; minutes"
        " a week or hours such as 12.5h, cost in pounds); principal_share[:AREA] is at least a share of every live area's"
        " hours, or of one area's.",
    )
    feasible.add_argument("folder", metavar="FOLDER")
    feasible.add_argument(
        "--require", action="append", required=True, metavar="NAME=VALUE", help="such as legacy=0 or principal_share:AREA=65%%"
    )
    feasible.add_argument(
        "--wall-seconds", type=_seconds, metavar="S", default=600.0, help="last resort for each solve (default: 600)"
    )
    feasible.add_argument("--show-values", action="store_true", help="show values of personal columns in faults (terminal only)")

    compare = commands.add_parser("compare", help="the county as it is beside scenarios: one table of indicators")
    compare.add_argument("folder", metavar="FOLDER")
    compare.add_argument(
        "--scenario", nargs="+", action="extend", required=True, metavar="FILE", help="a TOML patch: see data/README.md"
    )
    compare.add_argument("--out", metavar="DIR", help="folder for compare.csv and compare.json; made whole or not at all")
    _solving_options(compare)


def _rounds_commands(commands: Any) -> None:
    """Who drives where: weekly rounds of visits."""
    rounds = commands.add_parser(
        "rounds", help="weekly rounds of visits: build them, judge them, fit a package in"
    ).add_subparsers(dest="rounds_command", metavar="ACTION", required=True)
    build = rounds.add_parser("build", help="plan weekly master rounds for the care that is running")
    build.add_argument("folder", metavar="FOLDER")
    build.add_argument("--out", required=True, metavar="DIR", help="folder for the rounds; made whole or not at all")
    build.add_argument("--area", metavar="ID", help="the care in one area alone")
    build.add_argument("--provider", metavar="ID", help="the care of one provider alone")
    build.add_argument("--exact", action="store_true", help="maps with exact places, ids and times: personal data")
    build.add_argument("--replace", action="store_true", help="replace an earlier result in that folder")
    judge = rounds.add_parser("judge", help="can the rounds and providers that exist deliver their care with the staff they have")
    judge.add_argument("folder", metavar="FOLDER")
    judge.add_argument("--out", metavar="DIR", help="folder for judged_rounds.csv and judged_providers.csv")
    judge.add_argument("--provider", metavar="ID", help="the rounds and care of one provider alone")
    judge.add_argument("--allocation", metavar="DIR", help="a result of allocate: judge its placements, not today's care alone")
    judge.add_argument("--replace", action="store_true", help="replace an earlier result in that folder")
    fit = rounds.add_parser("fit", help="where a waiting package fits into the rounds of each provider that may be asked")
    fit.add_argument("folder", metavar="FOLDER")
    fit.add_argument("package_id", metavar="PACKAGE_ID")
    fit.add_argument("--rounds", metavar="DIR", help="a result of rounds build (default: the providers' rounds are built first)")
    fit.add_argument("--most", type=_count, default=10, metavar="N", help="show so many providers (default: %(default)s)")
    for each in (build, judge, fit):
        each.add_argument("--settings", metavar="FILE", help="shifts, limits and breaks (TOML): see data/README.md")
        each.add_argument(
            "--travel",
            default="straight-line",
            metavar="SOURCE",
            help="straight-line (default), graph:FILE.graphml, osrm:ADDRESS or valhalla:ADDRESS (the council's own server)",
        )
        each.add_argument("--quiet", action="store_true", help="no progress")
        each.add_argument("--show-values", action="store_true", help="show values of personal columns in faults (terminal only)")


def _telling_commands(commands: Any) -> None:
    """What tells how things are."""
    explain = commands.add_parser("explain", help="why this provider, why not that one, what would have to change")
    explain.add_argument("folder", metavar="DIR", help="a result folder")
    explain.add_argument("package_id", metavar="PACKAGE_ID")
    explain.add_argument(
        "--for",
        dest="audience",
        choices=("planner", "person", "provider"),
        default="planner",
        help="planner (default): everything; person: a paragraph to send; provider: a note (needs --provider)",
    )
    explain.add_argument("--provider", metavar="PROVIDER_ID", help="which provider the note is for")
    explain.add_argument("--all", action="store_true", help="every rule of every contract")

    band = commands.add_parser("band", help="the price band of a place")
    band.add_argument("latitude", metavar="LATITUDE", type=float)
    band.add_argument("longitude", metavar="LONGITUDE", type=float)
    band.add_argument("--in", dest="folder", metavar="FOLDER", help="snapshot with the band centres (default: demonstration)")

    rules = commands.add_parser("rules", help="the rule book: each rule's sentence, source, settings and effect")
    rules.add_argument("--json", action="store_true", help="as JSON")

    demo = commands.add_parser("demo", help="allocate the bundled demonstration county and show it by area")
    demo.add_argument("--out", default="demonstration-result", metavar="DIR", help="folder for the result (default: %(default)s)")
    _solving_options(demo)


def _service_commands(commands: Any) -> None:
    """What runs and keeps the brokerage service; its database is named by ``DATABASE_URL``."""
    commands.add_parser("serve", help="run the brokerage service over HTTP")
    commands.add_parser("work", help="work on the service's queue of long runs, beside a server or in its place")
    commands.add_parser("migrate", help="bring the service's database up to the form that this version needs").add_argument(
        "--down-to", metavar="REVISION", help="the way back, to an earlier form ('base': no tables); back up first"
    )
    load = commands.add_parser("load", help="fill the service's empty database from a snapshot folder")
    load.add_argument("folder", metavar="FOLDER")
    load.add_argument("--show-values", action="store_true", help="show values of personal columns in faults (terminal only)")
    export = commands.add_parser("export", help="write the service's state as a snapshot folder")
    export.add_argument("out", metavar="DIR", help="a new folder; only you may read it")
    _keeping_commands(commands)
    keys = commands.add_parser("keys", help="keys to the service: create, list, revoke").add_subparsers(
        dest="keys_command", metavar="ACTION", required=True
    )
    create = keys.add_parser("create", help="make a key for a named person or job; it is shown once")
    create.add_argument("name", metavar="NAME", help="whose key it is: the audit trail names them")
    create.add_argument("role", metavar="ROLE", choices=("viewer", "planner", "transition", "job", "admin"))
    create.add_argument("--days", type=int, default=90, metavar="N", help="valid for so many days (default: 90)")
    keys.add_parser("list", help="every key, without its secret")
    keys.add_parser("revoke", help="a key opens nothing any more").add_argument("key_id", metavar="KEY_ID")


def _keeping_commands(commands: Any) -> None:
    """What keeps the service's data honest, private and safe."""
    audit = commands.add_parser("audit", help="the service's audit trail: verify, show, head").add_subparsers(
        dest="audit_command", metavar="ACTION", required=True
    )
    verify = audit.add_parser("verify", help="find any edit, removal or reordering of entries; exit code 5 if there is one")
    verify.add_argument("--since-head", metavar="SEQ:HASH", help="a head noted elsewhere: it must still be part of the trail")
    audit.add_parser("head", help="the last entry's number and hash, to be noted elsewhere")
    show = audit.add_parser("show", help="entries about somebody, by somebody or since a day; this too is written into the trail")
    show.add_argument("--subject", metavar="ID", help="entries about this id, or whose details name it")
    show.add_argument("--actor", metavar="NAME", help="entries by this person or job")
    show.add_argument("--since", metavar="DATE", help="entries of this day (YYYY-MM-DD) and later")
    forget = commands.add_parser("forget", help="destroy what is personal of packages whose care has ended")
    forget.add_argument("package_ids", metavar="PACKAGE_ID", nargs="*")
    forget.add_argument("--due", action="store_true", help="all that ended OPTIMISER_FORGET_AFTER_DAYS ago or earlier")
    backup = commands.add_parser("backup", help="copy the service's SQLite database, while it is in use, and verify the copy")
    backup.add_argument("file", metavar="FILE", help="a new file; only you may read it")


def _nightly_options(nightly: argparse.ArgumentParser) -> None:
    nightly.add_argument(
        "folder", metavar="FOLDER", nargs="?", help="a snapshot folder (default: the service's database, DATABASE_URL)"
    )
    nightly.add_argument("--out", required=True, metavar="DIR", help="folder of the reports; DIR/latest leads to the newest")
    nightly.add_argument("--ids", action="store_true", help="name packages by their ids in the report")
    nightly.add_argument(
        "--keep-days", type=_count, default=30, metavar="N", help="keep earlier reports for so many days (default: %(default)s)"
    )
    nightly.add_argument(
        "--ahead-days", type=_count, default=90, metavar="N", help="list what changes within so many days (default: %(default)s)"
    )
    nightly.add_argument("--max-moves", type=_count, metavar="N", help="as for reoptimise")
    nightly.add_argument("--history", metavar="FILE", help="as for reoptimise")
    nightly.add_argument(
        "--wall-seconds",
        type=_seconds,
        metavar="S",
        default=600.0,
        help="last resort: stop solving after S seconds (default: 600)",
    )
    nightly.add_argument("--quiet", action="store_true", help="no progress")
    nightly.add_argument("--show-values", action="store_true", help="show values of personal columns in faults (terminal only)")


def _transfer_options(transfer: argparse.ArgumentParser) -> None:
    transfer.add_argument("folder", metavar="FOLDER")
    transfer.add_argument("--area", nargs="+", default=[], metavar="ID", help="areas to plan; 'all': every one with a principal")
    transfer.add_argument(
        "--from", dest="handed_back", metavar="CONTRACT", help="the reverse: where a returned contract's care goes"
    )
    transfer.add_argument("--out", required=True, metavar="DIR", help="folder for the plan; made whole or not at all")
    transfer.add_argument(
        "--rounds", metavar="DIR", help="rounds built by 'optimiser rounds build', for care that names no round in the snapshot"
    )
    transfer.add_argument("--history", metavar="FILE", help="earlier moves: date, package_id, from_provider_id, hours_per_week")
    transfer.add_argument("--agreed", metavar="FILE", help="moves that are agreed and stay where they are: round_id, date")
    transfer.add_argument("--refused", metavar="FILE", help="people for whom a family or a social worker has said no: package_id")
    transfer.add_argument("--wishes", metavar="FILE", help="recorded wishes to stay by a direct payment: package_id, wish")
    transfer.add_argument(
        "--earlier", metavar="DIR", help="the plan to stay close to (default: what this command would have planned)"
    )
    transfer.add_argument("--horizon-months", type=_months, metavar="N", help="how far the plan reaches from its first wave")
    transfer.add_argument("--frontier", action="store_true", help="also what other limits and numbers of waves would reach")
    transfer.add_argument("--recut", action="store_true", help="also propose compact parts of rounds that cannot move whole")
    transfer.add_argument(
        "--name-blockers", action="store_true", help="say in people.csv whom a round stays for (roles that may know)"
    )
    _solving_options(transfer)


def _months(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 120:
        raise argparse.ArgumentTypeError(f"expected a number of months from 1 to 120, found {text!r}")
    return int(text)


def _solving_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("--replace", action="store_true", help="replace an earlier result in that folder")
    command.add_argument(
        "--wall-seconds",
        type=_seconds,
        metavar="S",
        default=600.0,
        help="last resort: stop solving after S seconds (default: 600); a run so cut need not repeat byte for byte",
    )
    command.add_argument("--quiet", action="store_true", help="no progress")
    command.add_argument("--show-values", action="store_true", help="show values of personal columns in faults (terminal only)")


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise argparse.ArgumentTypeError(f"expected a whole number from 0 on, found {text!r}")
    return int(text)


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not 0 <= seconds < math.inf:
        raise argparse.ArgumentTypeError(f"expected a number of seconds from 0 on, found {text!r}")
    return seconds


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    with _readers_may_leave():
        try:
            return _run(arguments)
        except KeyboardInterrupt:
            print("Interrupted before there was a plan; nothing was written.", file=sys.stderr)
            return exits.INTERRUPTED


class _Stream(io.FileIO):
    """One of our two streams. Where its reader has gone (``| head``), what is left unsaid goes nowhere."""

    def write(self, data: ReadableBuffer) -> int:
        try:
            return super().write(data)
        except BrokenPipeError:
            return memoryview(data).nbytes


@contextmanager
def _readers_may_leave() -> Iterator[None]:
    """A reader that leaves is no mistake: the command goes on to its end, and its exit code is what it is."""
    before = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = _forgiving(sys.stdout), _forgiving(sys.stderr)
    try:
        yield
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        sys.stdout, sys.stderr = before


def _forgiving(stream: TextIO) -> TextIO:
    """The same stream, but for readers that leave. A terminal has one, and what is no stream of the system's is left alone."""
    if stream not in (sys.__stdout__, sys.__stderr__) or not isinstance(stream, io.TextIOWrapper) or stream.isatty():
        return stream
    stream.flush()
    raw = io.BufferedWriter(_Stream(stream.fileno(), "w", closefd=False))
    return io.TextIOWrapper(raw, stream.encoding, stream.errors, line_buffering=stream.line_buffering)


def _run(arguments: Sequence[str] | None) -> int:
    top = parser()
    options = top.parse_args(arguments)
    if options.version:
        from optimiser.version import SOFTWARE

        print(f"optimiser {SOFTWARE}")
        return exits.PROVEN
    if options.command is None:
        top.print_help()
        return exits.REFUSED
    command = importlib.import_module(f"optimiser.commands.{options.command}")
    return int(command.run(options))


if __name__ == "__main__":
    sys.exit(main())
