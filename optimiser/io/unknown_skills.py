"""Skills that care needs and that no provider has: one mistyped letter, and nobody in the county can be asked for a person."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from optimiser.domain.records import DOUBLE_HANDED, Package, Provider
from optimiser.io.faults import shown
from optimiser.io.nearest import by_looks, looks, nearest

SAME_BUT_FOR_LOOKS = "it differs from one that a provider has only in case, blanks, hyphens or characters that cannot be seen"
NEAR_ONE = "it is spelt nearly like one that a provider has"
LIKE_NONE = "it is like none that a provider has"
TWO_WORKERS = f"the care needs two care workers, and none has {DOUBLE_HANDED}"


@dataclass(frozen=True)
class UnknownSkill:
    """A skill that no provider has. ``nearest``: the one that may have been meant; empty: none is near."""

    skill: str
    nearest: str
    kind: str
    """How it differs from those that providers have: tells nothing of what it is."""

    def in_words(self) -> str:
        return shown(self.skill) + (f" (nearest: {shown(self.nearest)})" if self.nearest else "")


class OfferedSkills:
    """The skills that a county's providers have."""

    def __init__(self, providers: Iterable[Provider]) -> None:
        self._offered = {skill for provider in providers for skill in provider.skills}
        self._by_looks = by_looks(self._offered)
        self.judged = cache(self._judged)

    def lacking(self, package: Package) -> Iterator[UnknownSkill]:
        """The skills that a package needs and nobody has; two care workers at once is one."""
        for skill in package.skills_needed:
            if skill not in self._offered:
                yield self.judged(skill)

    def _judged(self, skill: str) -> UnknownSkill:
        if same := self._by_looks.get(looks(skill)):
            return UnknownSkill(skill, same, SAME_BUT_FOR_LOOKS)
        near = nearest(skill, self._by_looks)
        if skill == DOUBLE_HANDED:
            return UnknownSkill(skill, near, TWO_WORKERS)
        return UnknownSkill(skill, near, NEAR_ONE if near else LIKE_NONE)
