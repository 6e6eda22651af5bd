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


def add(commands: Commands) -> None:
    """What it is for."""
    commands.add_parser(
        "migrate",
        help="bring the service's database up to the form that this version needs",
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
    from api.commands import place_of, read_settings
    from api.storage.engine import open_database
    from api.storage.migrating import downgrade, revision_of, upgrade

    engine = open_database(read_settings().database_url)
    try:
        if options.down_to:
            downgrade(engine, options.down_to)
        else:
            upgrade(engine)
        place, form = place_of(engine), revision_of(engine) or "base"
        tell(options, lambda: {"database": place, "form": form}, lambda: print(f"{place}: tables of form {form}."))
    except ValueError as failure:
        return refused(f"{failure}. Nothing was changed.")
    finally:
        engine.dispose()
    return exits.PROVEN
