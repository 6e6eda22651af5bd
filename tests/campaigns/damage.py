"""Databases that are damaged: ``python -m tests.campaigns.damage [--rounds 5] [--database sqlite] [--seed 1]``.

A county is worked on, and everything acknowledged is noted. Then its files are damaged: on SQLite a page is written over, bytes
are cut from the end, the log beside the file is cut, emptied or put back as it once was; on PostgreSQL a page of a table is
written over (checksums are on), and the log of the server is cut. The service is stopped meanwhile, or runs. Whatever is lost or
cannot be read has to be told: by readiness, and by ``optimiser audit verify``, which names a head that was good. Nothing may be
called a defect of the software. Exit code 0 when all of that holds.
"""

from __future__ import annotations

import argparse
import itertools
import logging
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import structlog

from api.settings import Settings
from api.state.store import Store
from api.storage.database import database_of, open_database
from api.storage.migrating import upgrade
from api.storage.patience import Patience
from optimiser.io.reading import read_snapshot
from tests.api.conftest import LOADER, SMALL, Served, serving
from tests.campaigns.damaging import cluster as server_damage
from tests.campaigns.damaging.cluster import Cluster
from tests.campaigns.damaging.history import Compared, History, compared
from tests.campaigns.damaging.sqlite_damage import TO_THE_FILE, TO_THE_LOG, Damage, earlier_log, frames_in
from tests.campaigns.damaging.told import Told, at_the_start, judge, verify, while_serving
from tests.campaigns.faulting.deeds import Deed, Preparing

AS_OF = read_snapshot(SMALL).snapshot.as_of
IMPATIENT: dict[str, Any] = {"tick_seconds": 0, "run_workers": 0, "database_lock_seconds": 1, "database_long_lock_seconds": 1}
ROUNDS_OF_DEEDS = 2
"""How often each deed is done before anything is damaged, and as often beside it where the service runs."""
_hundreds = itertools.count(100, 100)
Say = Callable[[str], None]


@dataclass
class Found:
    """What a campaign found."""

    trials: int = 0
    told: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def take(self, name: str, told: Told, judged: list[str]) -> None:
        self.trials += 1
        self.told[f"{name}: {told.in_words}"] += 1
        self.wrong += [f"{name}: {each}" for each in judged]


@dataclass(frozen=True)
class Made:
    """A county in files: as the service left it when it was stopped, and as one leaves it that is killed.

    ``key`` opens it, and stands in both.
    """

    stopped: Path
    killed: Path
    key: str
    history: History


def settings_of(folder: Path) -> Settings:
    return Settings(database_url=f"sqlite:///{folder / 'county.db'}", as_of=AS_OF, **IMPATIENT)


def work(served: Served, settings: Settings, key: str, times: int) -> list[Deed]:
    """Each deed so often; those that were acknowledged. What is refused is an answer too."""
    engine = open_database(settings.database_url)
    done = []
    with httpx.Client(base_url=served.address, headers={"Authorization": f"Bearer {key}"}, timeout=30, verify=False) as client:
        preparing = Preparing(client, engine, AS_OF, after=next(_hundreds))
        for _, prepare in itertools.product(range(times), preparing.kinds.values()):
            try:
                deed = prepare()
            except (AssertionError, ValueError, KeyError):
                continue  # what it stands on is damaged
            if deed.ask(client).is_success:
                done.append(deed)
    engine.dispose()
    return done


def made_in(folder: Path) -> Made:
    """A county that was worked on."""
    alive, stopped, killed = (folder / name for name in ("alive", "stopped", "killed"))
    alive.mkdir()
    settings = settings_of(alive)
    engine = database_of(settings, Patience())
    (alive / "county.db").touch(0o600)
    upgrade(engine)
    Store(engine, settings.clock).load(read_snapshot(SMALL).snapshot, LOADER)
    engine.dispose()
    with serving(settings) as served:
        key = served.key("admin")
        work(served, settings, key, 1)
        shutil.copy(alive / "county.db-wal", earlier_log(alive / "county.db"))
        work(served, settings, key, ROUNDS_OF_DEEDS)
        shutil.copytree(alive, killed)
    shutil.copytree(alive, stopped)
    for each in killed.glob("*-shm"):
        each.unlink()
    return Made(stopped, killed, key, History.of(settings.database_url))


@contextmanager
def copied(source: Path, folder: Path) -> Iterator[Path]:
    """A copy to be damaged."""
    copy = Path(tempfile.mkdtemp(dir=folder)) / "county"
    shutil.copytree(source, copy)
    try:
        yield copy
    finally:
        shutil.rmtree(copy.parent, ignore_errors=True)


def under_stopped(made: Made, source: Path, folder: Path, damage: Damage, rng: random.Random) -> tuple[Told, Compared]:
    """The files are damaged while nobody serves; then somebody does."""
    told = Told()
    with copied(source, folder) as copy:
        settings = settings_of(copy)
        damage(copy / "county.db", rng)
        verify({"DATABASE_URL": settings.database_url}, made.history, told)
        found = compared(made.history, settings.database_url)
        at_the_start(settings, made.key, told)
    return told, found


def under_running(made: Made, source: Path, folder: Path, damage: Damage, rng: random.Random) -> tuple[Told, Compared]:
    """The files are damaged while somebody serves and works; then the service is stopped, and all has to be there or told."""
    told = Told()
    with copied(source, folder) as copy:
        settings = settings_of(copy)
        with serving(settings) as served:
            work(served, settings, made.key, 1)
            before = History.of(settings.database_url)
            if frames_in(copy / "county.db") or damage in TO_THE_FILE.values():
                damage(copy / "county.db", rng)
            done = work(served, settings, made.key, 1)
            while_serving(served, made.key, told)
        verify({"DATABASE_URL": settings.database_url}, History({}, before.heads), told)
        found = compared(before, settings.database_url, went_on=True)
        if told.verified == 0 and not found.unreadable:
            told.wrong += _not_there(settings.database_url, done)
    return told, found


def sqlite(rounds: int, seed: int, say: Say) -> Found:
    """Every damage so often, under a service that is stopped, that was killed, and that runs."""
    found, rng = Found(), random.Random(seed)
    with tempfile.TemporaryDirectory(prefix="damage", dir="/tmp") as name:
        folder = Path(name)
        made = made_in(folder)
        in_log = frames_in(made.killed / "county.db")
        say(f"{len(made.history.heads)} entries of the trail, {len(made.history.rows)} rows, {in_log} pages in the log")
        no_damage = under_stopped(made, made.killed, folder, lambda _, __: None, rng)
        found.take("nothing", *_judged(no_damage))
        if no_damage[0].in_words != "ready, holds":
            found.wrong.append(f"nothing was damaged: {no_damage[0].in_words}")
        cases: Sequence[tuple[str, Callable[..., tuple[Told, Compared]], Path, Mapping[str, Damage]]] = (
            ("stopped", under_stopped, made.stopped, TO_THE_FILE),
            ("killed", under_stopped, made.killed, TO_THE_LOG),
            ("running", under_running, made.stopped, TO_THE_FILE),
            ("running", under_running, made.killed, TO_THE_LOG),
        )
        for when, how, source, damages in cases:
            for what, damage in damages.items():
                for _ in range(rounds):
                    found.take(f"{when}, {what}", *_judged(how(made, source, folder, damage, rng)))
    return found


def of_cluster(cluster: Cluster, note: Path) -> Settings:
    more: dict[str, Any] = {"database_connect_seconds": 2, "database_statement_seconds": 5}
    return Settings(database_url=cluster.url, as_of=AS_OF, head_file=str(note), **IMPATIENT, **more)


@dataclass(frozen=True)
class MadeOnServer:
    """The same on PostgreSQL: as its server was stopped, and as it was killed, each with the note of the service."""

    stopped: Cluster
    killed: Cluster
    key: str
    history: Mapping[str, History]
    """By the folder of the cluster."""
    note: Path

    def note_of(self, cluster: Cluster) -> Path:
        return self.note.with_name(f"{cluster.folder.name}-head")


@contextmanager
def made_on_server(folder: Path) -> Iterator[MadeOnServer]:
    """A county that was worked on."""
    note, stack = folder / "head", ExitStack()
    with stack:
        alive = Cluster.made()
        stack.callback(alive.leave)
        settings = of_cluster(alive, note)
        engine = database_of(settings, Patience())
        upgrade(engine)
        Store(engine, settings.clock).load(read_snapshot(SMALL).snapshot, LOADER)
        engine.dispose()
        with serving(settings) as served:
            key = served.key("admin")
            work(served, settings, key, ROUNDS_OF_DEEDS)
        histories, copies = {}, []
        for how in ("fast", "immediate"):
            noted, history = alive.note(), History.of(alive.url)
            alive.stop(how)
            copies.append(stack.enter_context(noted.copied()))
            histories[copies[-1].folder.name] = history
            shutil.copy(note, note.with_name(f"{copies[-1].folder.name}-head"))
            if how == "fast":
                assert alive.start()
                with serving(settings) as served:
                    work(served, settings, key, ROUNDS_OF_DEEDS)
        yield MadeOnServer(copies[0], copies[1], key, histories, note)


def under_stopped_server(
    made: MadeOnServer, source: Cluster, folder: Path, damage: server_damage.Damage, rng: random.Random
) -> tuple[Told, Compared]:
    """The files are damaged while neither server runs; then both are started."""
    told, history, note = Told(), made.history[source.folder.name], folder / "noted"
    with source.copied() as copy:
        shutil.copy(made.note_of(source), note)
        settings = of_cluster(copy, note)
        damage(copy, rng)
        copy.start()
        verify({"DATABASE_URL": copy.url, "OPTIMISER_HEAD_FILE": str(note)}, history, told)
        found = compared(history, copy.url)
        at_the_start(settings, made.key, told)
    return told, found


def under_running_service(
    made: MadeOnServer, source: Cluster, folder: Path, damage: server_damage.Damage, rng: random.Random
) -> tuple[Told, Compared]:
    """PostgreSQL's server is killed, its files are damaged and it is started again, and the service goes on."""
    told, note = Told(), folder / "noted"
    with source.copied() as copy:
        shutil.copy(made.note_of(source), note)
        settings = of_cluster(copy, note)
        assert copy.start()
        with serving(settings) as served:
            if damage in server_damage.TO_TABLES.values():
                work(served, settings, made.key, 1)
                copy.checkpoint()
            else:
                copy.checkpoint()
                work(served, settings, made.key, 1)
            noted, before = copy.note(), History.of(copy.url)
            copy.stop()
            damage(noted, rng)
            runs = copy.start()
            done = work(served, settings, made.key, 1) if runs else []
            while_serving(served, made.key, told)
        verify({"DATABASE_URL": copy.url, "OPTIMISER_HEAD_FILE": str(note)}, History({}, before.heads), told)
        found = compared(before, copy.url, went_on=True)
        if told.verified == 0:
            told.wrong += _not_there(settings.database_url, done)
    return told, found


def postgresql(rounds: int, seed: int, say: Say) -> Found:
    """Every damage so often, under a service that is stopped and one that runs."""
    found, rng = Found(), random.Random(seed)
    with tempfile.TemporaryDirectory(prefix="damage", dir="/tmp") as name, made_on_server(Path(name)) as made:
        folder = Path(name)
        say(f"{made.killed.end - made.killed.redo:,} bytes in the log, {len(made.stopped.relations)} files of tables and indexes")
        for source in (made.stopped, made.killed):
            no_damage = under_stopped_server(made, source, folder, lambda _, __: None, rng)
            found.take("nothing", *_judged(no_damage))
            if no_damage[0].in_words != "ready, holds":
                found.wrong.append(f"nothing was damaged: {no_damage[0].in_words}")
        cases = (
            ("stopped", under_stopped_server, made.stopped, server_damage.TO_TABLES),
            ("killed", under_stopped_server, made.killed, server_damage.TO_THE_LOG),
            ("running", under_running_service, made.stopped, {**server_damage.TO_TABLES, **server_damage.TO_THE_LOG}),
        )
        for when, how, source, damages in cases:
            for what, damage in damages.items():
                for _ in range(rounds):
                    found.take(f"{when}, {what}", *_judged(how(made, source, folder, damage, rng)))
    return found


def _not_there(url: str, done: Sequence[Deed]) -> list[str]:
    engine = open_database(url)
    try:
        return [f"{each.action} was acknowledged and is lost" for each in done if each.times_told(engine) != 1]
    finally:
        engine.dispose()


def _judged(one: tuple[Told, Compared]) -> tuple[Told, list[str]]:
    return one[0], judge(*one)


KINDS: dict[str, Callable[[int, int, Say], Found]] = {"sqlite": sqlite, "postgresql": postgresql}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the campaign on one kind of database or both."""
    options = argparse.ArgumentParser(prog="python -m tests.campaigns.damage", description=__doc__)
    options.add_argument("--rounds", type=int, default=5, help="each kind of damage at so many places")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--database", choices=(*KINDS, "both"), default="both")
    chosen = options.parse_args(arguments)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    wrong = 0
    for kind in KINDS if chosen.database == "both" else [chosen.database]:
        began = time.monotonic()
        found = KINDS[kind](chosen.rounds, chosen.seed, lambda line, kind=kind: print(f"{kind}: {line}", flush=True))  # type: ignore[misc]
        for line, count in sorted(found.told.items()):
            print(f"{kind}: {count:3} x {line}")
        for each in found.wrong:
            print(f"{kind}: FAULT: {each}")
        seconds = time.monotonic() - began
        print(f"{kind}: {found.trials} times damaged in {seconds:.0f} s; {len(found.wrong)} things did not hold", flush=True)
        wrong += len(found.wrong)
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
