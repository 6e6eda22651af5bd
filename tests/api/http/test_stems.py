"""A feature's routes are asked only about addresses that begin as one of them does, and no answer is another for that."""

from __future__ import annotations

import pytest
from fastapi import APIRouter
from fastapi.routing import APIRoute
from starlette.routing import Match

from api.app import routes
from api.http.stems import StemRouter, stem_of

ROUTERS = [found.router for found in routes()]


@pytest.mark.parametrize(
    ("path", "stem"),
    [
        ("/v1/packages/{package_id}/cascade", ("v1", "packages")),
        ("/v1/packages", ("v1", "packages")),
        ("/people/{package_id}", ("people",)),
        ("/health/live", ("health", "live")),
        ("/{anything}", ()),
        ("/", ("",)),
        ("", ("",)),
    ],
)
def test_a_stem_ends_before_what_differs(path: str, stem: tuple[str, ...]) -> None:
    assert stem_of(path) == stem


def match(router: StemRouter, path: str) -> Match:
    found, _ = router.matches({"type": "http", "path": path, "method": "GET", "headers": [], "root_path": ""})
    return found


def filled(path: str) -> str:
    return "/".join("N1" if "{" in segment else segment for segment in path.split("/"))


def made(*paths: str) -> StemRouter:
    router = StemRouter()
    for path in paths:
        router.add_api_route(path, lambda: {})
    return router


def test_what_begins_otherwise_is_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    router, asked = made("/v1/packages/{package_id}/cascade"), []

    def noted(scope: dict[str, str]) -> tuple[Match, dict[str, str]]:
        asked.append(scope["path"])
        return Match.FULL, {}

    monkeypatch.setattr(APIRouter, "matches", lambda _, scope: noted(scope))
    assert match(router, "/v1/offers/N1/cascade") == match(router, "/v1") == match(router, "/") == Match.NONE
    assert match(router, "/v1/packages/N1/cascade") == match(router, "/v1/packages") == Match.FULL
    assert asked == ["/v1/packages/N1/cascade", "/v1/packages"]


def test_a_route_that_comes_later_is_found() -> None:
    router = made("/v1/packages")
    assert ("v1", "offers") not in router._all_stems()
    router.add_api_route("/v1/offers", lambda: {})
    assert ("v1", "offers") in router._all_stems()


def test_every_route_of_the_service_is_asked_about_its_own_address(monkeypatch: pytest.MonkeyPatch) -> None:
    known = [router for router in ROUTERS if isinstance(router, StemRouter)]
    paths = [(router, each.path) for router in known for each in router.routes if isinstance(each, APIRoute)]
    assert len(paths) > 150
    monkeypatch.setattr(APIRouter, "matches", lambda _, __: (Match.FULL, {}))
    assert [path for router, path in paths if match(router, filled(path)) != Match.FULL] == []
    assert all(match(router, "/elsewhere/entirely") == Match.NONE for router in known)
