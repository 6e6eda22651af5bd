"""Who waited longer under other settings: the same people, group by group, in counts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, fields
from fractions import Fraction
from typing import Any

from optimiser.domain.policy import Policy
from optimiser.domain.snapshot import Snapshot
from optimiser.explaining.who_comes_last import in_order
from optimiser.io.result_head import result_head
from optimiser.io.spreadsheets import spreadsheet
from optimiser.whatif.rehearse.story import Nights, Waited

COLUMNS = (
    "by", "group", "people", "nights_waited_today", "nights_waited_proposed", "longest_today", "longest_proposed",
    "still_waiting_today", "still_waiting_proposed", "wait_longer", "wait_shorter", "wait_as_long",
)  # fmt: skip
ESTIMATE = (
    "Invented requests, drawn from the people of the county, the same under both settings. Every provider says yes, nobody moves,"
    " and for everybody asked for one person's care ends that runs today. It says who would wait, not who will."
)


@dataclass(frozen=True)
class Rehearsal:
    """The same nights under today's settings and under those proposed."""

    snapshot: Snapshot
    proposed: Policy
    nights: int
    a_night: Fraction
    seed: int
    decide: bool
    today: Nights
    after: Nights

    def __repr__(self) -> str:
        return f"<Rehearsal of {self.nights} nights>"

    @property
    def all_proven(self) -> bool:
        return self.today.all_proven and self.after.all_proven

    @property
    def complete(self) -> bool:
        return self.today.complete and self.after.complete


def group_rows(today: Nights, after: Nights) -> list[dict[str, Any]]:
    """A row per group, each table together. People are counted once; somebody with several needs stands under each."""
    groups: dict[str, dict[str, list[tuple[Waited, Waited]]]] = defaultdict(lambda: defaultdict(list))
    for name, person in sorted(today.people.items()):
        if name in after.people:
            for by, own in person.groups.items():
                for group in own:
                    groups[by][group].append((person, after.people[name]))
    return [_row(by, group, found[group]) for by, found in groups.items() for group in in_order(by, found)]


def _row(by: str, group: str, pairs: Sequence[tuple[Waited, Waited]]) -> dict[str, Any]:
    differences = [new.longest - old.longest for old, new in pairs]
    figures = {
        f"{what}_{when}": value
        for number, when in enumerate(("today", "proposed"))
        for what, value in (
            ("nights_waited", sum(pair[number].longest for pair in pairs)),
            ("longest", max(pair[number].longest for pair in pairs)),
            ("still_waiting", sum(bool(pair[number].waits) for pair in pairs)),
        )
    }
    return {
        "by": by,
        "group": group,
        "people": len(pairs),
        **{name: figures[name] for name in COLUMNS if name in figures},
        "wait_longer": sum(each > 0 for each in differences),
        "wait_shorter": sum(each < 0 for each in differences),
        "wait_as_long": differences.count(0),
    }


def rehearsal_record(made: Rehearsal) -> dict[str, Any]:
    """``rehearsal.json``: counts alone, the same bytes for the same county, settings and seed."""
    changed = [
        part.name for part in fields(Policy) if getattr(made.proposed, part.name) != getattr(made.snapshot.policy, part.name)
    ]
    return {
        **result_head(made.snapshot),
        "estimate": ESTIMATE,
        "nights": made.nights,
        "requests_a_night": str(made.a_night),
        "seed": made.seed,
        "named_decisions": made.decide,
        "changed": {
            name: {"today": _text(getattr(made.snapshot.policy, name)), "proposed": _text(getattr(made.proposed, name))}
            for name in changed
        },
        "complete": made.complete,
        "all_proven": made.all_proven,
        "passed_over": {
            "limit_today": made.snapshot.policy.passed_over_limit,
            "limit_proposed": made.proposed.passed_over_limit,
            "most_nights_today": made.today.most_passed_over,
            "most_nights_proposed": made.after.most_passed_over,
            "decisions_today": len(made.today.decided),
            "decisions_proposed": len(made.after.decided),
        },
        "groups": group_rows(made.today, made.after),
    }


def rehearsal_table(record: dict[str, Any]) -> bytes:
    """``rehearsal.csv``: a line per group."""
    return spreadsheet(COLUMNS, record["groups"])


def _text(value: Any) -> str:
    return "; ".join(map(_text, value)) if isinstance(value, tuple) else str(value)
