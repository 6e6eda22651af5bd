"""``optimiser relieve FOLDER --provider ID --hours-4w N --from DATE --out DIR``: a provider can deliver only so many hours."""

from __future__ import annotations

import argparse
from functools import partial
from typing import TYPE_CHECKING, Literal

from optimiser import exits
from optimiser.commands.shared.arguments import as_json, day, four_week_hours, result, snapshot_folder, solving
from optimiser.commands.shared.inputs import read_or_refuse, say_notes
from optimiser.commands.shared.letters import as_asked, letters, refuse_impossible, say_beside_json
from optimiser.commands.shared.running import MOST_SHOWN, Begun, defect, exit_code, reporter
from optimiser.commands.shared.saying import complain, is_free, print_table, refused, table, tell, written

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence
    from pathlib import Path

    from optimiser.commands.shared.arguments import Commands
    from optimiser.transferring.relieving.loss import Loss
    from optimiser.transferring.relieving.story import Relief

ORDER = 155
SUMMARY = "a provider can deliver only so many hours: who is kept, who moves, which visits are not covered"


def add(commands: Commands) -> None:
    """What it is for."""
    commands.add_parser(
        "relieve",
        description="A provider, or a contract, can deliver only so many hours per four weeks from a day: who is kept, who moves"
        " to whom, and which visits nobody covers. The hours left serve first those whom a missed visit would harm most.",
        example="optimiser relieve data/three_villages --provider ALDER --hours-4w 80 --from 2026-12-07 --out relief",
        run=run,
        arguments=_arguments,
    )


def _arguments(relieve: argparse.ArgumentParser) -> None:
    snapshot_folder(relieve)
    kinds: tuple[tuple[Literal["provider", "contract"], str], ...] = (
        ("provider", "a provider"), ("contract", "one contract alone"),
    )  # fmt: skip
    for kind, what in kinds:
        relieve.add_argument(
            f"--{kind}",
            dest="losing",
            action="append",
            default=[],
            type=partial(_named, kind),
            metavar="ID",
            help=f"{what} that can deliver less; may be repeated, each followed by its --hours-4w",
        )
    relieve.add_argument(
        "--hours-4w",
        action="append",
        default=[],
        metavar="N",
        help="how many hours per four weeks it can deliver from the day on (0: none)",
    )
    relieve.add_argument(
        "--from",
        dest="day",
        required=True,
        metavar="DATE",
        help="the first day on which it can deliver no more than that",
    )
    result(relieve, "the plan")
    letters(relieve)
    solving(relieve)
    as_json(relieve)


class Named(str):
    """The id of who can deliver less, and whether it is a provider or a contract."""

    kind: Literal["provider", "contract"]


def _named(kind: Literal["provider", "contract"], subject: str) -> Named:
    found = Named(subject)
    found.kind = kind
    return found


def run(options: argparse.Namespace) -> int:
    """See the exit codes of the command line."""
    from pathlib import Path

    from optimiser.transferring.report import PlanNotConfirmedError
    from optimiser.transferring.story import CannotPlanError

    begun, out = Begun(), Path(options.out)
    if not is_free(out, replace=options.replace):
        return exits.REFUSED
    if not options.losing or len(options.losing) != len(options.hours_4w):
        return refused(
            "name each provider (--provider ID) or contract (--contract ID) with the hours it can deliver (--hours-4w N)"
        )
    try:
        losses, first_day = losses_of(options), day(options.day)
    except argparse.ArgumentTypeError as odd:
        return refused(str(odd))
    refuse_impossible(options)
    try:
        return _relieve(options, losses, first_day, out, begun)
    except CannotPlanError as cannot:
        for problem in cannot.problems:
            complain(f"- {problem}")
        return refused("this cannot be planned. Nothing was written.")
    except PlanNotConfirmedError as found:
        return defect("the check does not confirm the plan, so nothing was written.", found.faults[:MOST_SHOWN])


def losses_of(options: argparse.Namespace) -> list[Loss]:
    """What is asked: the first hours belong to the first that is named, and so on."""
    from optimiser.transferring.relieving.loss import Loss

    named = zip(options.losing, options.hours_4w, strict=True)
    return [Loss(who.kind, str(who), four_week_hours(hours)) for who, hours in named]


def _relieve(options: argparse.Namespace, losses: Sequence[Loss], first_day: dt.date, out: Path, begun: Begun) -> int:
    """Read, plan, check, write, say."""
    import json

    from optimiser.solving.outcome import Effort
    from optimiser.transferring.letters_as_asked import ask_first
    from optimiser.transferring.relieving.letters import relief_letters
    from optimiser.transferring.relieving.report import relief_files
    from optimiser.transferring.relieving.story import plan_relief

    reading = read_or_refuse(options.folder, show_values=options.show_values)
    if reading is None:
        return exits.REFUSED
    say_notes(reading.notes)
    plan = plan_relief(
        reading.snapshot,
        losses,
        first_day,
        as_asked(options, reading.transfer),
        effort=Effort(wall_seconds=options.wall_seconds),
        report=reporter(quiet=options.quiet),
    )
    files = relief_files(plan, begun.record(plan.stopped), contact=options.contact, forms=options.letter_forms)
    if not written(out, files, replace=options.replace):
        return exits.REFUSED
    of_letters = ask_first(plan.case.county, relief_letters(plan), options.contact)
    tell(options, lambda: json.loads(files["result.json"]), lambda: _say(plan, out, of_letters))
    say_beside_json(options, of_letters)
    return exit_code(interrupted=plan.stopped == "cancelled", proven=plan.all_proven)


def _say(plan: Relief, out: Path, of_letters: Sequence[str]) -> None:
    from optimiser.commands.transfer.telling import INTERRUPTED
    from optimiser.domain.level_result import level_row
    from optimiser.transferring.relieving.page import summary
    from optimiser.transferring.relieving.report import notes

    columns = ("level", "unit", "value", "bound", "proven")
    made = table("Preferences, in strict order", *columns, left=2)
    for level in plan.levels:
        row = level_row(level, open_by=lambda each: f"gap {each.gap:.2%}")
        made.add_row(*(row[column] for column in columns))
    print_table(made)
    print(f"{summary(plan)} Checked: every rule and limit holds on {plan.case.day}.")
    for note in (*notes(plan), *of_letters):
        print(note)
    if plan.stopped == "cancelled":
        print(INTERRUPTED)
    print(f"Written to {out}; read {out / 'relief.html'} first.")
