"""What stands beside a person on the list, so that nobody rings in vain: short care with a clock, and a stay in hospital."""

from __future__ import annotations

from optimiser.domain.dates import wall_clock
from optimiser.domain.records import ENHANCED_HOME_SUPPORT, Package
from optimiser.domain.words import date_in_words, moment_in_words, people
from optimiser.judging.enhanced_support import support_of
from optimiser.tonight.story import Tonight


def beside(made: Tonight, package: int) -> str:
    """In words, as at the moment from which the list reaches; empty where there is nothing."""
    record = made.county.packages[package]
    return "; ".join(each for each in (_support(made, record), _stay(record)) if each)


def _support(made: Tonight, record: Package) -> str:
    support = support_of(record, made.county.snapshot.enhanced, made.asked.begins)
    if support is None:
        return ""
    if support.runs_on or support.ends_at is None:
        return "enhanced home support that runs on, which nobody has decided"
    return f"enhanced home support, for up to {moment_in_words(wall_clock(support.ends_at))}"


def _stay(record: Package) -> str:
    if record.held_until is None:
        return ""
    return f"in hospital as recorded, hours kept until {date_in_words(record.held_until)}: ask whether they are home"


def with_support(made: Tonight) -> int:
    """How many people have enhanced home support."""
    records = made.county.packages
    return made.county.people(each for each in made.packages if records[each].service == ENHANCED_HOME_SUPPORT)


def in_hospital(made: Tonight) -> int:
    """How many people are in hospital, as is recorded."""
    return made.county.people(each for each in made.packages if made.county.packages[each].held_until is not None)


def notes_beside(made: Tonight) -> list[str]:
    """What a reader of the list has to know of them."""
    told = []
    if support := with_support(made):
        told.append(f"Enhanced home support: {people(support)}, until when stands beside each. A named person decides on more.")
    if away := in_hospital(made):
        told.append(f"In hospital as recorded: {people(away)}. Their visits are listed all the same: ask whether they are home.")
    return told
