"""A server that works on no runs of its own, as for the tests of runs."""

from __future__ import annotations

from tests.api.runs.conftest import served

__all__ = ("served",)
