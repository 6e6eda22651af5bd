"""``optimiser migrate``: the tables as this version needs them, or the way back."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from optimiser import exits
from optimiser.commands.shared.arguments import as_json
from optimiser.commands.shared.saying import refused, tell

if TYPE_CHECKING:
    from optimiser.commands.shared.arguments import Commands

ORDER = 530
SUMMARY = "bring the service's database up to the form that this version needs"


def add(commands: Commands) -> None:
    """What it is for."""
    commands.add_parser(
        "migrate",
        description="Bring the service's database (DATABASE_URL) up to the form that this version needs. Back up first.",
        example="optimiser migrate",
        run=run,
        arguments=_arguments,
    )


def _arguments(migrate: argparse.ArgumentParser) -> None:
    migrate.add_argument(
        "--down-to", metavar="REVISION", help="the way back, to an earlier form ('base': no tables); back up first"
    )
    as_json(migrate, "where the database is, and its form")


def run(options: argparse.Namespace) -> int:
    """Exit code 0; 2 for a form that there is no way to."""
    from api.terminal import at_the_database, place_of, read_settings
    from api.upkeep import acts

    with at_the_database(read_settings()) as by:
        try:
            form = acts.migrate(by, options.down_to) or "base"
        except ValueError as failure:
            return refused(f"{failure}. Nothing was changed.")
        place = place_of(by.store.engine)
    tell(options, lambda: {"database": place, "form": form}, lambda: print(f"{place}: tables of form {form}."))
    return exits.PROVEN
