"""``index.html``: the report for members: of what kind decisions were, rules broken, what choices cost, and who waited."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from optimiser.domain.words import hours_in_words, percent, pounds_in_words, rounded
from optimiser.geography.grid import METRES_PER_MILE
from optimiser.io.folders import page_of
from optimiser.shadowing.counts_for_members import OTHERS

CLASS_WORDS = {
    "same": "The same",
    "rule": "A rule is broken",
    "fact_not_recorded": "A fact not recorded that night",
    "better": "Better in the strict order",
    "worse": "Worse in the strict order",
}
WHY_WORDS = {
    "asked_first": "the one that the cascade asks first",
    "equal_on_every_level": "another one, equal on every level",
    "breaks_a_rule": "the choice may not have it by a rule",
    "said_no_since": "whoever comes before it was asked, and has said no since",
    "asked_no_answer_recorded": "whoever comes before it was asked, and no answer is recorded",
    "facts_changed_since": "by the facts of the next night it is as it should be",
    "passed_over_nothing_recorded": "somebody before it was passed over, and nothing on record says why",
}
TABLE_WORDS = {
    "hours": "Hours a week", "workers": "Care workers at once", "need": "Need", "rurality": "Where they live",
    "priority": "Priority", "source": "Where the request came from",
}  # fmt: skip
TABLES = tuple(TABLE_WORDS)


def shadow_page(record: Mapping[str, Any]) -> bytes:
    """The page, from the record alone: it can tell no more."""
    return page_of(
        "optimiser.shadowing",
        "index.html.j2",
        {
            **record,
            "class_words": CLASS_WORDS,
            "why_words": WHY_WORDS,
            "others": OTHERS,
            "tables": [(name, TABLE_WORDS[name], record["who_waited"].get(name, [])) for name in TABLES],
        },
        part=_part,
        count=_count,
        more_hours=_more_hours,
        more_pounds=_more_pounds,
        more_miles=_more_miles,
        plain=_plain,
        amount=_amount,
    )


def _part(count: int, of: int) -> str:
    return percent(Fraction(count, of)) if of else "–"


def _count(value: int | None, smallest: int) -> str:
    if value is None:
        return f"fewer than {smallest}"
    return f"{value:,}" if smallest == 1 else f"about {value:,}"


def _amount(figure: str) -> str:
    value = Fraction(figure)
    return _signed(-1 if value < 0 else int(value > 0), rounded(abs(float(value)), 0 if value.denominator == 1 else 1))


def _signed(value: int, words: str) -> str:
    return words if value == 0 else f"{'−' if value < 0 else '+'}{words}"


def _more_hours(minutes: str) -> str:
    value = int(Fraction(minutes))
    return _signed(value, hours_in_words(abs(value)))


def _more_pounds(pence: str) -> str:
    value = int(Fraction(pence))
    return _signed(value, pounds_in_words(abs(value)))


def _more_miles(metres: str) -> str:
    value = int(Fraction(metres))
    return _signed(value, f"{rounded(abs(value) / METRES_PER_MILE, 1)} miles")


def _plain(word: str) -> str:
    return word.replace("_", " ")
