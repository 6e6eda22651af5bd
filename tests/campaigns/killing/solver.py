"""``python -m tests.campaigns.killing.solver``: the solver process as it is, which may end itself at a named point."""

from __future__ import annotations

import os
import sys
from typing import Any
from unittest.mock import patch

from sqlalchemy import Connection, Engine, event

from api.runs.control import Control
from api.runs.solve import finish
from api.runs.solve import main as solve
from tests.campaigns.killing.trap import die, take_trap

BEGIN, SEARCH, WRITE, COMMIT, EXIT = (
    "as the solver begins",
    "as the solver searches",
    "before the result is written",
    "at the result's commit",
    "after the result's commit",
)
PHASES = (BEGIN, SEARCH, WRITE, COMMIT, EXIT)


def _reporting(report: Any, phase: str) -> Any:
    def reporting(*told: Any) -> None:
        report(*told)
        if phase == SEARCH:
            die(phase)

    return reporting


def _finishing(finish: Any, phase: str) -> Any:
    def finishing(engine: Engine, *rest: Any) -> Any:
        if phase == WRITE:
            die(phase)
        if phase == COMMIT:
            event.listen(engine, "commit", _at_commit)
        done = finish(engine, *rest)
        if phase == EXIT:
            die(phase)
        return done

    return finishing


def _at_commit(_: Connection) -> None:
    die(COMMIT)


def main(arguments: list[str]) -> int:
    """The solver's own main, with its end put where the trap says."""
    phase = take_trap()
    if phase == BEGIN:
        die(phase)
    with (
        patch("api.runs.solve.Control.report", _reporting(Control.report, phase)),
        patch("api.runs.solve.finish", _finishing(finish, phase)),
    ):
        return solve(arguments)


if __name__ == "__main__":
    code = main(sys.argv[1:])
    sys.stderr.flush()
    os._exit(code)
