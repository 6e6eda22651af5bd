"""Every page by every role in every mode, read by axe: ``python -m tests.campaigns.axe``.

Each page of `tests/api/pages/browser/every_page.py` in each of its states, for each role of people (who may not see it reads
why), on a desktop, a phone, in the dark, in forced colours, on paper and zoomed. A line for what is found, then the counts. Exit
code 1 where anything is: by axe (WCAG 2.2 AA and best practice), a page that scrolls sideways, a message of the console, a
request to another host.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from playwright.sync_api import Browser

from api.security.roles import JOB, ROLES
from optimiser.io.reading import read_snapshot
from tests.api.conftest import SMALL, Served, loaded, serving
from tests.api.pages.browser.chromium import MODES, Person, violations
from tests.api.pages.browser.every_page import PAGES
from tests.api.pages.kept_runs import keep_runs

PEOPLE = [role for role in ROLES if role != JOB]
BY_SCRIPT = [mode for mode in MODES if mode != "no script"]
REFUSED = "Failed to load resource"
"""What Chromium says of any page whose status is one of an error."""


def found_at(person: Person, address: str) -> Iterator[str]:
    """What is wrong with a page as somebody sees it."""
    person.noted.clear()
    person.go(address)
    yield from violations(person.page)
    if person.is_too_wide():
        yield "it scrolls sideways"
    yield from (each for each in person.noted if REFUSED not in each)


def walk(browser: Browser, at: Served, roles: Sequence[str], modes: Sequence[str]) -> Iterator[tuple[str, str, str, list[str]]]:
    """Each page, role and mode with what is wrong there."""
    everybody = sorted({each.address for each in PAGES if each.role})
    strangers = sorted({each.address for each in PAGES if not each.role})
    for role in ("", *roles):
        state = None
        if role:
            with Person(browser, at.address) as first:
                state = first.sign_in(at.key(role)).context.storage_state()
        for mode in modes:
            with Person(browser, at.address, mode) as person:
                if state is not None:
                    person.take_on(state)
                for address in everybody if role else strangers:
                    yield address, role or "nobody", mode, list(found_at(person, address))


def main(arguments: Sequence[str] | None = None) -> int:
    from tests.api.pages.browser.chromium import chromium

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--roles", nargs="+", choices=PEOPLE, default=PEOPLE, help="these alone; whoever is not signed in always")
    parser.add_argument("--modes", nargs="+", choices=BY_SCRIPT, default=BY_SCRIPT, help="these alone")
    options = parser.parse_args(arguments)
    began, seen, wrong = time.monotonic(), Counter[str](), 0
    with tempfile.TemporaryDirectory() as folder:
        settings = loaded(Path(folder), read_snapshot(SMALL).snapshot, run_workers=0, tick_seconds=0)
        with serving(settings) as at, chromium() as browser:
            keep_runs(at.settings, at.service)
            for address, role, mode, found in walk(browser, at, options.roles, options.modes):
                seen[mode] += 1
                wrong += len(found)
                for each in found:
                    print(f"{address} as {role}, {mode}: {each}", flush=True)
    told = ", ".join(f"{mode} {count}" for mode, count in seen.items())
    print(f"{seen.total()} views ({told}) in {time.monotonic() - began:.0f} s: {wrong} found")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
