"""The list from which somebody opened a person, as the address carries it: who stands before and after, and the way back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, get_args
from urllib.parse import parse_qs, urlencode, urlsplit

import orjson
from fastapi import Request

from api.acts.act import Caller
from api.http.strict import PRINTABLE
from api.pages.page_words import address_part
from api.worklist import acts
from api.worklist.schemas import NeighboursQuery, PriorityAsked, Situation

FIELDS = ("area", "priority", "where")
"""What the form above the list narrows it by: nothing of a person."""


@dataclass(frozen=True)
class CameFrom:
    """A list as somebody narrowed it. ``narrowed``: by the fields of its form; ``is_list``: whether they came from one at all."""

    narrowed: Mapping[str, str]
    is_list: bool

    @property
    def query(self) -> str:
        """What stands behind the ``?`` of an address of a person, so that the list is not lost; empty: they came from none."""
        return urlencode({"list": "waiting", **self.narrowed}) if self.is_list else ""

    @property
    def back(self) -> str:
        """Where the list is."""
        return f"/waiting?{urlencode(self.narrowed)}" if self.narrowed else "/waiting"


@dataclass(frozen=True)
class Beside:
    """The pager of a person's page: addresses, empty where there is nobody."""

    previous: str
    next: str
    said: str


def came_from(request: Request) -> CameFrom:
    """By the page's own address; of a form that was sent, by that of the page that it stood on, which the browser tells."""
    asked = request.url.query if request.method == "GET" else _page_of_form(request)
    fields = {name: values[-1][:100] for name, values in parse_qs(asked).items()}
    narrowed = {name: fields[name] for name in FIELDS if fields.get(name)}
    return CameFrom(narrowed, fields.get("list") == "waiting")


def narrowing(said: Mapping[str, str]) -> dict[str, Any]:
    """What the form above the list says, as queries have it; what is none of its choices narrows nothing."""
    area, priority, where = (said.get(name, "") for name in FIELDS)
    return {
        "area_id": area[:100] if area and re.fullmatch(PRINTABLE, area) else None,
        "priority": priority if priority in get_args(PriorityAsked) else None,
        "situation": where if where in get_args(Situation) else None,
    }


def _page_of_form(request: Request) -> str:
    """The query of a person's page on this host; empty: of another page, or not told."""
    try:
        told = urlsplit(request.headers.get("referer", ""))
    except ValueError:  # no address at all
        return ""
    ours = told.netloc.lower() == request.headers.get("host", "").lower()
    return told.query if ours and told.path.startswith("/people/") else ""


def beside(by: Caller, package_id: str, came: CameFrom) -> Beside | None:
    """Who stands before and after; None where they came from no list. Looking is an entry of the audit trail, as of the list."""
    if not came.is_list or acts.read_neighbours.role_of(by.actor) is None:
        return None
    query = NeighboursQuery(**narrowing(came.narrowed))
    told = orjson.loads(acts.read_neighbours(by, package_id, query).body)
    said = f"{told['place']} of {told['found']}" if told["place"] else f"No longer on this list of {told['found']}"
    return Beside(_page(told["previous"], came), _page(told["next"], came), said)


def _page(package_id: str | None, came: CameFrom) -> str:
    return f"/people/{address_part(package_id)}?{came.query}" if package_id else ""
