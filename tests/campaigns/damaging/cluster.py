"""A PostgreSQL server whose pages have checksums, to be stopped, copied, damaged and started again."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import create_engine, text

from tests.api import postgres

SEGMENT = 1 << 20
"""The log is kept in files of so many bytes."""
PAGE = 8192
SETTINGS = {
    "listen_addresses": "''",
    "fsync": "off",  # no machine loses its power here: what was written stays written
    "autovacuum": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "checkpoint_timeout": "1h",
}
RELATIONS = """
    SELECT pg_relation_filepath(c.oid) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE (n.nspname = 'public' OR c.oid IN (SELECT reltoastrelid FROM pg_class t JOIN pg_namespace s ON s.oid = t.relnamespace
                                             WHERE s.nspname = 'public'))
      AND c.relkind IN ('r', 't', 'i') AND pg_relation_size(c.oid) > 0 AND c.relname NOT LIKE 'alembic%' ORDER BY 1
"""


@dataclass(frozen=True)
class Cluster:
    """``folder``: of a short path, with the data below. The rest is known once ``note`` was asked for."""

    folder: Path
    relations: tuple[str, ...] = ()
    """Files of tables, of what is kept beside them, and of indexes, below the data."""
    redo: int = 0
    end: int = 0
    """From where on the log is needed, and up to where it was written, in bytes from its beginning."""

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def url(self) -> str:
        return f"postgresql+psycopg://tests@/county?host={self.folder}"

    @staticmethod
    def made() -> Cluster:
        """A new one that runs, with an empty database."""
        cluster = Cluster(new_folder())
        words = [postgres.program("initdb"), "-D", str(cluster.data), "-A", "trust", "-U", "tests", "--no-sync", "-E", "UTF8"]
        postgres.run([*words, "--locale=C", "--data-checksums", "--wal-segsize=1"])
        assert cluster.start()
        engine = create_engine(cluster.url.replace("/county?", "/postgres?"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text("CREATE DATABASE county"))
        engine.dispose()
        return cluster

    def start(self) -> bool:
        """Whether it does: a server does not start on a log that it needs and that is not there."""
        settings = f"-c unix_socket_directories={self.folder} " + " ".join(
            f"-c {name}={value}" for name, value in SETTINGS.items()
        )
        words = [
            postgres.program("pg_ctl"),
            "-D",
            str(self.data),
            "-w",
            "-t",
            "20",
            "-o",
            settings,
            "-l",
            str(self.folder / "log"),
        ]
        try:
            postgres.run([*words, "start"])
        except RuntimeError:
            return False
        return True

    def stop(self, how: str = "immediate") -> None:
        """``immediate`` is as when it is killed."""
        if (self.data / "postmaster.pid").exists():
            postgres.run([postgres.program("pg_ctl"), "-D", str(self.data), "-w", "-m", how, "stop"])

    def note(self) -> Cluster:
        """Where its files are, and its log."""
        engine = create_engine(self.url)
        with engine.connect() as connection:
            files = tuple(str(each) for each in connection.execute(text(RELATIONS)).scalars())
            where = "SELECT redo_lsn - '0/0'::pg_lsn, pg_current_wal_lsn() - '0/0'::pg_lsn FROM pg_control_checkpoint()"
            redo, end = connection.execute(text(where)).one()
        engine.dispose()
        return replace(self, relations=files, redo=int(redo), end=int(end))

    def checkpoint(self) -> None:
        """Everything that was written stands in the files of the tables."""
        engine = create_engine(self.url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text("CHECKPOINT"))
        engine.dispose()

    @contextmanager
    def copied(self) -> Iterator[Cluster]:
        """A copy that does not run; it is stopped and gone at the end."""
        copy = replace(self, folder=new_folder())
        subprocess.run(["cp", "-a", str(self.data), str(copy.data)], check=True)
        try:
            yield copy
        finally:
            copy.leave()

    def leave(self) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


def new_folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="dmg", dir="/tmp"))
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
        folder.chmod(0o700)
    return folder


Damage = Callable[[Cluster, random.Random], None]


def _page(cluster: Cluster, rng: random.Random) -> tuple[Path, int]:
    """A page of a table, of what is kept beside one, or of an index."""
    file = cluster.data / rng.choice(cluster.relations)
    return file, rng.randrange(file.stat().st_size // PAGE) * PAGE


def _over(file: Path, at: int, content: bytes) -> None:
    with file.open("r+b") as opened:
        opened.seek(at)
        opened.write(content)


def noise_over_a_page(cluster: Cluster, rng: random.Random) -> None:
    _over(*_page(cluster, rng), rng.randbytes(PAGE))


def nothing_in_a_page(cluster: Cluster, rng: random.Random) -> None:
    """A page of zeroes is an empty one to PostgreSQL, whose checksum is not asked for."""
    _over(*_page(cluster, rng), bytes(PAGE))


def a_few_bytes(cluster: Cluster, rng: random.Random) -> None:
    file, at = _page(cluster, rng)
    _over(file, at + rng.randrange(PAGE - 8), rng.randbytes(8))


def end_cut_off(cluster: Cluster, rng: random.Random) -> None:
    """The last page of a table is gone."""
    file, _ = _page(cluster, rng)
    with file.open("r+b") as opened:
        opened.truncate(file.stat().st_size - PAGE)


def _segments(cluster: Cluster) -> list[Path]:
    return sorted(each for each in (cluster.data / "pg_wal").iterdir() if len(each.name) == 24)


def log_gone(cluster: Cluster, _: random.Random) -> None:
    for each in _segments(cluster):
        each.unlink()


def log_cut(cluster: Cluster, rng: random.Random) -> None:
    """From somewhere on nothing is in it any more."""
    number, at = divmod(rng.randrange(cluster.redo + 200, cluster.end), SEGMENT)
    per_name = (1 << 32) // SEGMENT
    first = f"00000001{number // per_name:08X}{number % per_name:08X}"
    for each in _segments(cluster):
        if each.name == first:
            _over(each, at, bytes(SEGMENT - at))
        elif each.name > first:
            _over(each, 0, bytes(SEGMENT))


TO_TABLES: dict[str, Damage] = {
    "noise over a page": noise_over_a_page,
    "nothing in a page": nothing_in_a_page,
    "a few bytes": a_few_bytes,
    "the end cut off": end_cut_off,
}
TO_THE_LOG: dict[str, Damage] = {"the log gone": log_gone, "the log cut": log_cut}
