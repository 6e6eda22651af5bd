"""Whatever id a snapshot may hold, every address that carries it leads to its record, over real HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest
from sqlalchemy import insert

from api.app import create_app
from api.clock import Clock
from api.http.addresses import SLASH, address_of, path_of
from api.http.openapi import operations
from api.runs.stored_runs import pack
from api.settings import Settings
from api.state.store import Store
from api.storage import table_schema
from api.storage.database import writing
from optimiser.domain.records import Location, Round
from optimiser.domain.snapshot import Snapshot
from optimiser.io.exporting import write_snapshot
from optimiser.io.reading import read_snapshot
from tests.api.conftest import LOADER, Served, serving
from tests.api.databases import prepared
from tests.making import AS_OF, area, framework, noon, offer, office, package, provider, rate, restriction, snapshot, surgery

ODD = (
    "2026/0451", "a/", "/", "//", "/offers", "x/start", "..a", "...", "100%", "a%2Fb", "%2e%2e", "what?", "a#b", "a b", "é—字",
    "'q'\"", "=1+1", "-x", "---", "+x", "@x", "'=x", "a&b=c", "a\\b", "a,b", "n1", "N1", "😀" * 100, "X" * 100, "<b>", "{id}",
    "[x]", "a|b", ":", "~",
)  # fmt: skip
"""Each is an id of every kind; two differ in case alone."""
HARDEST = ("2026/0451", "/offers", "a/", "what?")
RUN = "5f0c1d2e3b4a59687786a5b4c3d2e1f0"
OWN = (
    "run_id",
    "statement_id",
    "query_id",
    "incentive_period_id",
    "contact_id",
    "letter_id",
    "month",
    "address_id",
    "message_id",
    "alert_id",
    "call_off_id",
    "assessment_id",
    "number",
    "session",
)
"""Ids that the service makes itself, or takes of letters and digits alone."""


def odd_county() -> Snapshot:
    """For every odd id a package, an offer of it that waits, and a record of every other kind."""
    locations = tuple(Location(each, each, "An office", "good", None) for each in sorted(ODD))
    made = snapshot(
        [package(each, area_id=each) for each in ODD],
        [framework(each, contract_id=each, area_id=each) for each in ODD],
        areas=[area("A1"), *(area(each) for each in ODD)],
        offices=[office(each, office_id=each) for each in ODD],
        providers=[provider(each) for each in ODD],
        offers=[offer(each, each, offer_id=each, offered_at=noon()) for each in ODD],
        restrictions=[restriction(each, restriction_id=each, starts=AS_OF, ends=AS_OF) for each in ODD],
        surgeries=[surgery("S1"), *(surgery(each, band_centre=False) for each in ODD)],
        rounds=[Round(each, each, each, None, None) for each in ODD],
        rates=[rate(each, AS_OF, 2400) for each in ODD],
    )
    return replace(made, locations=locations)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    address = f"sqlite:///{tmp_path_factory.mktemp('odd') / 'county.db'}"
    engine = prepared(address)
    Store(engine, Clock(AS_OF)).load(odd_county(), LOADER)
    run = {
        "run_id": RUN, "kind": "allocate", "settings": "{}", "requested_by": "x", "idempotency_key": "x", "request_hash": "x",
        "created_at": "2026-11-23T09:00:00Z", "status": "succeeded", "cancel": False, "attempts": 1, "fence": 1,
    }  # fmt: skip
    with writing(engine) as connection:
        connection.execute(insert(table_schema.runs), run)
        explanations = [{"run_id": RUN, "package_id": each, "body": pack({"package_id": each})} for each in ODD]
        connection.execute(insert(table_schema.run_explanations), explanations)
    engine.dispose()
    with serving(Settings(database_url=address, as_of=AS_OF, run_workers=0)) as running:
        yield running


def _id_routes(served: Served) -> list[tuple[str, str]]:
    """Every method and address template that carries an id that is not the service's own."""
    app = create_app(served.settings)
    found = operations(app, app.openapi())
    app.state.service.room.close()
    app.state.service.store.engine.dispose()
    of_council = [each for each in found if not each[0].startswith("/v1/own/")]  # these are for providers alone
    named = [
        (method, path) for path, method, *_ in of_council if "{" in path and not path.endswith("/letter")
    ]  # that run has none
    return [each for each in named if not all(part.strip("{}") in OWN for part in each[1].split("/") if part.startswith("{"))]


def _filled(path: str, odd: str) -> str:
    ids = {"{run_id}": RUN, "{rate_id}": f"{odd} {AS_OF}"}
    return "/".join(part if not part.startswith("{") else quote(ids.get(part, odd), safe="") for part in path.split("/"))


def test_every_address_with_an_id_leads_to_its_record(served: Served) -> None:
    routes = _id_routes(served)
    assert len(routes) >= 18
    with served.client("admin", "social_work") as client:
        for method, path in routes:
            is_record = method == "get" and path.count("/") == 3
            for odd in ODD if is_record else HARDEST:
                answer = client.request(method, _filled(path, odd), json={} if method in ("post", "patch") else None)
                assert answer.status_code != 404, (method, path, odd, answer.text)
                assert answer.status_code < 500, (method, path, odd, answer.text)
                if is_record or "explanations" in path:
                    assert answer.status_code == 200, (path, odd, answer.text)
                    assert odd in answer.json().values(), (path, odd)
            unknown = client.request(method, _filled(path, "nobody/here"), json={} if method in ("post", "patch") else None)
            assert unknown.status_code in (404, 422), (method, path)


def test_a_change_through_an_odd_address_changes_that_record_alone(served: Served) -> None:
    with served.client("admin") as client:
        for odd in HARDEST:
            here = address_of("packages", odd)
            before = client.get(here)
            changed = client.patch(here, json={"priority": "urgent"}, headers={"If-Match": before.headers["etag"]})
            assert (changed.status_code, changed.json()["package_id"], changed.json()["priority"]) == (200, odd, "urgent"), odd
        assert served.service.store.state().snapshot.offers == odd_county().offers


def test_a_slash_in_a_segment_divides_nothing_and_no_other_sign_passes_for_one() -> None:
    assert path_of(b"/v1/packages/2026%2f0451/offers") == f"/v1/packages/2026{SLASH}0451/offers"
    assert path_of(b"/v1/packages/a%252Fb%2F") == f"/v1/packages/a%2Fb{SLASH}"
    assert path_of(b"/v1/packages/a%2Fb/") == f"/v1/packages/a{SLASH}b/", "which is no address, as with any other id"
    assert SLASH not in path_of(b"/v1/packages/" + quote(SLASH).encode())
    assert address_of("packages", "2026/04 51?#") == "/v1/packages/2026%2F04%2051%3F%23"


def test_a_sign_for_the_slash_is_no_slash(served: Served) -> None:
    with served.client("admin") as client:
        answer = client.get(f"/v1/packages/2026{quote(SLASH)}0451%2F")
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
        assert client.get("/v1/packages/2026%2F0451").json()["package_id"] == "2026/0451"
        assert client.get("/v1/packages/2026%2F0451/").status_code == 404


def test_what_is_loaded_is_exported_and_read_again(served: Served, tmp_path: Path) -> None:
    state = served.service.store.state().snapshot
    write_snapshot(state, tmp_path / "out")
    assert read_snapshot(tmp_path / "out").snapshot.digest() == state.digest()


def test_a_folder_of_odd_ids_is_accepted_as_it_is(tmp_path: Path) -> None:
    county = odd_county()
    write_snapshot(county, tmp_path / "county")
    assert read_snapshot(tmp_path / "county").snapshot.digest() == county.digest()


def test_a_new_record_says_where_it_is(served: Served) -> None:
    asked = {
        "restriction_id": "R-new",
        "provider_id": "2026/0451",
        "kind": "no_new_work",
        "starts": "2026-12-01",
        "reason": "test",
    }
    with served.client("planner") as client:
        made = client.post("/v1/restrictions", json=asked)
        assert made.status_code == 201, made.text
        assert client.get(made.headers["location"]).json()["restriction_id"] == "R-new"
