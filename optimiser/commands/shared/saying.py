"""What a command says: words for people or a record for programs on the output, refusals on the error stream."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from optimiser import exits

if TYPE_CHECKING:
    from optimiser.io.faults import InputRefusedError


def say(text: str) -> None:
    """A line on the output, without anything that could steer a terminal."""
    from optimiser.io.faults import clean

    print(clean(text))


def complain(text: str) -> None:
    """The same on the error stream."""
    from optimiser.io.faults import clean

    print(clean(text), file=sys.stderr)


def refused(why: str) -> int:
    """Say why nothing was done; the exit code of that."""
    complain(f"Refused: {why}")
    return exits.REFUSED


def refused_with(
    faults: InputRefusedError, what: str = "Nothing was written.", *, of: str = "", show_values: bool = False
) -> int:
    """Every fault, a line each, and how many there are (``of``: of what); values of people only where that is asked for."""
    for fault in faults.faults:
        print(fault.message(show_values=show_values), file=sys.stderr)
    return refused(f"{len(faults.faults)} fault(s){of and f' in {of}'}. {what}".rstrip())


def tell(options: argparse.Namespace, record: Callable[[], Any], words: Callable[[], None]) -> None:
    """The record as JSON and nothing else on the output where ``--json`` asks for that; else what people read."""
    if options.json:
        print_json(record())
    else:
        words()


def print_json(record: Any) -> None:
    """In characters that any terminal takes as they are."""
    import json

    print(json.dumps(record, indent=2))
