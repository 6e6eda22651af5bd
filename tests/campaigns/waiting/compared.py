"""One county played in every way on the same draw, beside what hindsight could have done, and all counties as a table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import median

from optimiser.forecasting.many_draws import CASCADE, OPTIMISER, Course
from optimiser.forecasting.play import PlayedDraw
from optimiser.forecasting.weekly_figures import AT
from tests.campaigns.waiting.counties import Case, case
from tests.campaigns.waiting.hindsight import hindsight
from tests.campaigns.waiting.priced import Priced, Waits
from tests.campaigns.waiting.prices import Futures

ENGINE, HINDSIGHT = "engine", "bound"
PRICED: dict[str, Waits] = {"priced": "for nothing", "waits_if_dear": "if too dear", "waits_in_hope": "in hope"}
"""The ways with prices, by when somebody waits for one."""
PLAYED = (CASCADE, ENGINE, *PRICED)
MAY_WAIT = ("waits_if_dear", "waits_in_hope")
HEADINGS = (
    "county", "kind", "people", "contracts", "asked_for_percent", "unmet_percent",
    *(f"{way}_unmet_hours" for way in (*PLAYED, HINDSIGHT)), *(f"{way}_people_made_to_wait" for way in MAY_WAIT),
)  # fmt: skip
ROUNDING_HOURS = 0.5
"""So far a bound may be above what it bounds: hours are whole minutes, and a program's answer is not."""


@dataclass(frozen=True)
class Asked:
    """What every county is put to."""

    seed: int
    weeks: int
    futures: int
    ahead: int


@dataclass(frozen=True)
class Compared:
    """What came of one county. ``unmet``: per way, and of the bound, the hours that waited, summed over weeks' ends."""

    number: int
    kind: str
    people: int
    contracts: int
    asked_of_room: float
    demand: float
    """Hours asked for, summed in the same way, as the cascade had it."""
    unmet: dict[str, float]
    made_to_wait: dict[str, tuple[int, int]]
    """Per way with prices: how many people were left waiting though a contract had room, and for how many weeks in all."""
    unsolved: int
    """Sampled futures that came to no prices."""
    wrong: tuple[str, ...]

    @property
    def closed(self) -> dict[str, float]:
        """Per way but the cascade: how much of what hindsight could have spared is spared."""
        gap = self.unmet[CASCADE] - self.unmet[HINDSIGHT]
        return {way: (self.unmet[CASCADE] - self.unmet[way]) / gap if gap > 0 else 0.0 for way in PLAYED[1:]}

    def cells(self) -> list[str]:
        """As ``HEADINGS`` has them."""
        unmet = [f"{self.unmet[way]:.1f}" for way in (*PLAYED, HINDSIGHT)]
        shares = [f"{100 * self.asked_of_room:.1f}", f"{100 * self.unmet[CASCADE] / self.demand:.1f}"]
        waited = [str(self.made_to_wait[way][0]) for way in MAY_WAIT]
        return [str(self.number), self.kind, str(self.people), str(self.contracts), *shares, *unmet, *waited]


def compared(asked: Asked, number: int, _: Callable[[], bool]) -> Compared:
    """The county of a number."""
    return of_case(case(asked.seed, number), asked)


def of_case(one: Case, asked: Asked) -> Compared:
    """Every way, each checked, then the bound."""
    course = Course(one.snapshot, one.given, asked.weeks, seed=one.number)
    futures = Futures(course, asked.futures, asked.ahead)
    priced = {way: Priced(futures, waits) for way, waits in PRICED.items()}
    made, wrong = dict[str, PlayedDraw](), list[str]()
    for way in PLAYED:
        play = replace(course, decide=OPTIMISER if way == ENGINE else CASCADE).begun(0, logged=True)
        if way in priced:
            play.decide = priced[way]
        made[way] = play.to_the_end()
        wrong += [f"county {one.number}, {way}: {each}" for each in course.wrong(play, made[way])]
    unmet = {way: _sum(made[way], "unmet_minutes") for way in PLAYED}
    fresh = course.begun(0)
    unmet[HINDSIGHT] = max(0.0, hindsight(course, fresh.drawn, fresh.replies).minutes / 60)
    wrong += [
        f"county {one.number}: {way} comes below the bound, which is none then"
        for way in PLAYED
        if unmet[way] < unmet[HINDSIGHT] - ROUNDING_HOURS
    ]
    county = course.ground.county
    waited = {way: (len(each.made_to_wait), each.weeks_made_to_wait) for way, each in priced.items()}
    return Compared(
        one.number, one.kind, len(county.packages), len(county.contracts), one.asked_of_room,
        _sum(made[CASCADE], "demand_minutes"), unmet, waited, futures.unsolved, tuple(wrong),
    )  # fmt: skip


def _sum(made: PlayedDraw, figure: str) -> float:
    """Hours at the end of every week but the first day's, summed."""
    return float(made.figures[1:, -1, AT[figure]].sum()) / 60


def lines(found: Sequence[Compared]) -> Iterator[str]:
    """The table, and what it comes to."""
    rows = [
        [heading.replace("_unmet_hours", "").replace("_people_made_to_wait", ": people") for heading in HEADINGS],
        *(each.cells() for each in found),
    ]
    widths = [max(len(row[place]) for row in rows) for place in range(len(HEADINGS))]
    for row in rows:
        yield "  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True))
    yield from _totals(found)


def _totals(found: Sequence[Compared]) -> Iterator[str]:
    total = {way: sum(each.unmet[way] for each in found) for way in (*PLAYED, HINDSIGHT)}
    gap = total[CASCADE] - total[HINDSIGHT]
    yield ""
    yield f"{'way':16} {'unmet hours':>12} {'of the gap':>11} {'median':>8} {'worst':>8} {'better':>7} {'worse':>6}"
    for way in (*PLAYED, HINDSIGHT):
        line = f"{way:16} {total[way]:12,.0f}"
        if way in PLAYED[1:]:
            parts = [each.closed[way] for each in found]
            better, worse = _counts(found, way)
            closed = (total[CASCADE] - total[way]) / gap if gap > 0 else 0.0
            line += f" {closed:11.1%} {median(parts):8.1%} {min(parts):8.1%} {better:7} {worse:6}"
        yield line
    unmet = [each.unmet[CASCADE] / each.demand for each in found]
    asked = [each.asked_of_room for each in found]
    yield ""
    yield f"Asked for at first, of the contracts' hours: {min(asked):.1%} to {max(asked):.1%}, median {median(asked):.1%}."
    yield f"Unmet by the cascade, of all hours asked for: {min(unmet):.1%} to {max(unmet):.1%}, median {median(unmet):.1%}."
    for way in PRICED:
        people, weeks = (sum(each.made_to_wait[way][place] for each in found) for place in (0, 1))
        yield f"{way}: {people:,} people made to wait though a contract had room, for {weeks:,} weeks in all."
    if unsolved := sum(each.unsolved for each in found):
        yield f"{unsolved:,} sampled futures came to no prices, and were counted as if hours were free in them."


def _counts(found: Iterable[Compared], way: str) -> tuple[int, int]:
    """In how many counties fewer hours wait than by the cascade, and in how many more."""
    pairs = [(each.unmet[way], each.unmet[CASCADE]) for each in found]
    return sum(one < other for one, other in pairs), sum(one > other for one, other in pairs)
