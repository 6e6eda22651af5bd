"""What a service needs once in its life, and hundreds of them in one process of tests would make hundreds of times.

Nothing here changes what a service answers. ``optimiser serve`` as a process of its own, with none of it, is tried by
``tests/api/upkeep/test_serving.py``, the handbook's walks and the campaigns.
"""

from __future__ import annotations

import asyncio
import copy
import threading
from types import ModuleType, SimpleNamespace
from typing import Any, cast

import fastapi.routing
import uvicorn.server
from sqlalchemy import Engine
from sqlalchemy.util import LRUCache

from api.http import openapi
from api.storage import database
from optimiser.geography import grid

_lock = threading.Lock()


def hurry() -> None:
    """Called once in a process."""
    setattr(uvicorn.server, "asyncio", _hasty_asyncio())  # noqa: B010 - for mypy it is a module of its own
    _routes_are_understood_once()
    _routers_are_not_nested_for_nothing()
    _statements_are_compiled_once()
    _one_document_for_all_apps()
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


def _routers_are_not_nested_for_nothing() -> None:
    """FastAPI begins and ends something for each router, one within the other: a hundred of nothing."""
    nesting: Any = fastapi.routing
    merge, nothing = nesting._merge_lifespan_context, nesting._DefaultLifespan

    def merged(original: Any, nested: Any) -> Any:
        begins = type(nested) is not nothing or nested._router.on_startup or nested._router.on_shutdown
        return merge(original, nested) if begins else original

    nesting._merge_lifespan_context = merged


class _CompiledForAll(LRUCache[Any, Any]):
    """SQLAlchemy's own store of an engine, whose keys begin with that engine's dialect: here with its name."""

    def get(self, key: tuple[Any, ...], default: Any = None) -> Any:
        return super().get((key[0].name, *key[1:]), default)

    def __setitem__(self, key: tuple[Any, ...], compiled: Any) -> None:
        super().__setitem__((key[0].name, *key[1:]), compiled)


def _statements_are_compiled_once() -> None:
    """Every engine writes its statements' words anew: those of one kind of database are the same for all of its engines."""
    known, storage = _CompiledForAll(5_000), cast(Any, database)
    create = storage.create_engine

    def created(*words: Any, **named: Any) -> Engine:
        engine = create(*words, **named)
        engine._compiled_cache = known
        return cast(Engine, engine)

    storage.create_engine = created


def _one_document_for_all_apps() -> None:
    """The OpenAPI document takes two seconds to make: that of the same routes is the same."""
    making, known = cast(Any, openapi), dict[tuple[object, ...], Any]()
    make = making._document

    def made(app: Any, *roles: Any) -> Any:
        included = [getattr(each, "original_router", None) for each in app.routes]
        # Routers with how often they were changed; of a route of the app's own, where and what it is.
        key = tuple(
            (each.path, getattr(getattr(each, "endpoint", None), "__code__", None))
            if of is None
            else (id(of), of._get_routes_version())
            for each, of in zip(app.routes, included, strict=True)
        )
        if key not in known:
            known[key] = app, make(app, *roles)  # with the app, so that no other router is ever at the address of one of its own
        return copy.deepcopy(known[key][1])

    making._document = made


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
