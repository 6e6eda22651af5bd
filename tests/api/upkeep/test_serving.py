"""``optimiser serve`` as a process of its own: what it prints, and how it ends when it is told to."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.commands.running import run_alone

SLOW = """
import sys, time
from api.upkeep.routes import router

@router.get("/v1/slow")
def slow() -> str:
    print("begun", flush=True)
    time.sleep(1.5)
    return "finished"

from optimiser.__main__ import main
sys.exit(main(["serve"]))
"""


@dataclass
class Process:
    """A served service, with a route that takes a while."""

    popen: subprocess.Popen[str]
    port: int
    said: str

    def line(self) -> str:
        assert self.popen.stdout
        return self.popen.stdout.readline()


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@pytest.fixture
def process(tmp_path: Path) -> Iterator[Process]:
    port = free_port()
    given = {**os.environ, "DATABASE_URL": f"sqlite:///{tmp_path / 'county.db'}", "OPTIMISER_PORT": str(port)}
    assert run_alone("load", "data/three_villages", environment=given).code == 0
    popen = subprocess.Popen(
        [sys.executable, "-c", SLOW], stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8", env=given
    )
    assert popen.stdout
    said = popen.stdout.readline() + popen.stdout.readline()
    while True:
        assert popen.poll() is None, popen.stderr
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            break
        except OSError:
            time.sleep(0.05)
    yield Process(popen, port, said)
    popen.kill()
    popen.communicate()


@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGINT])
def test_told_to_stop_it_finishes_what_it_began_and_ends_well(process: Process, tmp_path: Path, told: signal.Signals) -> None:
    assert re.search(r"The first key is in (\S+), which only you may read.*\nServing on", process.said)
    file = tmp_path / "first-key.txt"
    assert file.stat().st_mode & 0o777 == 0o600
    key = file.read_text(encoding="ascii").strip()
    assert re.fullmatch(r"optk_[0-9a-f]{8}_\S{43}", key)
    assert key not in process.said
    asking = http.client.HTTPConnection("127.0.0.1", process.port, timeout=120)
    asking.request("GET", "/v1/slow")
    assert process.line() == "begun\n"
    process.popen.send_signal(told)
    answer = asking.getresponse()
    assert (answer.status, answer.read()) == (200, b'"finished"')
    asking.close()
    _, errors = process.popen.communicate(timeout=120)
    assert process.popen.returncode == 0
    events = [json.loads(line)["event"] for line in errors.splitlines()]
    assert [each for each in events if each != "the county is loaded"] == ["request"]
    assert key not in errors
    assert sorted(each.name for each in tmp_path.iterdir()) == ["county.db", "county.db-head", "first-key.txt"], (
        "the database was closed: its log is gone"
    )
    assert (tmp_path / "county.db").stat().st_mode & 0o077 == 0
