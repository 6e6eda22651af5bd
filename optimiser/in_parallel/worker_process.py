"""What a process does that was started for tasks: the context once, then a task, its result, and the next."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
import threading
import traceback
from contextlib import suppress
from multiprocessing.connection import Connection, wait


class UntransportableError(Exception):
    """An error of a task that cannot be sent as it is; the message says what it was."""


def serve(pipe: Connection) -> None:
    """In the process. It ends with its parent, however that ends: nobody would take what it makes.

    Whatever can be read while a task is at work says that somebody asks to stop.
    """
    # A Ctrl-C is the parent's to hear. It was held back from the start, so that none comes before this line.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    threading.Thread(target=_end_with_parent, daemon=True).start()
    with suppress(EOFError, OSError):
        run, context = pickle.loads(pipe.recv_bytes())
        while (task := pipe.recv()) is not None:
            try:
                answer = pickle.dumps((True, run(context, *task, pipe.poll)))
            except Exception as error:
                answer = pickle.dumps((False, sendable(error)))
            pipe.send_bytes(answer)


def sendable(error: Exception) -> Exception:
    """The same error with where it was raised as a note, if it can be made anew at the other end."""
    error.add_note("".join(traceback.format_exception(error)))
    try:
        pickle.loads(pickle.dumps(error))
    except Exception:
        return UntransportableError(f"{type(error).__name__}: {error}")
    return error


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
