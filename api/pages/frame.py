"""What stands around every page: the council, the way to other pages for this role, who is signed in, and cautious headers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from fastapi import Request
from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.responses import Response

from api.accounts import acts as accounts
from api.acts.act import Act
from api.capacity_returns import acts as capacity_returns
from api.contacts import acts as contacts
from api.decision_requests import acts as decision_requests
from api.deliveries import acts as deliveries
from api.hospital import acts as hospital
from api.imports import acts as imports
from api.meanwhile import acts as meanwhile
from api.offers import acts as offers
from api.overview import acts as overview
from api.own import acts as own
from api.pages import page_words
from api.pages.assets import address_of
from api.period_figures import acts as period_figures
from api.records.acts import DEEDS
from api.released_transfers import acts as released_transfers
from api.runs import acts as runs
from api.statements import acts as statements
from api.upkeep import acts as upkeep
from api.worklist import acts as worklist

SERVICE = "Home care brokerage"
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "Content-Language": "en-GB",
    # Forms of these pages say where they come from, and nobody else is told where somebody was.
    "Referrer-Policy": "same-origin",
}
ACCESSIBILITY = "/accessibility"
TEXT = "__Host-text"
"""A cookie that says nothing but that text is to be larger."""
COUNTY_VERSION = "/county-version"
WATCHED = re.compile(r"/(waiting|alerts|offers|areas|providers)|/(people|areas|providers)/[^/]+")
"""Pages that show the county as it is: where somebody leaves one open, it says when it does not any more."""
WITH_SCRIPT = {"Content-Security-Policy": f"{HEADERS['Content-Security-Policy']}; script-src 'self'; connect-src 'self'"}
"""Of a page with a script of its own, which asks the service alone."""
HELP = "/handbook/how-to/pages.html"


@dataclass(frozen=True)
class Place:
    """A page of the navigation, for whoever may do the act that it shows."""

    name: str
    address: str
    act: Act[..., Any]
    unless: Act[..., Any] | None = None
    """Whoever may do this finds it elsewhere."""

    def is_for(self, actor: Any) -> bool:
        """Whether it stands in somebody's navigation."""
        found_elsewhere = self.unless is not None and self.unless.role_of(actor) is not None
        return self.act.role_of(actor) is not None and not found_elsewhere


def _list_of(kind: str) -> Act[..., Any]:
    listed = DEEDS[kind].list
    if listed is None:
        raise ValueError(f"{kind} have no list")
    return listed


PLACES = (
    Place("Waiting", "/waiting", worklist.read),
    Place("Offers", "/offers", offers.list_offers),
    Place("Night", "/night", runs.list_runs),
    Place("Plans", "/plans", runs.list_runs),
    Place("Decisions", "/decisions", decision_requests.list_asked),
    Place("Hospital notices", "/hospital-notices", hospital.list_cases, unless=worklist.read),
    Place("Areas", "/areas", overview.list_areas),
    Place("Providers", "/providers", _list_of("providers")),
    Place("Questions", "/questions", contacts.list_contacts),
    Place("Transfers", "/transfers", runs.list_runs),
    Place("What if", "/what-if", runs.list_runs),
    Place("Accounts", "/accounts", accounts.list_statements),
    Place("Four weeks", "/accounts/periods", period_figures.read_period, unless=accounts.list_statements),
    Place("Deliveries", "/deliveries", deliveries.read, unless=accounts.list_statements),
    Place("Administration", "/administration/keys", upkeep.list_keys),
    Place("Audit trail", "/administration/audit", upkeep.page_of_audit, unless=upkeep.list_keys),
    Place("Take in a folder", "/administration/take-in", imports.sync, unless=upkeep.list_keys),
    Place("Approve a price", "/approve-price", meanwhile.approve_price, unless=decision_requests.list_asked),
    Place("Your offers", "/own/offers", own.list_offers),
    Place("Your care", "/own/care", own.list_care),
    Place("Your free hours", "/own/free-hours", capacity_returns.tell_own),
    Place("Your contracts", "/own/contracts", own.read_contracts),
    Place("Your statements", "/own/statements", statements.list_own),
    Place("Your transfers", "/own/transfers", released_transfers.list_own),
    Place("Your accounts", "/own/accounts", accounts.list_own),
    Place("Your questions", "/own/questions", contacts.list_own),
)
ABOUT_YOU = Place("What I may do", "/what-i-may-do", upkeep.who_am_i)


@cache
def templates() -> Environment:
    """The templates of the pages, read once; a name that a page forgets is an error."""
    found = Environment(
        loader=PackageLoader("api.pages", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.filters.update(address_part=page_words.address_part)
    return found


def page(
    request: Request,
    template: str,
    title: str,
    values: Mapping[str, Any],
    *,
    status: int = 200,
    wrong: bool = False,
    headers: Mapping[str, str] | None = None,
    section: str = "",
) -> Response:
    """A page of a template. ``title``: its first heading; ``wrong``: it tells of an error, which its title says first;
    ``section``: the place of the navigation that it belongs to, where its own address does not begin with that one's.

    Raises ``ValueError`` where ``values`` has a name of what stands around every page.
    """
    actor = getattr(request.state, "actor", None)
    watches = (
        (actor is not None and status == 200 and request.method == "GET")
        and WATCHED.fullmatch(request.scope["path"]) is not None
        and upkeep.county_version.role_of(actor) is not None
    )
    council = request.app.state.service.settings.council
    frame = {
        "council": council,
        "service": SERVICE,
        "heading": title,
        "title": f"{'Error: ' if wrong else ''}{title} – {SERVICE} – {council}",
        "places": [] if actor is None else [each for each in PLACES if each.is_for(actor)],
        "here": request.scope["path"],
        "of_section": section,
        "who": None if actor is None else page_words.person_in_words(actor.name),
        "roles": "" if actor is None else ", ".join(page_words.in_plain(role) for role in actor.roles),
        "about_you": ABOUT_YOU,
        "styles": [address_of("govuk-frontend.css"), address_of("pages.css")],
        "icon": address_of("icon.svg"),
        "help": HELP,
        "watching": address_of("newer.js") if watches else "",
        "accessibility": ACCESSIBILITY,
        "is_larger": request.cookies.get(TEXT) == "larger",
    }
    if taken := sorted(frame.keys() & values.keys()):
        raise ValueError(f"{template}: the frame's own values are given again by the page: {', '.join(taken)}")
    content = templates().get_template(template).render({**frame, **values})
    return Response(
        content, status, {**HEADERS, **(WITH_SCRIPT if watches else {}), **(headers or {})}, "text/html; charset=utf-8"
    )
