"""A frontier as JSON, as a table, and as one page that opens offline. Levels of the whole county; no person, no provider."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from optimiser.domain.words import listed
from optimiser.io.folders import page_of, pretty
from optimiser.io.result_head import result_head
from optimiser.io.spreadsheets import spreadsheet
from optimiser.whatif.frontier.chart import chart
from optimiser.whatif.frontier.story import Frontier, Point
from optimiser.whatif.level_words import in_words

WHAT_IT_IS_NOT = (
    "This is evidence for a decision on what matters more, not an allocation: the levels that are free have whatever value a plan"
    " happens to have, and nobody is proposed to anybody. To act on a point, change the settings or the order of levels, and"
    " allocate."
)


def frontier_record(made: Frontier) -> dict[str, Any]:
    """Everything; the same bytes for the same input."""
    asked, units = made.asked, _units(made)
    return {
        **result_head(made.county.snapshot, titled=True, rule_book=made.rules.version),
        "complete": made.complete,
        "levels": [{"name": name, "unit": units[name]} for name in (asked.one, asked.other)],
        "held": [
            {"name": name, "unit": units[name], "at_most": most} for name, most in zip(asked.held, made.held_at, strict=True)
        ],
        "held_proven": made.held_proven,
        "free": list(asked.free),
        "searches": made.searches,
        "beaten_by_others": made.beaten,
        "these_are_all": made.whole,
        "said": said(made),
        "points": [
            {
                asked.one: each.one,
                asked.other: each.other,
                f"{asked.other}_at_least": each.other_bound,
                "proven": each.proven,
                "every_level": dict(each.verified.levels),
            }
            for each in made.points
        ],
    }


def said(made: Frontier) -> list[str]:
    """What is held, what is free, and how much is known, in sentences."""
    asked, units = made.asked, _units(made)
    held = [f"{_name(name)} at most {in_words(most, units[name])}" for name, most in zip(asked.held, made.held_at, strict=True)]
    open_ends = "" if made.held_proven else " Not all of that is proven to be the least: a plan may exist that has less of it."
    found = [
        f"Held in every plan: {listed(held)}: their bests, with what their tolerances let later levels take.{open_ends}"
        if held
        else f"Nothing is held: {_name(asked.one)} is the first level.",
        f"Free: {listed([_name(name) for name in asked.free])}." if asked.free else "No level is left free.",
    ]
    count = len(made.points)
    if not made.complete:
        found.append("It was ended early: what had been searched by then is shown.")
    elif count == 1:
        found.append(
            f"The two do not stand against each other: one plan has the least found of both, in {made.searches} searches."
        )
    if made.whole:
        found.append("There is no other plan that none of these beats in both levels: proven.")
    elif made.complete:
        beaten = f", of which {made.beaten} ended at a plan that another point matches or beats" if made.beaten else ""
        found.append(f"{made.searches} searches{beaten}; more points may lie between those shown (--points).")
    still = sum(not each.proven for each in made.points)
    if still:
        found.append(
            f"Of {still} of {count} points it is not proven that no plan beats them in both: the least that is possible of"
            f" {_name(asked.other)} stands beside what was found."
        )
    return found


def frontier_files(made: Frontier, record: dict[str, Any]) -> dict[str, bytes]:
    """What is written, by name. ``record``: of this frontier."""
    return {
        "two-levels.csv": frontier_table(made),
        "two-levels.json": pretty(record),
        "two-levels.html": frontier_page(made, record),
    }


def frontier_table(made: Frontier) -> bytes:
    """``two-levels.csv``: a line per point, the least of the first level first."""
    one, other = made.asked.one, made.asked.other
    names = [rule.name for rule in made.rules.levels]
    columns = ("point", one, other, f"{other}_at_least", "proven", *(name for name in names if name not in (one, other)))
    return spreadsheet(columns, _rows(made))


def _rows(made: Frontier) -> Iterator[dict[str, Any]]:
    for number, each in enumerate(made.points, 1):
        bound = {f"{made.asked.other}_at_least": each.other_bound}
        yield {"point": number, "proven": str(each.proven).lower(), **bound, **each.verified.levels}


def frontier_page(made: Frontier, record: dict[str, Any]) -> bytes:
    """``two-levels.html``: the picture beside its table, and how it was found."""
    asked, units = made.asked, _units(made)
    return page_of(
        "optimiser.whatif.frontier",
        "frontier.html.j2",
        {
            **record,
            "one": _name(asked.one),
            "other": _name(asked.other),
            "chart": chart(made, _name(asked.one), _name(asked.other), (units[asked.one], units[asked.other])),
            "rows": list(shown_rows(made)),
            "free_rows": [
                (_name(name), in_words(made.points[0].verified.levels[name], units[name]), _ends(made.points, name, units[name]))
                for name in asked.free
            ],
            "what_it_is_not": WHAT_IT_IS_NOT,
        },
    )


def shown_rows(made: Frontier) -> Iterator[dict[str, str]]:
    """Per point in words: both levels, what the step from the point before gives of one for the other, what is proven."""
    units = _units(made)
    one, other = units[made.asked.one], units[made.asked.other]
    steps = [("", ""), *((in_words(b.one - a.one, one), in_words(a.other - b.other, other)) for a, b in pairwise(made.points))]
    for number, (each, (more, less)) in enumerate(zip(made.points, steps, strict=True), 1):
        yield {
            "point": str(number),
            "one": in_words(each.one, one),
            "other": in_words(each.other, other),
            "other_at_least": in_words(each.other_bound, other),
            "more": more,
            "less": less,
            "proven": "yes" if each.proven else "no",
        }


def _ends(points: Sequence[Point], name: str, unit: str) -> str:
    return in_words(points[-1].verified.levels[name], unit)


def _units(made: Frontier) -> dict[str, str]:
    return {rule.name: rule.unit for rule in made.rules.levels}


def _name(level: str) -> str:
    return level.replace("_", " ")
