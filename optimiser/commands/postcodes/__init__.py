"""``optimiser postcodes build | fill``: each has a file of its own here."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from optimiser.commands import add_all

if TYPE_CHECKING:
    from optimiser.commands.shared.arguments import Commands

ORDER = 425
SUMMARY = "an index of postcodes: make it, fill in places by it"


def add(commands: Commands) -> None:
    """What it is for."""
    commands.add_parser(
        "postcodes",
        description="An index of postcodes, made once from official files and read offline: 'band', 'postcodes fill' and the"
        " service find places by it.",
        example="optimiser postcodes build codepo_gb.zip --out postcodes.index",
        arguments=_actions,
    )


def _actions(postcodes: argparse.ArgumentParser) -> None:
    add_all(__name__, __path__, postcodes, dest="postcodes_command", metavar="ACTION", required=True)
