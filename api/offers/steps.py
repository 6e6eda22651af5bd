"""The steps of the cascade: the principal alone, then the framework all at once (or in turn), then legacy one by one."""

from __future__ import annotations

from collections.abc import Sequence

from api.offers.eligibility import Candidate

FRAMEWORK = "framework"


def next_step(found: Sequence[Candidate], framework_asked: str) -> list[Candidate]:
    """Whom to ask next, of candidates in the order asked; empty when nobody is left.

    ``framework_asked``: ``all`` or ``in_turn``. A provider with two framework contracts is asked on the first of them.
    """
    open_ = [candidate for candidate in found if candidate.may_be_asked and not candidate.asked]
    if not open_:
        return []
    first = open_[0]
    if first.place.tier != FRAMEWORK or first.previous or framework_asked == "in_turn":
        return [first]
    return [candidate for candidate in open_ if candidate.place.tier == FRAMEWORK]


def name_of(step: Sequence[Candidate]) -> str:
    """What a step is called."""
    if not step:
        return "nobody"
    return "previous provider" if step[0].previous else step[0].place.tier
