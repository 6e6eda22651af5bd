"""One request from asking to the start of care, in two browsers: ``python -m tests.campaigns.two_browsers --out DIR``.

A planner at one, the providers that are asked at the other, at ``optimiser serve`` with the three villages. Each provider begins
with the link of its e-mail, which a mail server with TLS has taken; the council's own program is told by signed webhooks. What
was received is printed as it came, a picture of every step is taken on a desktop and on a phone. Exit code 1 where a step does
not show what it must. It takes about a minute on two cores.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from playwright.sync_api import Error as PlaywrightError

from tests.api.outbox.ways_of_sending import receiving
from tests.api.pages.browser.chromium import chromium
from tests.campaigns.serving import free_port
from tests.campaigns.walking.asking_to_start import DESKS, FOLDER, mail_of, walk
from tests.campaigns.walking.received import Received
from tests.campaigns.walking.served_county import ServedCounty
from tests.campaigns.walking.walker import NotSeenError, Walker


def walked(folder: Path) -> list[str]:
    """What was wrong on the way."""
    port = free_port()
    with ExitStack() as stack:
        files = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        at = stack.enter_context(receiving(files, f"http://localhost:{port}"))
        settings = {**at.as_environment(), "OPTIMISER_PORT": str(port), "OPTIMISER_TELLING_SECONDS": "0.2"}
        county = ServedCounty(stack, FOLDER, DESKS, **settings)
        walker = stack.enter_context(Walker(stack.enter_context(chromium()), county, folder, "two-browsers"))
        received = Received(at.box, at.program)
        try:
            walk(walker, received, f"{at.program.address}/told")
        except (NotSeenError, PlaywrightError, AssertionError) as missing:
            return [*walker.wrong, str(missing)]
        return walker.wrong + received.unread(*map(mail_of, DESKS))


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True, help="where the pictures go")
    options = parser.parse_args(arguments)
    began = time.monotonic()
    wrong = walked(options.out)
    print(f"{len(wrong)} wrong, {time.monotonic() - began:.0f} s")
    for each in wrong:
        print(each)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
