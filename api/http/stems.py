"""Where a request belongs is seen by the beginning of its address, before any route is asked.

A framework asks every route in turn whether an address is its own. There are some hundreds: that took a third of the time of a
short answer, and more with each feature. Here a feature's routes are only asked about addresses that begin as one of them does.
"""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from starlette.routing import BaseRoute, Match
from starlette.types import Scope

SEGMENTS = 2
"""So many are looked at: ``/v1`` and the kind of record."""


def stem_of(path: str) -> tuple[str, ...]:
    """The segments before the first that differs from request to request, two at most: ("v1", "packages")."""
    found = []
    for segment in path.lstrip("/").split("/")[:SEGMENTS]:
        if "{" in segment:
            break
        found.append(segment)
    return tuple(found)


class StemRouter(APIRouter):
    """Routes that are only asked about what begins as one of them does."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self._stems: tuple[int, frozenset[tuple[str, ...]]] = (0, frozenset())

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        if scope["type"] == "http":
            parts = scope["path"].split("/", SEGMENTS + 1)[1 : SEGMENTS + 1]
            stems = self._all_stems()
            if not any(tuple(parts[:length]) in stems for length in range(SEGMENTS + 1)):
                return Match.NONE, {}
        return super().matches(scope)

    def _all_stems(self) -> frozenset[tuple[str, ...]]:
        """Of the routes that there are; a route may be added at any time."""
        if self._stems[0] != len(self.routes):
            self._stems = len(self.routes), frozenset(stem_of(_path(each)) for each in self.routes)
        return self._stems[1]


def _path(route: BaseRoute) -> str:
    """Of what has none, such as a router in a router, anything may be meant."""
    return str(getattr(route, "path", ""))
