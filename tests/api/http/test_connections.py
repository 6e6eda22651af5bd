"""Whoever sends nothing, too slowly, or reads nothing, is let go; others are served meanwhile."""

from __future__ import annotations

import errno
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import httpx
import pytest
from fastapi.responses import Response

from api.app import create_app
from api.http.connections import BoundedConnection, Deadlines, Door
from api.http.listening import Listening, listen, most_connections
from api.settings import Settings
from optimiser import exits
from optimiser.__main__ import main
from optimiser.domain.snapshot import Snapshot
from tests.api.conftest import Served, loaded, serving

MOST, LONG = 12, 24_000_000
PATIENCE_SECONDS = 1.5
"""As little as a test can wait for, and enough for a busy machine to say something in."""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, small: Snapshot) -> Iterator[Served]:
    """A service with room for twelve connections and little patience, and an answer that no system keeps for a caller."""

    def planted(settings: Settings) -> Any:
        app = create_app(settings)
        app.add_api_route("/long", lambda: Response(bytes(LONG)))
        return app

    own = {
        "max_connections": MOST,
        "head_seconds": PATIENCE_SECONDS,
        "body_seconds": PATIENCE_SECONDS,
        "send_seconds": 0.4,
        "tick_seconds": 0,
    }
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tests.api.conftest.create_app", planted)
        with serving(loaded(tmp_path_factory.mktemp("connections"), small, **own, run_workers=0)) as running:
            yield running


@contextmanager
def connected(served: Served, said: bytes = b"") -> Iterator[socket.socket]:
    """A connection that has said so much."""
    host, port = served.address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as made:
        made.sendall(said)
        yield made


def heard(made: socket.socket) -> bytes:
    """Everything until the other side ends."""
    found = b""
    try:
        while more := made.recv(65_536):
            found += more
    except ConnectionResetError:
        pass
    return found


HEAD = b"POST /v1/packages HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
SLOW = {
    "half a line": b"GET /v1/pack",
    "half a head": HEAD,
    "half a body": HEAD + b'Content-Length: 1000\r\n\r\n{"package_id": ',
    "a chunk of a body": HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\n{\"pac\r\n",
}  # fmt: skip


def test_a_request_that_does_not_arrive_in_time_is_told_so(served: Served) -> None:
    with served.client("planner") as planner:
        key = f"Authorization: {planner.headers['authorization']}\r\n".encode()
    with ExitStack() as stack:
        said = {name: head.replace(HEAD, HEAD + key) for name, head in SLOW.items()}
        slow = {name: stack.enter_context(connected(served, each)) for name, each in said.items()}
        answers = {name: heard(each) for name, each in slow.items()}
    for name, answer in answers.items():
        assert answer.startswith(b"HTTP/1.1 408 "), name
        assert b"application/problem+json" in answer
        assert b'"code":"too_slow"' in answer


def test_who_has_asked_nothing_is_told_nothing(served: Served) -> None:
    """An answer to nobody's question would be read as the answer to the next one."""
    with connected(served) as idle:
        assert heard(idle) == b""


def test_nobody_waits_for_the_body_of_a_stranger(served: Served) -> None:
    for name in ("half a body", "a chunk of a body"):
        with connected(served, SLOW[name]) as slow:
            assert slow.recv(65_536).startswith(b"HTTP/1.1 401 "), name


def test_the_oldest_that_asks_nothing_makes_room_for_whoever_comes(served: Served) -> None:
    with ExitStack() as stack:
        idle = [stack.enter_context(connected(served)) for _ in range(MOST + 5)]
        assert httpx.get(f"{served.address}/health/live").json() == {"status": "live"}
        assert [heard(each) for each in idle[:6]] == [b""] * 6  # those five, and one more for the question


def test_an_answer_that_nobody_takes_is_given_up(served: Served) -> None:
    with connected(served, b"GET /long HTTP/1.1\r\nHost: x\r\n\r\n") as deaf:
        time.sleep(PATIENCE_SECONDS)
        assert len(heard(deaf)) < LONG


def test_a_request_in_its_own_time_is_answered(served: Served) -> None:
    with connected(served, b"GET /health/live HTTP/1.1\r\nHo") as careful:
        time.sleep(0.1)
        careful.sendall(b"st: x\r\n\r\n")
        answer = b""
        while not answer.endswith(b"}"):
            answer += careful.recv(65_536)
        assert answer.startswith(b"HTTP/1.1 200 ")
        time.sleep(PATIENCE_SECONDS + 0.1)  # between two requests another time holds
        careful.sendall(b"GET /health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        assert heard(careful).startswith(b"HTTP/1.1 200 ")


def test_where_all_are_being_answered_the_new_one_is_turned_away() -> None:
    door = Door(Deadlines(most=2, head=1, body=1, send=1))
    busy: list[Any] = [Mock(spec=BoundedConnection) for _ in range(2)]
    assert [door.comes_in(each) for each in busy] == [True, True]
    door.asking_nothing.clear()
    assert not door.comes_in(Mock(spec=BoundedConnection))
    door.asking_nothing[busy[1]] = None
    assert door.comes_in(Mock(spec=BoundedConnection))
    busy[1].leave.assert_called_once_with()
    busy[0].leave.assert_not_called()


def test_where_no_file_is_left_a_connection_is_taken_and_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    (listening,) = listen("127.0.0.1", 0)
    assert isinstance(listening, Listening)
    with listening, socket.create_connection(listening.getsockname()) as waits:
        honest, tries = socket.socket.accept, iter([OSError(errno.EMFILE, "too many open files")])

        def accept(mine: socket.socket) -> Any:
            for failure in tries:
                raise failure
            return honest(mine)

        monkeypatch.setattr(socket.socket, "accept", accept)
        listening.make_room = make_room = Mock()
        with pytest.raises(ConnectionAbortedError):
            listening.accept()
        assert waits.recv(10) == b""
        make_room.assert_called_once_with()
        with pytest.raises(BlockingIOError):
            listening.accept()  # nobody waits any more: the server does not turn in circles


def test_connections_are_as_many_as_there_are_files_for(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[int, int]] = []
    monkeypatch.setattr("resource.getrlimit", lambda _: (1024, 1024))
    monkeypatch.setattr("resource.setrlimit", lambda _, limits: asked.append(limits))
    assert most_connections(1000) == 724
    monkeypatch.setattr("resource.getrlimit", lambda _: (1024, 524_288))
    assert most_connections(1000) == 1000
    assert asked == [(1024, 1024), (1300, 524_288)]


def test_a_port_that_is_taken_is_told_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (first,) = listen("127.0.0.1", 0)
    with first:
        port = first.getsockname()[1]
        monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'county.db'}")
        monkeypatch.setenv("OPTIMISER_PORT", str(port))
        assert main(["serve"]) == exits.REFUSED
    why = "Refused: 127.0.0.1:{} cannot be listened on: Address already in use."
    assert capsys.readouterr().err == why.format(port) + " Name another OPTIMISER_HOST or OPTIMISER_PORT.\n"
