"""A frontier judged from its checked plans alone: what is held, values, who beats whom, and whether any plan lies below a bound.

Imports nothing that searches; plans have been checked against every rule before they come here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from optimiser.county import County
from optimiser.judging.checking import VerifiedPlan
from optimiser.rules.book import RuleBook


@dataclass(frozen=True)
class Claim:
    """What is said of one plan. ``limit``: no plan with at most so much of the first level (None: any) has less of the second
    than ``other_bound``; and of those that have no more of the second than this one, none has less of the first than
    ``one_bound``.
    """

    verified: VerifiedPlan
    limit: int | None
    one: int
    other: int
    one_bound: int
    other_bound: int

    def __repr__(self) -> str:
        return f"<Claim: {self.one}, {self.other}>"


def faults(
    county: County,
    rules: RuleBook,
    names: tuple[str, str],
    held: Mapping[str, int],
    claims: Sequence[Claim],
    shown: Sequence[Claim],
) -> Iterator[str]:
    """What does not hold of these claims, and of those of them that are shown as points."""
    levels = {rule.name: rule for rule in rules.levels}
    for each in claims:
        plan = each.verified.plan
        for name, most in held.items():
            if (value := levels[name].value(county, plan)) > most:
                yield f"{name} is held at {most}, and a plan has {value}"
        found = tuple(levels[name].value(county, plan) for name in names)
        if found != (each.one, each.other):
            yield f"a plan has {found}, and {(each.one, each.other)} is said of it"
    for claim in claims:
        for each in claims:
            within = claim.limit is None or each.one <= claim.limit
            if within and each.other < claim.other_bound:
                yield f"{each!r} lies below {claim.other_bound}, which none within {claim.limit} is said to"
            if within and each.other <= claim.other and each.one < claim.one_bound:
                yield f"{each!r} lies below {claim.one_bound}, which none as good as {claim!r} is said to"
    for number, each in enumerate(shown):
        for better in (*shown[:number], *shown[number + 1 :]):
            if better.one <= each.one and better.other <= each.other:
                yield f"{better!r} is as good as {each!r} in both"
