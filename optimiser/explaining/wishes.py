"""A person's wishes against whoever could be asked: told, asked about, and never used to rank anybody.

What is known is told: whether a provider is one that the person prefers, and whether it cares for somebody of their household.
Of care workers' gender and languages nothing is recorded of any provider: that is to be asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from optimiser.county import NOWHERE, County

YES, NO, ASK = "yes", "no", "ask"
WORKER_GENDER, WORKER_LANGUAGES = "worker_gender", "worker_languages"
PREFERRED, HOUSEHOLD = "preferred_provider", "same_household"


@dataclass(frozen=True)
class Wish:
    """One wish. ``wanted``: what for, empty for the same provider as others of the household."""

    wish: str
    wanted: tuple[str, ...]
    granted: tuple[tuple[str, str], ...]
    """Per contract that could be asked, in order, whether its provider grants it: ``yes``, ``no``, or ``ask``."""
    lengthens_the_wait: str
    """A sentence where nobody who could be asked today is known to grant it; else empty."""

    def __repr__(self) -> str:
        return f"<Wish: {self.wish}>"


def wishes_of(county: County, package: int, could_be_asked: Sequence[int]) -> list[Wish]:
    """A person's wishes against the contracts that could be asked today."""
    person, found = county.packages[package], []
    household = {*_providers_of_household(county, package)}
    for wish, wanted, known in (
        (WORKER_GENDER, (person.worker_gender,) if person.worker_gender else (), None),
        (WORKER_LANGUAGES, person.worker_languages, None),
        (PREFERRED, person.preferred_provider_ids, {*person.preferred_provider_ids}),
        (HOUSEHOLD, (), household or None),
    ):
        if not wanted and not (wish == HOUSEHOLD and household):
            continue
        granted = tuple(
            (county.contracts[each].contract_id, ASK if known is None else _yes(county.provider(each).provider_id in known))
            for each in could_be_asked
        )
        found.append(Wish(wish, wanted, granted, _told(county, wish, granted)))
    return found


def _yes(granted: bool) -> str:
    return YES if granted else NO


def _providers_of_household(county: County, package: int) -> list[str]:
    """Who cares for others of the person's household."""
    person = county.packages[package]
    if not person.household_id:
        return []
    others = [each for each, other in enumerate(county.packages) if other.household_id == person.household_id and each != package]
    contracts = (int(county.running_on[each]) for each in others)
    return [county.provider(each).provider_id for each in contracts if each != NOWHERE]


ASK_THEM = "Ask the person whether the wish matters more to them than an earlier start."


def _told(county: County, wish: str, granted: Sequence[tuple[str, str]]) -> str:
    """Where nobody who could be asked today grants a wish although others could be asked."""
    if not granted or any(said != NO for _, said in granted):
        return ""
    first = county.provider(county.contract_index[granted[0][0]]).name
    about = "whom the person prefers" if wish == PREFERRED else "who cares for somebody of the household"
    return f"No provider {about} can be asked today. Without the wish {first} could be. {ASK_THEM}"
