"""The public price band: a page and an address for anybody, without a key; nothing is kept, logged or in an address."""

from __future__ import annotations

import base64
import hashlib
import io
import itertools
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.settings import Settings
from optimiser.domain.snapshot import Snapshot
from tests.api.conftest import Served, loaded, serving
from tests.api.databases import prepared
from tests.api.http.test_observing import logged, logged_so_often
from tests.api.pages.reading import Read
from tests.api.talking import code
from tests.api.villages_postcodes import ENDED, ESTIMATED, LARKMERE, MIDDLE_SEDGE, written_index

__all__ = ["logged"]

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, small: Snapshot) -> Iterator[Served]:
    """The three villages with an index of postcodes; what is shown here does not hang on the kind of database."""
    folder = tmp_path_factory.mktemp("public")
    postcodes = str(written_index(folder))
    with serving(loaded(folder, small, run_workers=0, tick_seconds=0, postcodes=postcodes)) as running:
        yield running


@pytest.fixture(scope="module")
def anybody(served: Served) -> Iterator[httpx.Client]:
    with served.client(None) as client:
        yield client


def ask(client: httpx.Client, postcode: str) -> httpx.Response:
    return client.post("/price-band", data={"postcode": postcode})


def holds_for_everybody(page: Read) -> None:
    """What WCAG 2.2 AA asks of a page with one form, as far as its markup tells."""
    (html,) = page.all("html")
    assert html["lang"] == "en-GB"
    assert page.said("title")[0].strip()
    assert len(page.all("h1")) == len(page.all("main")) == 1
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch(r"h[1-6]", tag)]
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert "user-scalable" not in str(page.all("meta"))
    for link in page.all("a"):
        assert link["href"].removeprefix("#") in ids
    for label, box in zip(page.all("label"), page.all("input"), strict=True):
        assert label["for"] == box["id"]
        assert set(box["aria-describedby"].split()) <= set(ids)
        assert box["autocomplete"] == "postal-code"
    assert not any(name.startswith("on") or name == "style" for _, attributes in page.elements for name in attributes)
    assert not page.all("script") and not page.all("img") and not page.all("link")


def test_the_form_needs_no_key_and_no_script_and_nothing_from_elsewhere(anybody: httpx.Client) -> None:
    answer = anybody.get("/price-band")
    assert answer.status_code == 200
    page = Read(answer)
    holds_for_everybody(page)
    assert page.all("form") == [{"method": "post", "action": "price-band"}]
    assert "Band 2: further, up to and including 6 miles" in page.words
    style = re.search(r"<style>(.*?)</style>", answer.text, re.DOTALL)
    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert answer.headers["content-security-policy"] == (
        f"default-src 'none'; style-src 'sha256-{digest}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
    assert answer.headers["cache-control"] == "no-store"
    assert "set-cookie" not in answer.headers
    assert anybody.head("/price-band").status_code == 200


def test_a_postcode_is_answered_with_its_band(anybody: httpx.Client) -> None:
    """Middle Sedge is 6,400 m from Larkmere, the one centre: 3.98 miles, band 2."""
    answer = ask(anybody, f" {MIDDLE_SEDGE.lower()} ")
    page = Read(answer)
    holds_for_everybody(page)
    assert (answer.status_code, str(answer.url).endswith("/price-band")) == (200, True)
    assert "Band 2 The nearest band centre is Larkmere Surgery, 3.98 miles away in a straight line." in page.words
    assert page.said("title")[0].startswith("Band 2 – ")
    assert MIDDLE_SEDGE in page.words, "as it is written"
    note = "Its place is that of a postcode: its position is estimated from its neighbours."
    assert note not in page.words
    assert note in Read(ask(anybody, ESTIMATED)).words


@pytest.mark.parametrize(
    ("postcode", "said"),
    [
        ("", "Enter a postcode, such as NR1 2DH"),
        ("NR21 9AZ", f"NR21 9AZ is no postcode that is known here. The nearest is {LARKMERE}, 1 letter away."),
        (ENDED, f"{ENDED} is out of use since March 2020."),
        ("<b>&\"'", "no postcode that is known here"),
        ("x" * 900, "no postcode that is known here"),
    ],
)
def test_what_is_no_place_is_said_at_the_field(anybody: httpx.Client, postcode: str, said: str) -> None:
    answer = ask(anybody, postcode)
    page = Read(answer)
    holds_for_everybody(page)
    assert answer.status_code == 422
    assert page.said("title")[0].startswith("Error: ")
    assert page.words.count(said) == 2, "above the form, and at the field"
    (box,) = page.all("input")
    assert box["aria-invalid"] == "true"
    assert "why" in box["aria-describedby"]
    assert box["value"] == postcode[:20], "what was typed is there to be put right"
    assert not page.all("b")


@pytest.mark.parametrize(
    ("content", "headers", "status"),
    [
        (b"postcode=" + b"N" * 1_100, FORM, 413),
        (b'{"postcode": "NR21 9AA"}', {"Content-Type": "application/json"}, 415),
        (b"postcode=NR21+9AA&postcode=NR20+9AB", FORM, 422),
        (b"postcode=%ff", FORM, 422),
        (b"\xff\xfe", FORM, 422),
        (b"&".join(b"a=1" for _ in range(9)), FORM, 422),
    ],
)
def test_whatever_comes_a_page_is_answered(anybody: httpx.Client, content: bytes, headers: dict[str, str], status: int) -> None:
    answer = anybody.post("/price-band", content=content, headers=headers)
    assert answer.status_code == status
    holds_for_everybody(Read(answer))


def test_the_address_for_programs(anybody: httpx.Client) -> None:
    found = anybody.post("/v1/price-band", json={"postcode": MIDDLE_SEDGE})
    assert found.json() == {"band": 2, "miles": 3.98, "surgery_id": "S1", "name": "Larkmere Surgery"}
    assert anybody.post("/v1/price-band", json={"latitude": 52.654433, "longitude": 0.80756}).json()["band"] == 1
    impossible: list[Any] = [{}, {"postcode": LARKMERE, "latitude": 52.6}, {"postcode": LARKMERE, "name": "x"}, [], "NR21 9AA"]
    for wrong in impossible:
        assert code(anybody.post("/v1/price-band", json=wrong)) == (422, "invalid_request"), wrong
    assert code(anybody.post("/v1/price-band", json={"postcode": ENDED})) == (422, "no_such_place")
    json = {"Content-Type": "application/json"}
    assert code(anybody.post("/v1/price-band", content=b"null", headers=json)) == (422, "invalid_request")
    assert code(anybody.post("/v1/price-band", content=b"{", headers=json)) == (400, "malformed")
    twice = b'{"postcode": "NR21 9AA", "postcode": "NR20 9AB"}'
    assert code(anybody.post("/v1/price-band", content=twice, headers=json)) == (422, "invalid_request")
    assert code(anybody.post("/v1/price-band", content=b" " * 1_025, headers=json)) == (413, "too_large")
    assert code(anybody.post("/v1/price-band", content=b"postcode=NR21+9AA", headers=FORM)) == (415, "unsupported_media_type")
    assert anybody.get("/v1/price-band", params={"postcode": LARKMERE}).status_code == 405


def test_nothing_is_kept_and_nothing_logged(anybody: httpx.Client, served: Served, logged: io.StringIO) -> None:
    database = sqlite3.connect(served.settings.database_url.removeprefix("sqlite:///"))
    before = "\n".join(database.iterdump())
    ask(anybody, LARKMERE)
    ask(anybody, "NR21 9AZ")
    anybody.post("/v1/price-band", json={"postcode": LARKMERE})
    assert "\n".join(database.iterdump()) == before
    database.close()
    assert logged_so_often(logged, '"route": "/price-band"', 2)
    assert logged_so_often(logged, '"route": "/v1/price-band"', 1)
    said = logged.getvalue()
    assert not re.search(r"nr ?21|9a[az]|larkmere|127\.0\.0\.1", said, re.IGNORECASE)


def test_one_address_has_a_small_share_and_others_theirs(tmp_path: Path, small: Snapshot) -> None:
    share = {"strangers_at_once": 3, "strangers_per_second": 0.01, "postcodes": str(written_index(tmp_path))}
    settings = loaded(tmp_path, small, run_workers=0, **share)
    with serving(settings) as running, running.client(None) as client, running.client("viewer") as viewer:
        assert [ask(client, LARKMERE).status_code for _ in range(3)] == [200] * 3
        refused = ask(client, LARKMERE)
        assert (refused.status_code, int(refused.headers["Retry-After"]) > 0) == (429, True)
        page = Read(refused)
        holds_for_everybody(page)
        assert "So many people are asking" in page.words
        assert page.all("form") == []
        assert code(client.post("/v1/price-band", json={"postcode": LARKMERE})) == (429, "too_many_requests")
        assert client.get("/price-band").status_code == 429
        assert viewer.post("/v1/bands", json={"postcode": LARKMERE}).status_code == 200, (
            "whoever has a key has a share of their own"
        )


@pytest.mark.parametrize("has_index", [True, False])
def test_where_it_cannot_be_answered_the_page_says_so(tmp_path: Path, has_index: bool, small: Snapshot) -> None:
    """Before the county is loaded, and where no index is named."""
    if has_index:
        url, index = f"sqlite:///{tmp_path / 'county.db'}", str(written_index(tmp_path))
        settings = Settings(database_url=url, as_of=small.as_of, run_workers=0, postcodes=index)
        prepared(url).dispose()
    else:
        settings = loaded(tmp_path, small, run_workers=0)
    with serving(settings) as running, running.client(None) as client:
        answers = [ask(client, LARKMERE)] if has_index else [client.get("/price-band"), ask(client, LARKMERE)]
        for answer in answers:
            page = Read(answer)
            holds_for_everybody(page)
            assert (answer.status_code, page.all("form")) == (503, [])
            assert "Please try again later, or ask the council." in page.words
        expected = (503, "not_ready") if has_index else (422, "no_postcodes")
        assert code(client.post("/v1/price-band", json={"postcode": LARKMERE})) == expected
