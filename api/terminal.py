"""What the service's commands share: the database that the settings name, and who types them."""

from __future__ import annotations

import os
import pwd
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from pydantic import ValidationError
from sqlalchemy import Engine, inspect
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import SQLAlchemyError

from api.acts.act import Caller
from api.http import deed_outcome
from api.http.deed_outcome import Changed
from api.http.errors import Problem
from api.overview.closing import day_figures
from api.security.key_names import shown
from api.security.key_ring import KeyRing
from api.security.keys import PREFIX
from api.security.roles import ADMIN
from api.service import Service
from api.settings import Settings
from api.state.store import Store
from api.storage.audit import Actor
from api.storage.database import NoDatabaseError, database_of, is_there, place_told
from api.storage.failures import Cause, failure_of
from api.storage.migrating import is_current, newest_revision, revision_of
from api.storage.noted_head import acknowledged_over
from api.storage.on_the_way import WARNING, is_open
from api.storage.only_reading import misses_its_log, open_to_read
from api.storage.patience import Patience
from api.storage.signed_heads import Signer
from optimiser import exits


def account() -> Actor:
    """The account that runs this process, by the name that the system has for its number: no environment names another.

    What the environment says (``SUDO_USER``, ``LOGNAME``) is noted beside it.
    """
    number = os.geteuid()
    try:
        name = pwd.getpwuid(number).pw_name
    except KeyError:
        name = f"account {number}"
    said = next((each for each in map(os.environ.get, ("SUDO_USER", "LOGNAME")) if each and each != name), "")
    return Actor(f"{name} (command line)", ADMIN, note=shown(said))


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
    if settings.audit_signing_key:
        try:
            Signer.of(settings.audit_signing_key)
        except ValueError as wrong:
            raise exits.RefusedError(f"OPTIMISER_AUDIT_SIGNING_KEY: {wrong}.") from None
    if is_open(settings.database_url):
        print(f"Warning: {WARNING}", file=sys.stderr)
    return settings


NO_TABLES = "Refused: the database has no tables of this version yet: run 'optimiser migrate'."
TOKEN = re.compile(rf"{PREFIX}_[\w-]+", re.ASCII)
WAITED_FOR = frozenset(Cause) - {Cause.DAMAGED, Cause.FAILING, Cause.READ_ONLY}
"""Why a database says nothing that may say something later."""
A_DAY_OF_ITS_OWN = "Refused: OPTIMISER_AS_OF fixes the day, and {why}: unset it, or load another database with 'load --practice'."


def open_store(settings: Settings) -> Store | None:
    """The store, or None after saying what is wrong with its database."""
    store = Store(database_of(settings, Patience.long(settings)), settings.clock, day_figures)
    with or_refused(settings):
        if not _is_usable(store):
            store.engine.dispose()
            return None
    return store


def _is_usable(store: Store) -> bool:
    """Whether its tables are of this version, and no day is fixed for people who wait; if not, why has been said."""
    if not is_there(store.engine):
        print(_nowhere(store.engine.url), file=sys.stderr)
        return False
    if not is_current(store.engine):
        print(NO_TABLES, file=sys.stderr)
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
    """Whoever gives the command, who acts on a database whatever its tables are: the holder of the key in ``key_file``, else the
    account. Raises ``RefusedError`` where the key opens nothing, or its roles may not do this.
    """
    with _whoever(settings, database_of(settings, Patience.long(settings))) as by:
        yield by


@contextmanager
def reading_alone(settings: Settings) -> Iterator[Caller | None]:
    """The same for a command that only reads, and reads what it can: of a database that cannot be written, or is damaged.

    None after saying why nothing of it can be read.
    """
    try:
        engine = open_to_read(settings, Patience.long(settings))
    except NoDatabaseError:
        print(_nowhere(settings.database_url), file=sys.stderr)
        yield None
        return
    if misses_its_log(settings.database_url):
        print(
            "Note: the log beside the database's file cannot be read where it is: the last changes are not seen.", file=sys.stderr
        )
    with _whoever(settings, engine, notes=False) as by:
        yield by if _can_be_read(engine) else None


def _can_be_read(engine: Engine) -> bool:
    try:
        form = revision_of(engine)
        current = form == newest_revision() or (form is None and inspect(engine).has_table("audit"))
    except SQLAlchemyError as error:
        failure = failure_of(error)
        if failure is None or failure.cause not in WAITED_FOR:
            return True  # damaged: whoever reads tells of it
        print(f"Refused: {failure.sentence}", file=sys.stderr)
        return False
    if not current and acknowledged_over(engine) is not None:
        return True  # there was more: whoever reads tells of it
    if not current:
        print(NO_TABLES, file=sys.stderr)
    return current


@contextmanager
def _whoever(settings: Settings, engine: Engine, *, notes: bool = True) -> Iterator[Caller]:
    """``notes``: whether it is written down when a key was used, and what its holder was refused."""
    service = Service.of(settings, Store(engine, settings.clock, day_figures))
    if not notes:
        service = replace(service, keys=KeyRing(engine))
    actor = account()
    try:
        with or_refused(settings):
            if settings.key_file:
                actor = _holder(service, Path(settings.key_file))
            yield Caller(service, actor)
    except Problem as problem:
        if problem.code != "forbidden":
            raise
        if notes:
            service.book.refused(actor, "403 a command")
        raise exits.RefusedError(problem.detail) from None
    finally:
        service.close()


def _holder(service: Service, file: Path) -> Actor:
    """Whose key is in a file. Raises ``RefusedError`` where there is none that opens anything."""
    try:
        found = TOKEN.search(file.read_text(encoding="ascii"))
        actor = service.sign_in(found[0]) if found else None
        why = "the key in it is unknown, expired or revoked" if found else "there is no key in it"
    except (OSError, UnicodeDecodeError):
        actor, why = None, "it cannot be read"
    except SQLAlchemyError:
        actor, why = None, "the database has no keys that could be compared with it"
    if actor is None:
        raise exits.RefusedError(f"OPTIMISER_KEY_FILE: {why}.")
    return actor


@contextmanager
def at_the_terminal(settings: Settings) -> Iterator[Caller | None]:
    """The same on tables of this version; None after saying what is wrong with them."""
    with at_the_database(settings) as by:
        yield by if _is_usable(by.store) else None


class UnreachableError(exits.RefusedError):
    """The database cannot be reached or written to: where it is and what is wrong, and nothing of what was asked."""


@contextmanager
def or_refused(settings: Settings) -> Iterator[None]:
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
        raise UnreachableError(f"{place_told(make_url(settings.database_url))}: {sentence} {changed}") from None


@contextmanager
def or_unreachable() -> Iterator[None]:
    """For a command that has a word of its own for it: a failure of the database becomes an ``UnreachableError``."""
    try:
        yield
    except SQLAlchemyError as failure:
        raise UnreachableError(f"the database cannot be reached or written to ({type(failure).__name__})") from None


def with_tables(settings: Settings) -> None:
    """Make the tables where a database has none."""
    from api.upkeep import acts

    with at_the_database(settings) as by:
        if not is_there(by.store.engine) or revision_of(by.store.engine) is None:
            acts.migrate(by)


def place_of(engine: Engine) -> str:
    """Where a database is, without any password."""
    return place_told(engine.url)


def _nowhere(url: str | URL) -> str:
    place = place_told(make_url(url))
    return (
        f"Refused: there is no database at {place}: there is no such file. Set DATABASE_URL right, or make one with"
        " 'optimiser migrate'."
    )
