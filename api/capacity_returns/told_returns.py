"""A provider's return is recorded in place of the one before it, whoever brings it: a planner, a file, or the provider itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field

from api.capacity_returns.told_hours import WHEN, FreeHours
from api.http.errors import Problem
from api.settings import Settings
from api.state.state import State
from api.state.store import Change
from api.state.stored_records import CAPACITY_RETURNS, Body

BY_SOMEBODY, BY_FILE, BY_ITSELF = "somebody", "file", "provider"
"""How a return came: a person of the council wrote it down, a file was sent, or somebody at the provider told it here."""
MOST_LINES = 200


@dataclass(frozen=True)
class Told:
    """What a provider has told. ``told_on``: an ISO day up to today."""

    provider_id: str
    told_on: str
    source: str
    lines: Sequence[FreeHours]
    said_by: str = field(default="", repr=False)
    how: str = ""


def faults_of(state: State, provider_id: str, lines: Iterable[FreeHours], where: str = "free") -> list[str]:
    """Every fault of a return. ``where``: what faults call its lines."""
    faults = []
    stored = state.get("providers", provider_id)
    if stored is None:
        faults.append("provider_id: there is no provider of this id.")
    elif stored.record.ends is not None and stored.record.ends <= state.as_of:
        faults.append(f"provider_id: this provider has ended on {stored.record.ends}.")
    seen: set[tuple[str, str, str]] = set()
    for number, each in enumerate(lines, 1):
        if each.area_id and state.get("areas", each.area_id) is None:
            faults.append(f"{where}[{number}].area_id: there is no area of this id.")
        if each.part_of_day and each.part_of_day not in WHEN:
            faults.append(f"{where}[{number}].part_of_day: expected one of {', '.join(WHEN)}.")
        if each.place in seen:
            faults.append(f"{where}[{number}]: the same area, part of the day and day stand in a line above: add the hours up.")
        seen.add(each.place)
    return faults


def refuse(faults: Sequence[str]) -> None:
    """Raises the problem ``refused`` where there is any."""
    if faults:
        raise Problem("refused", f"{len(faults)} fault(s); nothing was written.", faults=list(faults))


def keep(change: Change, settings: Settings, told: Told) -> bool:
    """Record a return that was found good; False where the very same stands there already. The trail keeps the one before it."""
    known = change.as_if().get(CAPACITY_RETURNS, told.provider_id)
    said = {
        "provider_id": told.provider_id,
        "told_on": told.told_on,
        "source": told.source,
        "said_by": told.said_by,
        "how": told.how,
        "lines": [asdict(each) for each in sorted(told.lines)],
    }
    if known is not None and all(known.body[name] == value for name, value in said.items()):
        return False
    body: Body = said | {"recorded_by": change.actor.name, "recorded_at": settings.clock.now().isoformat()}
    change.put(CAPACITY_RETURNS, told.provider_id, body)
    before = None if known is None else {name: known.body[name] for name in said}
    change.remember("capacity.told", "providers", told.provider_id, {"before": before, "after": said})
    return True
