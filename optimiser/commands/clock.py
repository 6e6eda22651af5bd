"""``optimiser clock``: whether the service's clock is believed, and the word of whoever operates it that it is right."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from optimiser import exits
from optimiser.commands.shared.arguments import as_json
from optimiser.commands.shared.saying import refused, say, tell

if TYPE_CHECKING:
    from api.acts.act import Caller
    from api.timekeeping.schemas import ClockTold
    from optimiser.commands.shared.arguments import Commands

ORDER = 565
SUMMARY = "whether the service's clock is believed, and confirm it"


def add(commands: Commands) -> None:
    """What it is for."""
    commands.add_parser(
        "clock",
        description="Whether the service's clock is believed. After a long silence of the service, or where its clock is behind"
        " what it has written, nothing ends by time until somebody says what time it is; it is written into the audit trail.",
        example='optimiser clock --it-is "2026-11-23 09:30" --reason "off over the bank holiday"',
        run=run,
        arguments=_arguments,
    )


def _arguments(clock: argparse.ArgumentParser) -> None:
    clock.add_argument(
        "--it-is", metavar="TIME", help="confirm the clock: what time it is by another one, London's or with an offset"
    )
    clock.add_argument("--reason", metavar="TEXT", default="", help="why it is right; needed to confirm")
    as_json(clock, "what is held of the clock")


def run(options: argparse.Namespace) -> int:
    """Exit code 0; 2 where the clock shows another time than was said, or nothing was said why."""
    from api.terminal import at_the_terminal, read_settings

    with at_the_terminal(read_settings()) as by:
        if by is None:
            return exits.REFUSED
        found = _read_or_confirmed(by, options)
        if isinstance(found, int):
            return found
    tell(options, lambda: found.model_dump(mode="json"), lambda: _say(found))
    return exits.PROVEN


def _read_or_confirmed(by: Caller, options: argparse.Namespace) -> ClockTold | int:
    from api.http.errors import Problem
    from api.timekeeping import acts
    from api.timekeeping.schemas import confirmation

    if options.it_is is None:
        return acts.read(by)
    given = confirmation(options.it_is, options.reason)
    if given is None:
        return refused('say what time it is, as --it-is "2026-11-23 09:30", and why with --reason TEXT.')
    try:
        return acts.confirm(by, given)
    except Problem as problem:
        return refused(problem.detail)


def _say(found: ClockTold) -> None:
    say(f"The service's clock shows {found.shows}. {found.told}")
    if not found.believed:
        say(f"Heard of last: {found.heard_at}. Last entry of the audit trail: {found.last_entry_at}.")
    if found.would_expire:
        say(f"{found.would_expire:,} offer(s) have passed their time and expire {'now' if found.believed else 'then'}.")
