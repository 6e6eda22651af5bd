"""``optimiser serve``: the brokerage service, until it is told to stop."""

from __future__ import annotations

import argparse
import gc
import signal
from types import FrameType
from typing import TYPE_CHECKING, NoReturn

from optimiser import exits
from optimiser.commands.shared.saying import complain, refused, told_left

if TYPE_CHECKING:
    from api.acts.act import Caller
    from api.cascade.fitting_room import FittingRoom
    from api.service import Service
    from api.settings import Settings
    from api.state.store import Store
    from optimiser.commands.shared.arguments import Commands

ORDER = 510
SUMMARY = "run the brokerage service over HTTP"
RARELY = (50_000, 20, 50)
"""How many new objects begin a search for rubbish, and how often older ones are looked at: meanwhile planners wait,
up to a quarter of a second."""


def add(commands: Commands) -> None:
    """What it is for."""
    commands.add_parser(
        "serve",
        description="Run the brokerage service over HTTP, until it is told to stop. A fresh database gets its tables and a first"
        " key, in a file that only its owner may read.",
        example="optimiser serve",
        more=_settings,
        run=run,
    )


def _settings() -> str:
    """Every setting with its default and its meaning, which are looked up only where this help is shown."""
    try:
        from optimiser.handbook.generating.settings_pages import of_the_service
    except ModuleNotFoundError as missing:
        if (missing.name or "").startswith(("optimiser", "api")):
            raise
        return "settings: they are listed here where the service is installed (pip install 'optimiser[service]')"
    lines = ["settings, from the environment:"]
    for each in of_the_service():
        meaning = each.meaning.replace("`", "")
        lines += [f"  {each.name} (default: {each.default})", *([f"      {meaning}"] if meaning else [])]
    return "\n".join(lines)


def run(_: argparse.Namespace) -> int:
    """Serves on ``OPTIMISER_HOST`` and ``OPTIMISER_PORT``; a fresh database gets its tables and one key, in a file."""
    from api.app import create_app
    from api.http import logs
    from api.http.listening import Server, listen
    from api.http.zipped_folder import take_away_left
    from api.terminal import or_refused, read_settings
    from api.worklist import warming

    settings = read_settings()
    told_left(take_away_left())
    address = _opened(settings)
    if address is None:
        return exits.REFUSED
    app = create_app(settings)
    if not _postcodes_are_read(app.state.service) or not _rounds_are_read(app.state.service.fitting):
        return exits.REFUSED
    try:
        sockets = listen(settings.host, settings.port)
    except OSError as failure:
        if app.state.service.fitting is not None:
            app.state.service.fitting.close()
        where = f"{settings.host}:{settings.port} cannot be listened on: {failure.strerror}"
        return refused(f"{where}. Name another OPTIMISER_HOST or OPTIMISER_PORT.")
    print(f"Serving on http://{settings.host}:{settings.port}, from {address}.", flush=True)
    logs.configure()
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, _stop)
    with or_refused(settings):
        _remember(app.state.service.store)
    warming.begin(app.state.service)
    app.state.readiness.files.begin()
    Server(app, settings).run(sockets)
    return exits.PROVEN


def _opened(settings: Settings) -> str | None:
    """Where the database is, with its tables and a key; None after saying why it cannot be used."""
    from api.terminal import at_the_terminal, may_stand_open, place_of, with_tables
    from api.upkeep import acts

    with_tables(settings)
    with at_the_terminal(settings) as by:
        if by is None or not may_stand_open(by.store):
            return None
        place = place_of(by.store.engine)
        if not acts.list_keys(by) and not _has_first_key(by):
            return None
        if by.store.is_empty():
            print(f"{place} is empty: fill it with 'optimiser load FOLDER'.", flush=True)
    return place


def _has_first_key(by: Caller) -> bool:
    """Make the first key, into a file and nowhere else: what is printed ends in a log. False after saying why that cannot be."""
    from api.security.keys import KeysThereError
    from api.upkeep import acts
    from api.upkeep.key_files import NoKeyFileError, first_key_file, into

    file = first_key_file(by.settings)
    try:
        with into(file) as keep:
            acts.create_key(by, "first key", ["admin"], keep=keep, first=True)
    except KeysThereError:
        return True  # another server has begun meanwhile, and has told where it is
    except NoKeyFileError as why:
        refused(f"the first key: {why}. Take it away, or name another with OPTIMISER_FIRST_KEY_FILE.")
        return False
    print(f"The first key is in {file}, which only you may read: take it into your keeping, and delete the file.", flush=True)
    return True


def _postcodes_are_read(service: Service) -> bool:
    """Whether the index of postcodes can be used that the settings name, if they name one."""
    from optimiser.io.postcode_index import NoIndexError

    try:
        index = service.postcodes
    except NoIndexError as why:
        refused(f"OPTIMISER_POSTCODES: {why}")
        return False
    if index is not None:
        print(f"Places may be given by postcode: {index.about['in_use']:,} are in use.", flush=True)
    return True


def _rounds_are_read(fitting: FittingRoom | None) -> bool:
    """Whether the rounds can be used that the settings name, if they name any."""
    from api.cascade.fitting_room import RoundsRefusedError

    if fitting is None:
        return True
    try:
        fitting.start()
    except RoundsRefusedError as why:
        for line in why.lines:
            complain(line)
        refused("OPTIMISER_ROUNDS. Build them again from this county, or serve without.")
        return False
    return True


def _remember(store: Store) -> None:
    """Read the county before anybody asks. What stays in memory is not searched for rubbish again."""
    from api.storage.database import reading
    from optimiser.domain.dates import bank_holidays

    if not store.is_empty():
        with reading(store.engine) as connection:
            store.live.at(connection)
        bank_holidays(store.clock.today().year)  # else read by the first who asks a provider, while others wait
    gc.collect()
    gc.freeze()
    gc.set_threshold(*RARELY)


def _stop(_: int, __: FrameType | None) -> NoReturn:
    """Told to stop, which is no failure. The server waits for requests under way first, and then passes the signal on to here."""
    raise SystemExit(exits.PROVEN)
