"""The app: every route, every error as a problem, one service per app."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio.to_thread
from fastapi import Depends, FastAPI

from api import errors, handbook, openapi, routes
from api.addresses import WholeIds, ids_as_they_are
from api.asking.ticking import Ticking
from api.context import Service
from api.fitting.room import FittingRoom
from api.limits import BodyLimit
from api.metrics import Metrics
from api.observing import Observing
from api.reading_room import ReadingRoom
from api.runs.supervisor import Supervisor
from api.security.keys import KeyRing
from api.security.oidc import Tokens
from api.settings import Settings
from api.storage.engine import open_database
from api.storage.store import Store
from optimiser.version import SOFTWARE

THREADS = 100
"""Routes wait for the database in threads: enough of them for fifty planners, each with a page and an offer under way."""


def create_app(settings: Settings) -> FastAPI:
    """The app on the database of its settings. The database is neither made nor changed by it: see ``migrate`` and ``load``."""
    store = Store(open_database(settings.database_url), settings.clock)
    tokens = Tokens(settings) if settings.oidc_issuer else None
    fitting = FittingRoom(settings) if settings.rounds else None
    service = Service(
        settings=settings, store=store, keys=KeyRing(store.engine), room=ReadingRoom(store), tokens=tokens, fitting=fitting
    )
    supervisor = Supervisor(store.engine, settings)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        anyio.to_thread.current_default_thread_limiter().total_tokens = THREADS
        ticking = Ticking(store, settings)
        if fitting is not None:
            await anyio.to_thread.run_sync(fitting.start)
        supervisor.start()
        yield
        await anyio.to_thread.run_sync(supervisor.stop)
        ticking.close()
        if fitting is not None:
            await anyio.to_thread.run_sync(fitting.close)
        service.room.close()
        store.engine.dispose()

    app = FastAPI(
        title="PCN round and allocation planning",
        version=SOFTWARE,
        summary="Who should deliver each package of home care: whom to ask and why, offers and answers, long runs",
        lifespan=lifespan,
        # The pages that FastAPI makes of its document load their scripts from elsewhere: this service serves no such page.
        docs_url=None,
        redoc_url=None,
        dependencies=[Depends(ids_as_they_are)],
    )
    app.state.service = service
    errors.install(app)
    app.add_middleware(WholeIds)
    app.add_middleware(BodyLimit, max_bytes=settings.max_body_bytes)
    app.state.metrics = Metrics(store)
    app.add_middleware(Observing, metrics=app.state.metrics)
    for found in sorted(pkgutil.iter_modules(routes.__path__), key=lambda module: module.name):
        app.include_router(importlib.import_module(f"{routes.__name__}.{found.name}").router)
    handbook.install(app)
    openapi.install(app)
    return app
