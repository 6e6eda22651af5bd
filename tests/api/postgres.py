"""A PostgreSQL server of its own for the tests: made in a temporary folder, reached by a socket there, gone at the end."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

CARELESS = {
    "max_connections": "200",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}
"""Nothing here has to outlive a machine: nothing waits for a disc, is written twice, or is tidied up behind a test's back."""
MISSING = "PostgreSQL's server programs (initdb, pg_ctl) are missing: apt-get install postgresql"


def program(name: str) -> str:
    """The newest installed version of a program: Debian keeps them out of the path."""
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: float(path.parts[-3]))
    program = str(found[-1]) if found else shutil.which(name)
    if program is None:
        raise FileNotFoundError(MISSING)
    return program


def run(words: Sequence[str]) -> None:
    """Run a program of the server; it refuses to run as root, so root lends the server's own user."""
    if os.geteuid() == 0:
        words = ["runuser", "-u", "postgres", "--", *words]
    done = subprocess.run(words, capture_output=True, text=True, check=False, cwd="/")
    if done.returncode:
        raise RuntimeError(f"{words} failed: {done.stdout}{done.stderr}")


@contextmanager
def server(folder: Path, *, tidied: bool = False) -> Iterator[str]:
    """Start a server in an empty folder (of a short path: sockets need one); the address of its cluster, without a database.

    ``tidied``: it looks after its tables as any real one does, which hundreds of thousands of changes cannot do without.
    """
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
        folder.chmod(0o700)
    data = folder / "data"
    run([program("initdb"), "-D", str(data), "-A", "trust", "-U", "tests", "--no-sync", "-E", "UTF8", "--locale=C"])
    settings = f"-c listen_addresses='' -c unix_socket_directories='{folder}'" + "".join(
        f" -c {name}={value}" for name, value in (CARELESS | ({"autovacuum": "on"} if tidied else {})).items()
    )
    control = [program("pg_ctl"), "-D", str(data), "-w"]
    run([*control, "-o", settings, "-l", str(folder / "log"), "start"])
    try:
        yield f"postgresql+psycopg://tests@/{{name}}?host={folder}"
    finally:
        run([*control, "-m", "immediate", "stop"])
