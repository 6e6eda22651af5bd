"""``optimiser help COMMAND``: what ``optimiser COMMAND --help`` prints."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from optimiser import exits

if TYPE_CHECKING:
    from optimiser.commands.shared.arguments import Commands

ORDER = 610
SUMMARY = "what a command does, its arguments and an example"


def add(commands: Commands) -> None:
    """What it is for."""
    commands.add_parser(
        "help",
        description="What a command does, its arguments and an example: the same as 'optimiser COMMAND --help'. Without a"
        " command, every command and exit code.",
        example="optimiser help allocate\noptimiser help rounds build",
        run=run,
        arguments=_arguments,
    )


def _arguments(shown: argparse.ArgumentParser) -> None:
    shown.add_argument("words", metavar="COMMAND", nargs="*", help="a command, such as allocate or rounds build")


def run(options: argparse.Namespace) -> int:
    """Prints it, and ends as ``--help`` does; an unknown command is refused."""
    from optimiser.commands import parser

    parser().parse_args([*options.words, "--help"])
    return exits.PROVEN
