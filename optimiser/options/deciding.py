"""What decides: who delivers what."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from optimiser.options.shared import count, last_resort, months, quiet, result, show_values, solving, staffing

if TYPE_CHECKING:
    from optimiser.options.shared import Commands


def add_deciding(commands: Commands) -> None:
    """What decides: who delivers what."""
    check = commands.add_parser("check", help="read a snapshot folder and list every fault in it")
    check.add_argument("folder", metavar="FOLDER")
    show_values(check)

    allocate = commands.add_parser("allocate", help="decide who should deliver each waiting package")
    allocate.add_argument("folder", metavar="FOLDER")
    result(allocate, "the result")
    allocate.add_argument(
        "--travel-by",
        metavar="rounds:DIR",
        help="the travel level in seconds a week that the provider's rounds would grow by: a result of rounds build",
    )
    staffing(allocate)
    solving(allocate)

    reoptimise = commands.add_parser("reoptimise", help="few changes worth making: placements, and moves that make room for them")
    reoptimise.add_argument("folder", metavar="FOLDER")
    result(reoptimise, "the result")
    reoptimise.add_argument(
        "--max-moves", type=count, metavar="N", help="how many people may change provider (default: the setting max_moves)"
    )
    reoptimise.add_argument(
        "--history", metavar="FILE", help="earlier moves (CSV); the share moved from any one provider is then limited"
    )
    solving(reoptimise)
    _nightly(commands.add_parser("nightly", help="the report for the morning: what is late, worth changing, new, or due"))
    _transfer(commands.add_parser("transfer", help="plan which existing rounds move to a principal, and in which wave"))


def _nightly(nightly: argparse.ArgumentParser) -> None:
    nightly.add_argument(
        "folder", metavar="FOLDER", nargs="?", help="a snapshot folder (default: the service's database, DATABASE_URL)"
    )
    nightly.add_argument("--out", required=True, metavar="DIR", help="folder of the reports; DIR/latest leads to the newest")
    nightly.add_argument("--ids", action="store_true", help="name packages by their ids in the report")
    nightly.add_argument(
        "--keep-days", type=count, default=30, metavar="N", help="keep earlier reports for so many days (default: %(default)s)"
    )
    nightly.add_argument(
        "--ahead-days", type=count, default=90, metavar="N", help="list what changes within so many days (default: %(default)s)"
    )
    nightly.add_argument("--max-moves", type=count, metavar="N", help="as for reoptimise")
    nightly.add_argument("--history", metavar="FILE", help="as for reoptimise")
    last_resort(nightly)
    quiet(nightly)
    show_values(nightly)


def _transfer(transfer: argparse.ArgumentParser) -> None:
    transfer.add_argument("folder", metavar="FOLDER")
    transfer.add_argument(
        "--area", nargs="+", action="extend", default=[], metavar="ID", help="areas to plan; 'all': every one with a principal"
    )
    transfer.add_argument(
        "--from", dest="handed_back", metavar="CONTRACT", help="the reverse: where a returned contract's care goes"
    )
    result(transfer, "the plan")
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
    transfer.add_argument("--horizon-months", type=months, metavar="N", help="how far the plan reaches from its first wave")
    transfer.add_argument("--frontier", action="store_true", help="also what other limits and numbers of waves would reach")
    transfer.add_argument("--recut", action="store_true", help="also propose compact parts of rounds that cannot move whole")
    transfer.add_argument(
        "--name-blockers", action="store_true", help="say in people.csv whom a round stays for (roles that may know)"
    )
    solving(transfer)
