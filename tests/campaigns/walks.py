"""Four walks through the pages, as people go through them: ``python -m tests.campaigns.walks --out DIR [--only NAME]``.

A planner's morning, a transition team's week, a social worker's list and a commissioner's question, on the demonstration county
served on a practice database, in a real browser. Each step says what is done, sees what must be seen, and takes a picture on a
desktop and on a phone (DIR/NAME-NN-desktop.png, -phone.png). Exit code 1 where a step does not show what it must, the console
says something, or a page scrolls sideways. The four take about five minutes on two cores.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path

from playwright.sync_api import Error as PlaywrightError

from tests.api.pages.browser.chromium import chromium
from tests.campaigns.walking import commissioner, morning, social_worker, transition_week
from tests.campaigns.walking.served_county import ServedCounty
from tests.campaigns.walking.walker import NotSeenError, Walker

WALKS: dict[str, Callable[[Walker], None]] = {
    "morning": morning.walk,
    "transition-week": transition_week.walk,
    "social-worker": social_worker.walk,
    "commissioner": commissioner.walk,
}


def walked(name: str, folder: Path) -> list[str]:
    """What was wrong on one walk, on a county of its own."""
    with ExitStack() as stack:
        county = ServedCounty(stack)
        browser = stack.enter_context(chromium())
        walker = stack.enter_context(Walker(browser, county, folder, name))
        try:
            WALKS[name](walker)
        except (NotSeenError, PlaywrightError) as missing:
            return [*walker.wrong, str(missing)]
        return walker.wrong


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True, help="where the pictures go")
    parser.add_argument("--only", choices=WALKS, help="this walk alone")
    options = parser.parse_args(arguments)
    wrong: list[str] = []
    for name in [options.only] if options.only else WALKS:
        began = time.monotonic()
        found = walked(name, options.out)
        print(f"{name}: {len(found)} wrong, {time.monotonic() - began:.0f} s", flush=True)
        wrong += found
    for each in wrong:
        print(each)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
