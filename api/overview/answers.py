"""Areas as they are today: shares, headroom, guarantees, who is waiting; and what of it a viewer sees."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

import orjson

from api.state.state import State
from api.state.stored_records import Stored
from optimiser.domain.dates import days_after
from optimiser.domain.records import USUAL_TIERS, Contract
from optimiser.explaining.area_figures import KEPT_ELSEWHERE, AreaFigures, bars_new_work, room_in_words
from optimiser.io.record_cells import EXTRA
from optimiser.io.validating_contracts import MIN_FRAMEWORK

DECLINES_DAYS = 28
"""Declines are counted over one four-week period, as contracts are."""

NOT_ASKED = "nothing is in the way: it has not been asked"
"""Said of the county as it stands, where no plan has kept anything anywhere."""

PARTS = ("other", "legacy", "framework", "principal", "unmet", "pending")
"""Where an area's people are; in the order in which figures are withheld beside one that is too small.

``other``: with a specialist or a provider of last resort; told where the county has contracts of theirs.
"""
COUNTED_IN = ("unmet", "pending", "other", "legacy", "framework", "principal")
"""In which part somebody is counted whose care is divided and stands in several: the first of these."""

UNSEEN = ("contracts", "extra")
"""What no viewer sees."""

Json = dict[str, Any]


NOT_ASKED_NOW = "not asked now"
"""Said of whoever is barred from new work to roles that may not see restrictions."""


def area_bodies(state: State, *, restrictions: bool) -> list[bytes]:
    """Every area's answer, in the order of their ids. ``restrictions``: as of ``area_body``."""
    return [area_body(state, area, restrictions=restrictions) for area in range(len(state.snapshot.areas))]


def area_body(state: State, area: int, *, restrictions: bool) -> bytes:
    """The answer of one area, by its place among them.

    ``restrictions``: whether it is told why somebody is barred from new work, and since when.
    """
    key = ("areas", restrictions, area)
    if key not in state.bodies:
        view = _view(state, figures_of(state).of(area))
        state.bodies[key] = orjson.dumps(view if restrictions else _without_restrictions(state, view))
    return state.bodies[key]


def area_views(state: State) -> list[Json]:
    """Every area with all that may be told of it, in the order of their ids."""
    return [_view(state, figures_of(state).of(area)) for area in range(len(state.snapshot.areas))]


def figures_of(state: State) -> AreaFigures:
    """The figures of areas and contracts as everybody stands."""
    return state.once("area_figures", lambda: AreaFigures(state.county, state.rules, state.standing_plan))


def _without_restrictions(state: State, view: Mapping[str, Any]) -> Json:
    """The same without why somebody is barred from new work, and since when."""
    hidden: Mapping[str, str] = {}
    contracts = []
    for contract in view["contracts"]:
        shown, barring = without_restriction(state, contract)
        contracts.append(shown)
        if view["principal"] is not None and contract["contract_id"] == view["principal"]["contract_id"]:
            hidden = barring
    shown_area: Json = dict(view) | {"contracts": contracts}
    if hidden:
        shown_area["principal"] = view["principal"] | {
            "why_short": [_reworded(line, hidden) for line in view["principal"]["why_short"]]
        }
    return shown_area


def without_restriction(state: State, contract: Json) -> tuple[Json, Mapping[str, str]]:
    """A contract's figures without why new work is barred on it; and per such reason what it is called where it is in the way."""
    index = state.county.contract_index[contract["contract_id"]]
    barring = {said: rule.in_the_way() for rule in state.rules.eligibility if (said := rule.bars_new_work(state.county, index))}
    hides = {"headroom_set_by": NOT_ASKED_NOW, "room": room_in_words(None, NOT_ASKED_NOW)}
    return contract | (hides if barring else {}), barring


def _reworded(line: str, hidden: Mapping[str, str]) -> str:
    for words in (*hidden, *hidden.values()):
        line = line.replace(words, NOT_ASKED_NOW)
    return line


def for_viewers(view: Mapping[str, Any], smallest: int) -> Json:
    """What a viewer sees of an area: no contracts, no reasons, no figures of few people or that tell them."""
    shown: Json = dict(view) | dict.fromkeys(UNSEEN)
    told = [part for part in PARTS if view.get(f"{part}_people") is not None]
    hidden, total = withheld({part: view[f"{part}_people"] for part in told}, smallest)
    gone = [f"{part}_{figure}" for part in sorted(hidden) for figure in ("people", "hours_4w")]
    if total:
        gone += ["people", "demand_hours_4w", "weekly_cost_gbp"]
    shown |= dict.fromkeys(gone)
    if view["principal"] is not None:
        own = _principal_for_viewers(view["principal"], "principal" in hidden, smallest)
        shown["principal"] = own
        gone += [f"principal.{name}" for name, value in own.items() if value is None and view["principal"][name] is not None]
    return shown | {"withheld": [*UNSEEN, *gone]}


def _principal_for_viewers(principal: Mapping[str, Any], hidden: bool, smallest: int) -> Json:
    shown: Json = dict(principal) | {"why_short": None}
    if hidden:
        shown |= dict.fromkeys(("share", "guarantee_used", "due_first_hours_4w", "short_hours_4w"))
    if principal["declines_below_guarantee"] is not None and principal["declines_below_guarantee"] < smallest:
        shown["declines_below_guarantee"] = None
    return shown


def _view(state: State, figures: Mapping[str, Any]) -> Json:
    area = state.snapshot.areas[state.county.area_of[figures["area_id"]]]
    people, minutes = where_people_are(state, area.area_id)
    framework = _framework_providers(state, area.area_id)
    contracts = [in_numbers(state, contract) for contract in figures["contracts"]]
    return {
        "area_id": area.area_id,
        "name": area.name,
        "region": area.region,
        "go_live": area.go_live.isoformat() if area.go_live else None,
        "go_live_planned": area.go_live_planned.isoformat() if area.go_live_planned else None,
        "live": figures["live"],
        "day_close": None,
        "people": figures["people"],
        **{f"{part}_people": people[part] for part in sorted(PARTS)},
        "demand_hours_4w": _number(figures["demand_hours_4w"]),
        **{f"{part}_hours_4w": None if (own := minutes[part]) is None else float(Fraction(own, 15)) for part in sorted(PARTS)},
        "weekly_cost_gbp": _number(figures["weekly_cost_gbp"]),
        "framework_providers": framework,
        "framework_below_three": figures["live"] and framework < MIN_FRAMEWORK,
        "principal": None if figures["principal"] is None else _principal(state, figures["principal"], contracts),
        "contracts": contracts,
        "extra": state.stock["areas"][area.area_id].body.get(EXTRA, {}),
        "withheld": [],
    }


Counts = dict[str, int | None]
"""Per part a number; None for one that is not told."""


def where_people_are(state: State, area_id: str) -> tuple[Counts, Counts]:
    """People and minutes a week by the tier that has them, unmet and pending. Whose care is divided is counted in one part."""
    minutes = dict.fromkeys(PARTS, 0)
    found: dict[str, str] = {}
    for index in state.county.packages_of_area.get(area_id, ()):
        package = state.county.packages[index]
        contract = state.standing_plan.plan.contracts[index]
        if contract is not None:
            tier = state.county.contracts[contract].tier
            part: str = tier if tier in USUAL_TIERS else "other"
        else:
            part = "pending" if package.package_id in state.county.offers_in_force.pending else "unmet"
        minutes[part] += package.minutes_per_week
        person = package.part_of or package.package_id
        found[person] = min(part, found.get(person, part), key=COUNTED_IN.index)
    people, has_others = Counter(found.values()), any(c.tier not in USUAL_TIERS for c in state.county.contracts)
    told = [part for part in PARTS if has_others or part != "other"]
    none: Counts = dict.fromkeys(PARTS)
    return none | {part: people[part] for part in told}, none | {part: minutes[part] for part in told}


def _framework_providers(state: State, area_id: str) -> int:
    return len({c.provider_id for c in state.snapshot.contracts if _is_framework(c, area_id) and c.in_force(state.as_of)})


def _is_framework(contract: Contract, area_id: str) -> bool:
    return contract.tier == "framework" and contract.area_id == area_id


def _principal(state: State, principal: Mapping[str, Any], contracts: list[Json]) -> Json:
    own = next(contract for contract in contracts if contract["contract_id"] == principal["contract_id"])
    used = own["guarantee_used"]
    return {
        "contract_id": principal["contract_id"],
        "share": _number(principal["share"]),
        "guarantee_used": used,
        "declines_below_guarantee": None if used is None else _declines(state, principal["contract_id"]) if used < 1 else 0,
        "due_first_hours_4w": _number(principal["due_first_hours_4w"]),
        "short_hours_4w": _number(principal["short_hours_4w"]),
        "why_short": [each.replace(KEPT_ELSEWHERE, NOT_ASKED) for each in principal["why_short"]],
    }


def _declines(state: State, contract_id: str) -> int:
    """How often a contract was declined lately."""
    return sum(stored.record.contract_id == contract_id for stored in declined_lately(state))


def declined_lately(state: State) -> Iterator[Stored]:
    """The offers declined within ``DECLINES_DAYS``, those included that stand no more since the needs have changed."""
    return (stored for stored in state.stock["offers"].values() if is_declined_lately(stored, state.as_of))


def is_declined_lately(offer: Stored, as_of: dt.date) -> bool:
    declined = "declined" in (offer.record.response, offer.body.get("superseded_response"))
    return declined and days_after(as_of, -DECLINES_DAYS) < offer.record.day <= as_of


def _room(state: State, contract: Mapping[str, Any]) -> str:
    index = state.county.contract_index[contract["contract_id"]]
    return room_in_words(contract["headroom_hours_4w"], bars_new_work(state.county, state.rules, index))


NUMBERS = ("hours_4w", "share_of_area", "headroom_hours_4w", "guarantee_used", "weekly_cost_gbp")


def in_numbers(state: State, contract: Mapping[str, Any]) -> Json:
    """A contract's figures of a report as numbers, with its room in words; without its area, which is told where it stands."""
    own = {name: value for name, value in contract.items() if name != "area_id"}
    return own | {name: _number(own[name]) for name in NUMBERS} | {"room": _room(state, contract)}


def _number(text: str | None) -> float | None:
    """A figure of a report as a number."""
    return None if text is None else float(text)


def withheld(parts: Mapping[str, int], smallest: int) -> tuple[frozenset[str], bool]:
    """The names of the parts that a viewer is not shown, and whether their total is not shown either.

    So that nobody can be picked out of an area's figures, a count under the limit is withheld, zero included. The parts of a
    total add up to it, so what is withheld could be worked out from what is shown. Further counts are therefore withheld until at
    least two are, and together they hold too many people to be small each. Which go first is fixed: a choice by size would tell
    sizes. A test tries every small area.

    ``parts`` in the order in which further ones are withheld; ``smallest``: counts under it are not shown (5: "fewer than 5").
    """
    hidden = {name for name, count in parts.items() if count < smallest}
    if not hidden:
        return frozenset(), False
    enough = len(parts) * smallest
    shown = [name for name in parts if name not in hidden]
    while shown and (len(hidden) < 2 or _people(parts, hidden) < enough):
        hidden.add(shown.pop(0))
    return frozenset(hidden), _people(parts, hidden) < enough


def _people(parts: Mapping[str, int], names: set[str]) -> int:
    return sum(parts[name] for name in names)
