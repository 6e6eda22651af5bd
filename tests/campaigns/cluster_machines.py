"""A Dask scheduler and its workers as processes on loopback, each started anew when it ends, as compose or systemd would."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

from tests.api.outbox.receivers import certificate_files
from tests.campaigns.serving import free_port

SETTINGS = {
    "DASK_DISTRIBUTED__SCHEDULER__WORKER_SATURATION": "1.0",
    "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "3",
    "DASK_DISTRIBUTED__WORKER__MEMORY__TARGET": "False",
    "DASK_DISTRIBUTED__WORKER__MEMORY__SPILL": "False",
}
"""As the handbook has them."""
SOURCES = Path(__file__).parents[2]
"""Tasks of benchmarks are imported from here."""
LEAVING_SECONDS = 10.0
LOOK_SECONDS = 0.1


def tls_settings(folder: Path) -> dict[str, str]:
    """Dask's own, with one certificate for all, made now."""
    public, _ = certificate_files(folder)
    begins = "DASK_DISTRIBUTED__COMM__TLS__"
    named = {f"{begins}{who}__{what}": str(file) for who in ("SCHEDULER", "WORKER", "CLIENT")
             for what, file in (("CERT", public), ("KEY", folder / "key.pem"))}  # fmt: skip
    return {"DASK_DISTRIBUTED__COMM__REQUIRE_ENCRYPTION": "True", f"{begins}CA_FILE": str(public), **named}


@dataclass(eq=False)
class Machine:
    """One process, how it is started, and what it has said over all its lives."""

    command: list[str]
    environment: Mapping[str, str]
    log: Path
    process: subprocess.Popen[bytes] | None = None
    lives: int = 0
    said_before: int = 0
    most_mb: float = 0.0

    def start(self) -> None:
        """Also anew."""
        self.said_before = self.log.stat().st_size if self.log.exists() else 0
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(self.command, env=self.environment, stdout=log, stderr=log, cwd=self.log.parent)
        self.lives += 1

    @property
    def is_at_work(self) -> bool:
        """A worker that has registered with the scheduler in this life."""
        return self.runs and b"Registered to" in self.log.read_bytes()[self.said_before :]

    @property
    def runs(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def kill(self) -> None:
        """At once, as where memory runs out."""
        assert self.process is not None
        self.process.kill()
        self.process.wait(LEAVING_SECONDS)

    def look(self) -> None:
        """Note the most memory that it has held; start it anew where it has ended."""
        if not self.runs:
            self.start()
        assert self.process is not None
        status = Path(f"/proc/{self.process.pid}/status")
        held = status.read_text().partition("VmHWM:")[2].split() if status.exists() else []
        self.most_mb = max(self.most_mb, int(held[0]) / 1024 if held else 0.0)


@dataclass
class Machines:
    """A scheduler and so many workers. They end with the block."""

    folder: Path
    workers: int = 2
    tls: bool = False
    scheduler: Machine = field(init=False)
    others: list[Machine] = field(init=False)
    address: str = field(init=False)

    def __post_init__(self) -> None:
        # What is reached by the certificate's name is not looked at: Dask asks who signed it, and no more.
        self.address = f"{'tls' if self.tls else 'tcp'}://127.0.0.1:{free_port()}"
        self.settings = SETTINGS | (tls_settings(self.folder) if self.tls else {})
        environment = dict(os.environ) | self.settings | {"PYTHONSAFEPATH": "1", "PYTHONPATH": str(SOURCES)}
        own = [sys.executable, "-m"]
        quiet = ["--no-dashboard", "--dashboard-address", "127.0.0.1:0"]
        self.scheduler = Machine(
            [*own, "distributed.cli.dask_scheduler", "--host", self.address, *quiet], environment, self.folder / "scheduler.log"
        )
        each = ["--no-nanny", "--nthreads", "1", "--memory-limit", "1GB", "--death-timeout", "60"]
        worker = [*own, "distributed.cli.dask_worker", self.address, *each, *quiet]
        self.others = [
            Machine(
                [*worker, "--local-directory", str(self.folder / f"worker-{n}")], environment, self.folder / f"worker-{n}.log"
            )
            for n in range(self.workers)
        ]
        self._leaving = threading.Event()
        self._lock = threading.Lock()
        self._keeper = threading.Thread(target=self._keep, name="keeper", daemon=True)

    @staticmethod
    @contextmanager
    def standing() -> Iterator[Machines]:
        """With logs that nobody keeps."""
        with tempfile.TemporaryDirectory(prefix="cluster", dir="/tmp") as folder, Machines(Path(folder)) as machines:
            yield machines

    def processor_seconds(self) -> float:
        """Of all that run."""
        running = [each.process.pid for each in (self.scheduler, *self.others) if each.process is not None and each.runs]
        ticks = [Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13] for pid in running]
        return sum(int(each) for used in ticks for each in used) / os.sysconf("SC_CLK_TCK")

    def __enter__(self) -> Machines:
        os.environ.update(self.settings)  # the client's own TLS is set in the same way
        self._keeper.start()
        while not all(each.is_at_work for each in self.others):
            time.sleep(LOOK_SECONDS)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._leaving.set()
        self._keeper.join(LEAVING_SECONDS)
        for each in (*self.others, self.scheduler):
            if each.runs:
                each.kill()

    def kill_scheduler(self, away_seconds: float) -> None:
        """It is not there for so long."""
        with self._lock:
            self.scheduler.kill()
            time.sleep(away_seconds)

    def _keep(self) -> None:
        while not self._leaving.wait(LOOK_SECONDS):
            with self._lock:
                for each in (self.scheduler, *self.others):
                    each.look()
