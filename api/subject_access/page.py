"""What is held of a person as a text to read: what it is, then section by section, a line a fact."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import Any

from optimiser.explaining.notes import NoContactError, complaints, contact_by_day_and_night

WIDTH = 100
STAFF = {
    "deciders": "Those who decided about you are named. Others who worked for the council are told by their role.",
    "nobody": "Those who worked for the council are told by their role.",
    "all": "Those who worked for the council are named.",
}
ASKS = {
    False: "A named person asks providers.",
    True: "A named person asks providers first. If all of them say no, the program asks the next ones in that order.",
}
"""By whether ``step_on_automatically`` is set."""
OWN_WORDS = "*"


def text_of(record: dict[str, Any]) -> str:
    """The whole text, ending with a line feed. ``record``: as ``acts.write_out`` gives it."""
    return "\n".join([*_head(record), *(line for section in record["sections"] for line in _section(section))]) + "\n"


def _head(record: dict[str, Any]) -> Iterator[str]:
    settings = record["settings"]
    also = [each for each in record["package_ids"] if each != record["package_id"]]
    yield f"What is held about you: {record['package_id']}, as of {record['as_of']}"
    yield ""
    yield from _lines(
        "You asked for a copy of what the council's brokerage service holds about you. The law gives you this right (UK GDPR,"
        " article 15). What is held is used to find a provider for your care, and to see that you are safe until your care"
        " begins. The council has a duty to do this (Care Act 2014)."
    )
    if also:
        yield from _lines(f"The same care also stands under: {', '.join(also)}.")
    yield from _lines(
        "A program lists who may be asked for your care. Rules give the order. The program itself places nobody."
        f" {ASKS[settings['asks_by_itself']]} Nobody's care begins, moves or ends unless a named person does it."
    )
    yield from _lines(
        f"What is held about you is destroyed {settings['forget_after_days']:,} days after your care ends. What plans found is"
        f" destroyed {settings['forget_runs_after_days']:,} days after they were made. Below you can read which"
        " providers were asked."
    )
    yield from _lines(
        "Is something wrong, or do you not want it used in this way? Please say so. We write down what you say, and a named"
        f" person looks at it. You have an answer within {settings['answer_days']} days. {_contact()}"
    )
    yield from _lines(
        f"Other people are left out, or stand as [another person]. {STAFF[settings['staff_names']]} Times are London's."
        f" Lines marked {OWN_WORDS} hold somebody's own words."
    )


def _contact() -> str:
    try:
        whom = f"Please contact {contact_by_day_and_night()}. "
    except NoContactError:
        whom = ""
    return f"{whom}{complaints()} You may also complain to the Information Commissioner (ico.org.uk)."


def _section(section: dict[str, Any]) -> Iterator[str]:
    yield ""
    yield section["title"]
    yield "=" * len(section["title"])
    for item in section["items"]:
        yield ""
        shown = " (everybody was shown)" if item.get("everybody") else ""
        yield from textwrap.wrap(f"{item['named']}{shown}", WIDTH)
        for fact in item["facts"]:
            mark = OWN_WORDS if fact["own_words"] else "-"
            told = " ".join(f"{fact['what']}: {fact['held']}".split()) if fact["what"] else fact["held"]
            yield from textwrap.wrap(told, WIDTH, initial_indent=f"  {mark} ", subsequent_indent="    ")


def _lines(text: str) -> Iterator[str]:
    yield from textwrap.wrap(text, WIDTH)
    yield ""


def to_read_first(record: dict[str, Any]) -> int:
    """How many lines hold somebody's own words: a named person reads each before the text goes out."""
    items = (item for section in record["sections"] for item in section["items"])
    return sum(fact["own_words"] for item in items for fact in item["facts"])
