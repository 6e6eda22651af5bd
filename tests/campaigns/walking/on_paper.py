"""The same walks without a browser: pages are read, links followed and forms sent as they stand, by plain HTTP."""

from __future__ import annotations

from collections.abc import Mapping
from html.parser import HTMLParser
from urllib.parse import urlsplit

import httpx

from tests.api.conftest import Served
from tests.api.pages.reading import Browser, Read
from tests.campaigns.walking.walker import NotSeenError

REDIRECTS = 303


class Forms(HTMLParser):
    """The forms of a page: where each leads, and what is sent of it as it stands."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, list[str]]]] = []
        self._list = self._area = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.found.append((has["action"], {}))
        elif tag == "input" and self.found and "name" in has:
            if has.get("type") not in ("radio", "checkbox") or "checked" in has:
                self._sends(has["name"], has.get("value", ""))
        elif tag == "select":
            self._list = has["name"]
        elif tag == "option" and self._list and (self._list not in self.found[-1][1] or "selected" in has):
            self.found[-1][1][self._list] = [has["value"]]
        elif tag == "textarea":
            self._area = has["name"]

    def handle_endtag(self, tag: str) -> None:
        self._list = "" if tag == "select" else self._list
        self._area = "" if tag == "textarea" else self._area

    def handle_data(self, data: str) -> None:
        if self._area:
            self._sends(self._area, data.removeprefix("\n"))

    def _sends(self, name: str, value: str) -> None:
        self.found[-1][1].setdefault(name, []).append(value)


class OnPaper:
    """Whoever walks, by turns in several roles. ``keys``: by who they are; ``told``: what was done, step by step."""

    def __init__(self, served: Served, keys: Mapping[str, str]) -> None:
        self._served, self._keys = served, keys
        self._people: dict[str, Browser] = {}
        self._pages: dict[str, httpx.Response] = {}
        self._who = ""
        self.told: list[str] = []

    @property
    def at(self) -> str:
        """The address of the page that is read, without its host and what follows a question mark."""
        return self._page.url.path

    @property
    def _page(self) -> httpx.Response:
        return self._pages[self._who]

    @property
    def _browser(self) -> Browser:
        return self._people[self._who]

    def becomes(self, who: str) -> None:
        """Somebody goes on, signing in where they have not."""
        self._who = who
        if who not in self._people:
            self._people[who] = Browser(self._served).signed_in(self._keys[who])

    def opens(self, who: str, link: str) -> None:
        """Somebody opens a link of a message, in a browser of their own in which nobody is signed in unless they were before."""
        self._who = who
        if who not in self._people:
            self._people[who] = Browser(self._served)
        self.go(urlsplit(link).path)

    def signs_in(self, who: str) -> None:
        """At the form that stands in the way, with their own key."""
        self.fills("/sign-in", {"key": self._keys[who]})

    def go(self, address: str) -> None:
        """To an address of the service."""
        self._pages[self._who] = self._browser.get(address)

    def follow(self, text: str) -> None:
        """The first link that says so."""
        page = Read(self._page)
        said = zip(page.all("a"), page.said("a"), strict=True)
        self.go(next(link["href"] for link, words in said if text in words))

    def fills(self, action: str, given: Mapping[str, str | list[str]] | None = None) -> None:
        """The first form whose address ends so is filled in and sent; a field that is not in it, or boxes that are not, fail."""
        address, fields = next(each for each in Forms(self._page.text).found if each[0].endswith(action))
        strange = [name for name in given or {} if f' name="{name}"' not in self._page.text]
        assert not strange, f"{strange} are no fields of {address}"
        answer = self._browser.post(address, {**fields, **(given or {})})
        self._pages[self._who] = answer
        if answer.status_code == REDIRECTS:
            self.go(answer.headers["location"])

    def step(self, done: str, *seen: str, at: str = "h1") -> None:
        """What was done, and what must be seen of it. ``at``: where a picture would begin."""
        self.told.append(done)
        words = Read(self._page).words
        for each in seen:
            if each.casefold() not in words.casefold():
                raise NotSeenError(f"{len(self.told)}. {done} {each!r} is not seen on {self.at}: {words[:1500]}")

    def __enter__(self) -> OnPaper:
        return self

    def __exit__(self, *_: object) -> None:
        for each in self._people.values():
            each.client.close()
