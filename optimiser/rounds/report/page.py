"""Rounds as one page that opens offline: the figures, and a map per round."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from optimiser.domain.rounds_plan import RoundsPlan
from optimiser.domain.snapshot import Snapshot
from optimiser.domain.words import rounded
from optimiser.io.pages import page_of
from optimiser.rounds.report.drawn_rounds import drawn_rounds
from optimiser.rounds.report.geojson import COARSE, PERSONAL
from optimiser.rounds.report.maps import Maps
from optimiser.rounds.report.times import time_on_page
from optimiser.rounds.report.visits_left import by_bar, by_visit

DAY_NAMES = {"mon": "Monday", "tue": "Tuesday", "wed": "Wednesday", "thu": "Thursday", "fri": "Friday", "sat": "Saturday",
             "sun": "Sunday"}  # fmt: skip


def rounds_page(plan: RoundsPlan, snapshot: Snapshot, figures: Sequence[tuple[str, str]], *, exact: bool) -> bytes:
    """``rounds.html``: nothing fetched from anywhere, every text escaped. ``figures``: what is said of all rounds, and its value.

    Unless ``exact``, places are kilometre squares and there are no ids and no times; an exact page says that it is personal data.
    """
    drawn = drawn_rounds(plan, snapshot, exact=exact)
    maps = Maps(snapshot)
    providers = []
    for name, group in groupby(drawn, key=lambda each: each.provider):
        own = list(group)
        providers.append((name, maps.of_rounds(own), [(each, maps.of_round(each)) for each in own]))
    values = {
        "title": snapshot.title,
        "as_of": snapshot.as_of,
        "exact": exact,
        "privacy": PERSONAL if exact else COARSE,
        "figures": figures,
        "travel": plan.travel,
        "providers": providers,
        "unserved": len(plan.unserved),
        "bars": by_bar(plan.unserved),
        "not_planned": by_visit(plan.unserved) if exact else [],
        "outlines": maps.outlines,
        "day_names": DAY_NAMES,
    }
    return page_of("optimiser.rounds.report", "rounds.html.j2", values, clock=time_on_page, hours=_hours, kilometres=_kilometres)


def _hours(minutes: int) -> str:
    return rounded(minutes / 60, 1)


def _kilometres(metres: int) -> str:
    return rounded(metres / 1000)
