"""An entry of the audit trail as a line of a page: who did what when, and what it says of it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

import orjson

from api.pages.page_words import dates_in_words, in_plain, instant_in_words

Json = Mapping[str, Any]
CSV_HEADS = ("seq", "at_utc", "actor", "role", "action", "about", "subject", "details", "destroyed", "withheld", "hash")
MOMENT = re.compile(r"\b[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+(?:\+00:00|Z)?")


class EntryRow(NamedTuple):
    """An entry in words. ``says``: its details, a line each."""

    number: str
    at: str
    actor: str
    role: str
    action: str
    about: str
    says: list[str]


def entry_of(entry: Json) -> EntryRow:
    """An entry as ``/v1/audit`` tells it."""
    kind = in_plain(entry["about"])
    if entry["destroyed"]:
        about, says = kind, ["what was personal in it was destroyed"]
    elif entry["withheld"]:
        about, says = kind, ["not for your role: it may be about people"]
    else:
        about = " ".join(filter(None, (kind, entry["subject"])))
        says = [f"{in_plain(name)}: {_said(value)}" for name, value in (entry["details"] or {}).items()]
    return EntryRow(
        f"{entry['seq']:,}", moment_said(entry["at"]), entry["actor"], in_plain(entry["role"]), entry["action"], about, says
    )


def moment_said(at: str) -> str:
    """A moment of the trail, in UTC, by London's clock; what is no moment as it stands."""
    try:
        moment = dt.datetime.fromisoformat(at)
    except ValueError:
        return at
    return instant_in_words(moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC))


def _said(value: Any) -> str:
    """A part of an entry's details."""
    if isinstance(value, dict):
        return "; ".join(f"{in_plain(str(name))} {_said(each)}" for name, each in value.items()) or "nothing"
    if isinstance(value, list):
        return ", ".join(_said(each) for each in value) or "nothing"
    if value is None or value == "":
        return "nothing"
    return dates_in_words(MOMENT.sub(lambda found: moment_said(found[0]), str(value)))


def csv_row(entry: Json) -> list[str | int | bool | None]:
    """An entry as a file has it: its details as JSON."""
    told = None if entry["details"] is None else orjson.dumps(entry["details"]).decode()
    names = ("seq", "at", "actor", "role", "action", "about", "subject")
    return [*(entry[name] for name in names), told, entry["destroyed"], entry["withheld"], entry["hash"]]
