"""``optimiser export``: the service's state as a snapshot folder that loads to the same state, or a county as a map for QGIS."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from optimiser import exits
from optimiser.commands.shared.arguments import as_json, count_from_one
from optimiser.commands.shared.inputs import read_or_refuse
from optimiser.commands.shared.saying import is_new, refused, tell, told_left

if TYPE_CHECKING:
    from optimiser.commands.shared.arguments import Commands
    from optimiser.domain.snapshot import Snapshot

ORDER = 550
SUMMARY = "write the service's state as a snapshot folder, or a county as a map for QGIS"
LEFT_TO_A_BACKUP = (
    "call-offs as they were filed, assessments, hospital notices, letters, alerts, which first visits are due and who"
    " confirmed them, what was said of enhanced home support, corrections and objections, claims of who is working on whom,"
    " requests for decisions, free hours as providers told them, when they were asked, hours on call, questions,"
    " statements of providers with what"
    " they are counted from and what was asked about them, plans that were released to providers, statements of what is"
    " owed, their account book, periods of incentives and line queries, figures of periods, lists of deliveries,"
    " records of visits, runs, the counts of days gone by, keys, why and by whom the reserve was opened, and the audit trail"
)
"""What no snapshot has a place for."""


def add(commands: Commands) -> None:
    """What it is for."""
    commands.add_parser(
        "export",
        description="Write the service's state as a snapshot folder, which loads to the same state. The audit trail tells of it."
        f" What no snapshot has a place for is in a backup alone: {LEFT_TO_A_BACKUP}. With --gpkg, write a GeoPackage for QGIS in"
        " its place, of the service's state or of a folder: areas with figures, packages, offices, surgeries and rounds as layers"
        " with styles.",
        example="optimiser export county-today\noptimiser export county.gpkg --gpkg --from county --result results/today",
        run=run,
        arguments=_arguments,
    )


def _arguments(export: argparse.ArgumentParser) -> None:
    export.add_argument("out", metavar="OUT", help="a new folder, or with --gpkg a new file (.gpkg); only you may read it")
    export.add_argument("--gpkg", action="store_true", help="a map as a GeoPackage")
    export.add_argument("--from", metavar="FOLDER", help="map: a snapshot folder (default: the service's state)")
    export.add_argument("--result", metavar="DIR", help="map: with the placements of this allocation")
    export.add_argument("--rounds", metavar="DIR", help="map: with the rounds that 'rounds build' made")
    export.add_argument("--transfer", metavar="DIR", help="map: with the rounds that this transfer plan moves")
    export.add_argument(
        "--reach-minutes",
        type=count_from_one,
        metavar="N",
        help="map: how far each provider's offices reach in N minutes, and who is not",
    )
    export.add_argument(
        "--travel",
        metavar="SOURCE",
        help="map: travel times of the reach: straight-line (default), graph:FILE, osrm: or valhalla:ADDRESS",
    )
    export.add_argument("--exact", action="store_true", help="map: homes where they are, with ids; without it, kilometre squares")
    as_json(export, "what was written, and where")


def run(options: argparse.Namespace) -> int:
    """Exit code 0; 2 when the folder exists already. The export is written into the audit trail."""
    from pathlib import Path

    from optimiser.commands.export.as_geopackage import asked_wrongly, write_map

    if wrong := asked_wrongly(options):
        return refused(f"{wrong}. Nothing was written.")
    if vars(options)["from"]:
        if not is_new(options.out):
            return exits.REFUSED
        reading = read_or_refuse(vars(options)["from"], show_values=False)
        return exits.REFUSED if reading is None else write_map(options, reading.snapshot)

    from api.terminal import at_the_terminal, read_settings
    from api.upkeep import acts
    from optimiser.io.exporting import write_snapshot
    from optimiser.io.folders import FolderTakenError, take_away_left

    told_left(take_away_left(Path(options.out).absolute().parent))
    with at_the_terminal(read_settings()) as by:
        if by is None:
            return exits.REFUSED
        if not is_new(options.out):
            return exits.REFUSED
        snapshot = acts.export(by)
    if options.gpkg:
        return write_map(options, snapshot)
    try:
        write_snapshot(snapshot, Path(options.out))
    except (FolderTakenError, OSError) as failure:
        return refused(f"{options.out} cannot be written: {getattr(failure, 'strerror', None) or failure}. Nothing was written.")
    record = {
        "folder": options.out,
        "packages": len(snapshot.packages),
        "as_of": str(snapshot.as_of),
        "snapshot_digest": snapshot.digest(),
        "not_in_it": LEFT_TO_A_BACKUP,
    }
    tell(options, lambda: record, lambda: _say(snapshot, options.out))
    return exits.PROVEN


def _say(snapshot: Snapshot, out: str) -> None:
    print(f"Written to {out}, as of {snapshot.as_of}. It holds personal data: only you may read it.")
    print(f"Digest: {snapshot.digest()}")
    print(f"Not in it, and in a backup alone: {LEFT_TO_A_BACKUP}.")
