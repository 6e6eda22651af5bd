"""``optimiser transfer FOLDER --area ID… --out DIR``: which rounds move to a principal and when, or where returned care goes."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from optimiser.commands.shared.arguments import as_json, months, result, snapshot_folder, solving
from optimiser.commands.shared.letters import letters

if TYPE_CHECKING:
    from optimiser.commands.shared.arguments import Commands

ORDER = 150
SUMMARY = "plan which existing rounds move to a principal, and in which wave"


def add(commands: Commands) -> None:
    """What it is for."""
    commands.add_parser(
        "transfer",
        description="Plan which existing rounds move to the principals of areas, and in which wave; or, with --from, where the"
        " care of a contract goes that is handed back. With letters, and re-plans after a refusal.",
        example="optimiser transfer data/three_villages --area all --out plan\n"
        "optimiser transfer data/three_villages --from P-ALDER --out hand-back",
        run=run,
        arguments=_arguments,
    )


def _arguments(transfer: argparse.ArgumentParser) -> None:
    snapshot_folder(transfer)
    transfer.add_argument(
        "--area", nargs="+", action="extend", default=[], metavar="ID", help="areas to plan; 'all': every one with a principal"
    )
    transfer.add_argument(
        "--from",
        dest="handed_back",
        action="append",
        default=[],
        metavar="CONTRACT",
        help="the reverse: where a returned contract's care goes; may be repeated",
    )
    result(transfer, "the plan")
    _beside(transfer)
    transfer.add_argument("--horizon-months", type=months, metavar="N", help="how far the plan reaches from its first wave")
    transfer.add_argument("--frontier", action="store_true", help="also what other limits and numbers of waves would reach")
    transfer.add_argument("--recut", action="store_true", help="also propose compact parts of rounds that cannot move whole")
    transfer.add_argument(
        "--name-blockers", action="store_true", help="say in people.csv whom a round stays for (roles that may know)"
    )
    letters(transfer)
    solving(transfer)
    as_json(transfer)


def _beside(transfer: argparse.ArgumentParser) -> None:
    """Files beside the snapshot."""
    transfer.add_argument(
        "--rounds", metavar="DIR", help="rounds built by 'optimiser rounds build', for care that names no round in the snapshot"
    )
    transfer.add_argument("--history", metavar="FILE", help="earlier moves: date, package_id, from_provider_id, hours_per_week")
    transfer.add_argument("--agreed", metavar="FILE", help="moves that are agreed and stay where they are: round_id, date")
    transfer.add_argument("--refused", metavar="FILE", help="people for whom a family or a social worker has said no: package_id")
    transfer.add_argument("--wishes", metavar="FILE", help="recorded wishes to stay by a direct payment: package_id, wish")
    transfer.add_argument(
        "--limits",
        metavar="FILE",
        help="less that may leave single providers within twelve months, as agreed: provider_id, share or hours_per_week, reason",
    )
    transfer.add_argument(
        "--earlier", metavar="DIR", help="the plan to stay close to (default: what this command would have planned)"
    )


def run(options: argparse.Namespace) -> int:
    """See the exit codes of the command line."""
    from optimiser.commands.transfer.planning import plan

    return plan(options)
