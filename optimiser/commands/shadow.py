"""``optimiser shadow FOLDER…``: recorded decisions beside what the cascade would have asked by what was known then."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from optimiser import exits
from optimiser.commands.shared.arguments import as_json, count_from_one, quiet, replace, result, show_values
from optimiser.commands.shared.running import counter, defect
from optimiser.commands.shared.saying import complain, is_free, print_table, refused, say, table, tell, written

if TYPE_CHECKING:
    from pathlib import Path

    from optimiser.commands.shared.arguments import Commands

ORDER = 238
SUMMARY = "decisions of past nights beside what the cascade would have asked: rules, facts, better, worse, and who waited"


def add(commands: Commands) -> None:
    """What it is for."""
    commands.add_parser(
        "shadow",
        description="Recorded decisions beside what the cascade would have asked first with what was known the night before: each"
        " is the same, breaks a rule, rests on a fact not recorded that night, or is better or worse in the strict order. Who"
        " waited, and for whom somebody could have been asked earlier. Nothing is acted on.",
        example="optimiser shadow nights --out shadow",
        run=run,
        arguments=_arguments,
    )


def _arguments(shadow: argparse.ArgumentParser) -> None:
    shadow.add_argument(
        "folders", metavar="FOLDER", nargs="+", help="a folder with a snapshot folder for each night, or the nights themselves"
    )
    result(shadow, "index.html and shadow.json for members, and shadow-decisions.csv and shadow-waits.csv for the team alone")
    shadow.add_argument(
        "--name-providers", action="store_true", help="name providers, for commissioners alone; else they are numbered"
    )
    shadow.add_argument(
        "--smallest",
        type=count_from_one,
        default=5,
        metavar="N",
        help="counts of people go to the nearest N, and of fewer nothing is told; 1: exact (default: %(default)s)",
    )
    replace(shadow)
    quiet(shadow)
    show_values(shadow)
    as_json(shadow, "what shadow.json holds")


def run(options: argparse.Namespace) -> int:
    """Exit code 0; 2 where anything is refused; 4 where the check does not confirm the report, and nothing was written."""
    import sys
    from pathlib import Path

    from optimiser.domain.hiding import Hiding
    from optimiser.shadowing.check import faults_of_shadow
    from optimiser.shadowing.nights import NightsRefusedError, nights_of
    from optimiser.shadowing.report import shadow_files, shadow_record
    from optimiser.shadowing.story import shadow

    out = Path(options.out)
    if not is_free(out, replace=options.replace):
        return exits.REFUSED
    if not all(options.folders):
        return refused("expected a folder with nights; found an empty name. Nothing was written.")
    try:
        nights = nights_of([Path(each) for each in options.folders], counter("nights read", quiet=options.quiet))
    except NightsRefusedError as faults:
        said = faults.said(show_values=options.show_values and sys.stderr.isatty())
        for each in said:
            complain(each)
        return refused(f"{len(said)} fault(s). Nothing was written.")
    made = shadow(nights, counter("nights judged", quiet=options.quiet))
    record = shadow_record(made, Hiding(options.smallest), named=options.name_providers)
    files = shadow_files(made, record)
    if wrong := faults_of_shadow(nights, made.rules, files):
        return defect("the check does not confirm the report, so nothing was written.", wrong)
    if not written(out, files, replace=options.replace):
        return exits.REFUSED
    tell(options, lambda: record, lambda: _say(record, out))
    return exits.PROVEN


def _say(record: dict[str, Any], out: Path) -> None:
    from optimiser.shadowing.page import CLASS_WORDS, WHY_WORDS

    made = table(f"{record['decisions']} decisions of {record['nights']} nights", "kind", "why", "decisions", left=2, wrap=True)
    for row in record["classes"]:
        why = "; ".join(f"{WHY_WORDS[name]}: {count}" for name, count in row["why"].items())
        made.add_row(CLASS_WORDS[row["class"]], why, str(row["decisions"]))
    print_table(made)
    for row in record["rules"]:
        say(f"Broken {row['decisions']} time(s): {row['rule']}")
    few, asked = record["counts_to_the_nearest"], record["could_have_been_asked_earlier"]["people"]
    about = f"fewer than {few}" if asked is None else f"{'' if few == 1 else 'about '}{asked:,}"
    say(f"Somebody with room could have been asked earlier for {about} people; what they would have said nobody knows.")
    say(f"Written to {out}. Begin with index.html; shadow-decisions.csv and shadow-waits.csv name packages: for the team alone.")
