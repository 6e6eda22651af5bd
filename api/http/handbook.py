"""The handbook, as the set-up built it: still pages that load nothing from anywhere else, and hold nothing of the county.

It is handed out without a key, whatever the state of the database: whoever cannot get in may need it most.
"""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import urlsplit

from fastapi import FastAPI
from starlette.responses import RedirectResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

import optimiser
from api.http.errors import Problem

ADDRESS = "/handbook"
SITE = Path(optimiser.__file__).parent / "handbook" / "site"
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    # A reader asks again whether it is still the same (ETag), and is mostly told so in a few bytes.
    "Cache-Control": "public, max-age=300, must-revalidate",
}


KINDS = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ipynb": "application/x-ipynb+json",
    ".service": "text/plain; charset=utf-8",
    ".svg": "image/svg+xml",
    ".conf": "text/plain; charset=utf-8",
    ".timer": "text/plain; charset=utf-8",
    ".yaml": "text/plain; charset=utf-8",
}
"""What each file is: said here, as machines differ in what they think of a name."""


class Handbook(StaticFiles):
    """The files of a built handbook."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Who is sent to a folder's page is sent without a host: in front of the service may be another, with TLS."""
        answer = await super().get_response(path, scope)
        if isinstance(answer, RedirectResponse):
            answer.headers["location"] = urlsplit(answer.headers["location"]).path
        return answer

    def file_response(
        self,
        full_path: str | os.PathLike[str],
        stat_result: os.stat_result,
        scope: Scope,
        status_code: int = 200,
    ) -> Response:
        answer = super().file_response(full_path, stat_result, scope, status_code)
        for name, value in HEADERS.items():
            answer.headers[name] = value
        kind = KINDS.get(Path(full_path).suffix)
        if kind and "content-type" in answer.headers:
            answer.headers["content-type"] = kind
        return answer


def install(app: FastAPI, site: Path = SITE) -> None:
    """Hand it out, or say at its address that it was not built."""
    if (site / "index.html").is_file():
        # Without a host in it: in front of the service may be another, with TLS.
        app.add_api_route(ADDRESS, lambda: RedirectResponse(f"{ADDRESS}/"), include_in_schema=False)
        app.mount(ADDRESS, Handbook(directory=site, html=True), name="handbook")
        return

    @app.get(ADDRESS, include_in_schema=False)
    @app.get(f"{ADDRESS}/{{page:path}}", include_in_schema=False)
    def not_built() -> None:
        raise Problem("not_found", "The handbook was not built with this installation: the set-up (sh .ci/setup) builds it.")
