"""What a service needs once in its life, and hundreds of them in one process of tests would make hundreds of times.

Nothing here changes what a service answers. ``optimiser serve`` as a process of its own, with none of it, is tried by
``tests/api/upkeep/test_serving.py``, the handbook's walks and the campaigns.
"""

from __future__ import annotations

import asyncio
import threading
from types import ModuleType, SimpleNamespace
from typing import Any

import fastapi.routing
import uvicorn.server

from optimiser.geography import grid

_lock = threading.Lock()


def hurry() -> None:
    """Called once in a process."""
    setattr(uvicorn.server, "asyncio", _hasty_asyncio())  # noqa: B010 - for mypy it is a module of its own
    _routes_are_understood_once()
    _one_transformer_for_all_threads()


def _hasty_asyncio() -> ModuleType:
    """As uvicorn knows it, which looks ten times a second whether it is to stop: here a hundred times."""
    hasty = ModuleType("asyncio")
    vars(hasty).update(vars(asyncio), sleep=lambda seconds: asyncio.sleep(min(seconds, 0.01)))
    return hasty


def _routes_are_understood_once() -> None:
    """FastAPI looks at the parameters of every route of a feature when an app is first asked: they are those of every app."""
    kind: Any = fastapi.routing._IncludedRouter
    build, known = kind._build_effective_context, dict[tuple[int, str], tuple[Any, Any]]()

    def built(self: Any, route: Any) -> Any:
        key = id(route), self.include_context.prefix
        if key not in known:
            known[key] = route, build(self, route)  # with the route, so that no other is ever at its address
        return known[key][1]

    kind._build_effective_context = built


def _one_transformer_for_all_threads() -> None:
    """pyproj finds the way to the national grid anew in every thread: here threads take turns with one that has found it."""
    transformer: Any = grid._transformer()
    transformer.transform(0.0, 52.0)
    transformer._local = SimpleNamespace(transformer=transformer._local.transformer)
    transform = transformer.transform

    def in_turn(*places: Any, **options: Any) -> Any:
        with _lock:
            return transform(*places, **options)

    transformer.transform = in_turn
