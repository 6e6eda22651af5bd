"""``optimiser county new | refresh | estimate``: each has a file of its own here."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from optimiser.commands import add_all

if TYPE_CHECKING:
    from optimiser.commands.shared.arguments import Commands

ORDER = 422
SUMMARY = "a county from official files: made, brought up to date, its need estimated"


def add(commands: Commands) -> None:
    """What it is for."""
    commands.add_parser(
        "county",
        description="A county's areas, surgeries and providers from the files that NHS England, CQC, the ONS and Ordnance Survey"
        " publish, as they are published.",
        example="optimiser county new wight --practices epraccur.csv --pcns ePCN.xlsx --commissioner D9Y0V"
        " --providers HSCA_Active_Locations.ods --authority 'Isle of Wight' --as-of 2026-11-23",
        arguments=_actions,
    )


def _actions(county: argparse.ArgumentParser) -> None:
    add_all(__name__, __path__, county, dest="county_command", metavar="ACTION", required=True)
