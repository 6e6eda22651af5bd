"""How fast the service says whom to ask: the demonstration county on one process, beside a running solve.

    .venv/bin/python -m tests.benchmarks.service [--seconds 30] [--rate 200] [--connections 50] [--changes 1] [--records 0]
        [--no-solve] [--wrk] [--county FOLDER] [--rounds DIR]

*Open loop*: requests are sent when they are due, whether or not earlier ones were answered, and each is measured from the moment
at which it was due: a service that stalls is charged for everybody who had to wait. Every request is for the cascade of a package
that waits, chosen at random, and is written into the audit trail before it is answered. ``--changes`` offers a second are made
and withdrawn meanwhile, so that answers have to be made anew; ``--records``: so many changes a second of a provider's own limit,
after which everything is worked out anew. ``--wrk`` runs the public tool as well (``apt-get install wrk``):
it is closed-loop, so each of its connections waits as long between requests as gives the rate. ``DATABASE_URL``: SQLite unless
named. ``--rounds`` (a result of ``optimiser rounds build`` for this county): further loads ask for fits too, which are worked out
when a package is first asked about.

``--followers 500``: each load is repeated with so many who follow the events of a run, from a process of their own, once all of
them do; when it ends (after some seconds) they come for the next, all of them. Runs are then worked on by ``optimiser work`` in
place of the service, so that there is a run to follow while nobody solves. Loads without and with them take turns, ``--turns``
times.
"""

from __future__ import annotations

import argparse
import asyncio
import http.client
import itertools
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

PROGRAM = [str(Path(sys.executable).with_name("optimiser"))]
WRK = """
local paths = {%s}
math.randomseed(os.time())
request = function() return wrk.format("GET", paths[math.random(#paths)]) end
delay = function() return math.random(2 * %d) end
"""


class Measured:
    """Milliseconds of the requests answered, and the errors."""

    def __init__(self) -> None:
        self.milliseconds: list[float] = []
        self.errors = 0

    def share(self, part: float) -> float:
        ordered = sorted(self.milliseconds)
        return ordered[min(len(ordered) - 1, int(part * len(ordered)))]

    def line(self, name: str) -> str:
        shares = ", ".join(f"p{100 * part:g} {self.share(part):.1f} ms" for part in (0.5, 0.9, 0.99))
        return f"{name}: {len(self.milliseconds)} answered, {shares}, worst {max(self.milliseconds):.0f} ms, {self.errors} errors"


class Connection:
    """A connection that is kept open: requests are written by hand, so that the client costs little beside the service."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, key: str) -> None:
        self._reader, self._writer, self._key = reader, writer, key
        self.tag = ""
        """Of the version that was read last."""

    @property
    def was_ended(self) -> bool:
        """Whether the service has closed it since, as it does with one on which nothing came for a while."""
        return self._reader.at_eof()

    async def send(self, method: str, path: str, body: str = "", tag: str = "") -> tuple[int, bytes]:
        head = f"{method} {path} HTTP/1.1\r\nHost: service\r\nAuthorization: Bearer {self._key}\r\n"
        head += f"If-Match: {tag}\r\n" if tag else ""
        head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        self._writer.write((head + body).encode())
        told = (await self._reader.readuntil(b"\r\n\r\n")).decode().lower()
        self.tag = told.split("\r\netag: ")[1].split("\r\n")[0] if "\r\netag: " in told else ""
        length = int(told.split("content-length:")[1].split("\r\n")[0])
        return int(told.split()[1]), await self._reader.readexactly(length)


async def open_loop(port: int, key: str, packages: list[str], options: argparse.Namespace, query: str) -> Measured:
    """Requests at a steady rate over so many connections."""
    measured, due_at = Measured(), asyncio.Queue[float]()
    ended = asyncio.Event()

    async def connection() -> Connection:
        return Connection(*await asyncio.open_connection("127.0.0.1", port), key)

    async def planner() -> None:
        line = await connection()
        while True:
            due = await due_at.get()
            status, _ = await line.send("GET", f"/v1/packages/{random.choice(packages)}/cascade{query}")
            measured.milliseconds.append((time.perf_counter() - due) * 1000)
            measured.errors += status != 200
            due_at.task_done()

    async def changer() -> None:
        line = await connection()
        while not ended.is_set():
            await asyncio.sleep(1 / options.changes)
            status, answer = await line.send("POST", f"/v1/packages/{random.choice(packages)}/offers")
            for made in json.loads(answer)["items"] if status == 201 else []:
                await line.send("PATCH", f"/v1/offers/{made['offer_id']}", '{"response": "withdrawn"}')

    async def officer() -> None:
        line = await connection()
        for number in itertools.count():
            await asyncio.sleep(1 / options.records)
            body = f'{{"max_hours_4w": {400 + number % 100}, "reason": "a load"}}'
            path = f"/v1/providers/{first_provider(options.county)}"
            await line.send("GET", path)
            status, _ = await line.send("PATCH", path, body, line.tag)
            measured.errors += status != 200

    planners = [asyncio.create_task(planner()) for _ in range(options.connections)]
    if options.changes:
        planners.append(asyncio.create_task(changer()))
    if options.records:
        planners.append(asyncio.create_task(officer()))
    began = time.perf_counter()
    for number in range(int(options.rate * options.seconds)):
        due = began + number / options.rate
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        due_at.put_nowait(due)
    await due_at.join()
    ended.set()
    for each in planners:
        each.cancel()
    await asyncio.gather(*planners, return_exceptions=True)
    return measured


async def warm_up(port: int, key: str, packages: list[str]) -> None:
    """Every package once, before anything is measured: the first reading of a county takes seconds."""
    line = Connection(*await asyncio.open_connection("127.0.0.1", port), key)
    for each in packages:
        await line.send("GET", f"/v1/packages/{each}/cascade")


def with_wrk(folder: Path, port: int, key: str, packages: list[str], options: argparse.Namespace) -> str:
    """What the public tool prints: its connections wait between requests, so that together they make the rate."""
    paths = ", ".join(f'"/v1/packages/{each}/cascade"' for each in packages)
    script = folder / "cascade.lua"
    script.write_text(WRK % (paths, 1000 * options.connections // options.rate))
    words = ["wrk", "-t2", f"-c{options.connections}", f"-d{int(options.seconds)}s", "--latency", "-s", str(script)]
    words += ["-H", f"Authorization: Bearer {key}", f"http://127.0.0.1:{port}"]
    return subprocess.run(words, stdout=subprocess.PIPE, text=True, check=True).stdout


async def follow_all(port: int, key: str, how_many: int, run: Path) -> None:
    """So many followers of the run that a file names, who go on to the next when it ends, until this process is ended. Said once
    all have heard something.
    """
    heard = 0

    async def follower() -> None:
        nonlocal heard
        has_heard = False
        while True:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            head = f"GET /v1/runs/{run.read_text()}/events HTTP/1.1\r\nHost: service\r\nAuthorization: Bearer {key}\r\n\r\n"
            writer.write(head.encode())
            while (told := await reader.read(65_536)) not in (b"", b"0\r\n\r\n"):
                if not has_heard and b"event: " in told:
                    has_heard, heard = True, heard + 1
                    if heard == how_many:
                        print("all follow", flush=True)
            writer.close()
            await asyncio.sleep(0.5)

    await asyncio.gather(*(follower() for _ in range(how_many)))


@contextmanager
def followed(port: int, key: str, how_many: int, run: Path) -> Iterator[None]:
    """While so many follow."""
    words = [sys.executable, "-m", "tests.benchmarks.service", "--follow", str(run), "--followers", str(how_many)]
    given = {**os.environ, "LOAD_KEY": key}
    process = subprocess.Popen([*words, "--port", str(port)], env=given, stdout=subprocess.PIPE)
    try:
        assert process.stdout is not None
        assert process.stdout.readline(), "the followers ended"
        yield
    finally:
        process.terminate()
        process.wait()


@contextmanager
def working(folder: Path) -> Iterator[None]:
    """Runs are worked on beside the service."""
    given = environment(folder)
    worker = subprocess.Popen([*PROGRAM, "work"], env=given, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        worker.terminate()
        worker.wait()


def environment(folder: Path) -> dict[str, str]:
    return {"DATABASE_URL": f"sqlite:///{folder / 'county.db'}"} | dict(os.environ) | {"OPTIMISER_AS_OF": "2026-11-23"}


@contextmanager
def service(folder: Path, port: int, county: str, rounds: str, workers: int = 1) -> Iterator[tuple[str, int]]:
    """A county served by one process of its own: a planner's key, and the process."""
    given = environment(folder) | {"OPTIMISER_RUN_WORKERS": str(workers)}
    given |= {"OPTIMISER_PORT": str(port), "OPTIMISER_ROUNDS": rounds}
    for words in (["migrate"], ["load", county, "--practice"]):
        subprocess.run([*PROGRAM, *words], env=given, check=True, stdout=subprocess.DEVNULL)
    made = subprocess.run([*PROGRAM, "keys", "create", "Load", "planner"], env=given, check=True, stdout=subprocess.PIPE)
    key = next(word for word in made.stdout.decode().split() if word.startswith("optk_"))
    said = folder / "served.log"
    with said.open("w") as log:
        served = subprocess.Popen([*PROGRAM, "serve"], env=given, stdout=log, stderr=subprocess.STDOUT)
    try:
        while "Serving" not in said.read_text():
            assert served.poll() is None, said.read_text()
            time.sleep(0.1)
        while not answers(port):
            time.sleep(0.1)
        yield key, served.pid
    finally:
        served.terminate()
        served.wait()


def answers(port: int) -> bool:
    """Whether the service takes connections by now."""
    line = http.client.HTTPConnection("127.0.0.1", port)
    try:
        line.request("GET", "/health/ready")
        return line.getresponse().status == 200
    except OSError:
        return False
    finally:
        line.close()


def asked_for(port: int, key: str) -> str:
    """The address of a run that was asked for."""
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    asked = http.client.HTTPConnection("127.0.0.1", port)
    body = '{"kind": "allocate"}'
    asked.request("POST", "/v1/runs", body, headers | {"Idempotency-Key": f"load-{time.time_ns()}"})
    where = asked.getresponse()
    said = where.read()
    assert where.status == 202, said
    asked.close()
    return where.headers["Location"]


@contextmanager
def solving(port: int, key: str, run: Path) -> Iterator[None]:
    """Allocations of the county in a process of their own: a new run whenever one ends. ``run``: says which it is now."""
    ended = threading.Event()

    def planner() -> None:
        headers = {"Authorization": f"Bearer {key}"}
        while not ended.is_set():
            where = asked_for(port, key)
            run.write_text(where.rpartition("/")[2])
            asked = http.client.HTTPConnection("127.0.0.1", port)
            status = "queued"
            while status in ("queued", "running") and not ended.wait(1):
                asked.request("GET", where, headers=headers)
                told = json.loads(asked.getresponse().read())
                status = told["status"]
            assert ended.is_set() or status == "succeeded", told

    with ThreadPoolExecutor(1) as threads:
        work = threads.submit(planner)
        try:
            time.sleep(3)
            yield
        finally:
            ended.set()
            work.result()


def cpu_milliseconds(process: int) -> float:
    """The processor time that a process has had (Linux)."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return 1000 * (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def first_provider(county: str) -> str:
    """The provider that stands first in the county's file."""
    return Path(county, "providers.csv").read_text().splitlines()[1].split(",")[0]


def waiting_packages(county: str) -> list[str]:
    """The packages of the county that wait for a provider."""
    lines = [line.split(",") for line in Path(county, "packages.csv").read_text().splitlines()]
    status = lines[0].index("status")
    return [line[0] for line in lines[1:] if line[status] == "new"]


def asked() -> argparse.Namespace:
    """What the command line says."""
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--seconds", type=float, default=30)
    options.add_argument("--rate", type=int, default=200)
    options.add_argument("--connections", type=int, default=50)
    options.add_argument("--changes", type=float, default=1)
    options.add_argument("--records", type=float, default=0)
    options.add_argument("--no-solve", action="store_true")
    options.add_argument("--wrk", action="store_true")
    options.add_argument("--county", default="data/demonstration")
    options.add_argument("--rounds", default="")
    options.add_argument("--port", type=int, default=18_321)
    options.add_argument("--followers", type=int, default=0, help="each load again with so many who follow a run")
    options.add_argument("--turns", type=int, default=1, help="how often loads without and with them take turns")
    options.add_argument("--follow", type=Path, help=argparse.SUPPRESS)
    return options.parse_args()


def main() -> None:
    """Prints a line per load."""
    chosen = asked()
    if chosen.follow:
        asyncio.run(follow_all(chosen.port, os.environ["LOAD_KEY"], chosen.followers, chosen.follow))
        return
    folder, packages = Path(tempfile.mkdtemp(prefix="service")), waiting_packages(chosen.county)
    run = folder / "run"
    name = f"{chosen.rate} requests a second over {chosen.connections} connections"

    def loads(beside: str, query: str = "") -> float:
        before = cpu_milliseconds(process)
        measured = asyncio.run(open_loop(chosen.port, key, packages, chosen, query))
        each = (cpu_milliseconds(process) - before) / len(measured.milliseconds)
        print(f"{measured.line(f'{name}, {beside}')}, {each:.1f} ms of processor each", flush=True)
        if chosen.wrk:
            print(with_wrk(folder, chosen.port, key, packages, chosen), flush=True)
        return measured.share(0.99)

    def in_turns(beside: str) -> None:
        """Without followers, and with them: each is compared with the load just before it, for a machine has its moods."""
        times = []
        for _ in range(chosen.turns):
            without = loads(beside)
            if chosen.followers:
                with followed(chosen.port, key, chosen.followers, run):
                    times.append(loads(f"{beside}, {chosen.followers} followers") / without)
        if times:
            spread = f"median of {len(times)} turns, {min(times):.2f} to {max(times):.2f}"
            said = f"p99 with {chosen.followers} followers is {statistics.median(times):.2f} times that without ({spread})"
            print(f"{beside}: {said}", flush=True)

    try:
        workers = 0 if chosen.followers else 1
        with service(folder, chosen.port, chosen.county, chosen.rounds, workers) as (key, process), ExitStack() as beside:
            asyncio.run(warm_up(chosen.port, key, packages))
            if chosen.followers:
                run.write_text(asked_for(chosen.port, key).rpartition("/")[2])
            in_turns("alone")
            if chosen.rounds:
                loads("with fits, as they are first worked out", "?fit=true")
                loads("with fits", "?fit=true")
            if not chosen.no_solve:
                if chosen.followers:
                    beside.enter_context(working(folder))
                with solving(chosen.port, key, run):
                    in_turns("beside a solve")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
