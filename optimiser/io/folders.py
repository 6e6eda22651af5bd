"""Folders of results: written all together or not at all, readable by their owner alone; their pages, which open offline; their
``run.json``, which holds whatever differs between two runs on the same input. And where the bundled counties are.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import platform
import re
import resource
import shutil
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from optimiser.io.leftovers import hidden_folder, left_in, take_away
from optimiser.version import SOFTWARE

if TYPE_CHECKING:
    from jinja2 import Environment

TRANSFER_FILES = frozenset(
    {
        "transfers.csv", "people.csv", "impact.csv", "waves.csv", "result.json", "run.json", "transfer.html", "letters.jsonl",
        "letters.txt", "letters-large-print.html", "direct-payments.csv", "differences.csv", "frontier.csv", "hand-back.csv",
        "hand-back.html", "letters-as-asked.html", "letters-to-check.csv",
    }
)  # fmt: skip
CLIENT_LEVEL_FILES = frozenset({"client-level.csv", "client-level-codes.csv", "client-level-totals.csv", "client-level.json"})
TONIGHT_FILES = frozenset({"tonight.csv", "without-times.csv", "who-has-minutes.csv", "tonight.html"})
RELIEF_FILES = frozenset({"relief.csv", "relief-rounds.csv", "uncovered-visits.csv", "relief.html"})
BRIDGE_FILES = frozenset({"bridge.csv", "trade-off.csv", "instead.csv", "others-waiting.csv", "bridge.json", "bridge.html"})
ACCOUNT_FILES = frozenset(
    {
        "statements.csv", "statement-lines.csv", "statement-days.csv", "odd-records.csv", "incentives-earned.csv",
        "adjustments.csv", "account.json", "increments.csv", "increments.svg", "short-visits.csv", "guarantee-use.csv",
        "delivered-shares.csv", "enhanced-hours.csv",
    }
)  # fmt: skip
DELIVERY_FILES = frozenset({"to-review.csv", "delivered.csv", "punctuality.csv", "continuity.csv", "deliveries.json"})
UPLIFT_FILES = frozenset({"uplift-prices.csv", "uplift-cost.csv", "commitment.csv", "uplift.json"})
ALLOCATION_FILES = frozenset({"allocations.csv", "result.json", "explanations.jsonl", "run.json"})
WHAT_IF_FILES = frozenset(
    {"stress.csv", "stress.json", "stress.html", "compare.csv", "compare.json", "rehearsal.csv", "rehearsal.json"}
)
EVERYBODY_FREE_FILES = frozenset(
    {
        "everybody-free.json", "everybody-free-levels.csv", "everybody-free-areas.csv", "everybody-free-limits.csv",
        "everybody-free.html",
    }
)  # fmt: skip
FORECAST_FILES = frozenset(
    {
        "forecast.csv", "forecast-waits.csv", "forecast-reached.csv", "forecast-drivers.csv", "forecast-providers.csv",
        "forecast-calibration.csv", "forecast.json", "index.html",
    }
)  # fmt: skip
SIZE_FILES = frozenset({"sizes.csv", "sizes-areas.csv", "sizes.json", "sizes.html"})
SHADOW_FILES = frozenset({"shadow-decisions.csv", "shadow-waits.csv", "shadow.json", "index.html"})
SUMMARY_FILES = frozenset({"summary.csv", "summary.html"})
BOUNDARY_FILES = frozenset({"boundaries.html", "boundaries.csv", "boundaries.json", "repaired-areas.geojson"})
ROUNDS_FILES = frozenset(
    {
        "rounds_planned.csv", "visits_planned.csv", "unserved.csv", "rounds.geojson", "rounds.html", "judged_rounds.csv",
        "judged_providers.csv",
    }
)  # fmt: skip
OUR_FILES = (
    ALLOCATION_FILES
    | {"changes.csv", "certificate.json"}
    | WHAT_IF_FILES
    | EVERYBODY_FREE_FILES
    | TRANSFER_FILES
    | RELIEF_FILES
    | BRIDGE_FILES
    | ACCOUNT_FILES
    | DELIVERY_FILES
    | UPLIFT_FILES
    | CLIENT_LEVEL_FILES
    | TONIGHT_FILES
    | ROUNDS_FILES
    | BOUNDARY_FILES
    | FORECAST_FILES
    | SIZE_FILES
    | SHADOW_FILES
    | SUMMARY_FILES
)
MAX_NAME = 50
"""How many characters of a folder's name are in those of the folders beside it: a disk takes 255 bytes."""


class FolderTakenError(Exception):
    """The folder holds something already, and replacing it was not asked for (or it holds files that are not ours)."""


def refuse_taken(folder: Path, *, replace: bool) -> None:
    """Raise ``FolderTakenError`` before any work is done, rather than after."""
    try:
        _refuse_taken(folder, replace=replace)
    except OSError as error:
        raise FolderTakenError(f"{folder} cannot be used: {error.strerror}") from None


def _refuse_taken(folder: Path, *, replace: bool) -> None:
    parent = folder.absolute().parent
    if folder.is_symlink():
        raise FolderTakenError(f"{folder} is a link: name the folder itself")
    if folder.is_mount():
        raise FolderTakenError(f"{folder} is a disk of its own: name a folder inside it")
    if not folder.exists() and not parent.is_dir():
        raise FolderTakenError(f"{parent} is not a folder: make it first")
    if not os.access(parent, os.W_OK | os.X_OK):
        raise FolderTakenError(f"{parent} may not be written to")
    if not folder.exists():
        return
    if not folder.is_dir():
        raise FolderTakenError(f"{folder} is a file: name a folder")
    with os.scandir(folder) as entries:
        ours = {entry.name: entry.name in OUR_FILES and entry.is_file(follow_symlinks=False) for entry in entries}
    if ours and not replace:
        raise FolderTakenError(f"{folder} is not empty: name another folder, or say --replace to replace an earlier result")
    if not all(ours.values()):
        foreign = min(name for name, is_ours in ours.items() if not is_ours)
        raise FolderTakenError(f"{folder} holds files that are not a result of ours ({foreign}): name another folder")


def take_away_left(place: Path) -> list[str]:
    """Take away what killed runs have left beside their results; the names of the folders."""
    return take_away(place, r"\..+\.writing-")


def write_folder(folder: Path, files: Mapping[str, bytes], *, replace: bool = False) -> list[str]:
    """Write the files into a new folder beside its final place and move it there in one step.

    A kill at any moment leaves either no result or a whole one. When an earlier result is replaced it is moved aside first,
    so a kill between the two moves leaves it whole beside its place, as ``NAME.previous-…``; anything less than a kill puts it
    back. Once the result is in its place it is written: what fails after that does no harm, and is not told.

    Returns the names of earlier results, moved aside by runs that were killed, that it took away since they were to be replaced.
    """
    refuse_taken(folder, replace=replace)
    folder = folder.absolute()
    name = folder.name[:MAX_NAME]
    aside = None
    with hidden_folder(f".{name}.writing-", folder.parent) as made:
        try:
            for file, content in files.items():
                _write(made / file, content)
            if folder.is_dir() and any(folder.iterdir()):
                aside = Path(tempfile.mkdtemp(prefix=f"{name}.previous-", dir=folder.parent))
                folder.replace(aside)
            made.replace(folder)
        except BaseException:
            if aside is not None and not folder.exists():
                aside.replace(folder)
            elif aside is not None:
                with suppress(OSError):
                    aside.rmdir()  # nothing was moved there
            raise
    if aside is not None:
        shutil.rmtree(aside, ignore_errors=True)
    with suppress(OSError):
        _sync(folder.parent)
    return _take_away_earlier(folder.parent, name) if replace else []


def _take_away_earlier(place: Path, name: str) -> list[str]:
    """Results that were moved aside to be replaced, by runs that were killed before they had done so."""
    found = [
        each for each in left_in(place, rf"{re.escape(name)}\.previous-") if {file.name for file in each.iterdir()} <= OUR_FILES
    ]
    for each in found:
        shutil.rmtree(each, ignore_errors=True)
    return [each.name for each in found]


def write_file(path: Path, content: bytes, *, replace: bool = False, mode: int = 0o600) -> None:
    """Write a file whole, or not at all. Raises ``OSError``, also where something is there and ``replace`` was not said.

    ``mode``: who may read it; without it its owner alone.
    """
    with hidden_folder(f".{path.name[:MAX_NAME]}.writing-", path.absolute().parent) as folder:
        made = folder / "file"
        _write(made, content)
        made.chmod(mode)
        if replace:
            made.replace(path)
        else:
            os.link(made, path)


def _write(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def pretty(record: dict[str, Any]) -> bytes:
    """JSON for people to read."""
    return (json.dumps(record, indent=2, ensure_ascii=False) + "\n").encode()


DEMONSTRATION = "demonstration"
THREE_VILLAGES = "three_villages"


def bundled(name: str) -> Path:
    """The folder of a bundled snapshot."""
    package = Path(__file__).parents[1]
    installed = package / "data" / name
    return installed if installed.is_dir() else package.parent / "data" / name


def page_of(package: str, template: str, values: Mapping[str, Any], **filters: Callable[..., str]) -> bytes:
    """A template that lies beside a package's modules, filled in. ``filters``: by name, how it may write a value.

    Pages extend ``page.html.j2``, which lies beside this module: one head, one style, one way to skip to the content.
    """
    return _templates_of(package, **filters).get_template(template).render(values).encode()


@lru_cache(maxsize=64)
def _templates_of(package: str, **filters: Callable[..., str]) -> Environment:
    """A package's templates. Each is compiled once in a process, which takes longer than to fill it in."""
    from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=ChoiceLoader([PackageLoader(package, "."), PackageLoader("optimiser.io", ".")]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(filters)
    return environment


def run_record(stopped: str, started: dt.datetime, seconds: float) -> dict[str, Any]:
    """When, how long, on what, and why it ended: ``no`` where nothing stopped it."""
    return {
        "started_at": started.isoformat(timespec="seconds"),
        "seconds": round(seconds, 3),
        "stopped": stopped,
        "repeatable": stopped in ("no", "work"),
        "peak_memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "software": SOFTWARE,
        "python": platform.python_version(),
        "machine": platform.machine(),
        "system": platform.system(),
    }
