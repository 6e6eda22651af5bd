"""Questions that are asked often, each with its horizon and what it changes of the rates and dates given: the result says it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from optimiser.domain.dates import days_after
from optimiser.domain.snapshot import Snapshot
from optimiser.forecasting.answers_record import CannotForecastError
from optimiser.forecasting.rates_given import Given, Season

LEGACY_ENDS = dt.date(2029, 4, 1)
"""The legacy framework continues to 2029; beyond that nothing is decided (briefing)."""
AFTER_LEGACY = dt.date(2029, 7, 1)
WINTER = Season((12, 1), (3, 1), arrivals=1.1, hospital=1.5, decline=1.25)
"""Our judgement, not measured: more is asked for, more people go to hospital, and providers say no more often."""
GO_LIVE_WEEKS = 26
TURNOVER_WEEKS = 104


@dataclass(frozen=True)
class Preset:
    """``until``: the last day unless another is given; ``changed``: the county and the rates that are played."""

    question: str
    said: str
    """What it changes, in words."""
    until: Callable[[Snapshot], dt.date]
    changed: Callable[[Snapshot, Given], tuple[Snapshot, Given]]


def _legacy_ends(snapshot: Snapshot, given: Given) -> tuple[Snapshot, Given]:
    contracts = tuple(
        replace(each, ends=LEGACY_ENDS)
        if each.tier == "legacy"
        and (each.ends is None or each.ends > LEGACY_ENDS)
        and not (each.starts and each.starts >= LEGACY_ENDS)
        else each
        for each in snapshot.contracts
    )
    return replace(snapshot, contracts=contracts), given


def _winter(snapshot: Snapshot, given: Given) -> tuple[Snapshot, Given]:
    return snapshot, given if given.seasons else replace(given, seasons=(WINTER,))


def _after_winter(snapshot: Snapshot) -> dt.date:
    spring = dt.date(snapshot.as_of.year, *WINTER.until)
    return spring if spring >= days_after(snapshot.as_of, 56) else spring.replace(year=spring.year + 1)


def _last_go_live(snapshot: Snapshot) -> dt.date:
    to_come = [area.go_live for area in snapshot.areas if area.go_live and area.go_live > snapshot.as_of]
    if not to_come:
        raise CannotForecastError(
            "no area goes live after the day of the snapshot: give go_live dates in areas.geojson, or --until"
        )
    return days_after(max(to_come), 7 * GO_LIVE_WEEKS)


def _turnover_alone(snapshot: Snapshot, given: Given) -> tuple[Snapshot, Given]:
    providers = {name: replace(each, fails_on=None, fails_per_year=0.0, restricted_per_year=0.0)
                 for name, each in given.providers.items()}  # fmt: skip
    return snapshot, replace(
        given, changes_per_week=0.0, hospital_per_week=0.0, fails_per_year=0.0, restricted_per_year=0.0, seasons=(),
        providers=providers,
    )  # fmt: skip


PRESETS: Mapping[str, Preset] = {
    "legacy-2029": Preset(
        "What happens when the legacy framework ends?",
        f"Every legacy contract ends by {LEGACY_ENDS}. Care that runs under one then stays where it is, and is counted as under a"
        " contract that has ended; nobody new is placed there.",
        lambda _snapshot: AFTER_LEGACY,
        _legacy_ends,
    ),
    "winter": Preset(
        "How much slack does the winter need?",
        f"From 1 December up to 1 March {WINTER.arrivals} times as many people are asked for, {WINTER.hospital} times as many"
        f" go to"
        f" hospital and providers decline {WINTER.decline} times as often (a judgement, not measured), unless the rates given"
        f" have"
        " seasons of their own.",
        _after_winter,
        _winter,
    ),
    "go-live": Preset(
        "What happens as the next areas go live?",
        f"Played to {GO_LIVE_WEEKS} weeks after the last go-live date; nothing else is changed.",
        _last_go_live,
        lambda snapshot, given: (snapshot, given),
    ),
    "turnover-alone": Preset(
        "When does an area reach its share by new care alone?",
        "People are asked for and needs end, and nothing else happens: no changes of need, no hospital, no failures, no"
        " restrictions.",
        lambda snapshot: days_after(snapshot.as_of, 7 * TURNOVER_WEEKS),
        _turnover_alone,
    ),
}
