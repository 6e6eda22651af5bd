"""``optimiser feasible FOLDER --require NAME=VALUE``: can these hold together, and if not, what stands against what?"""

from __future__ import annotations

import argparse
import sys

from optimiser import exits
from optimiser.commands.defects import telling_defects
from optimiser.commands.inputs import read_or_refuse, say_notes
from optimiser.county import County
from optimiser.io.faults import clean
from optimiser.rules.book import standard_rules
from optimiser.solving.outcome import Effort
from optimiser.whatif.feasible.relaxing import hours_in_words
from optimiser.whatif.feasible.requirement import in_words, read_requirements
from optimiser.whatif.feasible.story import Answer, answer


@telling_defects
def run(options: argparse.Namespace) -> int:
    """Exit code 0 for a proven yes or no, 3 when it is not known."""
    reading = read_or_refuse(options.folder, show_values=options.show_values, writes=False)
    if reading is None:
        return exits.REFUSED
    say_notes(reading.notes)
    county, rules = County.of(reading.snapshot), standard_rules()
    requirements, faults = read_requirements(options.require, county, rules)
    for fault in faults:
        print(clean(fault), file=sys.stderr)
    if faults:
        print(f"Refused: {len(faults)} fault(s).", file=sys.stderr)
        return exits.REFUSED
    found = answer(county, rules, requirements, Effort(wall_seconds=options.wall_seconds))
    _say(found)
    return exits.OPEN_GAPS if found.verdict == "not known" else exits.PROVEN


def _say(found: Answer) -> None:
    asked = ", ".join(each.text for each in found.question.requirements)
    if found.verified is not None:
        print(clean(f"Yes: {asked} can hold together. A plan that keeps them was found and checked."))
        for name, value in found.verified.levels.items():
            unit = next(rule.unit for rule in found.question.rules.levels if rule.name == name)
            print(f"  {name}: {in_words(value, unit)}")
        return
    if found.verdict == "not known":
        print(clean(f"Not known: no plan that keeps {asked} was found, and none was ruled out."))
        return
    print(clean(f"No: {asked} cannot hold together (proven)."))
    failed = found.decision.failed
    if failed is not None:
        level = found.question.requirements[failed]
        print(clean(f"  {level.text}: at least {in_words(found.decision.bound, level.unit)} while the others hold."))
    if found.conflict is None:
        print("  The proof rests on all limits together; no smaller set of them was found.")
        return
    kind = "irreducible: without any one of its limits and requirements the others can hold" if found.conflict.irreducible else (
        "proven to conflict; not every one of them was shown to be needed"
    )  # fmt: skip
    print(f"In conflict ({kind}; not necessarily the fewest possible):")
    for member in found.members:
        print(clean(f"  - {member}"))
    print("What would have to give (each was applied, and the plan checked):" if found.ways_out else "No way out was found.")
    for way in found.ways_out:
        amount = "" if way.minutes_per_week is None else f" [{hours_in_words(way.minutes_per_week)} in all]"
        least = "" if way.proven else " (something smaller may do)"
        left = "person is" if way.people_unmet == 1 else "people are"
        people = f" {way.people_unmet} {left} then unmet." if way.people_unmet else ""
        print(clean(f"  - {' '.join(way.sentences)}{amount}{least}{people}"))
