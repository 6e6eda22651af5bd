"""Stylesheets and the mark of the service, under addresses that name their content: kept by browsers for good, packed once."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from fastapi import APIRouter, Request, Response

from api.http.errors import Problem

STYLE = "text/css; charset=utf-8"
SCRIPT = "text/javascript; charset=utf-8"
KINDS = {
    "govuk-frontend.css": STYLE,
    "pages.css": STYLE,
    "following.js": SCRIPT,
    "newer.js": SCRIPT,
    "icon.svg": "image/svg+xml",
}
FOR_GOOD = {
    "Cache-Control": "public, max-age=31536000, immutable",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Vary": "Accept-Encoding",
}

router = APIRouter()


@dataclass(frozen=True)
class Asset:
    """A file of the pages. ``digest``: of its content; ``packed``: the same by gzip."""

    plain: bytes
    packed: bytes
    digest: str


@cache
def asset(name: str) -> Asset:
    """A file by its name, read once."""
    plain = files("api.pages").joinpath("assets", name).read_bytes()
    return Asset(plain, gzip.compress(plain, mtime=0), hashlib.sha256(plain).hexdigest()[:16])


def address_of(name: str) -> str:
    """Where a browser gets it."""
    return f"/assets/{asset(name).digest}/{name}"


@router.get("/assets/{digest}/{name}", include_in_schema=False)
def read_asset(request: Request, digest: str, name: str) -> Response:
    """A file as it is now: an address of another content is not there."""
    if name not in KINDS or asset(name).digest != digest:
        raise Problem("not_found", "There is no such file.")
    found = asset(name)
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(found.packed, headers={**FOR_GOOD, "Content-Encoding": "gzip"}, media_type=KINDS[name])
    return Response(found.plain, headers=FOR_GOOD, media_type=KINDS[name])
