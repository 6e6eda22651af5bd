"""``optimiser export FILE --gpkg``: a county and what was worked out of it as a map for QGIS."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from optimiser import exits
from optimiser.commands.shared.saying import file_written, refused, refused_with, say, tell

if TYPE_CHECKING:
    import argparse

    from optimiser.domain.snapshot import Snapshot

STRAIGHT = "straight-line"
FOLDERS = ("result", "rounds", "transfer")
"""Options that name a folder of results."""


def asked_wrongly(options: argparse.Namespace) -> str:
    """What does not go together of the options; empty where all does."""
    given = [
        f"--{name}" for name in ("from", *FOLDERS, "reach-minutes", "travel", "exact") if vars(options)[name.replace("-", "_")]
    ]
    if given and not options.gpkg:
        return f"{', '.join(given)}: expected only with --gpkg"
    if options.gpkg and Path(options.out).suffix.lower() != ".gpkg":
        return f"expected a new file that ends in .gpkg; found {options.out!r}"
    return ""


def write_map(options: argparse.Namespace, snapshot: Snapshot) -> int:
    """Exit code 0; 2 where a folder of results is another county's, or the file cannot be written."""
    from optimiser.geography.travel_times.choosing import travel_from
    from optimiser.geography.travel_times.interface import TravelError
    from optimiser.io.faults import InputRefusedError
    from optimiser.mapping.story import COARSE, PERSONAL, map_file, map_layers

    folders = {name: Path(folder) if (folder := vars(options)[name]) else None for name in FOLDERS}
    for name, folder in folders.items():
        if folder is not None and not folder.is_dir():
            return refused(f"--{name}: expected a folder of results; found {str(folder)!r}. Nothing was written.")
    try:
        source = travel_from(options.travel or STRAIGHT) if options.reach_minutes else None
        reach = None if source is None else (source, options.reach_minutes)
        layers = map_layers(snapshot, **folders, reach=reach, exact=options.exact)
    except InputRefusedError as faults:
        return refused_with(faults)
    except TravelError as error:
        return refused(f"{error} Nothing was written.")
    if not file_written(options.out, map_file(layers, snapshot, exact=options.exact)):
        return exits.REFUSED
    record: dict[str, Any] = {
        "file": options.out,
        "as_of": str(snapshot.as_of),
        "snapshot_digest": snapshot.digest(),
        "layers": {name: len(layer) for name, layer in layers.items()},
        "exact": options.exact,
        "note": PERSONAL if options.exact else COARSE,
    }
    tell(options, lambda: record, lambda: _say(record))
    return exits.PROVEN


def _say(record: dict[str, Any]) -> None:
    layers = ", ".join(f"{name} {rows:,}" for name, rows in record["layers"].items())
    say(f"Written to {record['file']}, as of {record['as_of']}, for you alone. Layers and rows: {layers}.")
    say(record["note"])
