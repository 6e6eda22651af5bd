"""What a page costs: processor milliseconds when nothing has changed and after somebody else's change, and bytes that travel.

    .venv/bin/python -m tests.benchmarks.pages [--county FOLDER] [--times 20] [--no-budget]

Every page that is got by an address without a run or a record in it, on `optimiser serve` of its own (SQLite), by the first role
that sees it, with ids of the county. *Offers*: somebody has asked the next step of another package, or withdrawn what was asked,
which is what happens all day. *Record*: an own limit of a provider is another, after which every figure of the county is worked
out anew. Processor time is the server's own, of all its threads, to the nanosecond; the first page after the start is timed by
the clock. Bytes are what browsers get, packed. Exit code 1 where a page is over a budget: 25 ms warm, 100 ms after offers, 25 KB,
60 KB with all assets.
"""

from __future__ import annotations

import argparse
import gzip
import re
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import httpx
from fastapi.routing import APIRoute

from api.acts.in_browsers import COOKIE
from api.acts.signing_in import acts_of
from api.pages.assets import KINDS, asset
from api.pages.every_page import ROUTERS
from tests.campaigns.serving import Running, database, service

WARM_MS, CHANGED_MS, PAGE_BYTES, VISIT_BYTES = 25.0, 100.0, 25_000, 60_000
FIRST_OF = ("planner", "transition", "admin", "social_work", "contracts", "quality", "finance", "auditor", "viewer")
PREFERRED = "planner"


class Cost(NamedTuple):
    """Of a page: processor milliseconds, the middle of several; bytes packed."""

    address: str
    role: str
    warm_ms: float
    offers_ms: float
    record_ms: float
    page_bytes: int

    @property
    def visit_bytes(self) -> int:
        """With everything that a first visit brings, scripts of other pages included."""
        return self.page_bytes + sum(len(asset(name).packed) for name in KINDS)

    @property
    def is_dear(self) -> bool:
        dear_time = self.warm_ms > WARM_MS or self.offers_ms > CHANGED_MS
        return dear_time or self.page_bytes > PAGE_BYTES or self.visit_bytes > VISIT_BYTES


def processor_ms(process: int) -> float:
    """What all threads of a process have worked so far; those that have ended are not counted, and none ends meanwhile."""
    tasks = Path(f"/proc/{process}/task").glob("*/schedstat")
    return sum(int(each.read_text().split()[0]) for each in tasks) / 1e6


def addresses(ids: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Every page that these ids lead to, with a role that sees it."""
    for router in ROUTERS:
        for route in router.routes:
            if not isinstance(route, APIRoute) or "GET" not in (route.methods or ()) or route.path.endswith(".csv"):
                continue
            acts, names = acts_of(route), re.findall(r"\{(\w+)\}", route.path)
            if acts and set(names) <= set(ids):
                seen_by = [role for role in FIRST_OF if all(role in act.roles for act in acts)]
                if seen_by:
                    yield route.path.format(**ids), seen_by[0]


class Visitor:
    """Somebody signed in by a session."""

    def __init__(self, running: Running, role: str) -> None:
        self.client = httpx.Client(base_url=running.address, verify=False, timeout=60, headers={"Accept": "text/html"})
        given = self.client.post("/sign-in", data={"key": running.keys[role]}, headers={"Sec-Fetch-Site": "same-origin"})
        self._cookie = given.headers["set-cookie"].partition(";")[0]
        assert self._cookie.startswith(COOKIE)
        self.client.cookies.clear()

    def read(self, address: str) -> httpx.Response:
        return self.client.get(address, headers={"Cookie": self._cookie, "Sec-Fetch-Site": "none"})


def middle_ms(running: Running, times: int, before: Callable[[], Any], do: Callable[[], Any]) -> float:
    """Of so many times: what the server works for it, without what is done before each."""
    taken = []
    for _ in range(times):
        before()
        time.sleep(0.01)  # what the answer left to do is done
        began = processor_ms(running.process)
        do()
        taken.append(processor_ms(running.process) - began)
    return statistics.median(taken)


def costs(running: Running, times: int) -> Iterator[Cost]:
    """Each page in turn."""
    program = httpx.Client(base_url=running.address, verify=False, timeout=60)
    program.headers["Authorization"] = f"Bearer {running.keys['admin']}"

    def first(address: str, name: str) -> str:
        return str(program.get(address, params={"limit": 1}).json()["items"][0][name])

    ids = {
        "package_id": first("/v1/worklist", "package_id"),
        "area_id": first("/v1/areas", "area_id"),
        "provider_id": first("/v1/providers", "provider_id"),
    }
    others = [each["package_id"] for each in program.get("/v1/worklist", params={"limit": 50}).json()["items"]][1:]
    made: list[str] = []
    changes = 0

    def offers() -> None:
        nonlocal changes
        changes += 1
        if made:
            assert program.patch(f"/v1/offers/{made.pop()}", json={"response": "withdrawn"}).status_code == 200
            return
        answer = program.post(f"/v1/packages/{others[changes % len(others)]}/offers")
        made.extend(each["offer_id"] for each in (answer.json()["items"] if answer.status_code == 201 else ()))

    def record() -> None:
        nonlocal changes
        changes += 1
        address = f"/v1/providers/{ids['provider_id']}"
        tag = program.get(address).headers["etag"]
        body = {"max_hours_4w": 5_000 + changes % 2, "reason": "a measurement"}
        assert program.patch(address, json=body, headers={"If-Match": tag}).status_code == 200

    visitors: dict[str, Visitor] = {}
    for address, role in addresses(ids):
        visitor = visitors.get(role) or visitors.setdefault(role, Visitor(running, role))
        answer = visitor.read(address)
        if answer.status_code != 200:
            print(f"{address} as {role} is not measured: {answer.status_code}")
            continue
        read = partial(visitor.read, address)
        kinds = ((times, lambda: None), (times, offers), (max(3, times // 4), record))
        warm, asked, changed = (middle_ms(running, count, before, read) for count, before in kinds)
        yield Cost(address, role, warm, asked, changed, len(gzip.compress(answer.content)))


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--county", type=Path, default=Path("data/demonstration"))
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--no-budget", action="store_true", help="print alone: another county, a loaded machine")
    options = parser.parse_args(arguments)
    settings = {"OPTIMISER_RUN_WORKERS": "0", "OPTIMISER_TICK_SECONDS": "0"}
    found: list[Cost] = []
    with database("sqlite") as url, service(url, options.county, **settings) as running:
        visitor, began = Visitor(running, PREFERRED), time.perf_counter()
        visitor.read("/waiting")
        print(f"first page after the start: {(time.perf_counter() - began) * 1000:.0f} ms")
        print(f"{'page':50} {'role':12} {'warm':>8} {'offers':>8} {'record':>8} {'page':>8} {'visit':>8}")
        for each in costs(running, options.times):
            found.append(each)
            mark = "  over budget" if each.is_dear else ""
            print(
                f"{each.address:50} {each.role:12} {each.warm_ms:5.1f} ms {each.offers_ms:5.1f} ms {each.record_ms:5.1f} ms "
                f"{each.page_bytes / 1000:5.1f} KB {each.visit_bytes / 1000:5.1f} KB{mark}",
                flush=True,
            )
    return 0 if options.no_budget or not any(each.is_dear for each in found) else 1


if __name__ == "__main__":
    sys.exit(main())
