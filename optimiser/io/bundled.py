"""Where the bundled snapshots are: inside the installed package, or in ``data/`` of a checkout."""

from __future__ import annotations

from pathlib import Path

DEMONSTRATION = "demonstration"
THREE_VILLAGES = "three_villages"


def bundled(name: str) -> Path:
    """The folder of a bundled snapshot."""
    here = Path(__file__).parent.parent
    installed = here / "data" / name
    return installed if installed.is_dir() else here.parent / "data" / name
