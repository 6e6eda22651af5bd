"""An answer to its record and its page: yes with a plan, no with what conflicts and what would have to give, or not known."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from optimiser.io.folders import page_of
from optimiser.whatif.feasible.relaxing import hours_in_words
from optimiser.whatif.feasible.story import Answer
from optimiser.whatif.level_words import in_words


def answer_record(found: Answer) -> dict[str, Any]:
    """What the command tells as JSON, and a run keeps."""
    conflict, failed = found.conflict, found.decision.failed if found.verdict == "no" else None
    return {
        "required": [each.text for each in found.question.requirements],
        "verdict": found.verdict,
        "levels": None if found.verified is None else dict(found.verified.levels),
        "cannot_hold": None
        if failed is None
        else {"requirement": found.question.requirements[failed].text, "at_least": found.decision.bound},
        "conflict": None if conflict is None else {"irreducible": conflict.irreducible, "members": list(found.members)},
        "ways_out": [
            {
                "kind": way.kind,
                "sentences": list(way.sentences),
                "minutes_per_week": way.minutes_per_week,
                "people_unmet": way.people_unmet,
                "proven": way.proven,
            }
            for way in found.ways_out
        ],
    }


def answer_page(found: Answer, record: Mapping[str, Any]) -> bytes:
    """The page: one offline file. ``record``: what ``answer_record`` says."""
    units = {rule.name: rule.unit for rule in found.question.rules.levels}
    failed = record["cannot_hold"]
    unit = None if failed is None or found.decision.failed is None else found.question.requirements[found.decision.failed].unit
    values = {
        **record,
        "as_of": str(found.question.county.as_of),
        "levels_told": [
            (name.replace("_", " "), in_words(value, units[name])) for name, value in (record["levels"] or {}).items()
        ],
        "at_least": "" if failed is None or unit is None else in_words(failed["at_least"], unit),
        "amounts": [
            "" if way["minutes_per_week"] is None else hours_in_words(way["minutes_per_week"]) for way in record["ways_out"]
        ],
    }
    return page_of("optimiser.whatif.feasible", "feasible.html.j2", values)
