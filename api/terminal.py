"""What the service's commands share: the database that the settings name, and who types them."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from pydantic import ValidationError
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from api.acts.act import Caller
from api.overview.closing import day_figures
from api.service import Service
from api.settings import Settings
from api.state.store import Store
from api.storage.audit import Actor
from api.storage.database import open_database
from api.storage.migrating import is_current, revision_of
from api.storage.patience import Patience
from optimiser import exits


def operator() -> Actor:
    """The person at the terminal, by the name that the system knows them by."""
    return Actor(f"{getpass.getuser()} (command line)", "admin")


def read_settings() -> Settings:
    """The settings, or the end with exit code 2 after saying what is wrong with which; never a value: one may be a password."""
    try:
        return Settings()
    except ValidationError as refused:
        for fault in refused.errors(include_input=False, include_url=False):
            name = "".join(str(part) for part in fault["loc"]).upper()
            named = name if name in ("", "DATABASE_URL") else f"OPTIMISER_{name}"
            print(f"Refused: {named or 'settings'}: {fault['msg']}.", file=sys.stderr)
        raise SystemExit(exits.REFUSED) from None


A_DAY_OF_ITS_OWN = "Refused: OPTIMISER_AS_OF fixes the day, and {why}: unset it, or load another database with 'load --practice'."


def open_store(settings: Settings) -> Store | None:
    """The store, or None after saying what is wrong with its database."""
    store = Store(open_database(settings.database_url, Patience.long(settings)), settings.clock, day_figures)
    if not _is_usable(store):
        store.engine.dispose()
        return None
    return store


def _is_usable(store: Store) -> bool:
    """Whether its tables are of this version, and no day is fixed for people who wait; if not, why has been said."""
    if not is_current(store.engine):
        print("The database has no tables of this version yet: run 'optimiser migrate'.", file=sys.stderr)
        return False
    if store.clock.fixed_day is not None and not store.is_for_practice() and not store.is_empty():
        print(A_DAY_OF_ITS_OWN.format(why="this county was not loaded for practice"), file=sys.stderr)
        return False
    return True


def may_stand_open(store: Store) -> bool:
    """Whether whoever goes on and on may work here: not on a fixed day before it is known that the county is for practice."""
    if store.clock.fixed_day is not None and not store.is_for_practice():
        print(A_DAY_OF_ITS_OWN.format(why="no county was loaded for practice yet"), file=sys.stderr)
        return False
    return True


@contextmanager
def at_the_database(settings: Settings) -> Iterator[Caller]:
    """The person at the terminal, who acts on a database whatever its tables are."""
    service = Service.of(
        settings, Store(open_database(settings.database_url, Patience.long(settings)), settings.clock, day_figures)
    )
    try:
        yield Caller(service, operator())
    finally:
        service.close()


@contextmanager
def at_the_terminal(settings: Settings) -> Iterator[Caller | None]:
    """The same on tables of this version; None after saying what is wrong with them."""
    with at_the_database(settings) as by:
        yield by if _is_usable(by.store) else None


class UnreachableError(Exception):
    """The database cannot be reached or written to: the kind of failure, and nothing of what was asked."""


@contextmanager
def or_unreachable() -> Iterator[None]:
    """For a command that goes on without the database: its failures become an ``UnreachableError``."""
    try:
        yield
    except SQLAlchemyError as failure:
        raise UnreachableError(f"the database cannot be reached or written to ({type(failure).__name__})") from None


def with_tables(settings: Settings) -> None:
    """Make the tables where a database has none."""
    from api.upkeep import acts

    with at_the_database(settings) as by:
        if revision_of(by.store.engine) is None:
            acts.migrate(by)


def place_of(engine: Engine) -> str:
    """Where a database is, without any password."""
    return engine.url.render_as_string(hide_password=True)
