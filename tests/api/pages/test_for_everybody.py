"""Larger text in one browser, the accessibility statement, and a county that is loaded before anybody asks."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from api.pages.frame import TEXT
from api.storage.database import reading
from api.storage.table_schema import audit
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


def test_the_county_is_loaded_before_anybody_asks_and_nobody_has_read_it(
    villages: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    def entries() -> int:
        with reading(villages.service.store.engine) as connection:
            return int(connection.execute(select(func.count()).select_from(audit)).scalar_one())

    before = entries()
    warming.begin(villages.service).join()
    assert warming.warm(villages.service) and entries() == before

    def away() -> None:
        raise OSError

    monkeypatch.setattr(villages.service.store, "state", away)
    assert warming.warm(villages.service) is False, "and the service starts all the same"
