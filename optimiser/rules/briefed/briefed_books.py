"""The book of rules of a run that was asked for a part of the county, or with pins."""

from __future__ import annotations

from optimiser.domain.brief import Brief
from optimiser.rules.book import RuleBook
from optimiser.rules.briefed.outside_the_part import OutsideThePartStays
from optimiser.rules.briefed.pins_hold import PinsHold
from optimiser.rules.briefed.providers_of_the_part import ProvidersOfThePart


def briefed_rules(base: RuleBook, brief: Brief) -> RuleBook:
    """The book of an allocation with what a brief asks for; the very same where it asks for nothing."""
    book = base
    if brief.part:
        book = book.with_rule(OutsideThePartStays(brief.part))
    if brief.part.providers:
        book = book.with_rule(ProvidersOfThePart(brief.part))
    return book.with_rule(PinsHold(brief.pins)) if brief.pins else book
