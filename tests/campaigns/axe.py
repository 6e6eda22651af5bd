"""Every page by every role in every mode, read by axe: ``python -m tests.campaigns.axe``.

Each page of `tests/api/pages/browser/every_page.py` in each of its states, for each role of people (who may not see it reads
why), on a desktop, a phone, zoomed, in large text on a phone, in the dark, in forced colours and on paper: loaded once, and
turned from one to the next. A line for what is found, then the counts. Exit code 1 where anything is: by axe (WCAG 2.2 AA and
best practice), a page that scrolls sideways, a message of the console, a request to another host. It takes an hour: with
``--done FILE`` each view in which nothing is found is written down there, and one that stands there is not looked at again, so
that it goes on where it was ended.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Browser

from api.security.roles import JOB, ROLES
from optimiser.io.reading import read_snapshot
from tests.api.conftest import SMALL, Served, loaded, serving
from tests.api.pages.browser.chromium import MODES, Person, violations
from tests.api.pages.browser.every_page import PAGES
from tests.api.pages.kept_accounts import keep_accounts
from tests.api.pages.kept_questions import keep_questions
from tests.api.pages.kept_runs import keep_runs
from tests.api.pages.kept_statements import keep_statements

NOBODY = "nobody"
PEOPLE = [role for role in ROLES if role != JOB]
BY_SCRIPT = [mode for mode in MODES if mode != "no script"]
REFUSED = "Failed to load resource"
"""What Chromium says of any page whose status is one of an error."""


class View(NamedTuple):
    """A page as somebody of a role sees it in a mode."""

    address: str
    role: str
    mode: str


def found_at(person: Person, mode: str) -> Iterator[str]:
    """What is wrong with the page where somebody is, in a mode."""
    person.turn_to(mode)
    yield from violations(person.page)
    if person.is_too_wide():
        yield "it scrolls sideways"
    yield from (each for each in person.noted if REFUSED not in each)
    person.noted.clear()


def walk(
    browser: Browser, at: Served, roles: Sequence[str], modes: Sequence[str], done: Collection[View] = ()
) -> Iterator[tuple[View, list[str]]]:
    """Each view with what is wrong there; not those that are done."""
    everybody = sorted({each.address for each in PAGES if each.role})
    strangers = sorted({each.address for each in PAGES if not each.role})
    for role in ("", *roles):
        addresses = [
            each
            for each in (everybody if role else strangers)
            if any(View(each, role or NOBODY, mode) not in done for mode in modes)
        ]
        if not addresses:
            continue
        with Person(browser, at.address) as person:
            if role:
                person.sign_in(at.key(role))
            for address in addresses:
                person.noted.clear()
                person.go(address)
                for mode in modes:
                    view = View(address, role or NOBODY, mode)
                    if view not in done:
                        yield view, list(found_at(person, mode))


def read_done(file: Path | None) -> set[View]:
    """The views that an earlier campaign found nothing in."""
    if file is None or not file.exists():
        return set()
    return {View(*line.split("\t")) for line in file.read_text(encoding="utf-8").splitlines()}


def main(arguments: Sequence[str] | None = None) -> int:
    from tests.api.pages.browser.chromium import chromium

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--roles", nargs="+", choices=PEOPLE, default=PEOPLE, help="these alone; whoever is not signed in always")
    parser.add_argument("--done", type=Path, help="a file of the views that are done: they are left out, and others added to it")
    parser.add_argument("--modes", nargs="+", choices=BY_SCRIPT, default=BY_SCRIPT, help="these alone")
    options = parser.parse_args(arguments)
    began, seen, wrong, done = time.monotonic(), Counter[str](), 0, read_done(options.done)
    with tempfile.TemporaryDirectory() as folder:
        settings = loaded(Path(folder), read_snapshot(SMALL).snapshot, run_workers=0, tick_seconds=0)
        with serving(settings) as at, chromium() as browser:
            keep_runs(at.settings, at.service)
            keep_questions(at.service)
            keep_statements(at.service)
            keep_accounts(at.service, Path(folder))
            for view, found in walk(browser, at, options.roles, options.modes, done):
                seen[view.mode] += 1
                wrong += len(found)
                for each in found:
                    print(f"{view.address} as {view.role}, {view.mode}: {each}", flush=True)
                if options.done and not found:
                    with options.done.open("a", encoding="utf-8") as file:
                        file.write("\t".join(view) + "\n")
    told = ", ".join(f"{mode} {count}" for mode, count in seen.items())
    before = f", {len(done)} done before" if done else ""
    print(f"{seen.total()} views ({told}){before} in {time.monotonic() - began:.0f} s: {wrong} found")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
