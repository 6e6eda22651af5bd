"""What the service's commands share: the database that the settings name, and who types them."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from pydantic import ValidationError
from sqlalchemy import Engine, make_url

from api.acts.act import Caller
from api.http import deed_outcome
from api.http.deed_outcome import Changed
from api.overview.closing import day_figures
from api.service import Service
from api.settings import Settings
from api.state.store import Store
from api.storage.audit import Actor
from api.storage.database import NoDatabaseError, is_there, open_database
from api.storage.failures import failure_of
from api.storage.migrating import is_current, revision_of
from api.storage.on_the_way import WARNING, is_open
from api.storage.patience import Patience
from optimiser import exits


def operator() -> Actor:
    """The person at the terminal, by the name that the system knows them by."""
    return Actor(f"{getpass.getuser()} (command line)", "admin")


def read_settings() -> Settings:
    """The settings, or the end with exit code 2 after saying what is wrong with which; never a value: one may be a password."""
    try:
        settings = Settings()
    except ValidationError as refused:
        for fault in refused.errors(include_input=False, include_url=False):
            name = "".join(str(part) for part in fault["loc"]).upper()
            named = name if name in ("", "DATABASE_URL") else f"OPTIMISER_{name}"
            print(f"Refused: {named or 'settings'}: {fault['msg']}.", file=sys.stderr)
        raise SystemExit(exits.REFUSED) from None
    if make_url(settings.database_url).database in (None, "", ":memory:") and settings.database_url.startswith("sqlite"):
        raise exits.RefusedError("DATABASE_URL: a county in memory is gone with the process: expected sqlite:///PATH.")
    if is_open(settings.database_url):
        print(f"Warning: {WARNING}", file=sys.stderr)
    return settings


A_DAY_OF_ITS_OWN = "Refused: OPTIMISER_AS_OF fixes the day, and {why}: unset it, or load another database with 'load --practice'."


def open_store(settings: Settings) -> Store | None:
    """The store, or None after saying what is wrong with its database."""
    store = Store(open_database(settings.database_url, Patience.long(settings)), settings.clock, day_figures)
    with or_refused(store.engine):
        if not _is_usable(store):
            store.engine.dispose()
            return None
    return store


def _is_usable(store: Store) -> bool:
    """Whether its tables are of this version, and no day is fixed for people who wait; if not, why has been said."""
    if not is_there(store.engine):
        print(
            f"Refused: there is no database at {place_of(store.engine)}: set DATABASE_URL right, or make one with"
            " 'optimiser migrate'.",
            file=sys.stderr,
        )
        return False
    if not is_current(store.engine):
        print("Refused: the database has no tables of this version yet: run 'optimiser migrate'.", file=sys.stderr)
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
        with or_refused(service.store.engine):
            yield Caller(service, operator())
    finally:
        service.close()


@contextmanager
def at_the_terminal(settings: Settings) -> Iterator[Caller | None]:
    """The same on tables of this version; None after saying what is wrong with them."""
    with at_the_database(settings) as by:
        yield by if _is_usable(by.store) else None


class UnreachableError(exits.RefusedError):
    """The database cannot be reached or written to: where it is and what is wrong, and nothing of what was asked."""


@contextmanager
def or_refused(engine: Engine) -> Iterator[None]:
    """A failure of the database becomes an ``UnreachableError``: a sentence, with which a command ends that does not catch it."""
    outcome = deed_outcome.begin()
    try:
        yield
    except Exception as error:
        failure = failure_of(error)
        if failure is None:
            raise
        own = getattr(error, "orig", error)
        sentence = f"{own}." if isinstance(own, NoDatabaseError) else failure.sentence
        changed = outcome.sentence if outcome.changed is Changed.NO else "Some of it may be done: look before you repeat it."
        raise UnreachableError(f"{place_of(engine)}: {sentence} {changed}") from None


def with_tables(settings: Settings) -> None:
    """Make the tables where a database has none."""
    from api.upkeep import acts

    with at_the_database(settings) as by:
        if not is_there(by.store.engine) or revision_of(by.store.engine) is None:
            acts.migrate(by)


def place_of(engine: Engine) -> str:
    """Where a database is, without any password: some write it among the parameters."""
    told = {name: value for name, value in engine.url.query.items() if name in ("host", "port", "dbname")}
    return engine.url.set(query=told).render_as_string(hide_password=True)
