"""What a viewer could tell from differences: ``python -m tests.campaigns.differences [--days 10] [--changes 60] [--seed 1]``.

A county changes at random beside a viewer and an auditor who read everything that a viewer may, after every change again: with
and without the tag that they have, what is there and what is not, and what they may not read. Whatever they are answered has to
be the same to the byte, headers included, until the next day begins; a restart in the middle of the day changes nothing of it.
Each next day has to bring the figures with which it began, as a planner reads them then: else that nothing changes proves
nothing.
"""

from __future__ import annotations

import argparse
import datetime as dt
import logging
import random
import sys
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

import httpx
import structlog

from api.acts.signing_in import roles_of
from api.app import routes
from api.settings import Settings
from api.state.store import Store
from api.storage.database import open_database
from api.storage.migrating import upgrade
from optimiser.domain.snapshot import Snapshot
from tests.api.conftest import LOADER, serving
from tests.campaigns.race import databases
from tests.making import AS_OF, DEREHAM, contract, framework, package, principal, snapshot

Json = dict[str, Any]
Answer = tuple[int, tuple[tuple[str, str], ...], bytes]
"""The status, the headers, the body."""
Answers = dict[tuple[str, str], Answer]
"""Per role and request what was answered."""

READERS = ("viewer", "auditor")
OFFICERS = ("planner", "contracts", "quality", "social_work")
OF_THE_MOMENT = ("date", "x-request-id")
"""Headers that differ between any two answers, and tell nothing."""
PLACE = dict(zip(("latitude", "longitude"), DEREHAM, strict=True))
FORBIDDEN = ("/v1/packages/N01", "/v1/packages/none-such", "/v1/unmet", "/v1/offers", "/v1/runs")


def beginning() -> Snapshot:
    """Two areas with so many people everywhere that a viewer sees most of their figures."""
    kept = [
        contract(f"{letter}-{area_id}", provider_id, area_id=area_id, tier=tier)
        for area_id in ("A1", "A2")
        for letter, provider_id, tier in (("L", "DOCK", "legacy"), ("F", "BRACKEN", "framework"))
    ]
    kept += [principal("ALDER", area_id=area_id, contract_id=f"P-{area_id}") for area_id in ("A1", "A2")]
    kept += [framework("CLOVER", area_id=area_id, contract_id=f"C-{area_id}") for area_id in ("A1", "A2")]
    people = [
        package(f"R{area_id}{letter}{number}", contract_id=f"{letter}-{area_id}", area_id=area_id)
        for area_id in ("A1", "A2")
        for letter in "LFP"
        for number in range(9)
    ]
    people += [package(f"N{number:02}", hours=3 + number, area_id=f"A{1 + number % 2}") for number in range(24)]
    return snapshot(people, kept)


@dataclass
class Office:
    """Somebody with every role changes what they can think of; what is refused changes nothing and is counted."""

    client: httpx.Client
    chance: random.Random
    name: str
    done: Counter[str] = field(default_factory=Counter)

    def change(self) -> None:
        """One deed at random."""
        deed = self.chance.choice((self.request, self.ask, self.ask, self.answer, self.answer, self.needs, self.start, self.end,
                                   self.restrict, self.area, self.price, self.hold))  # fmt: skip
        answer = deed()
        assert answer is None or answer.status_code < 500, answer.text
        outcome = "nothing to do" if answer is None else "done" if answer.is_success else "refused"
        self.done[outcome] += 1

    def _anyone(self, *situations: str) -> str | None:
        people = self.client.get("/v1/packages", params={"limit": 500}).json()["items"]
        found = [each["package_id"] for each in people if not situations or each["situation"] in situations]
        return self.chance.choice(found) if found else None

    def request(self) -> httpx.Response:
        self.name += "x"
        asked = {"package_id": f"M{self.name}", **PLACE, "hours_per_week": self.chance.randint(1, 30), "visits_per_week": 7}
        asked |= {"workers": 1, "priority": "standard", "area_id": self.chance.choice(("A1", "A2"))}
        return self.client.post("/v1/packages", json=asked)

    def ask(self) -> httpx.Response | None:
        who = self._anyone("waiting")
        return self.client.post(f"/v1/packages/{who}/offers") if who else None

    def answer(self) -> httpx.Response | None:
        offers = self.client.get("/v1/offers", params={"response": "pending", "limit": 500}).json()["items"]
        if not offers:
            return None
        given = self.chance.choice(({"response": "accepted"}, {"response": "declined", "reason": "no_capacity"}))
        return self.client.patch(f"/v1/offers/{self.chance.choice(offers)['offer_id']}", json=given)

    def needs(self) -> httpx.Response | None:
        return self._patch("packages", self._anyone("waiting"), {"hours_per_week": self.chance.randint(1, 30)})

    def start(self) -> httpx.Response | None:
        who = self._anyone("accepted")
        return self.client.post(f"/v1/packages/{who}/start") if who else None

    def end(self) -> httpx.Response | None:
        who = self._anyone()
        return self.client.post(f"/v1/packages/{who}/end", json={"reason": "Moved away"}) if who else None

    def hold(self) -> httpx.Response | None:
        who = self._anyone("running")
        return self.client.post(f"/v1/packages/{who}/hold", json={"held_until": "2027-03-01"}) if who else None

    def restrict(self) -> httpx.Response:
        self.name += "x"
        asked = {"restriction_id": f"X{self.name}", "provider_id": "CLOVER", "kind": "capped", "new_hours_4w": 400}
        return self.client.post("/v1/restrictions", json=asked | {"reason": "As the board decided"})

    def area(self) -> httpx.Response | None:
        return self._patch("areas", "A1", {"name": f"Area {self.chance.randint(1, 99)}", "reason": "A better name"})

    def price(self) -> httpx.Response | None:
        return self._patch("contracts", "F-A1", {"rate_band_1": self.chance.randint(20, 30), "reason": "As agreed"})

    def _patch(self, kind: str, name: str | None, values: Json) -> httpx.Response | None:
        if name is None:
            return None
        tag = self.client.get(f"/v1/{kind}/{name}").headers["etag"]
        return self.client.patch(f"/v1/{kind}/{name}", json=values, headers={"If-Match": tag})


def addresses() -> list[str]:
    """Everything that a viewer or anybody may read, and some of what they may not."""
    found = list(FORBIDDEN)
    for module in routes():
        for route in module.router.routes:
            roles = roles_of(route)
            if "GET" in route.methods and route.path != "/metrics" and ("viewer" in roles or not roles):
                areas = ("A1", "A2", "A9") if "{area_id}" in route.path else ("",)
                found += (route.path.replace("{area_id}", name) for name in areas)
    return found


@dataclass
class Readers:
    """A viewer and an auditor, and what they hold of each address since they first read it."""

    clients: dict[str, httpx.Client]
    paths: list[str]
    tags: dict[tuple[str, str], str]

    def read_all(self) -> Answers:
        """What both are answered now."""
        found: Answers = {}
        for role, client in self.clients.items():
            for path in self.paths:
                plain = client.post(path, json=PLACE) if path == "/v1/bands" else client.get(path)
                found[role, path] = _answered(plain)
                if known := self.tags.setdefault((role, path), plain.headers.get("etag", "")):
                    found[role, f"{path} if not {known}"] = _answered(client.get(path, headers={"If-None-Match": known}))
        return found


def _answered(answer: httpx.Response) -> Answer:
    headers = tuple(sorted((name, value) for name, value in answer.headers.items() if name not in OF_THE_MOMENT))
    return answer.status_code, headers, answer.content


def differences(before: Answers, after: Answers) -> list[str]:
    """The requests whose answers differ: none is ever right."""
    return [
        f"{role} {path}"
        for role, path in sorted(before.keys() | after.keys())
        if before.get((role, path)) != after.get((role, path))
    ]


def numbers(client: httpx.Client) -> Json:
    """Per area and field what somebody reads as a number."""
    areas = client.get("/v1/areas").json()["items"]
    return {
        f"{each['area_id']} {name}": value for each in areas for name, value in each.items() if isinstance(value, int | float)
    }


@dataclass
class Found:
    """What a campaign saw. ``wrong``: everything that should not be."""

    days: int = 0
    changes: Counter[str] = field(default_factory=Counter)
    compared: int = 0
    moved_unseen: int = 0
    """Figures that a viewer may read at the close and that a day's changes had made others by its end."""
    wrong: list[str] = field(default_factory=list)


def run(kind: str, days: int, changes: int, seed: int = 1, inside: str = "/tmp") -> Found:
    """So many days with so many changes each, on one kind of database."""
    chance, found = random.Random(seed), Found()
    with databases(kind, inside) as new_database:
        url = new_database()
        engine = open_database(url)
        upgrade(engine)
        Store(engine, Settings(as_of=AS_OF).clock).load(beginning(), LOADER)
        engine.dispose()
        for day in range(days):
            settings = Settings(database_url=url, as_of=AS_OF + dt.timedelta(days=day), tick_seconds=0)
            a_day(settings, changes, chance, f"{day}", found)
    return found


def a_day(settings: Settings, changes: int, chance: random.Random, name: str, found: Found) -> None:
    """A day of changes, with a restart at noon; what differs before its end is wrong."""
    tags: dict[tuple[str, str], str] = {}
    keys: dict[tuple[str, ...], str] = {}
    before: Answers | None = None
    for half in "ab":
        with serving(settings) as served, ExitStack() as stack:
            keys = served.keys = keys or served.keys
            clients = {role: stack.enter_context(served.client(role)) for role in (*READERS, "admin")}
            admin, office = clients.pop("admin"), Office(stack.enter_context(served.client(*OFFICERS)), chance, f"{name}{half}")
            readers = Readers(clients, addresses(), tags)
            if before is None:
                seen, exact = numbers(clients["viewer"]), numbers(admin)
                found.wrong += [
                    f"day {name}: {each} is not what the day began with" for each in seen if seen[each] != exact[each]
                ]
            for number in range(changes // 2 + 1):
                now = readers.read_all()
                before = before or now
                found.compared += len(now)
                found.wrong += [f"day {name}{half}, change {number}: {each}" for each in differences(before, now)]
                if number < changes // 2:
                    office.change()
            found.changes += office.done
            if half == "b":
                seen, exact = numbers(clients["viewer"]), numbers(admin)
                found.moved_unseen += sum(seen[each] != exact.get(each) for each in seen)
    found.days += 1


def main() -> int:
    """Exit code 0 when nothing is wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--days", type=int, default=10)
    parser.add_argument("--changes", type=int, default=60, help="a day")
    parser.add_argument("--database", choices=["sqlite", "postgresql", "both"], default="both")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    faults = 0
    for kind in ["sqlite", "postgresql"] if options.database == "both" else [options.database]:
        began = time.monotonic()
        found = run(kind, options.days, options.changes, options.seed)
        told = ", ".join(f"{count:,} {what}" for what, count in sorted(found.changes.items()))
        for each in found.wrong[:20]:
            print(f"WRONG {each}")
        seconds = time.monotonic() - began
        print(f"{kind}: {found.days} days, changes: {told}; {found.compared:,} answers compared in {seconds:.0f} s;", end=" ")
        print(f"{found.moved_unseen} figures had changed unseen by the end of their day; {len(found.wrong)} differences")
        faults += len(found.wrong)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
