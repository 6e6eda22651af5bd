"""Planners who click through their day: Waiting, a person, asking, an answer; alone and beside a running solve.

    .venv/bin/python -m tests.benchmarks.clicking [--seconds 60] [--rate 20] [--planners 50] [--no-solve] [--county FOLDER]

*Open loop*: a page is due every so often, whether or not earlier ones were answered, and whoever of the planners is free clicks
on; each page is measured from the moment at which it was due. A planner opens the list, one of its people, asks whom the page
names, and records what the first of them says: one yes in four, the others a no. Sending a form and the page that follows are two
pages. Several planners meet at one person, and are told so on the page (409): that is counted, and is no error.

Afterwards the database is read afresh: per form that was done so many offers as it named, per offer with a yes one acceptance in
the trail (whoever records the same yes again has done nothing else); nobody placed twice or asked twice under one contract; the
audit chain holds. Exit code 1 where there is an error, or anything doubled or lost.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import sys
import time
from collections import Counter
from contextlib import nullcontext
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

import httpx
import orjson
from sqlalchemy import func, select

from api.clock import Clock
from api.state.store import Store
from api.storage import audit, table_schema
from api.storage.database import open_database, reading
from optimiser.io.reading import read_snapshot
from tests.benchmarks.pages import processor_ms, until_loaded
from tests.benchmarks.service import Measured, solving
from tests.campaigns.at_pages import AtPages, Shown
from tests.campaigns.serving import Running, database, service

ANSWERS = ("accepted", "no_capacity", "time_of_day", "too_far")
FINE = (200, 303, 409)


class Clicked:
    """What all planners were answered. ``made``: how many offers their forms named; ``accepted``: those with a yes."""

    def __init__(self) -> None:
        self.measured = Measured()
        self.by_kind: dict[str, Measured] = {}
        self.statuses: Counter[str] = Counter()
        self.made = 0
        self.accepted: set[str] = set()

    def heard(self, kind: str, status: int, milliseconds: float) -> None:
        for each in (self.measured, self.by_kind.setdefault(kind, Measured())):
            each.milliseconds.append(milliseconds)
            each.errors += status not in FINE
        self.statuses[f"{kind} {status}"] += 1


class Planner:
    """One of them, from page to page."""

    def __init__(self, at: AtPages, rng: random.Random, clicked: Clicked) -> None:
        self._at, self._rng, self._clicked = at, rng, clicked
        self._next = ("waiting", "/waiting")
        self._on: Shown | None = None

    async def click(self, due: float) -> None:
        """The next page."""
        kind, address = self._next
        if kind in ("ask", "answer"):
            assert self._on is not None
            await self._send(kind, address, self._on.forms[address], due)
            return
        shown = await self._at.get(address)
        self._clicked.heard(kind, shown.status, (time.perf_counter() - due) * 1000)
        self._on, self._next = shown, self._after(kind, shown)

    async def _send(self, kind: str, address: str, hidden: dict[str, str], due: float) -> None:
        said = {} if kind == "ask" else {"answer": self._rng.choice(ANSWERS)}
        shown = await self._at.send(address, hidden, **said)
        self._clicked.heard(kind, shown.status, (time.perf_counter() - due) * 1000)
        self._on, self._next = None, ("waiting", "/waiting")
        if shown.status == 303:
            self._clicked.made += len(orjson.loads(hidden["seen"])) if kind == "ask" else 0
            self._clicked.accepted |= {address} if "done=accepted" in shown.leads_to else set()  # else kept for its turn
            self._next = ("person again", shown.leads_to)

    def _after(self, kind: str, shown: Shown) -> tuple[str, str]:
        """Where a planner goes from a page: asked or to be asked, something is done; else the list again."""
        if kind == "waiting" and (people := shown.people()):
            return "person", self._rng.choice(people)
        if kind == "person" and (form := shown.form_to("/ask")):
            return "ask", form
        if kind in ("person", "person again") and (offers := shown.offers()):
            return "answer", offers[0]
        return "waiting", "/waiting"


async def click_through(running: Running, options: argparse.Namespace, seed: int) -> Clicked:
    """So many planners, at a steady rate."""
    clicked, due_at = Clicked(), asyncio.Queue[float]()
    # Connections are let go before the server closes them, after five seconds: browsers send again what fell between.
    limits = httpx.Limits(max_connections=options.planners, keepalive_expiry=4)
    async with httpx.AsyncClient(base_url=running.address, verify=False, timeout=60, limits=limits) as client:

        async def planner(number: int) -> None:
            at = AtPages(client)
            await at.sign_in(running.keys["planner"])
            own = Planner(at, random.Random(seed * 1000 + number), clicked)
            signed_in.release()
            while True:
                due = await due_at.get()
                try:
                    await own.click(due)
                except httpx.HTTPError as error:
                    clicked.measured.errors += 1
                    clicked.statuses[type(error).__name__] += 1
                due_at.task_done()

        signed_in = asyncio.Semaphore(0)
        planners = [asyncio.create_task(planner(number)) for number in range(options.planners)]
        for _ in planners:
            await signed_in.acquire()
        began = time.perf_counter()
        for number in range(int(options.rate * options.seconds)):
            due = began + number / options.rate
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            due_at.put_nowait(due)
        await due_at.join()
        for each in planners:
            each.cancel()
        await asyncio.gather(*planners, return_exceptions=True)
    return clicked


class Before:
    """What there was: offers, and acceptances in the trail."""

    def __init__(self, url: str, county: Path) -> None:
        engine = open_database(url)
        state = Store(engine, Clock(read_snapshot(county).snapshot.as_of)).state()
        self.offers = [stored.record for stored in state.stock["offers"].values()]
        with reading(engine) as connection:
            counted = select(func.count()).where(table_schema.audit.c.action == "offer.accepted")
            self.acceptances = int(connection.execute(counted).scalar_one())
            self.breaks = [str(each.problem) for each in audit.verify(connection)]
        engine.dispose()


def wrong_between(before: Before, after: Before, clicked: Clicked) -> list[str]:
    """What was doubled or lost while planners clicked, by plain counts."""
    wrong = list(after.breaks)
    if not clicked.made:
        wrong.append("nobody was asked: no planner got beyond the list")
    if (there := len(after.offers) - len(before.offers)) != clicked.made:
        wrong.append(f"{there} offers were made, and the pages say {clicked.made}")
    if (there := after.acceptances - before.acceptances) != len(clicked.accepted):
        wrong.append(f"{there} yeses stand in the trail, and the pages say {len(clicked.accepted)}")
    placed = Counter(each.package_id for each in after.offers if each.response == "accepted")
    wrong += [f"{name} is placed {count} times" for name, count in placed.items() if count > 1]
    waiting = Counter((each.package_id, each.contract_id) for each in after.offers if not each.response)
    wrong += [f"{name} is asked {count} times under {contract}" for (name, contract), count in waiting.items() if count > 1]
    wrong += [f"{each.offer_id} waits though placed" for each in after.offers if not each.response and placed[each.package_id]]
    return wrong


def line_of(name: str, measured: Measured) -> str:
    shares = ", ".join(f"p{100 * part:g} {measured.share(part):.0f} ms" for part in (0.5, 0.95, 0.99))
    worst = max(measured.milliseconds)
    return f"{name}: {len(measured.milliseconds)} pages, {shares}, worst {worst:.0f} ms, {measured.errors} errors"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--rate", type=float, default=20, help="pages a second of all planners")
    parser.add_argument("--planners", type=int, default=50)
    parser.add_argument("--no-solve", action="store_true", help="alone only")
    parser.add_argument("--county", type=Path, default=Path("data/demonstration"))
    options = parser.parse_args()
    faults = 0
    with (
        database("sqlite") as url,
        service(url, options.county, OPTIMISER_TICK_SECONDS="0") as running,
        TemporaryDirectory() as folder,
    ):
        until_loaded(running)
        port = urlsplit(running.address).port
        assert port is not None
        for seed, beside in enumerate(("alone",) if options.no_solve else ("alone", "beside a solve"), start=1):
            before = Before(url, options.county)
            with solving(port, running.keys["planner"], Path(folder, "run")) if seed > 1 else nullcontext():
                worked = processor_ms(running.process)
                clicked = asyncio.run(click_through(running, options, seed))
                each_ms = (processor_ms(running.process) - worked) / len(clicked.measured.milliseconds)
            wrong = wrong_between(before, Before(url, options.county), clicked)
            name = f"{options.planners} planners, {options.rate:g} pages a second, {beside}"
            print(f"{line_of(name, clicked.measured)}, {len(wrong)} doubled or lost")
            print(
                f"  {each_ms:.1f} ms of the server's processor a page; load of the machine {os.getloadavg()[0]:.1f};"
                f" {clicked.made} offers, {len(clicked.accepted)} of them with a yes"
            )
            for kind, measured in clicked.by_kind.items():
                print(f"  {line_of(kind, measured)}")
            print("  " + ", ".join(f"{what}: {count}" for what, count in sorted(clicked.statuses.items())), flush=True)
            for each in wrong[:20]:
                print(f"  {each}")
            faults += clicked.measured.errors + len(wrong)
    return int(faults > 0)


if __name__ == "__main__":
    sys.exit(main())
