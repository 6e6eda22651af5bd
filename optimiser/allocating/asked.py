"""What a run was asked for, and what each pin costs: the same run without it, level by level."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from optimiser.domain.brief import Brief
from optimiser.domain.level_result import LevelResult
from optimiser.solving.outcome import Progress, Stopped

MOST_PRICED = 10
"""Up to so many pins are priced one by one; more only all together."""
ENDED = ("cancelled", "wall")
"""By somebody or by the clock: what is known then is no price."""
Levels = tuple[LevelResult[int], ...]


@dataclass(frozen=True, slots=True)
class LevelPrice:
    """One level with and without a pin. What is compared is the best that can be reached, not what a plan gives away within
    tolerances. As the strict order has it, a level is the best among plans that keep the levels before it.
    """

    with_pin: LevelResult[int]
    without: LevelResult[int]

    @property
    def costs(self) -> int:
        """How much worse the best found is with the pin (negative: better), in the level's unit."""
        return self.with_pin.best - self.without.best

    @property
    def at_least(self) -> int:
        return self.with_pin.bound - self.without.best

    @property
    def at_most(self) -> int:
        return self.with_pin.best - self.without.bound

    @property
    def proven(self) -> bool:
        """Whether both bests are proven."""
        return self.with_pin.proven and self.without.proven

    def record(self) -> dict[str, Any]:
        return {
            "name": self.with_pin.name,
            "unit": self.with_pin.unit,
            "best_with": self.with_pin.best,
            "best_without": self.without.best,
            "costs": self.costs,
            "at_least": self.at_least,
            "at_most": self.at_most,
            "proven": self.proven,
        }


@dataclass(frozen=True)
class Price:
    """What the pin of a package (or of a bundle, or all pins together) costs; no levels where the run was ended before."""

    package_ids: tuple[str, ...]
    levels: tuple[LevelPrice, ...] | None

    def __repr__(self) -> str:
        return f"<Price of {len(self.package_ids)} pinned>"

    def record(self) -> list[dict[str, Any]] | None:
        return None if self.levels is None else [level.record() for level in self.levels]


@dataclass(frozen=True)
class Asked:
    """The brief of a run as it was worked by, with its prices."""

    brief: Brief
    """With all of a bundle where one of it was named."""
    pins: tuple[tuple[str, ...], ...]
    """The pins, those of a bundle as one."""
    prices: tuple[Price, ...] = ()
    """Per pin; none where there are more than ``MOST_PRICED``."""
    together: Price | None = None
    """Of all pins, where there is more than one."""

    def __repr__(self) -> str:
        return f"<Asked: {len(self.pins)} pins, {self.brief.part!r}>"

    @property
    def all_priced(self) -> bool:
        """False where a price is missing, as the run was ended before."""
        return all(price.levels is not None for price in (*self.prices, *([self.together] if self.together else [])))

    def record(self) -> dict[str, Any]:
        """What ``result.json`` says of it."""
        part, priced = self.brief.part, {price.package_ids: price.record() for price in self.prices}
        record: dict[str, Any] = {}
        if part:
            record["part"] = {
                "areas": list(part.areas),
                "packages": list(part.packages),
                "rounds": list(part.rounds),
                "providers": list(part.providers),
            }
        if self.pins:
            record["pins"] = [
                {"package_ids": list(names), "contract_id": self.brief.pins[names[0]], "price": priced.get(names)}
                for names in self.pins
            ]
        if self.together is not None:
            record["pins_together"] = self.together.record()
        return record


Report = Callable[[Progress], None] | None
Without = Callable[[Brief, float | None, Report], tuple[Levels, Stopped]]
"""The same run with a smaller brief, in so many seconds (None: no clock), telling its progress: its levels, and how it ended."""


class Pricing:
    """Runs without a pin, as long as nobody and no clock has ended the run. The last resort's clock is one for all of them."""

    def __init__(self, wall_seconds: float | None, report: Report, should_stop: Callable[[], bool] | None) -> None:
        self._ends = None if wall_seconds is None else time.monotonic() + wall_seconds
        self._report, self._should_stop = report, should_stop
        self.stopped: Stopped = "no"
        """How the run ended, its prices included."""

    def priced(self, brief: Brief, pins: Sequence[tuple[str, ...]], levels: Levels, stopped: Stopped, without: Without) -> Asked:
        """The pins with their prices. ``levels``: those found with all pins, by a run that ended so."""
        self.stopped = stopped
        one_by_one = list(pins) if len(pins) <= MOST_PRICED else []
        runs = [*one_by_one, *([tuple(brief.pins)] if len(pins) > 1 else [])]
        prices = [
            Price(names, self._price(brief.without_pins_of(names), levels, (number, len(runs)), without))
            for number, names in enumerate(runs, start=1)
        ]
        return Asked(brief, tuple(pins), tuple(prices[: len(one_by_one)]), prices[-1] if len(pins) > 1 else None)

    def _price(self, brief: Brief, levels: Levels, run: tuple[int, int], without: Without) -> tuple[LevelPrice, ...] | None:
        seconds = None if self._ends is None else self._ends - time.monotonic()
        if self.stopped not in ENDED and seconds is not None and seconds <= 0:
            self.stopped = "wall"
        if self.stopped not in ENDED and self._should_stop is not None and self._should_stop():
            self.stopped = "cancelled"
        if self.stopped in ENDED:
            return None
        try:
            found, stopped = without(brief, seconds, _of_price_run(self._report, run))
        except KeyboardInterrupt:  # beside the search, which ends by itself
            self.stopped = "cancelled"
            return None
        if stopped in ENDED:
            self.stopped = stopped
            return None
        return tuple(LevelPrice(one, other) for one, other in zip(levels, found, strict=True))


def _of_price_run(report: Report, run: tuple[int, int]) -> Report:
    return None if report is None else lambda news: report(replace(news, price_run=run))
