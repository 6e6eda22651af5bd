"""Larger text in one browser, the accessibility statement, and a county that is loaded before anybody asks."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import func, select, update

from api.pages.frame import TEXT
from api.security.keys import hash_of
from api.storage.database import reading, writing
from api.storage.table_schema import audit, sessions
from api.worklist import warming
from tests.api.conftest import Served
from tests.api.pages.reading import Browser, Read, holds_for_every_page


def test_text_is_larger_where_somebody_asks_for_it_and_as_usual_again(nobody: Browser) -> None:
    page = nobody.read("/accessibility")
    assert "larger" not in page.all("html")[0]["class"] and "/text-size/larger" in [each["href"] for each in page.all("a")]
    own = {"Referer": f"{nobody.client.base_url}/areas?sort=name"}
    answer = nobody.get("/text-size/larger", **own)
    assert (answer.status_code, answer.headers["location"]) == (303, "/areas?sort=name")
    assert answer.headers["set-cookie"] == f"{TEXT}=larger; Max-Age=31536000; Path=/; Secure; HttpOnly; SameSite=Lax"
    larger = nobody.client.get("/accessibility", headers={"Cookie": f"{TEXT}=larger"})
    page = Read(larger)
    holds_for_every_page(page, larger)
    assert "larger" in page.all("html")[0]["class"].split() and "Text as usual" in page.said("a")
    usual = nobody.get("/text-size/usual", Referer="https://evil.example/areas")
    assert usual.headers["location"] == "/" and "Max-Age=0" in usual.headers["set-cookie"]
    assert nobody.get("/text-size/huge").status_code == 422


def test_the_statement_names_whom_to_tell(villages: Served, nobody: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    page = nobody.read("/accessibility")
    assert "Tell whoever runs this service at Larkmere Council" in page.words and "no conformance is claimed" in page.words
    told = villages.settings.model_copy(update={"accessibility_contact": "access@larkmere.example"})
    monkeypatch.setitem(villages.service.__dict__, "settings", told)
    assert "Tell us: access@larkmere.example." in nobody.read("/accessibility").words


def test_a_page_that_stays_open_learns_that_the_county_has_changed(villages: Served, planner: Browser, nobody: Browser) -> None:
    """Whoever reads the day's close is told nothing of changes since; and asking keeps nobody signed in."""
    for address, asks in (("/waiting", True), ("/people/N4", True), ("/areas/A1", True), ("/what-i-may-do", False)):
        assert (len(planner.read(address).all("script")) == 1) is asks, address

    def version() -> int:
        answer = planner.client.get("/county-version", headers=planner._headers({"Accept": "application/json"}))
        assert answer.status_code == 200
        return int(answer.json()["version"])

    before = version()
    with villages.client("planner") as program:
        assert program.get("/v1/county-version").json() == {"version": before}
    assert version() == before, "reading is no change"
    mine = sessions.c.session_hash == hash_of(planner.cookie)
    with writing(villages.service.store.engine) as connection:
        (seen,) = connection.execute(select(sessions.c.seen_at).where(mine)).one()
        earlier = (dt.datetime.fromisoformat(seen) - dt.timedelta(minutes=30)).isoformat()
        connection.execute(update(sessions).where(mine).values(seen_at=earlier))
    assert version() == before
    with reading(villages.service.store.engine) as connection:
        assert connection.execute(select(sessions.c.seen_at).where(mine)).scalar_one() == earlier
    planner.read("/waiting")
    with reading(villages.service.store.engine) as connection:
        assert connection.execute(select(sessions.c.seen_at).where(mine)).scalar_one() > earlier
    viewer = nobody.signed_in(villages.key("viewer"))
    assert viewer.read("/areas").all("script") == [] and viewer.get("/county-version").status_code == 403


def test_the_county_is_loaded_before_anybody_asks_and_nobody_has_read_it(
    villages: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    def entries() -> int:
        with reading(villages.service.store.engine) as connection:
            return int(
                connection.execute(select(func.count()).select_from(audit).where(audit.c.action == "worklist.read")).scalar_one()
            )

    before = entries()
    warming.begin(villages.service).join()
    assert warming.warm(villages.service) and entries() == before

    def away() -> None:
        raise OSError

    monkeypatch.setattr(villages.service.store, "state", away)
    assert warming.warm(villages.service) is False, "and the service starts all the same"
