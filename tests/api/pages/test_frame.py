"""What holds of all pages: addresses of programs keep their own answers, problems are pages for people, the style is kept."""

from __future__ import annotations

import ast
import gzip
import hashlib
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from types import SimpleNamespace

import orjson
import pytest
from fastapi import Request
from fastapi.routing import APIRoute, APIRouter
from starlette.datastructures import State

import api.pages
from api.acts.act import ACTS, Act
from api.acts.signing_in import acts_of
from api.app import routes
from api.pages.as_pages import is_of_people
from api.pages.every_page import ROUTERS
from api.pages.frame import page
from tests.api.conftest import Served
from tests.api.pages.reading import READS_HTML, Browser
from tests.api.talking import code

SOURCE = Path(api.pages.__path__[0])


@pytest.mark.parametrize(
    ("method", "address", "status", "said"),
    [
        ("GET", "/v1/nothing", 404, "not_found"),
        ("GET", "/v1", 404, "not_found"),
        ("DELETE", "/v1/areas", 405, "method_not_allowed"),
        ("GET", "/v1/areas", 401, "unauthenticated"),
        ("POST", "/health/live", 405, "method_not_allowed"),
        ("GET", "/health/nothing", 404, "not_found"),
        ("POST", "/openapi.json", 405, "method_not_allowed"),
        ("GET", "/metrics/nothing", 404, "not_found"),
        ("GET", "/assets/0000/pages.css", 404, "not_found"),
    ],
)
def test_addresses_of_programs_keep_their_answers_for_whoever_asks(
    nobody: Browser, method: str, address: str, status: int, said: str
) -> None:
    assert code(nobody.client.request(method, address)) == (status, said)


@pytest.mark.parametrize(
    ("path", "is_page"),
    [("/", True), ("/areas", True), ("", True), ("*", True), ("/v1/me", False), ("//v1/me", False), ("/v1", False)],
)
def test_whose_addresses_are_whose(path: str, is_page: bool) -> None:
    asked = {"type": "http", "method": "GET", "path": path, "headers": [(b"accept", b"text/html")]}
    assert is_of_people(asked) is is_page
    assert not is_of_people(asked | {"headers": [(b"accept", b"*/*")]}) and not is_of_people({"type": "lifespan"})


def test_every_address_is_of_programs_or_a_page() -> None:
    """One of programs that is forgotten in the list would answer a browser with pages."""

    def read_as_pages(routers: Iterable[APIRouter]) -> dict[bool, set[str]]:
        found: dict[bool, set[str]] = {True: set(), False: set()}
        for path in (route.path for router in routers for route in router.routes if isinstance(route, APIRoute)):
            asked = {"type": "http", "method": "GET", "path": path, "headers": [(b"accept", b"text/html")]}
            found[is_of_people(asked)].add(path)
        return found

    assert read_as_pages(each.router for each in routes())[True] == set()
    assert read_as_pages(ROUTERS)[False] == {"/assets/{digest}/{name}"}


@pytest.mark.parametrize("name", ["service", "roles", "heading"])
def test_no_page_puts_a_value_of_its_own_in_place_of_one_of_the_frame(name: str) -> None:
    state = State({"service": SimpleNamespace(settings=SimpleNamespace(council="Norfolk"))})
    request = Request({"type": "http", "method": "GET", "path": "/", "headers": [], "app": SimpleNamespace(state=state)})
    with pytest.raises(ValueError, match=f"problem.html.j2: .*: {name}$"):
        page(request, "problem.html.j2", "Not found", {name: "of the page", "detail": "", "faults": []})


def test_the_handbook_answers_for_itself(nobody: Browser) -> None:
    answer = nobody.get("/handbook/no-such-page.html")
    assert answer.status_code == 404 and "Home care brokerage – " not in answer.text


def test_other_addresses_are_told_to_people_as_pages_and_to_programs_as_ever(villages: Served, planner: Browser) -> None:
    page = planner.read("/nothing", 404)
    assert page.said("h1") == ["Page not found"] and page.said("title")[0].startswith("Error: ")
    assert page.said("button") == [], "who it is was not asked, where there is nothing"
    answer = planner.client.request("DELETE", "/areas", headers=planner._headers({}))
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")
    with villages.client("planner") as program:
        assert code(program.get("/nothing")) == (404, "not_found")
        assert code(program.delete("/areas")) == (405, "method_not_allowed")
    assert planner.client.head("/areas", headers=planner._headers({})).status_code == 200


def test_the_style_is_kept_for_good_under_an_address_of_its_content(nobody: Browser) -> None:
    icon, theirs, link = nobody.read("/sign-in").all("link")
    assert nobody.get(icon["href"]).headers["content-type"] == "image/svg+xml"
    address = link["href"]
    plain = nobody.get(address, **{"Accept-Encoding": "identity"})
    assert (plain.status_code, plain.headers["content-type"]) == (200, "text/css; charset=utf-8")
    assert plain.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert plain.content == (SOURCE / "assets" / "pages.css").read_bytes()
    with nobody.client.stream("GET", address, headers={"Accept-Encoding": "gzip"}) as packed:
        assert packed.headers["content-encoding"] == "gzip"
        assert gzip.decompress(b"".join(packed.iter_raw())) == plain.content
    for style in (plain, nobody.get(theirs["href"])):
        assert "url(" not in style.text and "@import" not in style.text and "@font-face" not in style.text, (
            "asks nothing of any host"
        )
    assert "GDS Transport" not in nobody.get(theirs["href"]).text, "a font for GOV.UK alone"


def test_the_stylesheet_of_govuk_frontend_is_the_one_that_its_lock_names() -> None:
    """That it is what the package gives is compared where npm is; here, that nobody has changed it, or the lock alone."""
    folder = SOURCE / "assets"
    head, _, style = (folder / "govuk-frontend.css").read_text(encoding="utf-8").partition(" */\n")
    locked = orjson.loads((folder / "package-lock.json").read_bytes())["packages"]["node_modules/govuk-frontend"]
    assert f"govuk-frontend {locked['version']}, MIT licence (govuk-frontend.LICENSE.txt)" in head and locked["integrity"] in head
    assert head.endswith(f"sha256 of what follows {hashlib.sha256(style.encode()).hexdigest()}")
    assert f'--govuk-frontend-version:"{locked["version"]}"' in style and "resolved" not in locked
    assert "Crown Copyright" in (folder / "govuk-frontend.LICENSE.txt").read_text(encoding="utf-8")


def luminance(colour: str) -> float:
    """Relative luminance, as WCAG 2.2 defines it."""
    digits = colour if len(colour) == 6 else "".join(each * 2 for each in colour)
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_what_is_written_can_be_read_in_light_and_in_dark() -> None:
    """WCAG 2.2 AA: 4.5 to 1 for text, 3 to 1 for what tells something by its shape."""
    assert contrast("000", "fff") == 21
    style = (SOURCE / "assets" / "pages.css").read_text(encoding="utf-8")
    schemes = [dict(re.findall(r"--([\w-]+): #(\w+);", block)) for block in re.findall(r":root \{(.*?)\}", style, re.DOTALL)[:2]]
    for scheme in schemes:
        for paper in ("paper", "soft"):
            for ink in ("ink", "quiet", "link", "hover", "warn", "error", "done"):
                assert contrast(scheme[ink], scheme[paper]) >= 4.5, (ink, paper)
            assert contrast(scheme["edge"], scheme[paper]) >= 3
        for ink, paper in (("head-ink", "head"), ("focus-ink", "focus"), ("paper", "error"), ("paper", "done")):
            assert contrast(scheme[ink], scheme[paper]) >= 4.5
        assert contrast(scheme["link"], scheme["field"]) >= 3, "the dot on the field"
        assert contrast(scheme["ink"], scheme["field"]) >= 3, "the target in it"


def test_every_colour_that_is_used_is_said() -> None:
    style = (SOURCE / "assets" / "pages.css").read_text(encoding="utf-8")
    assert set(re.findall(r"var\((--[\w-]+)", style)) <= set(re.findall(r"(--[\w-]+):", style))


@cache
def without_comments(file: Path) -> str:
    return ast.unparse(ast.parse(file.read_text(encoding="utf-8")))


def test_every_page_calls_the_one_act_that_it_was_let_in_for_or_acts_that_judge_their_caller() -> None:
    """And none looks at a role: who sees what is the acts' to hold."""
    for path in SOURCE.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"\.role\b(?!_)", text), path
        assert not re.search(r"^\s*(from|import) api\.(storage|state|security|service)\b", text, re.MULTILINE), path
        assert ".store" not in text and "service.store" not in text, path
    for router in ROUTERS:
        for route in router.routes:
            assert isinstance(route, APIRoute)
            admitted = acts_of(route)
            assert all(isinstance(each, Act) and ACTS[each.name] is each for each in admitted)
            file = Path(route.endpoint.__code__.co_filename)
            group = [file] if file.parent == SOURCE else sorted(file.parent.glob("*.py"))  # a group of pages has a folder
            called = "\n".join(map(without_comments, group))
            for each in admitted:
                assert re.search(rf"\b\w+\.{each.does.__name__}(\(by|, by)\b", called), route.path


def test_whoever_reads_no_html_is_answered_as_a_program(nobody: Browser) -> None:
    assert "text/html" in READS_HTML["Accept"]
    assert code(nobody.client.get("/areas", headers={"Accept": "application/json"})) == (401, "unauthenticated")
