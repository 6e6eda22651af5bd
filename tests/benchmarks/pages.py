"""What a page costs: processor milliseconds when nothing has changed and after somebody else's change, and bytes that travel.

    .venv/bin/python -m tests.benchmarks.pages [--county FOLDER] [--times 20] [--only WORD] [--no-budget]

Every page, on `optimiser serve` of its own (SQLite), by the first role that sees it, with ids of the county, of a transfer that
was planned and released first, of questions, of visits of a period and an account's statement of them; a provider's own pages
by the provider with the most contracts. Files to be downloaded are no pages. *Offers*: somebody has asked the next step of
another package, or withdrawn what was asked, which is what happens all day. *Record*: an own limit of a provider is another,
after which every figure of the county is worked out anew. Processor time is the server's own, of all its threads, to the
nanosecond; the first page after the start is timed by the clock. Bytes are what browsers get, packed. Exit code 1 where a page
is over a budget: 25 ms warm, 100 ms after offers, 25 KB, 60 KB with all assets.
"""

from __future__ import annotations

import argparse
import datetime as dt
import gzip
import io
import re
import statistics
import sys
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import httpx
from fastapi.routing import APIRoute

from api.acts.in_browsers import COOKIE
from api.acts.signing_in import acts_of
from api.clock import Clock
from api.pages.assets import KINDS, asset
from api.pages.every_page import ROUTERS
from api.security.keys import create_key
from api.security.roles import PROVIDER
from api.storage.database import open_database
from optimiser.io.reading import read_snapshot
from tests.campaigns.serving import OPERATOR, Running, county_in, database, server

WARM_MS, CHANGED_MS, PAGE_BYTES, VISIT_BYTES = 25.0, 100.0, 25_000, 60_000
FIRST_OF = ("planner", "transition", "admin", "social_work", "contracts", "quality", "finance", "auditor", "viewer", PROVIDER)
PREFERRED = "planner"
STREAMS = ("/plans/{run_id}/events",)
"""What is no page, and does not end."""
FILES = (".csv", ".xlsx", ".pdf")
TOLD, OF_TOLD = "provider told", "/own/transfers/{run_id}"
"""A provider whose rounds the transfer looked at, and its page: the one with the most contracts need not be among them."""
OF = {"/rates/new": "contract_id", "/assessments/new": "provider_id"} | dict.fromkeys(
    (f"/{kind}/new" for kind in ("contracts", "restrictions", "offices", "locations")), "provider_id"
)
"""Forms for something of somebody's, and whose it is."""
OF_PERIODS = ("/accounts/periods/increments.svg",)
"""Pages that are asked for a period, and have none where none is named."""
TERMS = "contract_id,starts,increment_minutes,rounding,overrun_paid,late_cancellation_share,retainer_days,retainer_share"
PLANNED_SECONDS, FOUR_WEEKS = 600, dt.timedelta(weeks=4)


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


def addresses(ids: dict[str, str], own_ids: dict[str, str], period: str) -> Iterator[tuple[str, str]]:
    """Every page that these ids lead to, with a role that sees it. ``own_ids``: of a provider's own pages."""
    for router in ROUTERS:
        for route in router.routes:
            if not isinstance(route, APIRoute) or "GET" not in (route.methods or ()) or route.path.endswith(FILES):
                continue
            if route.path in STREAMS:
                continue
            acts, names = acts_of(route), re.findall(r"\{(\w+)\}", route.path)
            if acts and set(names) <= set(ids):
                seen_by = [role for role in FIRST_OF if all(role in act.roles for act in acts)]
                if seen_by:
                    of = next((OF[end] for end in OF if route.path.endswith(end)), "")
                    leads, role = (ids, seen_by[0]) if seen_by[0] != PROVIDER else (own_ids, PROVIDER)
                    asked = "?period=" + period if route.path in OF_PERIODS else f"?of={ids[of]}" if of else ""
                    yield route.path.format(**leads) + asked, TOLD if route.path == OF_TOLD else role


def largest_provider(county: Path) -> str:
    """Who has the most contracts of a snapshot: its pages have the most on them."""
    counted = Counter(each.provider_id for each in read_snapshot(county).snapshot.contracts)
    return counted.most_common(1)[0][0]


def _client(running: Running, **headers: str) -> httpx.Client:
    """One that connects anew each time: while something else is measured, the server closes what nobody uses."""
    unkept = httpx.Limits(max_keepalive_connections=0)
    return httpx.Client(base_url=running.address, verify=False, timeout=60, headers=headers, limits=unkept)


def until_loaded(running: Running) -> None:
    """The service loads the county at its start, beside whatever it is asked; a county is loaded within a minute."""
    for _ in range(600):
        if "the county is loaded" in running.said.read_text(encoding="utf-8"):
            return
        time.sleep(0.1)
    raise RuntimeError("the county is not loaded")


class Visitor:
    """Somebody signed in by a session."""

    def __init__(self, running: Running, role: str) -> None:
        self.client = _client(running, Accept="text/html")
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


def released(program: httpx.Client, area_id: str) -> str:
    """The id of a transfer's run, once it is ready and told to the providers whose rounds it looked at."""
    given = {"kind": "transfer", "settings": {"transfer": {"area_ids": [area_id]}}}
    asked = program.post("/v1/runs", json=given, headers={"Idempotency-Key": "measured"})
    run_id = str(asked.raise_for_status().json()["run_id"])
    for _ in range(PLANNED_SECONDS):
        run = program.get(f"/v1/runs/{run_id}").json()
        if run["status"] not in ("queued", "running"):
            release = {"plan_digest": run["plan_digest"], "contact": "Joan Reed, 01603 000000"}
            program.post(f"/v1/runs/{run_id}/release", json=release).raise_for_status()
            return run_id
        time.sleep(1)
    raise RuntimeError("the transfer is not planned")


def asked_about(program: httpx.Client, package_id: str) -> str:
    """The id of a family's question about somebody's care."""
    given = {"contact_id": "Q-MEASURED", "who": "family", "package_id": package_id, "said_by": "Joan Reed"}
    program.post("/v1/contacts", json={**given, "kind": "start", "how": "telephone", "asked": "When is it?"}).raise_for_status()
    return "Q-MEASURED"


def asked_itself(own: httpx.Client) -> str:
    """The id of a provider's own question."""
    given = {"contact_id": "Q-OWN", "kind": "visits", "asked": "Is there a key safe?"}
    own.post("/v1/own/questions", json=given).raise_for_status()
    return "Q-OWN"


def drafted(program: httpx.Client, own: httpx.Client, contract_id: str, begins: dt.date) -> str:
    """The id of a statement of a contract's account, with a visit a day to each of the first hundred who are cared for."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as book:
        book.writestr("account.toml", f"periods_begin = {begins}\n")
        book.writestr("terms.csv", f"{TERMS}\n{contract_id},,15,nearest,false,0.5,14,0.5\n")
    headers = {"If-Match": '"0"', "Content-Type": "application/zip"}
    program.put("/v1/accounts/book", content=packed.getvalue(), headers=headers).raise_for_status()
    cared_for = [each["package_id"] for each in own.get("/v1/own/care").json()["items"]]
    for day in (begins + dt.timedelta(days=each) for each in range(28)):
        visits = [_visit(day, package_id) for package_id in cared_for]
        program.post("/v1/actuals", json={"items": visits}).raise_for_status()
    program.post("/v1/accounts/statements", json={"period_starts": str(begins)}).raise_for_status()
    statements = program.get("/v1/accounts/statements", params={"limit": 1000}).json()["items"]
    return next(str(each["statement_id"]) for each in statements if each["contract_id"] == contract_id)


def opened(program: httpx.Client, as_of: dt.date) -> str:
    """The id of a designated period of incentives from today on."""
    given = {"starts": str(as_of), "ends": str(as_of + FOUR_WEEKS), "occasion": "designated", "why": "a measurement"}
    return str(program.post("/v1/accounts/incentive-periods", json=given).raise_for_status().json()["incentive_period_id"])


def _visit(day: dt.date, package_id: str) -> dict[str, Any]:
    when = {"planned_start": f"{day}T08:15", "arrived": f"{day}T08:18", "left": f"{day}T08:51", "planned_minutes": 30}
    named = {"actual_id": f"{package_id}-{day}", "package_id": package_id, "date": str(day), "visit_id": "V1"}
    return {**named, **when, "workers": 1, "outcome": "delivered"}


def costs(
    running: Running, times: int, only: str, provider_id: str, as_of: dt.date, key_of: Callable[[str], str]
) -> Iterator[Cost]:
    """Each page in turn. ``only``: those whose address has this in it; ``key_of``: a key of a provider's own."""
    running.keys[PROVIDER] = key_of(provider_id)
    program = _client(running, Authorization=f"Bearer {running.keys['admin']}")

    def first(address: str, name: str) -> str:
        return str(program.get(address, params={"limit": 1}).json()["items"][0][name])

    ids = {
        "package_id": first("/v1/worklist", "package_id"),
        "area_id": first("/v1/areas", "area_id"),
        "provider_id": provider_id,
    }
    own = _client(running, Authorization=f"Bearer {running.keys[PROVIDER]}")
    contracts = program.get("/v1/contracts", params={"provider_id": provider_id, "tier": "principal"}).json()["items"]
    begins = as_of - FOUR_WEEKS
    ids |= {
        "run_id": released(program, ids["area_id"]),
        "contact_id": asked_about(program, ids["package_id"]),
        "contract_id": contracts[0]["contract_id"],
        "statement_id": drafted(program, own, contracts[0]["contract_id"], begins),
        "incentive_period_id": opened(program, as_of),
    }
    told = program.get(f"/v1/runs/{ids['run_id']}/provider-statements").json()["items"]
    running.keys[TOLD] = key_of(told[0]["provider_id"])
    own_ids = ids | {"contact_id": asked_itself(own)}
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
    for address, role in addresses(ids, own_ids, str(begins)):
        if only not in address:
            continue
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
    parser.add_argument("--only", default="", help="pages whose address has this in it")
    parser.add_argument("--no-budget", action="store_true", help="print alone: another county, a loaded machine")
    options = parser.parse_args(arguments)
    found: list[Cost] = []
    with database("sqlite") as url, ExitStack() as stack:
        as_of, keys = county_in(url, options.county)
        provider_id = largest_provider(options.county)
        engine = open_database(url)
        stack.callback(engine.dispose)

        def key_of(provider_id: str) -> str:
            at = Clock(as_of).instant()
            return create_key(engine, OPERATOR, f"somebody at {provider_id}", [PROVIDER], at, provider_id=provider_id)

        settings = {"DATABASE_URL": url, "OPTIMISER_AS_OF": str(as_of), "OPTIMISER_RUN_WORKERS": "1"}
        running = stack.enter_context(server(settings | {"OPTIMISER_TICK_SECONDS": "0"}, keys))
        until_loaded(running)
        visitor, began = Visitor(running, PREFERRED), time.perf_counter()
        visitor.read("/waiting")
        print(f"first page once the county is loaded: {(time.perf_counter() - began) * 1000:.0f} ms")
        print(f"{'page':50} {'role':12} {'warm':>8} {'offers':>8} {'record':>8} {'page':>8} {'visit':>8}")
        for each in costs(running, options.times, options.only, provider_id, as_of, key_of):
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
