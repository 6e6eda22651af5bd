"""The handbook over HTTP: to anybody, without a key, as still pages under a strict policy."""

from __future__ import annotations

import asyncio
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from api.http import errors, handbook
from api.http.observing import HEADERS, NO_ROUTE, _route
from tests.api.conftest import Served


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A small one: what the set-up builds is tested where it is built."""
    for name, text in {
        "index.html": "<h1>Start</h1>", "404.html": "<h1>No such page</h1>", "how-to/planner.html": "<h1>A planner's day</h1>",
        "css/handbook.css": "body {}", "files/county.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>",
        "files/optimiser.service": "[Unit]", "how-to/index.html": "<h1>How to</h1>",
    }.items():  # fmt: skip
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


class Client:
    """Asks an app that hands out a handbook, and nothing else."""

    def __init__(self, site: Path) -> None:
        self._app = FastAPI()
        errors.install(self._app)
        handbook.install(self._app, site)

    def get(self, address: str, **headers: str) -> httpx.Response:
        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(app=self._app)
            async with httpx.AsyncClient(transport=transport, base_url="http://service", follow_redirects=True) as client:
                return await client.get(address, headers=headers)

        return asyncio.run(ask())


@pytest.fixture
def client(site: Path) -> Client:
    return Client(site)


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("/handbook/", "text/html; charset=utf-8"),
        ("/handbook/how-to/planner.html", "text/html; charset=utf-8"),
        ("/handbook/css/handbook.css", "text/css; charset=utf-8"),
        ("/handbook/files/county.svg", "image/svg+xml"),
        ("/handbook/files/optimiser.service", "text/plain; charset=utf-8"),
    ],
)
def test_each_file_has_its_kind_a_strict_policy_and_may_be_kept_for_a_while(client: Client, address: str, kind: str) -> None:
    answer = client.get(address)
    assert (answer.status_code, answer.headers["content-type"]) == (200, kind)
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'self'; img-src 'self'; ")
    assert "script" not in policy
    assert "unsafe" not in policy
    assert answer.headers["cache-control"] == "public, max-age=300, must-revalidate"
    again = client.get(address, **{"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_its_bare_address_leads_in_and_an_unknown_page_is_a_page(client: Client) -> None:
    led = client.get("/handbook")
    assert (led.url.path, led.history[0].headers["location"]) == ("/handbook/", "/handbook/")
    led = client.get("/handbook/how-to")
    assert (led.status_code, led.history[0].headers["location"]) == (200, "/handbook/how-to/"), "no host that TLS ends before"
    missing = client.get("/handbook/nothing.html")
    assert (missing.status_code, "No such page" in missing.text) == (404, True)


@pytest.mark.parametrize(
    "address", ["/handbook/../pyproject.toml", "/handbook/%2e%2e/index.html", "/handbook/..%2f..%2fetc/passwd"]
)
def test_nothing_beside_it_is_reached(client: Client, site: Path, address: str) -> None:
    (site.parent / "index.html").write_text("beside", encoding="utf-8")
    answer = client.get(address)
    assert answer.status_code == 404
    assert "beside" not in answer.text


def test_where_it_was_not_built_its_address_says_so(tmp_path: Path) -> None:
    client = Client(tmp_path / "nowhere")
    for address in ("/handbook", "/handbook/index.html"):
        answer = client.get(address)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
        assert "sh .ci/setup" in answer.json()["detail"]


def test_the_service_hands_it_out_without_a_key(served: Served) -> None:
    with served.client(None) as client:
        answer: httpx.Response = client.get("/handbook/", follow_redirects=True)
    built = (handbook.SITE / "index.html").is_file()
    assert answer.status_code == (200 if built else 404)
    assert answer.headers["x-content-type-options"] == HEADERS["X-Content-Type-Options"]
    assert answer.headers["referrer-policy"] == "no-referrer"


def test_a_page_is_counted_without_its_address() -> None:
    assert _route({"type": "http", "path": "/handbook/how-to/planner.html"}) == NO_ROUTE
