"""What a provider's return says and for how long it counts. No rule, no plan and no ranking reads any of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from api.state.state import State
from api.state.stored_records import CAPACITY_RETURNS, Body
from optimiser.domain.dates import days_after
from optimiser.domain.records import Provider
from optimiser.nightly.watch import LapsedReturn

Json = dict[str, Any]
WHEN = {
    "morning": "mornings",
    "midday": "middays",
    "afternoon": "afternoons",
    "evening": "evenings",
    "night": "nights",
}
"""The parts of the day, as a broadcast has them, in words."""


@dataclass(frozen=True, order=True)
class FreeHours:
    """Some free hours. Empty ``area_id`` or ``part_of_day``: it did not say which; no ``free_from``: now."""

    area_id: str
    part_of_day: str
    free_from: str
    minutes_per_week: int

    @property
    def place(self) -> tuple[str, str, str]:
        return self.area_id, self.part_of_day, self.free_from


def lines_of(body: Body) -> list[FreeHours]:
    """The lines of a return, in their order."""
    return [FreeHours(**each) for each in body["lines"]]


def told_on(body: Body) -> dt.date:
    return dt.date.fromisoformat(body["told_on"])


def counts_until(state: State, body: Body) -> dt.date:
    """The first day on which a return no longer counts: then its provider is asked again."""
    return days_after(told_on(body), state.snapshot.procurement.capacity_return_days)


def has_lapsed(state: State, body: Body) -> bool:
    """Whether the provider is to be asked again."""
    return counts_until(state, body) <= state.as_of


def returns(state: State) -> Iterator[Body]:
    """Those of providers that are still there, by provider."""
    for provider_id in sorted(state.stock[CAPACITY_RETURNS]):
        if state.get("providers", provider_id) is not None:
            yield state.stock[CAPACITY_RETURNS][provider_id].body


def lapsed_returns(state: State) -> tuple[LapsedReturn, ...]:
    """Providers to be asked again, whoever told longest ago first; none that has ended."""
    found = []
    for body in returns(state):
        provider: Provider = state.stock["providers"][body["provider_id"]].record
        if has_lapsed(state, body) and (provider.ends is None or provider.ends > state.as_of):
            found.append(LapsedReturn(provider.provider_id, provider.name, told_on(body), counts_until(state, body)))
    return tuple(sorted(found, key=lambda each: (each.told_on, each.provider_id)))


def return_json(state: State, body: Body) -> Json:
    """A return as it is answered."""
    return {
        **{name: body[name] for name in ("provider_id", "told_on", "said_by", "how", "source", "recorded_by", "recorded_at")},
        "provider": state.stock["providers"][body["provider_id"]].record.name,
        "counts_until": counts_until(state, body).isoformat(),
        "ask_again": has_lapsed(state, body),
        "free": [
            {
                "area_id": each.area_id or None,
                "part_of_day": each.part_of_day or None,
                "hours_per_week": each.minutes_per_week / 60,
                "free_from": each.free_from or None,
            }
            for each in lines_of(body)
        ],
        "says": sentence(state, body, lines_of(body)),
    }


def beside_the_cascade(state: State, area_id: str, provider_ids: Iterable[str]) -> list[Json]:
    """What providers have told of an area, and what they have told without an area, as far as it still counts; by provider."""
    found = []
    for provider_id in sorted(set(provider_ids)):
        stored = state.get(CAPACITY_RETURNS, provider_id)
        if stored is None or has_lapsed(state, stored.body):
            continue
        here = [each for each in lines_of(stored.body) if each.area_id in ("", area_id)]
        until = counts_until(state, stored.body).isoformat()
        said = sentence(state, stored.body, here, elsewhere=len(here) < len(stored.body["lines"]))
        found.append({"provider_id": provider_id, "told_on": stored.body["told_on"], "counts_until": until, "says": said})
    return found


def sentence(state: State, body: Body, lines: Sequence[FreeHours], *, elsewhere: bool = False) -> str:
    """``told 3 days ago: 12 h, mornings, A1``. ``elsewhere``: other lines are left out."""
    free = [_line(state, each) for each in lines if each.minutes_per_week]
    nothing = "no free hours here" if elsewhere else "no free hours"
    return f"told {_ago((state.as_of - told_on(body)).days)}: {'; '.join(free) or nothing}"


def _line(state: State, line: FreeHours) -> str:
    later = f"from {line.free_from}" if line.free_from > state.as_of.isoformat() else ""
    parts = (f"{line.minutes_per_week / 60:g} h", WHEN.get(line.part_of_day, ""), line.area_id, later)
    return ", ".join(filter(None, parts))


def _ago(days: int) -> str:
    return ("today", "yesterday")[days] if 0 <= days < 2 else f"{days} days ago"
