"""What the command line takes. Nothing heavy is imported here: ``--help`` answers at once."""

from __future__ import annotations

import argparse

from optimiser.options.deciding import add_deciding
from optimiser.options.once import Parser
from optimiser.options.rounds import add_rounds
from optimiser.options.service import add_service
from optimiser.options.telling import add_telling
from optimiser.options.what_if import add_what_if

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
    top: argparse.ArgumentParser = Parser(
        prog="optimiser",
        description="Who should deliver each package of home care: proven, checked and explained.",
        epilog=EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    top.add_argument("--version", action="store_true", help="print the version and stop")
    commands = top.add_subparsers(dest="command", metavar="COMMAND")
    add_deciding(commands)
    add_what_if(commands)
    add_rounds(commands)
    add_telling(commands)
    add_service(commands)
    return top
