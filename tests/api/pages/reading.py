"""A page as somebody reads it who does not see it: headings, labels, landmarks, tables; and a browser that keeps a cookie."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping
from html.parser import HTMLParser

import httpx

from api.acts.in_browsers import COOKIE
from tests.api.conftest import Served

VOID = {"meta", "input", "link", "br", "hr", "img"}
READS_HTML = {"Accept": "text/html,application/xhtml+xml"}
OF_THE_SITE = {"Sec-Fetch-Site": "same-origin"}


class Read(HTMLParser):
    """What a page is made of: elements with their attributes and text, each closed in its order."""

    def __init__(self, answer: httpx.Response) -> None:
        super().__init__()
        assert answer.headers["content-type"] == "text/html; charset=utf-8", answer.text
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.texts: list[tuple[str, list[str]]] = []
        self._open: list[tuple[str, list[str]]] = []
        self.rows: list[list[str]] = []
        self._cells: list[str] = []
        self.feed(answer.text)
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        text: list[str] = []
        drawn = any(name == "svg" for name, _ in self._open)
        self.texts.append((f"svg {tag}" if drawn else tag, text))
        if tag not in VOID:
            self._open.append((tag, text))

    def handle_endtag(self, tag: str) -> None:
        opened, text = self._open.pop()
        assert opened == tag
        if tag in ("th", "td"):
            self._cells.append(" ".join("".join(text).split()))
        if tag == "tr":
            self.rows.append(self._cells)
            self._cells = []

    def handle_data(self, data: str) -> None:
        for _, text in self._open:
            text.append(data)

    def all(self, tag: str) -> list[dict[str, str]]:
        """The attributes of each element of a kind."""
        return [attributes for name, attributes in self.elements if name == tag]

    def said(self, tag: str) -> list[str]:
        """What stands in each of them."""
        return [" ".join("".join(text).split()) for name, text in self.texts if name == tag]

    @property
    def words(self) -> str:
        return self.said("body")[0]


def holds_for_every_page(page: Read, answer: httpx.Response, *, follows: bool = False) -> None:
    """What WCAG 2.2 asks of any page as far as its markup tells, and what our policy asks of any answer."""
    (html,) = page.all("html")
    assert html["lang"] == "en-GB"
    (title,), (heading,) = page.said("title"), page.said("h1")
    assert title.removeprefix("Error: ").startswith(f"{heading} – Home care brokerage – ")
    assert len(page.all("main")) == len(page.all("header")) == len(page.all("footer")) == 1
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch(r"h[1-6]", tag)]
    assert [pair for pair in itertools.pairwise([1, *levels]) if pair[1] > pair[0] + 1] == []
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert page.all("a")[0] == {"class": "govuk-skip-link", "href": "#main"}
    for link in page.all("a"):
        assert link["href"][:1] in "#/" and (link["href"][:1] == "/" or link["href"][1:] in ids), link["href"]
    assert all(said for said in page.said("a") + page.said("button"))
    labelled = {each["for"] for each in page.all("label")}
    for box in page.all("input") + page.all("select") + page.all("textarea"):
        assert box.get("type") == "hidden" or "hidden" in box or box["id"] in labelled
        assert set(box.get("aria-describedby", "").split()) <= set(ids)
    assert len(page.all("caption")) == len(page.all("table"))
    assert all("scope" in each for each in page.all("th"))
    assert len({each.get("aria-label") for each in page.all("nav")}) == len(page.all("nav"))
    assert not any(name.startswith("on") or name == "style" for _, attributes in page.elements for name in attributes)
    scripts = page.all("script")  # of its own at most, and nothing hangs on it
    assert all(set(each) == {"src", "defer"} and each["src"].startswith("/assets/") for each in scripts) and len(scripts) <= 1
    assert scripts or not follows
    assert not page.all("style") and not page.all("iframe")
    assert answer.headers["content-security-policy"] == (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
        + ("; script-src 'self'; connect-src 'self'" if scripts else "")
    )
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-frame-options"] == "DENY"
    assert answer.headers["referrer-policy"] == "same-origin"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "x-request-id" in answer.headers
    assert not re.search(r"\b20\d\d-\d\d-\d\d\b", page.words), "a date as programs write it"
    assert not re.search(r"\bnull\b", page.words), "a word of programs"


class Browser:
    """Keeps the cookie that it is given, as browsers do over TLS and on their own machine; follows nothing by itself."""

    def __init__(self, served: Served) -> None:
        self.client = served.client(None)
        self.client.headers.update(READS_HTML)
        self.cookie = ""

    def get(self, address: str, **headers: str) -> httpx.Response:
        return self._kept(self.client.get(address, headers=self._headers(headers)))

    def post(self, address: str, data: Mapping[str, str | list[str]] | None = None, **headers: str) -> httpx.Response:
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        return self._kept(self.client.post(address, data=data, headers=self._headers(given or OF_THE_SITE)))

    def read(self, address: str, status: int = 200, *, follows: bool = False) -> Read:
        """A page that is as every page is. ``follows``: it shows a run at work, as it happens."""
        answer = self.get(address)
        assert answer.status_code == status
        page = Read(answer)
        holds_for_every_page(page, answer, follows=follows)
        return page

    def signed_in(self, key: str) -> Browser:
        assert self.post("/sign-in", {"key": key}).status_code == 303
        return self

    def _headers(self, headers: dict[str, str]) -> dict[str, str]:
        return headers | ({"Cookie": f"{COOKIE}={self.cookie}"} if self.cookie else {})

    def _kept(self, answer: httpx.Response) -> httpx.Response:
        self.client.cookies.clear()
        if given := answer.headers.get("set-cookie"):
            self.cookie = given.partition(";")[0].removeprefix(f"{COOKIE}=")
        return answer
