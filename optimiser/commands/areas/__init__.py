"""``optimiser areas import | check | derive``: each has a file of its own here."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from optimiser.commands import add_all

if TYPE_CHECKING:
    from optimiser.commands.shared.arguments import Commands

ORDER = 427
SUMMARY = "outlines of areas: from map files, looked over, or made from surgeries"


def add(commands: Commands) -> None:
    """What it is for."""
    commands.add_parser(
        "areas",
        description="Outlines of areas: brought in from the files of map software, looked over for overlaps and gaps, or made"
        " from where patients are registered.",
        example="optimiser areas check county --out boundaries",
        arguments=_actions,
    )


def _actions(areas: argparse.ArgumentParser) -> None:
    add_all(__name__, __path__, areas, dest="areas_command", metavar="ACTION", required=True)
