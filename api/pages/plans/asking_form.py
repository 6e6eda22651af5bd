"""From the form that asks for a run to the request that ``/v1/runs`` takes, and the words of its faults."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from api.pages.filled_form import FilledForm
from api.runs.schemas import RunRequest

SECONDS = 600


@dataclass(frozen=True)
class Asking:
    """A form to ask by. ``fields``: which parts of the template it shows."""

    kind: str
    title: str
    sentence: str
    fields: tuple[str, ...]
    section: str
    """Under which page of the navigation it stands."""


FORMS: dict[str, Asking] = {
    each.kind: each
    for each in (
        Asking("allocate", "Allocate", "Who should deliver each waiting package. Running care stays.", ("areas", "pins", "others"), "plans"),
        Asking(
            "reoptimise",
            "Re-optimise",
            "The same, when a few people may change provider to make room for others.",
            ("areas", "moves", "pins", "others"),
            "plans",
        ),
        Asking(
            "relieve",
            "Relieve a provider",
            "A provider can deliver only so many hours from a day on: who is kept, who moves, which visits nobody covers.",
            ("provider", "hours", "from_day", "not_recorded"),
            "plans",
        ),
        Asking(
            "hand_back",
            "Hand-back",
            "A contract is handed back: where the care of everybody on it goes, urgent people first.",
            ("contract",),
            "plans",
        ),
        Asking(
            "bridge",
            "Bridge",
            "Which visits that cannot wait, of people who wait, can still be covered today: three alternatives, for a person to choose.",
            (),
            "plans",
        ),
        Asking(
            "transfer",
            "Transfer",
            "Which rounds move to the principal of their area, and when; and whether anybody need move.",
            ("principal_areas", "recut"),
            "transfers",
        ),
        Asking(
            "tonight",
            "Tonight",
            "A provider cannot come, or it snows: the next 72 hours of visits by harm if missed, and who has the minutes.",
            ("failing", "from_moment", "not_recorded"),
            "night",
        ),
        Asking(
            "stress",
            "A provider stops",
            "What if a provider stopped delivering tomorrow: every one in turn, the worst first.",
            ("worst",),
            "what-if",
        ),
    )
}
"""Every form by the last part of its address."""

NOT_A_NUMBER = "Enter a number"


class Faulty(Exception):
    """A form that cannot be a request. ``faults``: by field, "" for none."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        self.faults = dict(faults)
        super().__init__(f"{len(self.faults)} fault(s)")


def request_of(asking: Asking, form: FilledForm) -> RunRequest:
    """What a form asks for. Raises ``Faulty`` with everything that is wrong."""
    faults: dict[str, str] = {}
    settings: dict[str, Any] = {"wall_seconds": _number(form, "seconds", faults, "Enter how many seconds it may take", 1, 86_400)}
    kind = "transfer" if asking.kind == "hand_back" else asking.kind
    own = _OWN[asking.kind](form, settings, faults)
    if own:
        settings[kind] = own
    if faults:
        raise Faulty(faults)
    try:
        return RunRequest.model_validate({"kind": kind, "settings": settings})
    except ValidationError as error:
        raise Faulty({"": f"{' '.join(map(str, each['loc'][1:]))}: {each['msg']}" for each in error.errors()[:1]}) from None


def _number(form: FilledForm, name: str, faults: dict[str, str], says: str, low: float, high: float) -> float | None:
    try:
        value = float(form.value(name).replace(",", ""))
    except ValueError:
        value = float("nan")
    if not low <= value <= high:  # of what is no number, too
        faults[name] = f"{says}, from {low:,.0f} to {high:,.0f}"
        return None
    return value


def _whole(form: FilledForm, name: str, faults: dict[str, str], says: str, high: int) -> int | None:
    """A whole number that may be left out."""
    text = form.value(name).replace(",", "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and int(text) <= high):
        faults[name] = f"{says}, a whole number up to {high:,}"
        return None
    return int(text)


def _pins(form: FilledForm, faults: dict[str, str]) -> dict[str, str | None]:
    """A line for each package: its id and a contract's, or its id alone for one that stays waiting."""
    found: dict[str, str | None] = {}
    for line in form.value("pins").splitlines():
        parts = line.replace(",", " ").split()
        if not parts:
            continue
        if len(parts) > 2 or parts[0] in found:
            faults["pins"] = "Enter one package a line, with the contract that it is to be on behind it"
            return {}
        found[parts[0]] = parts[1] if len(parts) == 2 else None
    return found


def _allocate(form: FilledForm, settings: dict[str, Any], faults: dict[str, str]) -> dict[str, Any]:
    own: dict[str, Any] = {"part": {"area_ids": form.chosen("area")}, "pins": _pins(form, faults)}
    own["if_others_move"] = form.value("others") == "yes"
    return own if own["part"]["area_ids"] or own["pins"] or own["if_others_move"] else {}


def _reoptimise(form: FilledForm, settings: dict[str, Any], faults: dict[str, str]) -> dict[str, Any]:
    moves = _whole(form, "max_moves", faults, "Enter how many people may change provider", 10_000)
    settings["policy"] = {} if moves is None else {"max_moves": moves}
    return _allocate(form, settings, faults)


def _relieve(form: FilledForm, settings: dict[str, Any], faults: dict[str, str]) -> dict[str, Any]:
    if not form.value("provider"):
        faults["provider"] = "Choose who can deliver less"
    hours = _number(form, "hours", faults, "Enter how many hours in four weeks it can still deliver", 0, 1_000_000)
    own: dict[str, Any] = {"losses": [{"provider_id": form.value("provider"), "hours_4w": hours}]}
    own["from_day"] = _day(form, "from_day", faults, "Enter the first day on which it can deliver no more than that")
    return own | _not_recorded(form)


def _day(form: FilledForm, name: str, faults: dict[str, str], says: str) -> str | None:
    try:
        day = form.date(name)
    except ValueError:
        day = None
    if day is None:
        faults[name] = says
        return None
    return day.isoformat()


def _not_recorded(form: FilledForm) -> dict[str, Any]:
    chosen = form.value("not_recorded")
    return {"not_recorded": chosen} if chosen in ("red", "amber", "green") else {}


def _hand_back(form: FilledForm, settings: dict[str, Any], faults: dict[str, str]) -> dict[str, Any]:
    if not form.value("contract"):
        faults["contract"] = "Choose the contract that is handed back"
    return {"hand_back_of": form.value("contract")}


def _transfer(form: FilledForm, settings: dict[str, Any], faults: dict[str, str]) -> dict[str, Any]:
    areas = form.chosen("area")
    own: dict[str, Any] = {"area_ids": areas} if areas else {}
    return own | ({"recut": True} if form.value("recut") == "yes" else {})


def _tonight(form: FilledForm, settings: dict[str, Any], faults: dict[str, str]) -> dict[str, Any]:
    day, time = _day(form, "from_day", faults, "Enter the day from which visits are listed"), form.value("from_time")
    if not _is_time(time):
        faults["from_time"] = "Enter a time of day, such as 18:00"
    snow = form.value("why") == "snow"
    if not snow and not form.value("provider"):
        faults["provider"] = "Choose who cannot come, or say that it snows"
    named: dict[str, Any] = {"snow": True} if snow else {"provider_ids": [form.value("provider")]}
    return named | {"from_moment": f"{day}T{time}"} | _not_recorded(form)


def _is_time(text: str) -> bool:
    hours, colon, minutes = text.partition(":")
    return bool(colon) and all(each.isascii() and each.isdigit() and len(each) == 2 for each in (hours, minutes)) and int(hours) < 24 and int(minutes) < 60


def _nothing(form: FilledForm, settings: dict[str, Any], faults: dict[str, str]) -> dict[str, Any]:
    return {}


def _stress(form: FilledForm, settings: dict[str, Any], faults: dict[str, str]) -> dict[str, Any]:
    worst = _whole(form, "worst", faults, "Enter how many of the worst are tried two by two", 10)
    return {} if worst is None else {"worst": worst}


_OWN = {
    "allocate": _allocate,
    "reoptimise": _reoptimise,
    "relieve": _relieve,
    "hand_back": _hand_back,
    "transfer": _transfer,
    "bridge": _nothing,
    "tonight": _tonight,
    "stress": _stress,
}
