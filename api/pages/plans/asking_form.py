"""From the form that asks for a run to the request that ``/v1/runs`` takes, and the words of its faults."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from api.pages.filled_form import FilledForm
from api.pages.plans.forms_of_kinds import Asking
from api.runs.schemas import RunRequest


class FaultyError(Exception):
    """A form that cannot be a request. ``faults``: by field, "" for none."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        self.faults = dict(faults)
        super().__init__(f"{len(self.faults)} fault(s)")


def request_of(asking: Asking, form: FilledForm) -> RunRequest:
    """What a form asks for. Raises ``FaultyError`` with everything that is wrong."""
    read = _Reading(form)
    seconds = read.number("seconds", "Enter how many seconds it may take", 1, 86_400)
    kind, own = "transfer" if asking.kind == "hand_back" else asking.kind, _OWN[asking.kind](read)
    if read.faults:
        raise FaultyError(read.faults)
    try:
        settings = {"wall_seconds": seconds, "policy": read.policy} | ({kind: own} if own else {})
        return RunRequest.model_validate({"kind": kind, "settings": settings})
    except ValidationError as error:
        first = error.errors()[0]
        raise FaultyError({"": f"{' '.join(map(str, first['loc'][1:]))}: {first['msg']}"}) from None


@dataclass
class _Reading:
    """A form while it is read: what was wrong so far, and which settings of the county are otherwise."""

    form: FilledForm
    faults: dict[str, str] = field(default_factory=dict)
    policy: dict[str, Any] = field(default_factory=dict)

    def number(self, name: str, says: str, low: float, high: float) -> float | None:
        try:
            value = float(self.form.value(name).replace(",", ""))
        except ValueError:
            value = float("nan")
        if not low <= value <= high:  # of what is no number, too
            self.faults[name] = f"{says}, from {low:,.0f} to {high:,.0f}"
            return None
        return value

    def whole(self, name: str, says: str, high: int) -> int | None:
        """A whole number that may be left out."""
        text = self.form.value(name).replace(",", "")
        if not text:
            return None
        if not (text.isascii() and text.isdigit() and int(text) <= high):
            self.faults[name] = f"{says}, a whole number up to {high:,}"
            return None
        return int(text)

    def chosen(self, name: str, says: str) -> str:
        """One of a list, which has to be chosen."""
        if not self.form.value(name):
            self.faults[name] = says
        return self.form.value(name)

    def day(self, name: str, says: str) -> str | None:
        try:
            day = self.form.date(name)
        except ValueError:
            day = None
        if day is None:
            self.faults[name] = says
            return None
        return day.isoformat()

    def time(self, name: str, says: str) -> str:
        text = self.form.value(name)
        try:
            dt.time.fromisoformat(text)
        except ValueError:
            text = ""
        if len(text) != len("18:00"):
            self.faults[name] = says
        return text

    def pins(self) -> dict[str, str | None]:
        """A line for each package: its id and a contract's, or its id alone for one that stays waiting."""
        found: dict[str, str | None] = {}
        for parts in (line.replace(",", " ").split() for line in self.form.value("pins").splitlines()):
            if len(parts) > 2 or (parts and parts[0] in found):
                self.faults["pins"] = "Enter one package a line, with the contract that it is to be on behind it"
            elif parts:
                found[parts[0]] = parts[1] if len(parts) == 2 else None
        return found

    def not_recorded(self) -> dict[str, Any]:
        """What somebody counts as whose harm is not recorded; nothing: as the county has it."""
        chosen = self.form.value("not_recorded")
        return {"not_recorded": chosen} if chosen in ("red", "amber", "green") else {}


def _allocate(read: _Reading) -> dict[str, Any]:
    areas, pins, others = read.form.chosen("area"), read.pins(), read.form.value("others") == "yes"
    return {"part": {"area_ids": areas}, "pins": pins, "if_others_move": others} if areas or pins or others else {}


def _reoptimise(read: _Reading) -> dict[str, Any]:
    moves = read.whole("max_moves", "Enter how many people may change provider", 10_000)
    if moves is not None:
        read.policy["max_moves"] = moves
    return _allocate(read)


PLACES = ("", "_2", "_3")
"""A form names so many providers or scenarios: what stands behind the names of their fields. The first has to be given."""


def _relieve(read: _Reading) -> dict[str, Any]:
    losses: list[dict[str, Any]] = []
    for place in _used(read, "provider{}", "hours{}"):
        provider_id = read.chosen(f"provider{place}", "Choose who can deliver less")
        if provider_id and any(provider_id == each["provider_id"] for each in losses):
            read.faults[f"provider{place}"] = "Choose each provider once"
        hours = read.number(f"hours{place}", "Enter how many hours in four weeks it can still deliver", 0, 1_000_000)
        losses.append({"provider_id": provider_id, "hours_4w": hours})
    day = read.day("from_day", "Enter the first day on which they can deliver no more than that")
    return {"losses": losses, "from_day": day} | read.not_recorded()


def _used(read: _Reading, *names: str) -> list[str]:
    """The places of a form in which something was entered, and the first. ``names``: of its fields, ``{}`` for the place."""
    return [place for place in PLACES if not place or any(read.form.value(name.format(place)) for name in names)]


def _hand_back(read: _Reading) -> dict[str, Any]:
    return {"hand_back_of": read.chosen("contract", "Choose the contract that is handed back")}


def _transfer(read: _Reading) -> dict[str, Any]:
    areas, ticked = read.form.chosen("area"), [name for name in ("recut", "frontier") if read.form.value(name) == "yes"]
    return ({"area_ids": areas} if areas else {}) | dict.fromkeys(ticked, True)


def _nightly(read: _Reading) -> dict[str, Any]:
    told = {name: read.whole(name, "Enter how many days", 366) for name in ("holds_days", "offers_days", "ahead_days")}
    return {name: days for name, days in told.items() if days is not None}


def _tonight(read: _Reading) -> dict[str, Any]:
    day = read.day("from_day", "Enter the day from which visits are listed")
    time = read.time("from_time", "Enter a time of day, such as 18:00")
    if read.form.value("why") == "snow":
        named: dict[str, Any] = {"snow": True}
    else:
        places = _used(read, "provider{}")
        chosen = [read.chosen(f"provider{place}", "Choose who cannot come, or say that it snows") for place in places]
        named = {"provider_ids": list(dict.fromkeys(chosen))}
    return named | {"from_moment": f"{day}T{time}"} | read.not_recorded()


def _bridge(_: _Reading) -> dict[str, Any]:
    return {}


def _stress(read: _Reading) -> dict[str, Any]:
    worst = read.whole("worst", "Enter how many of the worst are tried two by two", 10)
    return {} if worst is None else {"worst": worst}


def _frontier(read: _Reading) -> dict[str, Any]:
    areas = read.form.chosen("area")
    return ({"area_ids": areas} if areas else {}) | ({"recut": True} if read.form.value("recut") == "yes" else {})


REQUIREMENTS = 3
"""So many levels a form may hold to a value."""


def _feasible(read: _Reading) -> dict[str, Any]:
    required = []
    for number in range(1, REQUIREMENTS + 1):
        level, value = read.form.value(f"level_{number}"), read.form.value(f"value_{number}")
        if level and value:
            required.append(f"{level}={value}")
        elif level or value:
            read.faults[f"value_{number}"] = "Choose a level and enter what it is at most"
    if least := read.form.value("share").removesuffix("%").strip():
        area = read.form.value("share_area")
        required.append(f"principal_share{f':{area}' if area else ''}={least}%")
    if not required and not read.faults:
        read.faults["share"] = "Say at least one thing that is required"
    return {"require": required}


DIFFERS = (
    *(f"{name}{{}}" for name in ("title", "provider", "contract", "max_hours", "go_live_area", "discharge_area", "per_week")),
    *(f"{name}{{}}" for name in ("increment", "rounding", "billed")),
    *(f"{name}{{}}-{part}" for name in ("as_of", "go_live") for part in ("day", "month", "year")),
)
"""The fields of a scenario."""


def _compare(read: _Reading) -> dict[str, Any]:
    """A scenario of each part of the form in which something is entered."""
    scenarios: list[dict[str, Any]] = []
    for place in _used(read, *DIFFERS):
        own = _scenario(read, place)
        if own["title"] and any(own["title"] == each["title"] for each in scenarios):
            read.faults[f"title{place}"] = "Give each scenario a name of its own"
        scenarios.append(own)
    asked: dict[str, Any] = {"scenarios": scenarios}
    if _any_of_day(read, "visits_from"):
        asked["visits_from"] = read.day("visits_from", "Enter the first day of a period of payment")
    elif any("billing" in each for each in scenarios):
        read.faults["visits_from"] = "Enter the first day of the period whose recorded visits are billed otherwise"
    return asked


OF_A_TIER = "tier:"
"""What stands before a tier where one contract, those of a tier or all may be chosen."""


def _billed(chosen: str) -> dict[str, str]:
    """Whose visits are billed otherwise: a contract's, a tier's, or everybody's where nothing was chosen."""
    if not chosen:
        return {}
    return {"tier": chosen.removeprefix(OF_A_TIER)} if chosen.startswith(OF_A_TIER) else {"contract_id": chosen}


def _any_of_day(read: _Reading, name: str) -> bool:
    """Whether anything was entered of a day."""
    return any(read.form.value(f"{name}-{part}") for part in ("day", "month", "year"))


def _scenario(read: _Reading, place: str) -> dict[str, Any]:
    """Everything that one part of the form says is different. ``place``: what stands behind the names of its fields."""
    form = read.form
    own: dict[str, Any] = {"title": read.chosen(f"title{place}", "Say what this scenario is called")}
    before = len(read.faults)
    if _any_of_day(read, f"as_of{place}"):
        own["as_of"] = read.day(f"as_of{place}", "Enter the day that it is, from today on")
    if form.value(f"provider{place}"):
        own["restrict"] = [{"provider_id": form.value(f"provider{place}")}]
    if form.value(f"contract{place}"):
        most = read.number(f"max_hours{place}", "Enter the most hours in four weeks", 0, 1_000_000)
        own["contract"] = [{"contract_id": form.value(f"contract{place}"), "max_hours_4w": most}]
    if form.value(f"go_live_area{place}"):
        day = read.day(f"go_live{place}", "Enter the day on which it goes live")
        own["go_live"] = [{"area_id": form.value(f"go_live_area{place}"), "date": day}]
    if form.value(f"discharge_area{place}"):
        count = read.whole(f"per_week{place}", "Enter how many more people a week", 1_000)
        own["discharges"] = [{"area_id": form.value(f"discharge_area{place}"), "per_week": count or 1}]
    increment = read.whole(f"increment{place}", "Enter the minutes of a step", 60)
    if increment is not None or form.value(f"rounding{place}"):
        patch = {"increment_minutes": increment, "rounding": form.value(f"rounding{place}") or None}
        own["billing"] = [patch | _billed(form.value(f"billed{place}"))]
    elif form.value(f"billed{place}"):
        read.faults.setdefault(f"increment{place}", "Enter the minutes of a step, or choose how minutes round")
    if len(own) == 1 and len(read.faults) == before and own["title"]:
        read.faults[f"provider{place}"] = "Say at least one thing that is different"
    return own


_OWN: Mapping[str, Callable[[_Reading], dict[str, Any]]] = {
    "allocate": _allocate,
    "reoptimise": _reoptimise,
    "relieve": _relieve,
    "hand_back": _hand_back,
    "transfer": _transfer,
    "bridge": _bridge,
    "nightly": _nightly,
    "tonight": _tonight,
    "stress": _stress,
    "compare": _compare,
    "feasible": _feasible,
    "frontier": _frontier,
}
