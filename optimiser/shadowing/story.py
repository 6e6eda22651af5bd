"""A council's nights laid beside the cascade: what was decided between them, what kind each decision is, and who waited."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from optimiser.county import County
from optimiser.domain.snapshot import Snapshot
from optimiser.rules.book import RuleBook, standard_rules
from optimiser.shadowing.classes import Laid, NightLaid, OneNight
from optimiser.shadowing.could_ask import Wait, waits_of
from optimiser.shadowing.decisions_read import between

Report = Callable[[int, int], None]
"""Told how many of how many pairs of nights are done."""


@dataclass(frozen=True)
class Shadow:
    """All that was read and judged."""

    nights: tuple[Snapshot, ...]
    rules: RuleBook
    laid: tuple[NightLaid, ...]
    waits: tuple[Wait, ...]

    def __repr__(self) -> str:
        return f"<Shadow of {len(self.nights)} nights, {sum(1 for _ in self.decisions)} decisions>"

    @property
    def decisions(self) -> Iterator[tuple[NightLaid, Laid]]:
        """Every decision with its night, in order."""
        return ((night, laid) for night in self.laid for laid in night.laid)


def shadow(nights: Sequence[Snapshot], report: Report | None = None) -> Shadow:
    """``nights``: two or more of one county, by day, as ``nights.nights_of`` gives them."""
    rules = standard_rules()
    laid: list[NightLaid] = []
    like: County | None = None
    for done, (before, after) in enumerate(pairwise(nights), start=1):
        laid.append(OneNight(between(before, after), rules, like).laid())
        like = laid[-1].county
        if report is not None:
            report(done, len(nights) - 1)
    return Shadow(tuple(nights), rules, tuple(laid), waits_of(nights, rules))
