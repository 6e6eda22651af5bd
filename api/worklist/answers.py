"""Who waits, in the order in which it matters: four groups, and in each first whoever may not be safe until care begins."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from operator import itemgetter
from typing import Any

from api.claims.who_works import working_json
from api.http.conversion import json_of
from api.http.paging import Key
from api.meanwhile.alerting import all_standings
from api.offers.eligibility import candidates, name_of, next_step
from api.offers.going_together import has_agreed
from api.offers.lapsing import expires_at
from api.offers.own_yes import put_forward, said_in
from api.packages.answers import FIRST, is_overdue, turn_of
from api.settings import Settings
from api.state.state import State
from api.state.stored_records import Stored
from optimiser.domain.dates import wall_clock
from optimiser.domain.records import Package
from optimiser.judging.safe_meanwhile import Standing

GROUPS = ("late_first", "first", "late", "others")
Json = dict[str, Any]


def group_of(package: Package, state: State) -> str:
    """The group that somebody stands in."""
    late = is_overdue(package, state.as_of)
    if package.priority in FIRST:
        return "late_first" if late else "first"
    return "late" if late else "others"


def key_of(package: Package, state: State, standings: Mapping[str, Standing]) -> Key:
    """By group; in it whoever may not be safe first, then by priority, start and id."""
    standing = standings.get(package.package_id)
    in_order = 1 if standing is None or standing.is_in_order else 0
    return GROUPS.index(group_of(package, state)), in_order, *turn_of(package)


def situation_of(state: State, package: Package) -> str:
    return state.situation_of(state.county.package_index[package.package_id])


def not_begun(state: State) -> list[Package]:
    """Everybody whose care has not begun."""
    return [package for package in state.county.packages if package.status == "new"]


TO_DO = ("waiting", "pending")
"""The situations in which something is to be done."""


def in_order(state: State, is_wanted: Callable[[Package], bool]) -> list[tuple[Key, Package]]:
    """Whoever is wanted of those whose care has not begun, each with where it stands, first whoever comes first."""
    standings = all_standings(state)
    found = [(key_of(package, state, standings), package) for package in not_begun(state) if is_wanted(package)]
    return sorted(found, key=itemgetter(0))


def page_json(
    state: State, settings: Settings, package_ids: Iterable[str], *, found: int, next_cursor: str | None = None
) -> Json:
    """A page of the list: what is told of those of these people whose care has still not begun, and how many there are."""
    still = {package.package_id: package for package in not_begun(state)}
    items = [on_the_list_json(state, settings, still[each]) for each in package_ids if each in still]
    return {
        "as_of": state.as_of.isoformat(),
        "figures": figures_json(state),
        "found": found,
        "items": items,
        "next_cursor": next_cursor,
    }


def figures_json(state: State) -> Json:
    """How many there are in all."""
    people = not_begun(state)
    at = Counter(situation_of(state, each) for each in people)
    late = sum(group_of(each, state) == "late_first" and situation_of(state, each) != "accepted" for each in people)
    open_ = sum(not each.body.get("acknowledged_by") for each in state.stock["alerts"].values())
    return {"late_first": late, **{name: at[name] for name in ("waiting", "pending", "accepted")}, "alerts": open_}


def on_the_list_json(state: State, settings: Settings, package: Package) -> Json:
    """Somebody with what is to be done next."""
    cells, situation = state.stock["packages"][package.package_id].body, situation_of(state, package)
    names = ("package_id", "priority", "start_by", "hours_per_week", "visits_per_week", "workers", "skills", "requested_at")
    index = state.county.area_of.get(package.area_id)
    late = (state.as_of - package.start_by).days if package.start_by else 0
    step, providers = _next(state, settings, package, situation)
    return {
        **{name: json_of(name, cells[name]) for name in names},
        "group": group_of(package, state),
        "days_late": max(late, 0),
        "area_id": package.area_id or None,
        "area_name": None if index is None else state.snapshot.areas[index].name,
        "age_days": state.days_since_request(package),
        "times_offered": len(state.offers_of.get(package.package_id, ())),
        "situation": situation,
        "step": step,
        "providers": providers,
        "working": working_json(state, settings, package.package_id),
        "safe": _safe(all_standings(state).get(package.package_id)),
    }


def _safe(standing: Standing | None) -> Json:
    if standing is None:
        return {"until": None, "wrong": []}
    until = standing.plan.holds_until if standing.plan else None
    wrong = [{"kind": each.kind, "sentence": each.sentence} for each in standing.wrong]
    return {"until": until.isoformat() if until else None, "wrong": wrong}


def _next(state: State, settings: Settings, package: Package, situation: str) -> tuple[str, list[Json]]:
    """Who was asked or has accepted; else who would be asked now."""
    county = state.county
    if situation == "accepted":
        contract = county.offers_in_force.accepted[package.package_id]
        return county.contracts[contract].tier, [_provider(state, contract, None)]
    if situation == "pending":
        offers = state.offers_of.get(package.package_id, ())
        asked = {each.contract_id: state.stock["offers"][each.offer_id] for each in offers if not each.response}
        front = put_forward(state, package.package_id) if any(said_in(each) for each in asked.values()) else None
        contracts = county.offers_in_force.pending[package.package_id]
        told = [_asked(state, settings, each, asked.get(county.contracts[each].contract_id), front) for each in contracts]
        return county.contracts[contracts[0]].tier, told
    return _asked_now(state, settings.framework_asked, package.package_id)


def _asked(state: State, settings: Settings, contract: int, offer: Stored | None, front: str | None) -> Json:
    """A provider that was asked; ``front``: the offer whose yes is to be placed next. A yes does not expire."""
    if offer is None:
        return _provider(state, contract, None)
    said_yes = said_in(offer) is not None or has_agreed(offer)
    by = None if said_yes else wall_clock(expires_at(state, offer, settings)).isoformat()
    told = {"has_said_yes": said_yes, "put_forward": offer.record.offer_id == front}
    return _provider(state, contract, by) | told


def _asked_now(state: State, framework_asked: str, package_id: str) -> tuple[str, list[Json]]:
    """Who would be asked of this state: worked out once, however many read the list until something changes."""
    known: dict[tuple[str, str], tuple[str, list[Json]]] = state.once("asked_now", dict)
    if (framework_asked, package_id) not in known:
        with state.memory.lock:
            step = next_step(candidates(state, state.county.package_index[package_id]), framework_asked)
        known[framework_asked, package_id] = name_of(step), [_provider(state, each.place.contract, None) for each in step]
    return known[framework_asked, package_id]


def _provider(state: State, contract: int, answer_by: str | None) -> Json:
    found = state.county.contracts[contract]
    provider = state.county.providers[int(state.county.provider_of[contract])]
    return {
        "contract_id": found.contract_id,
        "provider_id": provider.provider_id,
        "name": provider.name,
        "answer_by": answer_by,
        "has_said_yes": False,
        "put_forward": False,
    }
