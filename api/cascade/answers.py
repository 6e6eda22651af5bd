"""The cascade of one package as its answer: whom to ask now, with the estimates, what stands in the others' way, and fits."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import orjson

from api.capacity_returns.told_hours import beside_the_cascade
from api.cascade.fitting_room import Provenance, Told
from api.meanwhile.alerting import standing_of
from api.meanwhile.answers import choosing_json
from api.offers.asking import own_limits
from api.offers.eligibility import Candidate, asked_with, candidates, name_of, next_step
from api.rights.open_requests import open_objections
from api.settings import Settings
from api.state.state import State
from optimiser.county import NOWHERE
from optimiser.domain.words import MINUTES_PER_HOUR_4W as FOUR_WEEK_HOUR
from optimiser.domain.words import hours_per_4w_in_words as hours
from optimiser.domain.words import pounds
from optimiser.explaining.area_figures import bars_new_work, room_in_words
from optimiser.explaining.wishes import Wish, wishes_of
from optimiser.geography.grid import METRES_PER_MILE


@dataclass
class _Told:
    """Per contract a candidate as it was told, without its place: told again in the same words while it is the very same."""

    found: dict[int, tuple[Candidate, bytes]] = field(default_factory=dict)

    def without(self, contracts: Collection[int]) -> _Told:
        return _Told({contract: each for contract, each in self.found.items() if contract not in contracts})


def cascade_body(state: State, package_id: str, settings: Settings) -> bytes:
    """The answer for a known package, made once for a version of the county."""
    key = ("cascade", package_id, settings.framework_asked)
    if key not in state.bodies:
        with state.memory.lock:
            if key not in state.bodies:
                state.bodies[key] = _cascade(state, state.county.package_index[package_id], settings)
    return state.bodies[key]


def made_already(state: State, package_id: str, settings: Settings) -> bytes | None:
    """The same, where it was made before."""
    return state.bodies.get(("cascade", package_id, settings.framework_asked))


def _cascade(state: State, package: int, settings: Settings) -> bytes:
    found, told = candidates(state, package), state.memory.of(_Told, package)
    places: list[tuple[bytes, bytes]] = []
    others: list[bytes] = []
    for candidate in found:
        contract = candidate.place.contract
        if contract not in told.found or told.found[contract][0] is not candidate:
            told.found[contract] = candidate, orjson.dumps(_candidate(state, package, candidate))
        if _is_place(candidate):
            places.append((_more(state, candidate), told.found[contract][1]))
        else:
            others.append(told.found[contract][1])
    numbered = [b'{"place":%d,%b,%b}' % (at, place[1:-1], more) for at, (more, place) in enumerate(places, start=1)]
    head = orjson.dumps(_head(state, package, found, settings))
    return b'%b,"places":[%b],"others":[%b]}' % (head[:-1], b",".join(numbered), b",".join(others))


def _more(state: State, candidate: Candidate) -> bytes:
    """What the council pays more for this care, as a member of a place: it rests on all that the contract delivers today."""
    cost = candidate.place.cost_pence
    delivered, guaranteed = state.guaranteed.get(candidate.place.contract, (0, 0))
    more = max(delivered + cost, guaranteed) - max(delivered, guaranteed)
    said = None if more == cost else COSTS_NOTHING if not more else COSTS_LESS
    return orjson.dumps({"more_weekly_cost_gbp": pounds(more), "guarantee": said})[1:-1]


COSTS_NOTHING = "The contract delivers less than is guaranteed and paid for: this care costs nothing more."
COSTS_LESS = "A part of this care lies below what is guaranteed and paid for already."


def _is_place(candidate: Candidate) -> bool:
    return candidate.may_be_asked or candidate.asked


def _candidate(state: State, package: int, candidate: Candidate) -> dict[str, Any]:
    return _place(state, package, candidate) if _is_place(candidate) else _other(state, package, candidate)


def _head(state: State, package: int, found: list[Candidate], settings: Settings) -> dict[str, Any]:
    county, person = state.county, state.county.packages[package]
    situation = state.situation_of(package)
    waiting = any(candidate.asked for candidate in found)
    step = next_step(found, settings.framework_asked) if situation == "waiting" and not waiting else []
    now_on = state.entry.contracts[package]
    safe = None if situation != "waiting" or step else standing_of(state, person.package_id)
    return {
        "package_id": person.package_id,
        "as_of": state.as_of.isoformat(),
        "county_version": state.version,
        "area_id": person.area_id,
        "situation": situation,
        "contract_id": None if now_on is None else county.contracts[now_on].contract_id,
        "priority": person.priority,
        "start_by": None if person.start_by is None else person.start_by.isoformat(),
        "hours_per_week": person.minutes_per_week / 60,
        "band": int(county.band[package]),
        "next_step": {"name": name_of(step), "contract_ids": [_id(state, candidate) for candidate in step]},
        "choosing": None if safe is None else choosing_json(state, settings, safe),
        "asked_with": [county.packages[other].package_id for other in asked_with(state, package)],
        "objections": [
            {name: body[name] for name in ("request_id", "said", "recorded_at")}
            for body in open_objections(state, person.package_id)
        ],
        "capacity_told": beside_the_cascade(
            state, person.area_id, [county.provider(candidate.place.contract).provider_id for candidate in found]
        ),
        "contracts_of_other_areas": len(county.contracts) - len(found) - int(county.running_on[package] != NOWHERE),
        "wishes": [_wish(each) for each in wishes_of(county, package, [c.place.contract for c in found if _is_place(c)])],
    }


def _wish(wish: Wish) -> dict[str, Any]:
    return {
        "wish": wish.wish,
        "wanted": wish.wanted,
        "granted": [{"contract_id": contract_id, "granted": said} for contract_id, said in wish.granted],
        "lengthens_the_wait": wish.lengthens_the_wait or None,
    }


def _id(state: State, candidate: Candidate) -> str:
    return state.county.contracts[candidate.place.contract].contract_id


def _place(state: State, package: int, candidate: Candidate) -> dict[str, Any]:
    county, place = state.county, candidate.place
    provider = int(county.provider_of[place.contract])
    rooms = [(_room(state, package, finding.measured, limit.whole_minutes), finding.rule) for finding, limit in candidate.limits]
    least = min(rooms, default=None)
    return {
        "contract_id": _id(state, candidate),
        "provider_id": county.providers[provider].provider_id,
        "provider": county.providers[provider].name,
        "tier": place.tier,
        "asked": candidate.asked,
        "previous_provider": candidate.previous,
        "over_upper_edge": place.over_upper_edge,
        "headroom_hours_4w": None if least is None else round(least[0] / FOUR_WEEK_HOUR, 2),
        "headroom_under": None if least is None else least[1],
        "band": int(county.band[package]),
        "rate_gbp": pounds(county.rates_pence(place.contract, county.start_of(package))[county.band[package] - 1]),
        "weekly_cost_gbp": pounds(place.cost_pence),
        "metres": place.metres,
        "office_miles": round(float(county.office_metres[package, provider]) / METRES_PER_MILE, 2),
        "below_part_minutes": round(float(place.below_part_minutes), 2),
        "reason": _reason(state, package, candidate),
    }


def _room(state: State, package: int, measured: Any, limit: int) -> int:
    """What is free before this package takes its hours."""
    return limit - int(measured or 0) + state.county.packages[package].minutes_per_week


def _reason(state: State, package: int, candidate: Candidate) -> str:
    place, person = candidate.place, state.county.packages[package]
    if candidate.previous:
        return f"It gave this care before and keeps the hours until {person.held_until}: it is asked first."
    if place.over_upper_edge:
        edge = state.cascade.upper_edge_minutes(place.contract) or 0
        would = state.cascade.minutes[place.contract]
        would += person.minutes_per_week if state.entry.contracts[package] != place.contract else 0
        return (
            f"The principal would hold {hours(would)}, above the upper edge of its share, {hours(edge)}:"
            " it is asked after the framework."
        )
    if place.tier == "principal":
        return "The principal of the area is asked first."
    if place.tier == "framework":
        below = place.below_part_minutes
        where = "just at" if not below else f"{hours(below)} below" if below > 0 else f"{hours(-below)} above"
        return f"Framework of the area, {where} its part of the framework's hours."
    return "Legacy framework, by exception: asked when neither the principal nor the framework can take it."


def _other(state: State, package: int, candidate: Candidate) -> dict[str, Any]:
    county, place = state.county, candidate.place
    provider = county.provider(place.contract)
    least = min(
        (_room(state, package, finding.measured, limit.whole_minutes) for finding, limit in candidate.limits), default=None
    )
    hours = None if least is None else f"{max(least, 0) / FOUR_WEEK_HOUR:.2f}"
    return {
        "contract_id": _id(state, candidate),
        "provider_id": provider.provider_id,
        "provider": provider.name,
        "tier": place.tier,
        "room": room_in_words(hours, bars_new_work(county, state.rules, place.contract)),
        "barred_by": _barred_by(state, {finding.rule for finding in candidate.failed}),
        "failed": [
            {"rule": f.rule, "measured": f.measured, "limit": f.limit, "unit": f.unit, "sentence": f.sentence}
            for f in candidate.failed
        ],
    }


def _barred_by(state: State, failed: set[str]) -> str:
    """What is in the way: the limit that the provider sets itself alone, what running care needs to move alone, or rules."""
    if failed <= own_limits(state):
        return "own_limit"
    moving = {rule.name for rule in state.eligibility_rules if rule.running_only}
    return "decision" if failed <= moving else "rules"


NOT_KNOWN: dict[str, Any] = {
    "outcome": "not_known", "extra_minutes_per_week": None, "round_ids": [], "visits_later": None, "visits_without_room": None,
}  # fmt: skip


def with_fits(body: dict[str, Any], told: Mapping[str, Told], provenance: Provenance | None) -> bytes:
    """``body``: the cascade as it is without; its order, and who is asked, stay as they are."""
    rounds = None if provenance is None else asdict(provenance)
    for place in body["places"]:
        place["fit"] = _fit(told.get(place["provider_id"]))
    return orjson.dumps({**body, "rounds": rounds})


def _fit(told: Told | None) -> dict[str, Any]:
    if told is None:
        return NOT_KNOWN
    fits = not told.without_room
    return {
        "outcome": "fits" if fits else "no_fit_found",
        "extra_minutes_per_week": told.extra_minutes if fits else None,
        "round_ids": told.round_ids if fits else [],
        "visits_later": told.visits_later if fits else None,
        "visits_without_room": told.without_room,
    }
