"""``optimiser rounds build | judge | fit``: each has a file of its own here."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from optimiser.commands import add_all

if TYPE_CHECKING:
    from optimiser.commands.shared.arguments import Commands

ORDER = 310
SUMMARY = "weekly rounds of visits: build them, judge them, fit a package in"


def add(commands: Commands) -> None:
    """What it is for."""
    commands.add_parser(
        "rounds",
        description="Weekly rounds of visits: who visits whom, when, and by which way. Build them, judge those that exist, or fit"
        " a waiting package in.",
        example="optimiser rounds build data/three_villages --out rounds",
        arguments=_actions,
    )


def _actions(rounds: argparse.ArgumentParser) -> None:
    add_all(__name__, __path__, rounds, dest="rounds_command", metavar="ACTION", required=True)
