"""What the exit codes of the command line mean. They are part of the format: see "Exit codes" in ``data/README.md``."""

from __future__ import annotations


class RefusedError(Exception):
    """Ends a command with ``REFUSED``; says in a sentence why nothing was done."""


PROVEN = 0
REFUSED = 2
OPEN_GAPS = 3
DEFECT = 4
BROKEN_TRAIL = 5
LOCKED = 6
NOTHING_NEW = 7
NOT_CONFIRMED = 8
INTERRUPTED = 130
