"""What stands as ``optimiser`` on the path of a shell: hands the call to the keeper, passes signals on, ends as the command ends.

Python starts it without its site packages, from a copy; the keeper listens beside that.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import sys

PASSED_ON = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


def call(address: str) -> int:
    """Runs the command of these arguments, and gives its exit code as a shell counts it."""
    signal.pthread_sigmask(signal.SIG_BLOCK, PASSED_ON)  # until it is known to whom
    folder = os.getcwd()  # noqa: PTH109 - to load pathlib takes longer than all the rest
    asked = {"arguments": sys.argv, "folder": folder, "environment": dict(os.environ)}
    with socket.socket(socket.AF_UNIX) as link:
        link.connect(address)
        socket.send_fds(link, [json.dumps(asked).encode() + b"\n"], [0, 1, 2])
        with link.makefile("rb") as told:
            pid = int(told.readline())
            for each in PASSED_ON:
                signal.signal(each, lambda signum, _: os.kill(pid, signum))
            signal.pthread_sigmask(signal.SIG_UNBLOCK, PASSED_ON)
            code = int(told.readline())
    return 128 - code if code < 0 else code


if __name__ == "__main__":
    sys.exit(call(f"{__file__}.keeper"))
