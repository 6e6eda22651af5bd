"""The app: every route, every error as a problem, one service per app."""

from __future__ import annotations

import functools
import importlib.util
import pkgutil
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import ModuleType

import anyio.to_thread
from fastapi import Depends, FastAPI

import api
from api.acts.signing_in import roles_of
from api.cascade.fitting_room import FittingRoom
from api.http import errors, handbook, openapi
from api.http.addresses import WholeIds, asked_once_each, ids_as_they_are
from api.http.admission import Admission
from api.http.deed_outcome import Outcome
from api.http.errors import Problem
from api.http.head import HeadAsGet
from api.http.observing import Observing
from api.offers.acts import Ticking
from api.outbox.postman import Postman
from api.outbox.senders import senders_of
from api.overview.closing import day_figures
from api.pages.as_pages import AsPages
from api.pages.every_page import ROUTERS as PAGES
from api.runs.supervisor import Supervisor
from api.security.roles import ROLES
from api.service import Service
from api.settings import Settings
from api.state.store import Store
from api.statements.acts import keep_due
from api.storage.database import database_of
from api.storage.failures import told_of
from api.storage.patience import Patience
from api.upkeep.looking_over import LookingOver
from api.upkeep.metrics import Metrics
from api.upkeep.readiness import Readiness
from optimiser.version import SOFTWARE

ALWAYS = ("/health/live", "/health/ready")
"""Asked by machines that decide whether to start the process anew: answered whatever else waits."""
STREAMS = re.compile(r"/v1/runs/[^/]+/events")
THREADS = 100
"""Routes wait for the database in threads: enough of them for fifty planners, each with a page and an offer under way."""


@functools.cache
def routes() -> tuple[ModuleType, ...]:
    """Those of every feature: a folder of the service with a module ``routes``."""
    features = [found.name for found in pkgutil.iter_modules(api.__path__) if found.ispkg]
    names = [f"api.{name}.routes" for name in sorted(features)]
    return tuple(importlib.import_module(name) for name in names if importlib.util.find_spec(name) is not None)


def create_app(settings: Settings) -> FastAPI:
    """The app on the database of its settings. The database is neither made nor changed by it: see ``migrate`` and ``load``."""
    store = Store(database_of(settings, Patience.of(settings)), settings.clock, day_figures)
    fitting = FittingRoom(settings) if settings.rounds else None
    service = Service.of(settings, store, fitting)
    files = LookingOver(store.engine, Patience.long(settings), settings.look_over_hours)
    postman = Postman(store.engine, settings, senders_of(settings))
    supervisor, readiness = Supervisor(store.engine, settings), Readiness(store, files)

    def of_the_database(error: Exception, outcome: Outcome) -> tuple[str, Problem] | None:
        found = told_of(error, outcome)
        if found is None:
            files.after_a_defect()
        return found

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        anyio.to_thread.current_default_thread_limiter().total_tokens = THREADS
        ticking = Ticking(service, also=[keep_due])
        if service.tokens is not None:
            service.tokens.begin()
        if fitting is not None:
            await anyio.to_thread.run_sync(fitting.start)
        supervisor.start()
        postman.start()
        yield
        await anyio.to_thread.run_sync(postman.stop)
        await anyio.to_thread.run_sync(supervisor.stop)
        ticking.close()
        if fitting is not None:
            await anyio.to_thread.run_sync(fitting.close)
        readiness.close()
        service.close()

    app = FastAPI(
        title="PCN round and allocation planning",
        version=SOFTWARE,
        summary="Who should deliver each package of home care: whom to ask and why, offers and answers, long runs",
        lifespan=lifespan,
        # The pages that FastAPI makes of its document load their scripts from elsewhere: this service serves no such page.
        docs_url=None,
        redoc_url=None,
        dependencies=[Depends(ids_as_they_are), Depends(asked_once_each)],
        # Nobody is sent elsewhere: this process knows no address but its own, which may be the one without TLS.
        redirect_slashes=False,
    )
    app.state.service, app.state.readiness = service, readiness
    errors.install(app)
    app.add_middleware(WholeIds)
    app.state.metrics = Metrics(store)
    app.add_middleware(
        Admission,
        most=settings.max_requests,
        at_once=THREADS,
        seconds=settings.request_seconds,
        always=ALWAYS,
        streams=STREAMS,
    )
    app.add_middleware(HeadAsGet)
    app.add_middleware(Observing, metrics=app.state.metrics, of_the_database=of_the_database, refused=service.book.refused)
    app.add_middleware(AsPages)
    for found in routes():
        app.include_router(found.router)
    for page in PAGES:
        app.include_router(page)
    handbook.install(app)
    openapi.install(app, ROLES, roles_of)
    return app
