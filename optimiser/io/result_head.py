"""What every result begins with: in which format, made by what, and on which input."""

from __future__ import annotations

from typing import Any

from optimiser.domain.snapshot import Snapshot
from optimiser.version import FORMAT, SOFTWARE


def versions() -> dict[str, Any]:
    """``format`` and ``software``: all that a result on several inputs begins with."""
    return {"format": FORMAT, "software": SOFTWARE}


def result_head(snapshot: Snapshot, *, titled: bool = False, **own: Any) -> dict[str, Any]:
    """The head of a result on one input: the versions, the input's digest and its date.

    ``own``: what a command says first of itself. ``titled``: with the input's title.
    """
    title = {"title": snapshot.title} if titled else {}
    return {**versions(), **own, "snapshot_digest": snapshot.digest(), **title, "as_of": str(snapshot.as_of)}
