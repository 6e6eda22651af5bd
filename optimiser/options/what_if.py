"""What asks how things would be."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from optimiser.options.shared import count, last_resort, show_values, solving

if TYPE_CHECKING:
    from optimiser.options.shared import Commands

LEVELS = "LEVELS"
"""Stands for the names of the rule book's levels, which are looked up only where this help is shown."""


class NamingLevels(argparse.HelpFormatter):
    """Help that names the levels as they are in the rule book."""

    def add_text(self, text: str | None) -> None:
        if text is not None and LEVELS in text:
            from optimiser.explaining.rule_book import names_to_require
            from optimiser.rules.book import standard_rules

            text = text.replace(LEVELS, names_to_require(standard_rules()))
        super().add_text(text)


def add_what_if(commands: Commands) -> None:
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
        "--worst", type=count, default=4, metavar="N", help="sweep: try each two of the N worst together (default: %(default)s)"
    )
    stress.add_argument(
        "--out", metavar="DIR", help="folder for stress.csv, stress.json and stress.html; made whole or not at all"
    )
    solving(stress)

    feasible = commands.add_parser(
        "feasible",
        help="can these requirements hold together, and if not, what conflicts",
        description=f"Can these requirements hold together? Levels are at most a value ({LEVELS}; minutes"
        " a week or hours such as 12.5h, cost in pounds); principal_share[:AREA] is at least a share of every live area's"
        " hours, or of one area's.",
        formatter_class=NamingLevels,
    )
    feasible.add_argument("folder", metavar="FOLDER")
    feasible.add_argument(
        "--require", action="append", required=True, metavar="NAME=VALUE", help="such as legacy=0 or principal_share:AREA=65%%"
    )
    last_resort(feasible)
    show_values(feasible)

    compare = commands.add_parser("compare", help="the county as it is beside scenarios: one table of indicators")
    compare.add_argument("folder", metavar="FOLDER")
    compare.add_argument(
        "--scenario", nargs="+", action="extend", required=True, metavar="FILE", help="a TOML patch: see data/README.md"
    )
    compare.add_argument("--out", metavar="DIR", help="folder for compare.csv and compare.json; made whole or not at all")
    solving(compare)
