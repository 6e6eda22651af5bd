"""Signing in with a key, and out; whose session ends when; what other sites, and browsers ahead of their people, are refused."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from sqlalchemy import select

from api.acts.in_browsers import COOKIE
from api.pages.every_page import ROUTERS
from api.pages.guards import asked_for_now, sent_from_here
from api.security.keys import hash_of
from api.storage.database import reading
from api.storage.table_schema import audit, sessions
from tests.api.conftest import Served
from tests.api.pages.reading import Browser, Read, holds_for_every_page
from tests.api.talking import code


def test_nobody_sees_a_page_without_signing_in_and_goes_on_where_they_wanted_to(villages: Served, nobody: Browser) -> None:
    page = nobody.read("/areas?sort=name", 401)
    assert page.said("h1") == ["Sign in"]
    assert "Sign in to see this page." in page.words and "Larkmere and Villages" not in page.words
    (form,), boxes = page.all("form"), {each["name"]: each for each in page.all("input")}
    assert (form["method"], form["action"]) == ("post", "/sign-in")
    assert boxes["key"]["type"] == "password" and boxes["then"]["value"] == "/areas?sort=name"
    answer = nobody.post("/sign-in", {"key": villages.key("planner"), "then": "/areas?sort=name"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/areas?sort=name")
    told = re.fullmatch(rf"{COOKIE}=([\w-]{{43}}); Path=/; Secure; HttpOnly; SameSite=Lax", answer.headers["set-cookie"])
    assert told is not None
    assert nobody.read("/areas").said("h1") == ["Areas"]
    assert nobody.get("/").headers["location"] == "/waiting"
    with reading(villages.service.store.engine) as connection:
        kept = [row.session_hash for row in connection.execute(select(sessions))]
    assert hash_of(told[1]) in kept and told[1] not in kept


@pytest.mark.parametrize(
    "then",
    ["//evil.example", "https://evil.example/", "/\\evil.example", "javascript:alert(1)", "/a\nb", "", "/é", "/" + "a" * 3000],
)
def test_nobody_is_led_away_from_here(villages: Served, nobody: Browser, then: str) -> None:
    assert nobody.post("/sign-in", {"key": villages.key("viewer"), "then": then}).headers["location"] == "/"


@pytest.mark.parametrize(
    ("key", "status", "said"),
    [
        ("", 422, "Enter your key"),
        ("optk_no_such", 401, "This key is not known, has expired or was revoked."),
        ("a.b.c", 401, "This key is not known, has expired or was revoked."),
        ("optk_" + "x" * 500, 401, "This key is not known, has expired or was revoked."),
    ],
)
def test_a_key_that_opens_nothing_is_told_at_its_field_and_never_repeated(
    nobody: Browser, key: str, status: int, said: str
) -> None:
    answer = nobody.post("/sign-in", {"key": key, "then": "/areas"})
    page = Read(answer)
    holds_for_every_page(page, answer)
    assert answer.status_code == status and "set-cookie" not in answer.headers
    assert page.said("title")[0].startswith("Error: Sign in")
    summary = next(each for each in page.all("div") if each.get("class") == "govuk-error-summary")
    assert summary["role"] == "alert"
    (box,) = (each for each in page.all("input") if each["name"] == "key")
    assert box["aria-invalid"] == "true" and "key-error" in box["aria-describedby"] and "value" not in box
    assert page.words.count(said) == 2
    assert not key or key not in answer.text


def test_who_signs_out_is_out_and_going_back_shows_nothing(villages: Served, planner: Browser) -> None:
    secret = planner.cookie
    answer = planner.post("/sign-out")
    assert (answer.status_code, answer.headers["location"]) == (303, "/signed-out")
    assert answer.headers["clear-site-data"] == '"cache", "storage"'
    assert answer.headers["set-cookie"] == f"{COOKIE}=; Max-Age=0; Path=/; Secure; HttpOnly; SameSite=Lax"
    assert "You have signed out." in planner.read("/signed-out").words
    planner.cookie = secret
    assert "You are not signed in any more" in planner.read("/areas", 401).words
    assert planner.post("/sign-out").status_code == 303, "signing out twice is signed out"
    with reading(villages.service.store.engine) as connection:
        rows = connection.execute(select(audit).where(audit.c.action.like("session.%"))).all()
    mine = [row.action for row in rows if row.details and hash_of(secret)[:16] in row.details]
    assert mine == ["session.begin", "session.end"]
    assert secret not in str(rows)


def test_who_has_asked_too_much_may_still_sign_out(villages: Served, planner: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = planner.cookie
    with monkeypatch.context() as full:
        full.setattr(villages.service.allowances, "_at_once", 0)
        assert planner.get("/areas").status_code == 429
        assert planner.post("/sign-out").headers["location"] == "/signed-out"
    planner.cookie = secret
    assert planner.get("/areas").status_code == 401, "the session has ended, not the cookie alone"


def test_signing_in_anew_ends_the_session_before(villages: Served, planner: Browser) -> None:
    before = planner.cookie
    planner.signed_in(villages.key("viewer"))
    assert "viewer" in planner.read("/areas").words
    planner.cookie = before
    assert planner.get("/areas").status_code == 401


def test_v1_knows_no_cookie_and_pages_know_no_bearer(villages: Served, planner: Browser) -> None:
    assert code(planner.get("/v1/me")) == (401, "unauthenticated")
    assert code(planner.post("/v1/areas", {})) == (401, "unauthenticated")
    with villages.client("planner") as program:
        assert code(program.get("/areas")) == (401, "unauthenticated")


@pytest.mark.parametrize(
    ("headers", "let_in"),
    [
        ({"Sec_Fetch_Site": "same-origin"}, True),
        ({"Sec_Fetch_Site": "cross-site"}, False),
        ({"Sec_Fetch_Site": "same-site"}, False),
        ({"Sec_Fetch_Site": "none"}, False),
        ({"Sec_Fetch_Site": "cross-site", "Origin": "OWN"}, False),
        ({"Origin": "OWN"}, True),
        ({"Origin": "https://evil.example"}, False),
        ({"Origin": "null"}, False),
        ({"X_Nothing": "said"}, False),
    ],
)
def test_forms_come_from_these_pages_alone(villages: Served, planner: Browser, headers: dict[str, str], let_in: bool) -> None:
    own = {name: value.replace("OWN", villages.address) for name, value in headers.items()}
    for address in ("/sign-in", "/sign-out"):
        secret = planner.cookie
        answer = planner.post(address, {"key": "optk_no_such"}, **own)
        assert (answer.status_code == 403) is not let_in
        if not let_in:
            assert Read(answer).said("h1") == ["You may not do this"] and planner.cookie == secret
    if not let_in:
        assert planner.get("/areas").status_code == 200


def called_before(dependant: Dependant) -> Iterator[object]:
    """All that is called before a route is."""
    for each in dependant.dependencies:
        yield each.call
        yield from called_before(each)


def test_every_page_and_every_form_of_every_page_has_its_guards() -> None:
    forms = 0
    for router in ROUTERS:
        for route in router.routes:
            assert isinstance(route, APIRoute)
            guards = {*called_before(route.dependant)}
            if "POST" in (route.methods or ()):
                forms += 1
                assert sent_from_here in guards, route.path
            else:
                assert asked_for_now in guards or route.path == "/assets/{digest}/{name}", route.path  # of nobody
    assert forms > 20


@pytest.mark.parametrize("name", ["Sec-Purpose", "Purpose", "X-Moz"])
def test_a_browser_that_fetches_ahead_is_refused(planner: Browser, name: str) -> None:
    for address in ("/areas", "/", "/sign-in", "/what-i-may-do"):
        answer = planner.get(address, **{name: "prefetch;prerender"})
        assert answer.status_code == 503 and "Larkmere and Villages" not in answer.text


def test_a_form_that_is_none_is_told_so(nobody: Browser) -> None:
    own = {"Sec-Fetch-Site": "same-origin", "Content-Type": "application/x-www-form-urlencoded"}
    send = nobody.client.post
    assert Read(send("/sign-in", content=b"key=a&key=b", headers=own)).said("h1") == ["This cannot be done"]
    assert send("/sign-in", content=b"key=\xff", headers=own).status_code == 400
    assert send("/sign-in", content=b"k" * 70_000, headers=own).status_code == 413
    assert send("/sign-in", content=b"{}", headers=own | {"Content-Type": "application/json"}).status_code == 415
