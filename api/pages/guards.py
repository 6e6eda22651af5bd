"""What is refused before a page is made: a browser that fetches ahead of its person, and a form that another site sends."""

from __future__ import annotations

from urllib.parse import urlsplit

from fastapi import Request

from api.http.errors import Problem, declare

FETCHED_AHEAD = declare("fetched_ahead", 503, "A page is made when somebody asks for it, not before")
CROSS_SITE = declare("cross_site", 403, "This was sent by another site, or does not say by which")
AHEAD = ("sec-purpose", "purpose", "x-moz")


async def asked_for_now(request: Request) -> None:
    """Nothing is shown that nobody sees: the audit trail would say that somebody has read it. Raises a ``Problem``."""
    if any("prefetch" in request.headers.get(name, "").lower() for name in AHEAD):
        raise Problem(FETCHED_AHEAD, "Ask for this page when you want to see it.")


async def sent_from_here(request: Request) -> None:
    """Forms come from these pages alone: browsers say so, older ones by ``Origin``. Raises a ``Problem``."""
    site = request.headers.get("sec-fetch-site")
    if site is None:
        origin, host = request.headers.get("origin", ""), request.headers.get("host", "")
        same = bool(host) and urlsplit(origin).netloc.lower() == host.lower()
    else:
        same = site == "same-origin"
    if not same:
        raise Problem(CROSS_SITE, "Nothing was done. Open the page here and send its form again.")
