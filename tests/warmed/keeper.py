"""The process from which commands are forked: ``python -m tests.warmed.keeper SOCKET``, until nobody holds its standard input.

A call sends its arguments, folder and environment as JSON, with its three streams; it is told the id of the process, and how it
ended.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import selectors
import signal
import socket
import sys
from typing import Any

WARM = ("api.app", "alembic.command", "optimiser.commands.allocate.deciding")
MOST_BYTES = 1 << 20


def keep(address: str) -> None:
    """Serves calls until standard input ends."""
    for name in WARM:
        importlib.import_module(name)
    gc.collect()
    gc.freeze()
    running: dict[int, socket.socket] = {}
    wake, woken = socket.socketpair()
    wake.setblocking(False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(wake.fileno())
    with socket.socket(socket.AF_UNIX) as door, selectors.DefaultSelector() as waiting:
        door.bind(address)
        door.listen(64)
        print("ready", flush=True)
        for each in (door, woken, sys.stdin):
            waiting.register(each, selectors.EVENT_READ)
        while True:
            for key, _ in waiting.select():
                if key.fileobj is sys.stdin:
                    return
                if key.fileobj is woken:
                    woken.recv(4096)
                    _tell_who_ended(running)
                elif key.fileobj is door:
                    link, _ = door.accept()
                    pid = _forked(link)
                    running[pid] = link
                    link.sendall(b"%d\n" % pid)


def _tell_who_ended(running: dict[int, socket.socket]) -> None:
    while running:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if not pid:
            return
        with running.pop(pid) as link:
            link.sendall(b"%d\n" % os.waitstatus_to_exitcode(status))


def _forked(link: socket.socket) -> int:
    content, streams, _, _ = socket.recv_fds(link, MOST_BYTES, 3)
    while not content.endswith(b"\n"):
        content += link.recv(MOST_BYTES)
    asked = json.loads(content)
    if pid := os.fork():
        for each in streams:
            os.close(each)
        return pid
    code = 1
    try:
        code = _command(asked, streams)
    finally:
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        os._exit(code)


def _command(asked: dict[str, Any], streams: list[int]) -> int:
    """In the forked process: as ``optimiser`` called from a shell."""
    signal.set_wakeup_fd(-1)
    for signum in (signal.SIGCHLD, signal.SIGTERM):
        signal.signal(signum, signal.SIG_DFL)
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
    os.closerange(3, 1024)
    os.chdir(asked["folder"])
    os.environ.clear()
    os.environ.update(asked["environment"])
    sys.argv = asked["arguments"]
    from optimiser.__main__ import main

    return main()


if __name__ == "__main__":
    keep(sys.argv[1])
