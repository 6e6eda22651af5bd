"""The pages of a transfer."""

from __future__ import annotations

from typing import Any

from optimiser.io.folders import page_of


def rendered(name: str, **values: Any) -> bytes:
    """A template filled in."""
    return page_of(__name__, name, values)
