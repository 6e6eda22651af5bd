"""The played server, for every test of this folder that asks for ``asked``."""

from __future__ import annotations

from tests.geography.travel_times.playing import asked

__all__ = ["asked"]
