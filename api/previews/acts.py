"""What would come of a request or of other needs is tried in a change of which nothing is written."""

from __future__ import annotations

from collections import Counter
from typing import Any

import orjson

from api.acts.act import Caller, Size, act, only
from api.cascade.answers import cascade_body
from api.http.places import place_notes, placed
from api.http.responses import Shown, shown
from api.packages.acts import add_package, change_needs
from api.packages.answers import written_notes
from api.packages.schemas import NewNeeds, NewPackage
from api.security.roles import ADMIN, PLANNER
from api.state.state import State

WHO = only(PLANNER, ADMIN)
MOST_REASONS = 5
Json = dict[str, Any]


@act("previews.new_request", WHO, takes=Size.LIST)
def try_request(by: Caller, asked: NewPackage) -> Shown:
    """What the rules would say of a request: its area, its band, who could be asked. Nothing is written, and nobody is read."""
    asked = placed(asked, by.service.postcodes)
    with by.trial() as change:
        add_package(change, asked, by.settings.clock.now().isoformat())
        state = change.as_if()
    ladder = orjson.loads(cascade_body(state, asked.package_id, by.settings))
    area = state.snapshot.areas[state.county.area_of[ladder["area_id"]]]
    person = state.stock["packages"][asked.package_id].record
    names = {each["contract_id"]: each["provider"] for each in ladder["places"]}
    step = ladder["next_step"]
    starts = person.start_by or state.as_of
    return shown(
        {
            "area_id": area.area_id,
            "area_name": area.name,
            "live": area.go_live is not None and area.go_live <= max(starts, state.as_of),
            "band": ladder["band"],
            "hours_per_week": ladder["hours_per_week"],
            "next_step": step,
            "asked_next": [names[each] for each in step["contract_ids"] if each in names],
            "can_be_asked": len(ladder["places"]),
            "cannot_be_asked": len(ladder["others"]),
            "why_not": _why_not(ladder["others"]),
            "notes": [*written_notes(state, person), *place_notes(asked)],
        }
    )


@act("previews.changed_needs", WHO, takes=Size.LIST)
def try_change(by: Caller, package_id: str, needs: NewNeeds, if_match: str | None) -> Shown:
    """What would come of other needs: which declines and decisions would stand no more. Nothing is written."""
    with by.trial() as change:
        before = change.state
        change_needs(change, package_id, needs, if_match, by.settings.clock.now().isoformat())
        after = change.as_if()
    package = after.county.package_index[package_id]
    person = after.county.packages[package]
    return shown(
        {
            "package_id": package_id,
            "band": int(after.county.band[package]),
            "hours_per_week": person.minutes_per_week / 60,
            "declines": _declines(before, after, package_id),
            "decisions": _decisions(before, after, package_id),
            "offers_waiting": sorted(each.offer_id for each in after.offers_of.get(package_id, ()) if not each.response),
            "notes": written_notes(after, person),
        }
    )


def _why_not(others: list[Json]) -> list[Json]:
    """By the rule that is in the way first: how many, with the sentence of one."""
    first = [each["failed"][0] for each in others if each["failed"]]
    sentences = {each["rule"]: each["sentence"] for each in reversed(first)}
    counted = Counter(each["rule"] for each in first)
    return [{"sentence": sentences[rule], "providers": many} for rule, many in counted.most_common(MOST_REASONS)]


def _declines(before: State, after: State, package_id: str) -> list[Json]:
    told = []
    for offer in before.offers_of.get(package_id, ()):
        if offer.response == "declined" and after.stock["offers"][offer.offer_id].record.response != "declined":
            holder = before.stock["contracts"][offer.contract_id].record.provider_id
            at = offer.responded_at.isoformat() if offer.responded_at else None
            told.append({"offer_id": offer.offer_id, "provider_id": holder, "responded_at": at})
    return told


def _decisions(before: State, after: State, package_id: str) -> list[Json]:
    told = []
    for decision_id, stored in sorted(before.stock["decisions"].items()):
        kept = after.get("decisions", decision_id)
        if stored.record.package_id == package_id and (kept is None or kept.record.valid_to < stored.record.valid_to):
            names = ("decision_id", "move", "decision")
            told.append({name: getattr(stored.record, name) for name in names} | {"valid_to": stored.record.valid_to.isoformat()})
    return told
