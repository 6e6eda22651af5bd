"""What HTTP promises, on every address alike: HEAD, tags, no redirects, bodies that are judged after whoever sends them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi.routing import APIRoute, iter_route_contexts

from api.acts.act import Size
from api.acts.judged_first import JudgedFirst, limit_of
from api.acts.signing_in import acts_of
from api.app import create_app
from api.http.errors import Problem
from api.http.responses import is_known, refuse_changed, require
from api.pages.every_page import ROUTERS as PAGES
from api.records.acts import DEEDS
from api.settings import Settings
from optimiser.domain.snapshot import Snapshot
from tests.api.conftest import Served, loaded, serving
from tests.api.talking import REQUEST, code

BODY = json.dumps(REQUEST).encode()
JSON = {"Content-Type": "application/json"}
REVIEW = {"priority": "urgent", "reason": "looked at again"}


@pytest.fixture(scope="module")
def villages(tmp_path_factory: pytest.TempPathFactory, small: Snapshot) -> Iterator[Served]:
    """The three villages, served once for all of these."""
    folder = tmp_path_factory.mktemp("manners")
    with serving(loaded(folder, small, run_workers=0, tick_seconds=0, max_body_bytes=300_000)) as running:
        yield running


@pytest.fixture
def planner(villages: Served) -> Iterator[httpx.Client]:
    with villages.client("planner") as client:
        yield client


@pytest.fixture
def stranger(villages: Served) -> Iterator[httpx.Client]:
    with villages.client(None) as client:
        yield client


@pytest.mark.parametrize(
    "path", ["/v1/me", "/v1/packages", "/v1/packages/N1", "/health/live", "/health/ready", "/v1/nowhere", "/v1/bands"]
)
def test_head_is_told_what_get_is_told_without_the_body(planner: httpx.Client, path: str) -> None:
    got, headed = planner.get(path), planner.head(path)
    assert headed.status_code == got.status_code
    assert headed.content == b""
    names = ("content-type", "content-length", "etag")
    assert [headed.headers.get(name) for name in names] == [got.headers.get(name) for name in names]


def test_head_needs_a_key_ends_a_stream_at_once_and_changes_nothing(planner: httpx.Client, stranger: httpx.Client) -> None:
    assert stranger.head("/v1/packages").status_code == 401
    run_id = planner.post("/v1/runs", json={"kind": "allocate"}, headers={"Idempotency-Key": "head"}).json()["run_id"]
    headed = planner.head(f"/v1/runs/{run_id}/events", timeout=5)
    assert (headed.status_code, headed.headers["content-type"]) == (200, "text/event-stream; charset=utf-8")
    assert headed.headers["x-accel-buffering"] == "no", "else a proxy keeps what it is told until it is much"
    assert planner.head("/v1/imports").status_code == 405
    assert planner.delete("/v1/runs").json() == {"run_ids": [run_id]}


def test_what_an_address_knows_is_told_whole(planner: httpx.Client) -> None:
    assert planner.delete("/v1/packages").headers["allow"] == "GET, HEAD, POST"
    assert planner.put("/v1/packages/N1").headers["allow"] == "GET, HEAD, PATCH"
    assert planner.options("/v1/imports").headers["allow"] == "POST"


@pytest.mark.parametrize(
    "path", ["/v1/packages/", "/v1/packages/N1/", "/v1/packages/N%2F1/", "/v1/imports/", "/v1//packages", "/health/live/"]
)
def test_nobody_is_sent_elsewhere(planner: httpx.Client, path: str) -> None:
    """A redirect names the address as this process sees it: behind a proxy that is one without TLS, and the body goes there."""
    for method in ("GET", "POST"):
        answer = planner.request(method, path, content=BODY, headers=JSON)
        assert code(answer) == (404, "not_found")
        assert "location" not in answer.headers
    assert ("ends in a slash" in planner.get(path).json()["detail"]) is path.endswith("/")


def tags(etag: str) -> dict[str, bool]:
    """What may be sent as a tag, and whether it names this one."""
    return {
        etag: True,
        f"W/{etag}": True,
        f'"x", {etag}': True,
        f'W/"x",W/{etag}': True,
        '"x"': False,
        etag.strip('"'): False,
        "": False,
    }


@pytest.mark.parametrize("path", ["/v1/packages/N1", "/v1/areas/A1", "/v1/rules", "/v1/reserve", "/v1/providers/ALDER", "run"])
def test_every_reading_compares_tags_alike(planner: httpx.Client, path: str) -> None:
    if path == "run":
        asked = planner.post("/v1/runs", json={"kind": "allocate"}, headers={"Idempotency-Key": "tags"})
        path = f"/v1/runs/{asked.json()['run_id']}"
    etag = planner.get(path).headers["etag"]
    for sent, same in {**tags(etag), "*": True}.items():
        answer = planner.get(path, headers={"If-None-Match": sent})
        assert (answer.status_code == 304) is same, sent
        assert answer.headers["etag"] == etag


@pytest.mark.parametrize("check", [require, refuse_changed])
def test_every_change_compares_tags_as_readings_do(check: Callable[[str, str], None]) -> None:
    for sent, same in tags('"7-a"').items():
        assert is_known(sent, '"7-a"') is same
        if same:
            check(sent, '"7-a"')
            continue
        with pytest.raises(Problem) as refused:
            check(sent, '"7-a"')
        assert refused.value.code == "changed_since"


def test_any_version_is_none_that_somebody_has_read(villages: Served, planner: httpx.Client) -> None:
    with villages.client("contracts") as contracts:
        ending = {"ends": "2026-11-23", "reason": "who knows"}
        for client, path, body in [
            (planner, "/v1/packages/N1/priority-review", REVIEW),
            (contracts, "/v1/providers/ALDER/end", ending),
            (contracts, "/v1/areas/A1/end", ending),
            (contracts, "/v1/reserve/close", {"areas": ["A1"], "reason": "nobody is left"}),
        ]:
            assert code(client.post(path, json=body, headers={"If-Match": "*"})) == (428, "precondition_required"), path
    offer = planner.post("/v1/packages/N2/offers").json()["items"][0]["offer_id"]
    answer = planner.patch(f"/v1/offers/{offer}", json={"response": "accepted"}, headers={"If-Match": "*"})
    assert code(answer) == (428, "precondition_required"), "where it need not be sent, too"


def test_nothing_compares_tags_by_itself() -> None:
    own = [
        path
        for path in Path("api").rglob("*.py")
        if re.search(r"if_(none_)?match (==|!=|in)|(==|!=|in) if_(none_)?match", path.read_text())
    ]
    assert own == []


def test_what_a_body_is_has_to_be_said(planner: httpx.Client) -> None:
    for sent, said in [({}, "Content-Type is missing"), ({"Content-Type": "text/plain"}, "text/plain")]:
        answer = planner.post("/v1/packages", content=BODY, headers=sent)
        assert code(answer) == (415, "unsupported_media_type")
        assert said in answer.json()["detail"]
        assert "application/json" in answer.json()["detail"]
    for good in ("application/json", "application/json; charset=utf-8", "application/vnd.council+json"):
        answer = planner.post("/v1/packages", content=b"{}", headers={"Content-Type": good})
        assert code(answer) == (422, "invalid_request")
    assert planner.post("/v1/packages/N1/offers").status_code == 201, "where a body may be left out, so may its kind"


def test_what_is_no_folder_is_told_its_kind_too(villages: Served) -> None:
    with villages.client("admin") as client:
        answer = client.post("/v1/imports", content=b"PK")
        assert (code(answer), "application/zip" in answer.json()["detail"]) == ((415, "unsupported_media_type"), True)
        assert code(client.post("/v1/imports", content=b"PK", headers={"Content-Type": "application/zip"})) == (
            422,
            "not_a_folder",
        )


def test_a_name_that_is_given_twice_is_refused_wherever_it_stands(planner: httpx.Client) -> None:
    extra, visits = '{"Ada Smith": "1", "Ada Smith": "2"}', '[{"days": [], "days": []}]'
    twice = f'{{"package_id": "N8", "package_id": "N9", "extra": {extra}, "visits": {visits}}}'.encode()
    answer = planner.post("/v1/packages", content=twice, headers=JSON)
    assert code(answer) == (422, "invalid_request")
    assert [each["problem"] for each in answer.json()["faults"]] == [
        "a name is given twice in one object",
        "days is given twice in one object",
        "package_id is given twice in one object",
    ], "all of them, and none that may be of a person"
    assert "Ada" not in answer.text
    assert planner.get("/v1/packages/N8").status_code == 404


def test_a_parameter_that_is_given_twice_is_refused(planner: httpx.Client) -> None:
    answer = planner.post("/v1/reserve?dry_run=true&dry_run=false&x=1&x=1", json={"areas": ["A1"], "reason": "who knows"})
    assert code(answer) == (403, "forbidden")
    answer = planner.get("/v1/packages?limit=1&limit=2&status=new")
    assert (code(answer), answer.json()["faults"]) == (
        (422, "invalid_request"),
        [{"where": ["query", "limit"], "problem": "given twice"}],
    )


def test_nothing_of_a_strangers_body_is_read(villages: Served, stranger: httpx.Client) -> None:
    large = b"[" * (villages.settings.max_body_bytes + 1)
    for content in (b"{", b'{"a": 1, "a": 2}', b"[" * 100_000, large, iter([large])):
        for headers in (JSON, {}):
            assert code(stranger.post("/v1/packages", content=content, headers=headers)) == (401, "unauthenticated")
    with villages.client("viewer") as viewer:
        assert code(viewer.post("/v1/packages", content=b"{", headers=JSON)) == (403, "forbidden")
        assert code(viewer.post("/v1/packages", content=large, headers=JSON)) == (403, "forbidden")


def test_each_act_has_its_own_limit(villages: Served, planner: httpx.Client) -> None:
    form = limit_of(Size.FORM, villages.settings)
    assert form == 262_144 < villages.settings.max_body_bytes == limit_of(Size.LIST, villages.settings)
    for path, most in [("/v1/packages/N1/priority-review", form), ("/v1/packages", villages.settings.max_body_bytes)]:
        for content in (b" " * (most + 1), iter([b" " * most, b" "])):
            answer = planner.post(path, content=content, headers=JSON)
            assert (code(answer), f"At most {most:,} bytes." in answer.text) == ((413, "too_large"), True), path
        assert code(planner.post(path, content=b" " * most, headers=JSON))[0] == 422
    assert limit_of(Size.FOLDER, villages.settings) == villages.settings.max_import_bytes == 64 * 1024 * 1024
    assert limit_of(Size.FORM, Settings(max_body_bytes=5_000)) == 5_000, "a setting may make all of them smaller"


def test_no_route_is_without(tmp_path: Any) -> None:
    app = create_app(Settings(database_url=f"sqlite:///{tmp_path / 'county.db'}"))
    found = [each.original_route for each in iter_route_contexts(app.routes) if isinstance(each.original_route, APIRoute)]
    ours = [route for route in found if acts_of(route)]
    assert len(ours) > 100
    pages = [route for router in PAGES for route in router.routes]  # these judge before they read a form by themselves
    assert [route.path for route in ours if not isinstance(route, JudgedFirst) and route not in pages] == []
    folders = {act.name for route in ours for act in acts_of(route) if act.takes is Size.FOLDER}
    assert folders == {"county.sync", "solves.start"}
    assert all(deed.takes is Size.LIST for deed in (DEEDS["areas"].add, DEEDS["areas"].change))
    app.state.service.close()
    app.state.readiness.close()


def test_where_somebody_lives_stands_in_no_address(planner: httpx.Client, stranger: httpx.Client) -> None:
    place = {"latitude": 52.652155, "longitude": 0.902049}
    assert planner.post("/v1/bands", json=place).json()["band"] == 2
    answer = planner.get("/v1/bands", params=place)
    assert (code(answer), "POST" in answer.json()["detail"]) == ((410, "gone"), True)
    assert stranger.get("/v1/bands", params=place).status_code == 401
    assert stranger.post("/v1/bands", json=place).status_code == 401
