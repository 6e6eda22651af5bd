"""``optimiser feasible FOLDER --require NAME=VALUE``: can these hold together, and if not, what stands against what?"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from optimiser import exits
from optimiser.commands.shared.arguments import as_json, last_resort, show_values, snapshot_folder
from optimiser.commands.shared.inputs import read_or_refuse, say_notes
from optimiser.commands.shared.running import telling_defects
from optimiser.commands.shared.saying import complain, refused, say, tell

if TYPE_CHECKING:
    from optimiser.commands.shared.arguments import Commands
    from optimiser.whatif.feasible.story import Answer

ORDER = 220
SUMMARY = "can these requirements hold together, and if not, what conflicts"


def add(commands: Commands) -> None:
    """What it is for."""
    commands.add_parser(
        "feasible",
        describe=_description,
        example="optimiser feasible data/three_villages --require legacy=0 --require unmet=0",
        run=run,
        arguments=_arguments,
    )


def _arguments(feasible: argparse.ArgumentParser) -> None:
    snapshot_folder(feasible)
    feasible.add_argument(
        "--require", action="append", required=True, metavar="NAME=VALUE", help="such as legacy=0 or principal_share:AREA=65%%"
    )
    last_resort(feasible)
    show_values(feasible)
    as_json(feasible, "the answer")


def _description() -> str:
    """Names the levels as they are in the rule book, which is read only where this help is shown."""
    from optimiser.rules.book import names_to_require, standard_rules

    return (
        f"Can these requirements hold together? Levels are at most a value ({names_to_require(standard_rules())}; minutes"
        " a week or hours such as 12.5h, cost in pounds); principal_share[:AREA] is at least a share of every live area's"
        " hours, or of one area's."
    )


@telling_defects
def run(options: argparse.Namespace) -> int:
    """Exit code 0 for a proven yes or no, 3 when it is not known."""
    from optimiser.county import County
    from optimiser.rules.book import standard_rules
    from optimiser.solving.outcome import Effort
    from optimiser.whatif.feasible.answering import answer_record
    from optimiser.whatif.feasible.requirement import read_requirements
    from optimiser.whatif.feasible.story import answer

    reading = read_or_refuse(options.folder, show_values=options.show_values, writes=False)
    if reading is None:
        return exits.REFUSED
    say_notes(reading.notes)
    county, rules = County.of(reading.snapshot), standard_rules()
    requirements, faults = read_requirements(options.require, county, rules)
    for fault in faults:
        complain(fault)
    if faults:
        return refused(f"{len(faults)} fault(s).")
    found = answer(county, rules, requirements, Effort(wall_seconds=options.wall_seconds))
    tell(options, lambda: answer_record(found), lambda: _say(found))
    return exits.OPEN_GAPS if found.verdict == "not known" else exits.PROVEN


def _say(found: Answer) -> None:
    from optimiser.whatif.feasible.relaxing import hours_in_words
    from optimiser.whatif.level_words import in_words

    asked = ", ".join(each.text for each in found.question.requirements)
    if found.verified is not None:
        say(f"Yes: {asked} can hold together. A plan that keeps them was found and checked.")
        for name, value in found.verified.levels.items():
            unit = next(rule.unit for rule in found.question.rules.levels if rule.name == name)
            print(f"  {name}: {in_words(value, unit)}")
        return
    if found.verdict == "not known":
        say(f"Not known: no plan that keeps {asked} was found, and none was ruled out.")
        return
    say(f"No: {asked} cannot hold together (proven).")
    failed = found.decision.failed
    if failed is not None:
        level = found.question.requirements[failed]
        say(f"  {level.text}: at least {in_words(found.decision.bound, level.unit)} while the others hold.")
    if found.conflict is None:
        print("  The proof rests on all limits together; no smaller set of them was found.")
        return
    kind = "irreducible: without any one of its limits and requirements the others can hold" if found.conflict.irreducible else (
        "proven to conflict; not every one of them was shown to be needed"
    )  # fmt: skip
    print(f"In conflict ({kind}; not necessarily the fewest possible):")
    for member in found.members:
        say(f"  - {member}")
    print("What would have to give (each was applied, and the plan checked):" if found.ways_out else "No way out was found.")
    for way in found.ways_out:
        amount = "" if way.minutes_per_week is None else f" [{hours_in_words(way.minutes_per_week)} in all]"
        least = "" if way.proven else " (something smaller may do)"
        left = "person is" if way.people_unmet == 1 else "people are"
        people = f" {way.people_unmet} {left} then unmet." if way.people_unmet else ""
        say(f"  - {' '.join(way.sentences)}{amount}{least}{people}")
