"""Signing in to the pages by the council's directory: the code flow with a real stand-in for it, and whatever does not fit."""

from __future__ import annotations

import base64
import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx
import pytest
from pydantic import ValidationError
from sqlalchemy import select, update

from api.acts.in_browsers import COOKIE, MEANWHILE
from api.security.sessions import Sessions
from api.settings import Settings
from api.storage.database import reading, writing
from api.storage.table_schema import audit, sessions
from optimiser.domain.snapshot import Snapshot
from tests.api.conftest import Served, loaded, serving
from tests.api.pages.reading import Browser, Read
from tests.api.security.test_oidc import KEY, OTHER, Directory, directory

__all__ = ["directory"]
OURS = "https://brokerage.example.gov.uk"
BACK = "/sign-in/directory/back"


@pytest.fixture
def served(directory: Directory, small: Snapshot, tmp_path: Path) -> Iterator[Served]:
    secret = tmp_path / "secret"
    secret.write_text("s3c/ret\n")
    told: dict[str, Any] = {"oidc_issuer": directory.issuer, "oidc_audience": "brokerage", "public_address": OURS}
    told |= {"oidc_client_id": "the pages", "oidc_client_secret_file": str(secret), "run_workers": 0, "tick_seconds": 0}
    with serving(loaded(tmp_path, small, **told)) as running:
        yield running


@pytest.fixture
def browser(served: Served) -> Iterator[Browser]:
    made = Browser(served)
    with made.client:
        yield made


def kept(answer: httpx.Response, name: str) -> str:
    """What a browser keeps of a cookie that it is given."""
    given = [each for each in answer.headers.get_list("set-cookie") if each.startswith(f"{name}=")]
    return given[0].partition(";")[0].partition("=")[2] if given else ""


def leave(browser: Browser, then: str = "/areas") -> tuple[str, str]:
    """Where somebody is sent to, and what their browser keeps."""
    answer = browser.client.get(f"/sign-in/directory?then={then}")
    assert answer.status_code == 303
    (cookie,) = answer.headers.get_list("set-cookie")
    assert cookie.endswith("; Max-Age=600; Path=/; Secure; HttpOnly; SameSite=Lax")
    browser.client.cookies.clear()
    return answer.headers["location"], kept(answer, MEANWHILE)


def come_back(browser: Browser, brought: dict[str, str], cookie: str, session: str = "") -> httpx.Response:
    cookies = f"{MEANWHILE}={cookie}" + (f"; {COOKIE}={session}" if session else "")
    answer = browser.client.get(f"{BACK}?{urlencode(brought)}", headers={"Cookie": cookies})
    browser.client.cookies.clear()
    return answer


def test_somebody_signs_in_by_the_directory_and_goes_on_where_they_wanted_to(
    directory: Directory, served: Served, browser: Browser
) -> None:
    page = browser.read("/areas?sort=name", 401)
    (link,) = (each for each in page.all("a") if "Sign in with your council account" in page.words and "button" in each["class"])
    assert link["href"] == "/sign-in/directory?then=%2Fareas%3Fsort%3Dname"
    address, cookie = leave(browser)
    asked = dict(parse_qsl(urlsplit(address).query))
    assert address.startswith(f"{directory.issuer}/authorization?") and set(asked) == {
        *("response_type", "client_id", "redirect_uri", "scope", "state", "nonce", "code_challenge", "code_challenge_method"),
    }
    assert asked["redirect_uri"] == OURS + BACK and asked["scope"] == "openid profile"
    assert leave(browser)[1].split(".")[:3] != cookie.split(".")[:3], "each its own"
    answer = come_back(browser, directory.let_in(address), cookie)
    assert (answer.status_code, answer.headers["location"]) == (303, "/areas")
    assert kept(answer, MEANWHILE) == "" and "Max-Age=0" in answer.headers.get_list("set-cookie")[1]
    browser.cookie = kept(answer, COOKIE)
    assert "ada@county.example, planner" in browser.read("/areas").words
    assert directory.authorizations == ["Basic " + base64.b64encode(b"the%20pages:s3c%2Fret").decode()]
    with reading(served.service.store.engine) as connection:
        (entry,) = connection.execute(select(audit).where(audit.c.action == "session.begin"))
    assert entry.actor == "ada@county.example (oidc u-17)" and '"roles":["planner"]' in entry.details.replace(" ", "")
    assert browser.post("/sign-out").headers["location"] == "/signed-out"
    browser.cookie = kept(answer, COOKIE)
    assert browser.get("/areas").status_code == 401


Change = Callable[[dict[str, str], str], tuple[dict[str, str], str]]
UNFIT: dict[str, Change] = {
    "another state": lambda brought, cookie: (brought | {"state": "x" * 43}, cookie),
    "no state": lambda brought, cookie: ({"code": brought["code"]}, cookie),
    "another browser": lambda brought, _: (brought, ""),
    "another verifier": lambda brought, cookie: (brought, cookie.replace(cookie.split(".")[2], "v" * 43)),
    "another nonce": lambda brought, cookie: (brought, cookie.replace(cookie.split(".")[1], "n" * 43)),
    "another directory": lambda brought, cookie: (brought | {"iss": "https://evil.example"}, cookie),
    "no code": lambda brought, cookie: ({"state": brought["state"], "error": "access_denied"}, cookie),
    "an old code": lambda brought, cookie: (brought | {"code": "code-9"}, cookie),
    "a cookie that is none": lambda brought, _: (brought, "a.b"),
}


@pytest.mark.parametrize("change", UNFIT.values(), ids=UNFIT)
def test_what_does_not_fit_signs_nobody_in(directory: Directory, browser: Browser, change: Change) -> None:
    address, cookie = leave(browser)
    answer = come_back(browser, *change(directory.let_in(address), cookie))
    assert answer.status_code == 401 and kept(answer, COOKIE) == ""
    page = Read(answer)
    assert page.said("h1") == ["Sign in"] and "Sign in again; nothing was done." in page.words


@pytest.mark.parametrize(
    ("claims", "status"),
    [
        ({"roles": ["gardener"]}, 403),
        ({"exp": 1}, 401),
        ({"aud": "brokerage"}, 401),
        ({"aud": ["the pages", "other"]}, 401),
        ({"aud": ["the pages", "other"], "azp": "other"}, 401),
        ({"azp": "other"}, 401),
        ({"iss": "https://evil.example"}, 401),
        ({"nonce": None}, 401),
        ({"key": OTHER}, 401),
        ({"aud": ["the pages", "other"], "azp": "the pages", "key": KEY}, 303),
    ],
)
def test_only_the_directorys_word_for_these_pages_counts(
    directory: Directory, browser: Browser, claims: dict[str, Any], status: int
) -> None:
    address, cookie = leave(browser)
    answer = come_back(browser, directory.let_in(address, **claims), cookie)
    assert answer.status_code == status and (kept(answer, COOKIE) != "") is (status == 303)


def test_a_bearer_token_of_the_directory_opens_no_page(directory: Directory, browser: Browser) -> None:
    token = directory.token()
    assert browser.post("/sign-in", {"key": token}).status_code == 401
    assert browser.client.get("/areas", headers={"Authorization": f"Bearer {token}"}).status_code == 401


def test_a_directory_that_is_away_is_told_and_keys_go_on_opening(directory: Directory, served: Served, browser: Browser) -> None:
    address, cookie = leave(browser)
    brought = directory.let_in(address)
    directory.fails = True
    answer = come_back(browser, brought, cookie)
    assert answer.status_code == 503 and "does not answer" in Read(answer).words and answer.headers["retry-after"]
    served.service.directory._endpoints = None  # type: ignore[union-attr]
    answer = browser.client.get("/sign-in/directory")
    assert answer.status_code == 503 and Read(answer).said("h1") == ["Please try again"]
    browser.client.cookies.clear()
    assert browser.signed_in(served.key("viewer")).get("/areas").status_code == 200


def test_a_word_of_the_directory_holds_for_four_hours_and_not_without_it(
    directory: Directory, served: Served, browser: Browser
) -> None:
    address, cookie = leave(browser, "//evil.example")
    answer = come_back(browser, directory.let_in(address), cookie)
    assert answer.headers["location"] == "/"
    browser.cookie = kept(answer, COOKIE)
    known = served.service.sessions
    with reading(served.service.store.engine) as connection:
        (row,) = connection.execute(select(sessions))
    begun = dt.datetime.fromisoformat(row.created_at)
    for minutes, there in ((239, True), (240, False)):
        seen = begun + dt.timedelta(minutes=minutes)
        with writing(served.service.store.engine) as connection:
            later = (seen + dt.timedelta(hours=1)).isoformat()
            connection.execute(update(sessions).values(seen_at=seen.isoformat(), expires_at=later))
        assert (known.holder(browser.cookie, seen) is not None) is there, "whatever its row says"
    without = Sessions(served.service.store.engine, served.service.keys, idle_minutes=60, longest_hours=12)
    with writing(served.service.store.engine) as connection:
        connection.execute(update(sessions).values(seen_at=row.created_at))
    assert known.holder(browser.cookie, begun) is not None and without.holder(browser.cookie, begun) is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"oidc_client_id": "pages"},
        {"oidc_client_id": "pages", "public_address": OURS},
        {"oidc_client_secret_file": "x", "public_address": OURS},
        {"public_address": "http://brokerage.example.gov.uk"},
        {"public_address": f"{OURS}/under"},
        {"public_address": f"{OURS}?a=b"},
        {"oidc_scope": "profile"},
    ],
)
def test_settings_that_do_not_fit_together_are_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        Settings(**wrong)  # type: ignore[arg-type]


def test_where_keys_alone_open_the_pages_nothing_is_said_of_a_directory(nobody: Browser) -> None:
    assert "council account" not in nobody.read("/sign-in").words
    assert nobody.read("/sign-in/directory", 404).said("h1") == ["Page not found"]
