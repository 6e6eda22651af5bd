"""What the county does once a hospital's case says something else: one request, never two; and nobody is dropped unseen.

Care that has begun, and requests that the council had made itself, are a person's to change: they are alerted about.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from api.care.ending import end_care
from api.care.schemas import End
from api.hospital.cases import Case
from api.offers.alerts import (
    HOSPITAL_CHANGED,
    HOSPITAL_NEEDS_NOT_TOLD,
    HOSPITAL_WITHDREW,
    Occasion,
    alert,
)
from api.offers.lapsing import step_on
from api.offers.recording import Given, end_offers
from api.packages.acts import add_package, change_needs
from api.packages.answers import tag_of
from api.packages.schemas import NewNeeds, NewPackage
from api.settings import Settings
from api.state.state import State
from api.state.store import Change
from optimiser.io.record_cells import id_column
from optimiser.io.schema import OF_PEOPLE

WITHDREW = "the hospital has withdrawn its notice"
PLACE = ("latitude", "longitude", "area_id")
KEPT = tuple(kind for kind in OF_PEOPLE if kind not in ("packages", "visits"))
"""What is kept of a person when a hospital's request ends, for whether it comes back: above all what they said to providers."""

Records = dict[str, list[dict[str, Any]]]


@dataclass(frozen=True)
class Heard:
    """A notice that has come, and what its case says now and said before."""

    notice_id: str
    package_id: str
    source: str
    made_here: bool
    """Whether the request is the case's own; else the council named one of its own."""
    before: Case
    after: Case
    others_open: bool
    """Whether another case of the same person is open: then a withdrawal ends nothing."""

    @property
    def occasion(self) -> tuple[str, str]:
        return self.package_id, self.notice_id


def follow(change: Change, state: State, settings: Settings, heard: Heard, kept: Mapping[str, Any]) -> Records:
    """Do what has to be done; what is kept of the person from now on. ``kept``: from when its request ended before."""
    stored = state.get("packages", heard.package_id)
    if stored is not None and stored.record.status == "active":
        if heard.after != heard.before:
            alert(change, Occasion(HOSPITAL_CHANGED, *heard.occasion))
        return {}
    if heard.after.withdrawn:
        return {**kept} if stored is None else _withdraw(change, state, settings, heard)
    if stored is None:
        return _ask(change, settings, heard, kept)
    if heard.after != heard.before:
        _change(change, state, settings, heard)
    return {}


def _withdraw(change: Change, state: State, settings: Settings, heard: Heard) -> Records:
    """No offer outlives a withdrawal; the case's own request ends with it, and somebody looks at it."""
    if heard.before.withdrawn or heard.others_open:
        return {}
    ended = end_offers(change, state, settings, state.offers_of.get(heard.package_id, ()), Given("withdrawn", WITHDREW))
    alert(change, Occasion(HOSPITAL_WITHDREW, *heard.occasion))
    after = step_on(change, settings, [each for each in ended if each != heard.package_id])  # whoever was asked for with them
    if not heard.made_here:
        return {}
    kept: Records = {
        kind: [stored.body for stored in after.stock[kind].values() if stored.record.package_id == heard.package_id]
        for kind in KEPT
    }
    end_care(change, after, heard.package_id, End(reason=WITHDREW))
    return {kind: bodies for kind, bodies in kept.items() if bodies}


def _ask(change: Change, settings: Settings, heard: Heard, kept: Mapping[str, Any]) -> Records:
    """A request, the same again after a withdrawal, with what was kept of the person.

    Where a named person has ended it, a notice that says nothing new does not undo that.
    """
    if heard.before == heard.after and heard.before.needs is not None:
        return {**kept}
    if heard.after.needs is None:
        alert(change, Occasion(HOSPITAL_NEEDS_NOT_TOLD, *heard.occasion))
        return {**kept}
    told = {"priority": "discharge", "source": heard.source, "start_by": heard.after.discharge_on}
    asked = NewPackage.model_validate({"package_id": heard.package_id, **heard.after.needs, **told})
    add_package(change, asked, settings.clock.now().isoformat())
    for kind, bodies in kept.items():
        for body in bodies:
            change.put(kind, body[id_column(kind)], body)
    return {}


def _change(change: Change, state: State, settings: Settings, heard: Heard) -> None:
    """Other needs or another day: written into the case's own request, where a person is told once somebody was asked for it."""
    needs_before, needs = heard.before.needs or {}, heard.after.needs or {}
    changed = {name: needs[name] for name in needs if name not in PLACE and needs[name] != needs_before.get(name)}
    moved_house = any(needs.get(name) != needs_before.get(name) for name in PLACE)
    if heard.after.discharge_on != heard.before.discharge_on:
        changed["start_by"] = heard.after.discharge_on
    if heard.made_here and changed:
        given, now = NewNeeds.model_validate(changed), settings.clock.now().isoformat()
        change_needs(change, heard.package_id, given, tag_of(change.state, heard.package_id), now)
    asked = state.situation_of(state.county.package_index[heard.package_id]) != "waiting"
    if asked or moved_house or not heard.made_here:
        alert(change, Occasion(HOSPITAL_CHANGED, *heard.occasion))
