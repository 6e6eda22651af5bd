"""A real browser, Debian's Chromium, which notes what no page may do; and axe, which judges a page by the rules of WCAG."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, Response, sync_playwright

from api.acts.in_browsers import COOKIE

DESKTOP = {"width": 1280, "height": 900}
MODES: dict[str, dict[str, Any]] = {
    "desktop": {"viewport": DESKTOP},
    "phone": {"viewport": {"width": 320, "height": 640}, "has_touch": True},
    "zoomed": {"viewport": {"width": 320, "height": 225}, "device_scale_factor": 4},  # 1280 by 900 at 400%
    "large text": {"viewport": {"width": 320, "height": 640}, "has_touch": True},
    "dark": {"viewport": DESKTOP, "color_scheme": "dark"},
    "forced colours": {"viewport": DESKTOP, "forced_colors": "active"},
    "print": {"viewport": {"width": 794, "height": 1123}},
    "no script": {"viewport": DESKTOP, "java_script_enabled": False},
}
"""How a page is looked at; ``print`` is A4, ``large text`` the larger text on a phone."""
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
NO_NETWORK = ["--disable-background-networking", "--disable-component-update", "--no-first-run", "--disable-gpu"]
RUN_ONCE = ["--js-flags=--no-opt,--no-maglev"]
"""What a script of a page, or axe, is run for ends before it would have paid to compile it a second and a third time."""


@contextmanager
def chromium() -> Iterator[Browser]:
    """The browser that the set-up installs. Raises ``RuntimeError`` where there is none."""
    program = shutil.which("chromium")
    if program is None:
        raise RuntimeError("Chromium is missing: apt-get install chromium, or sh .ci/setup tests as root")
    own = ["--no-sandbox"] if os.getuid() == 0 else []  # Chromium's sandbox does not run as root
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=NO_NETWORK + RUN_ONCE + own)
        yield browser
        browser.close()


class Person:
    """Somebody at a browser of their own, in a mode. ``noted``: what the console said, and requests to other hosts."""

    def __init__(self, browser: Browser, address: str, mode: str = "desktop") -> None:
        # Cookies of TLS go to this name without it; to a bare number they do not.
        self.address = address.replace("127.0.0.1", "localhost")
        self.noted: list[str] = []
        self.context: BrowserContext = browser.new_context(**MODES[mode])
        self.context.set_default_timeout(60_000)
        self.page: Page = self.context.new_page()
        if mode == "print":
            self.page.emulate_media(media="print")
        self.page.on("console", lambda message: self.noted.append(f"console: {message.text}"))
        self.page.on("pageerror", lambda error: self.noted.append(f"script: {error}"))
        own = urlsplit(self.address).netloc
        self.page.on("request", lambda asked: None if urlsplit(asked.url).netloc == own else self.noted.append(asked.url))
        if mode == "large text":
            self.go("/text-size/larger")
            self.noted.clear()

    def __enter__(self) -> Person:
        return self

    def __exit__(self, *_: object) -> None:
        self.context.close()

    def sign_in(self, key: str) -> Person:
        """By the form, as people do."""
        self.go("/sign-in")
        self.page.fill("#key", key)
        self.page.click("main button[type=submit]")
        self.page.wait_for_url(lambda url: not url.endswith("/sign-in"))
        return self

    def take_on(self, session: str) -> Person:
        """The session of somebody who signed in elsewhere, and of nobody else; "" of nobody."""
        self.context.clear_cookies()
        if session:
            self.context.add_cookies([{"name": COOKIE, "value": session, "url": "https://localhost", "secure": True}])
        return self

    def anew(self, mode: str) -> Person:
        """The same browser before its next page: as wide as it was opened, with nothing noted."""
        self.page.set_viewport_size(MODES[mode]["viewport"])
        self.noted.clear()
        return self

    def turn_to(self, mode: str) -> None:
        """Look at the page as it stands in another mode that has scripts: no page asks in which it is, but by its styles."""
        told = MODES[mode]
        self.page.set_viewport_size(told["viewport"])
        self.page.emulate_media(
            media="print" if mode == "print" else "screen",
            color_scheme=told.get("color_scheme", "light"),
            forced_colors=told.get("forced_colors", "none"),
        )
        self.page.evaluate(f"document.documentElement.classList.toggle('larger', {str(mode == 'large text').lower()})")

    def go(self, address: str) -> Response:
        found = self.page.goto(self.address + address)
        assert found is not None
        return found

    def heading(self) -> str:
        return self.page.inner_text("h1")

    def is_too_wide(self) -> bool:
        """Whether one has to scroll sideways."""
        found: bool = self.page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
        return found

    def is_too_wide_in_large_text(self) -> bool:
        """The same on a phone where larger text was asked for, of the page as it stands: nothing is asked for again."""
        self.turn_to("large text")
        return self.is_too_wide()

    def stops(self) -> tuple[str, str]:
        """Where the keyboard is: the element and what it says; ("", ""): nowhere."""
        told: list[str] = self.page.evaluate(
            "(e => e && e !== document.body ? [e.tagName.toLowerCase(), (e.id || e.innerText || '').trim()] : ['', ''])"
            "(document.activeElement)"
        )
        return told[0], told[1]


def violations(page: Page) -> list[str]:
    """What axe finds against the page as it stands: rule, where, why."""
    # What is loaded beforehand, for a rule that is none of these and for sounds, which these pages have none of, takes a quarter.
    options = {"runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"], "preload": False}
    if page.evaluate("typeof axe === 'undefined'"):
        page.evaluate(Axe().axe_script)
    found = page.evaluate("options => axe.run(options)", options)["violations"]
    return [f"{rule['id']}: {each['target']} {each['failureSummary']}" for rule in found for each in rule["nodes"]]
