"""The command line. Nothing heavy is imported before a command is known: ``--help`` answers at once."""

from __future__ import annotations

import sys

if __name__ == "__main__" and not sys.flags.safe_path and not __file__.startswith(f"{sys.path[0]}/optimiser/"):
    del sys.path[0]  # ``python -m``: the working directory, of which nothing is to be imported, unless we are there ourselves

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

from optimiser import exits
from optimiser.commands import parser

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

SERVICE = frozenset(
    [
        *("alembic", "anyio", "cryptography", "fastapi", "jwt", "prometheus_client", "psycopg", "pydantic", "pydantic_settings"),
        *("icalendar", "notifications_python_client", "sqlalchemy", "standardwebhooks", "starlette", "structlog", "uvicorn"),
    ]
)
"""What ``optimiser[service]`` installs, by the names that are imported."""

GIS = frozenset(["geopandas", "pyogrio"])
"""What ``optimiser[gis]`` installs, in the same way."""

LETTERS = frozenset(["weasyprint"])
"""What ``optimiser[letters]`` installs, in the same way."""

CLUSTER = frozenset(["dask", "distributed"])
"""What ``optimiser[cluster]`` installs, in the same way."""

NEEDS = (
    (SERVICE, "the service", "service"),
    (GIS, "geopandas", "gis"),
    (LETTERS, "WeasyPrint", "letters"),
    (CLUSTER, "Dask", "cluster"),
)
"""The extras: what each installs, what it is called, and its name."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    with _readers_may_leave():
        try:
            return _run(arguments)
        except KeyboardInterrupt:
            print("Interrupted before there was a plan; nothing was written.", file=sys.stderr)
            return exits.INTERRUPTED


class _Stream(io.FileIO):
    """One of our two streams. Where its reader has gone (``| head``), what is left unsaid goes nowhere."""

    def write(self, data: ReadableBuffer) -> int:
        try:
            return super().write(data)
        except BrokenPipeError:
            return memoryview(data).nbytes


@contextmanager
def _readers_may_leave() -> Iterator[None]:
    """A reader that leaves is no mistake: the command goes on to its end, and its exit code is what it is."""
    before = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = _forgiving(sys.stdout), _forgiving(sys.stderr)
    try:
        yield
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        sys.stdout, sys.stderr = before


def _forgiving(stream: TextIO) -> TextIO:
    """The same stream, but for readers that leave. A terminal has one, and what is no stream of the system's is left alone."""
    if stream not in (sys.__stdout__, sys.__stderr__) or not isinstance(stream, io.TextIOWrapper) or stream.isatty():
        return stream
    stream.flush()
    raw = io.BufferedWriter(_Stream(stream.fileno(), "w", closefd=False))
    return io.TextIOWrapper(raw, stream.encoding, stream.errors, line_buffering=stream.line_buffering)


def _run(arguments: Sequence[str] | None) -> int:
    top = parser()
    options = top.parse_args(arguments)
    if options.version:
        from optimiser.version import SOFTWARE

        print(f"optimiser {SOFTWARE}")
        return exits.PROVEN
    if options.command is None:
        top.print_help()
        return exits.REFUSED
    try:
        return int(options.run(options))
    except exits.RefusedError as refused:
        print(f"Refused: {refused}", file=sys.stderr)
        return exits.REFUSED
    except ModuleNotFoundError as missing:
        lacking = (missing.name or "").partition(".")[0]
        needs = [each for each in NEEDS if lacking in each[0]]
        if not needs:
            raise
        _, what, extra = needs[0]
        print(f"Refused: 'optimiser {options.command}' needs {what}: pip install 'optimiser[{extra}]'.", file=sys.stderr)
        return exits.REFUSED


if __name__ == "__main__":
    sys.exit(main())
