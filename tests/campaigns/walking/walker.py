"""Whoever walks: signed in by the form, one browser for each role, pictures of every step on a desktop and on a phone."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Locator, Page

from tests.api.pages.browser.chromium import DESKTOP, Person
from tests.campaigns.walking.served_county import ServedCounty

SHOWN = {"desktop": {"width": 1280, "height": 1250}, "phone": {"width": 375, "height": 1100}}
"""How much of a page a picture holds."""
REFUSED = "Failed to load resource"
"""What Chromium says of any page whose status is one of an error."""
RUN_SECONDS = 600


class NotSeenError(AssertionError):
    """A step did not show what it must."""


class Walker:
    """The one who walks, by turns in several roles. ``wrong``: what the console said and which pages scroll sideways."""

    def __init__(self, browser: Browser, county: ServedCounty, folder: Path, name: str) -> None:
        self._browser, self._county, self._folder, self._name = browser, county, folder, name
        self._people: dict[str, Person] = {}
        self._here: Person | None = None
        self._steps = 0
        self.wrong: list[str] = []

    def __enter__(self) -> Walker:
        self._folder.mkdir(parents=True, exist_ok=True)
        return self

    def __exit__(self, *_: object) -> None:
        for each in self._people.values():
            each.context.close()

    @property
    def page(self) -> Page:
        """The page of whoever walks at present."""
        return self.person.page

    @property
    def person(self) -> Person:
        """Whoever walks at present."""
        assert self._here is not None, "nobody is signed in"
        return self._here

    def page_of(self, role: str) -> Page:
        """Somebody of a role goes on, signing in where they have not."""
        if role not in self._people:
            at = self._county.running
            self._people[role] = Person(self._browser, at.address).sign_in(at.keys[role])
        self._here = self._people[role]
        return self._here.page

    @property
    def at(self) -> str:
        """The address of the page that is seen, without its host and what follows a question mark."""
        return urlsplit(self.page.url).path

    def becomes(self, who: str) -> None:
        """Somebody goes on, signing in where they have not."""
        self.page_of(who)

    def opens(self, who: str, link: str) -> None:
        """Somebody opens a link of a message, in a browser of their own in which nobody is signed in unless they were before."""
        if who not in self._people:
            self._people[who] = Person(self._browser, self._county.running.address)
        self._here = self._people[who]
        self.page.goto(link)

    def signs_in(self, who: str) -> None:
        """At the form that stands in the way, with their own key."""
        self.page.fill("#key", self._county.running.keys[who])
        self._leads_on(self.page.click, "main button[type=submit]")

    def on(self, day: dt.date) -> None:
        """Another day begins: the same county, and everybody signs in again."""
        for each in self._people.values():
            each.context.close()
        self._people.clear()
        self._county.serve(day)

    def night(self) -> None:
        """The nightly job of the day runs, while whoever walks sleeps."""
        self._county.night()

    def go(self, address: str) -> None:
        """To an address of the service."""
        self.person.go(address)

    def follow(self, text: str | re.Pattern[str], within: str = "main") -> None:
        """The first link that says so, of a part of the page."""
        self._leads_on(self.page.locator(within).get_by_role("link", name=text).first.click)

    def open(self, text: str) -> None:
        """Something that is folded away."""
        self.page.locator("summary", has_text=text).first.click()

    def press(self, text: str | re.Pattern[str], within: str = "main") -> None:
        """The first button that says so, of a part of the page; its form is sent."""
        self._leads_on(self.page.locator(within).get_by_role("button", name=text).first.click)

    def choose(self, within: Locator, **values: str) -> None:
        """Radio buttons, lists and boxes of a form, by the names of its fields."""
        for name, value in values.items():
            field = within.locator(f"[name='{name}']")
            if field.first.get_attribute("type") in ("radio", "checkbox"):
                within.locator(f"[name='{name}'][value='{value}']").check(force=True)
            elif field.first.evaluate("e => e.tagName") == "SELECT":
                field.first.select_option(value)
            else:
                field.first.fill(value)

    def day(self, within: Locator, name: str, day: int, month: int, year: int) -> None:
        """A day in its three boxes."""
        self.choose(within, **{f"{name}-day": str(day), f"{name}-month": str(month), f"{name}-year": str(year)})

    def form(self, action: str) -> Locator:
        """The form that is sent to an address whose end is given."""
        return self.page.locator(f"form[action$='{action}']").first

    def send(self, form: Locator) -> None:
        """By its own first button."""
        self._leads_on(form.locator("button[type=submit]").first.click)

    def fills(self, action: str, given: Mapping[str, str | list[str]] | None = None) -> None:
        """The first form whose address ends so is filled in and sent."""
        form = self.form(action)
        for name, value in (given or {}).items():
            is_box = form.locator(f"[name='{name}']").first.get_attribute("type") in ("radio", "checkbox")
            for each in [value] if isinstance(value, str) else value:
                if is_box:
                    form.locator(f"[name='{name}'][value='{each}']").check()  # once it stands still
                else:
                    self.choose(form, **{name: each})
        self.send(form)

    def download(self, text: str) -> str:
        """What a link to a file gives, as text."""
        with self.page.expect_download() as told:
            self.page.locator("main").get_by_role("link", name=text).first.click()
        return Path(told.value.path()).read_text(encoding="utf-8-sig")

    def until_done(self) -> None:
        """A run's page, until it shows the plan: by itself, as it is followed while it works."""
        self.page.wait_for_selector("#progress", state="detached", timeout=RUN_SECONDS * 1000)
        self.page.wait_for_load_state()

    def said(self, pattern: str) -> str:
        """What a pattern's first group finds in the words of the page."""
        found = re.search(pattern, self.page.inner_text("main"))
        if found is None:
            raise NotSeenError(f"{self._name}: nothing on {self.page.url} says {pattern}")
        return found[1]

    def step(self, done: str, *seen: str, at: str = "h1") -> None:
        """What was done, and what must be seen of it: words of the page. ``at``: where the picture begins."""
        self._steps += 1
        print(f"{self._name} {self._steps}. {done}", flush=True)
        words = " ".join(self.page.inner_text("body").split())
        for each in seen:
            if each.casefold() not in words.casefold():
                self._picture("not-seen", "h1")
                raise NotSeenError(f"{self._name} {self._steps}: {each!r} is not seen on {self.page.url}: {words[:1500]}")
        self._picture("", at)
        self.wrong += [f"{self._name} {self._steps}: {each}" for each in self.person.noted if REFUSED not in each]
        self.person.noted.clear()

    def _leads_on(self, do: Callable[..., None], *at: str) -> None:
        with self.page.expect_navigation():
            do(*at)

    def _picture(self, said: str, at: str) -> None:
        """Of what is in view from a place on, on a desktop and on a phone; the page is not asked for again."""
        for width, size in SHOWN.items():
            self.page.set_viewport_size({"width": size["width"], "height": size["height"]})
            self.page.locator(at).first.evaluate(
                "e => window.scrollTo(0, e.tagName === 'H1' ? 0 : e.getBoundingClientRect().top + window.scrollY - 24)"
            )
            if self.person.is_too_wide():
                self.wrong.append(f"{self._name} {self._steps}: {self.page.url} scrolls sideways on a {width}")
            name = "-".join(part for part in (self._name, f"{self._steps:02}", width, said) if part)
            self.page.screenshot(path=self._folder / f"{name}.png")
        self.page.set_viewport_size({"width": DESKTOP["width"], "height": DESKTOP["height"]})
