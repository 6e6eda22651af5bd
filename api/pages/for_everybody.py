"""What every reader of the pages has, signed in or not: larger text, and what is said of how accessible the pages are."""

from __future__ import annotations

from typing import Literal
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from api.pages.frame import ACCESSIBILITY, TEXT, page
from api.pages.front_door import OPEN_COOKIE, is_of_here, see
from api.pages.guards import asked_for_now

router = APIRouter(include_in_schema=False, dependencies=[Depends(asked_for_now)])
A_YEAR = 365 * 24 * 3_600


@router.get(ACCESSIBILITY)
async def accessibility(request: Request) -> Response:
    """The statement, in the order that public bodies give it."""
    contact = request.app.state.service.settings.accessibility_contact
    return page(request, "accessibility.html.j2", "Accessibility statement", {"contact": contact})


@router.get("/text-size/{size}")
async def text_size(request: Request, size: Literal["larger", "usual"]) -> Response:
    """Larger text or the usual again, in this browser; back to the page that the link stood on, as the browser says."""
    came_from = urlsplit(request.headers.get("referer", ""))
    here = came_from.netloc.lower() == request.headers.get("host", "").lower()
    back = came_from.path + (f"?{came_from.query}" if came_from.query else "") if here else "/"
    larger = f"{TEXT}=larger; Max-Age={A_YEAR}; {OPEN_COOKIE}"
    cookie = larger if size == "larger" else f"{TEXT}=; Max-Age=0; {OPEN_COOKIE}"
    return see(back if is_of_here(back) else "/", {"Set-Cookie": cookie})
