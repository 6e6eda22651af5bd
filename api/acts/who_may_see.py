"""Where people live: the roles that are told a person's coordinates, each with what it needs them for. Others read an area."""

from __future__ import annotations

from typing import Any

from api.security.roles import ADMIN, PLANNER, TRANSITION
from api.storage.audit import Actor

PLACES_OF_PEOPLE = {
    PLANNER: "puts a wrong place right, and tells it to the provider who has accepted",
    TRANSITION: "tells it to the provider to whom somebody moves",
    ADMIN: "does what planners do",
}
PLACE = ("latitude", "longitude")


def as_seen_by(actor: Actor, told: dict[str, Any]) -> dict[str, Any]:
    """What is told of a person, without their coordinates where none of an actor's roles needs them."""
    return told if not PLACES_OF_PEOPLE.keys().isdisjoint(actor.roles) else told | dict.fromkeys(PLACE)
