"""How fast providers' own answers are taken while all of them answer at once: the demonstration county on one process.

    .venv/bin/python -m tests.benchmarks.answering [--seconds 30] [--rate 50] [--expiring 60] [--people 0] [--no-solve]

First a planner asks the next step for everybody who waits, and whoever else may be asked by name, so that every provider that can
be asked has offers. Then somebody at each provider answers its own offers with a key of its own, at a steady rate together (*open
loop*: an answer is measured from the moment at which it was due): yes, yes from a later day, or no, each a change of its own, and
the last counts. So many offers run out meanwhile. Afterwards a planner places whatever is put forward.

Then everything is judged by plain sums: an answer that was acknowledged stands in the trail once, nobody is placed twice, every
offer whose time is over without a yes has expired, the audit chain holds, and on an export of the county no contract holds more
hours than it may, beyond what it held when it was loaded. ``DATABASE_URL``: SQLite unless named.
"""

from __future__ import annotations

import argparse
import asyncio
import datetime as dt
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

from sqlalchemy import func, select

from api.clock import Clock
from api.security.keys import create_key
from api.security.roles import PROVIDER
from api.storage import audit, table_schema
from api.storage.audit import Actor
from api.storage.database import open_database, reading
from optimiser.domain.snapshot import Snapshot
from optimiser.io.reading import read_snapshot
from tests.benchmarks.service import (
    PROGRAM,
    Connection,
    Measured,
    cpu_milliseconds,
    environment,
    service,
    solving,
    waiting_packages,
)

AS_OF = dt.date(2026, 11, 23)
PEOPLE_AT_A_PROVIDER = 2
CLOSED = 409
"""An answer to an offer that is over, or answered finally: refused as it should be, and no error."""


@dataclass
class Answered:
    """What came of the answers of a load."""

    measured: Measured = field(default_factory=Measured)
    codes: Counter[str] = field(default_factory=Counter)
    acknowledged: int = 0
    """So many that changed something."""
    said_no: set[str] = field(default_factory=set)
    """The offers with a no: the same no again is acknowledged, and changes nothing."""

    def heard(self, status: int, offer_id: str, number: int) -> None:
        """An answer was answered."""
        no = is_no(number)
        self.acknowledged += status == 200 and not (no and offer_id in self.said_no)
        if status == 200 and no:
            self.said_no.add(offer_id)


async def connected(port: int, key: str) -> Connection:
    return Connection(*await asyncio.open_connection("127.0.0.1", port), key)


async def ask_everybody(port: int, key: str, packages: list[str]) -> int:
    """The next step of everybody who waits is asked, then whoever else may be: how many offers were made."""
    line, made = await connected(port, key), 0
    for package in packages:
        status, answer = await line.send("POST", f"/v1/packages/{package}/offers")
        made += len(json.loads(answer)["items"]) if status == 201 else 0
        status, answer = await line.send("GET", f"/v1/packages/{package}/cascade")
        if status != 200:
            continue
        for each in [each["contract_id"] for each in json.loads(answer)["places"] if not each["asked"]][:3]:
            body = json.dumps({"contract_ids": [each], "reason": "A load: everybody is asked"})
            status, answer = await line.send("POST", f"/v1/packages/{package}/offers", body)
            made += len(json.loads(answer)["items"]) if status == 201 else 0
    return made


async def let_some_run_out(port: int, key: str, how_many: int, seconds: float) -> int:
    """So many offers get a time within the load; how many did."""
    line, moved = await connected(port, key), 0
    _, answer = await line.send("GET", "/v1/offers?response=pending&limit=1000")
    offers = [each["offer_id"] for each in json.loads(answer)["items"]]
    for number, offer_id in enumerate(random.sample(offers, min(how_many, len(offers)))):
        now = Clock(AS_OF).now() + dt.timedelta(seconds=3 + seconds * number / how_many)
        body = json.dumps({"answer_by": now.isoformat(timespec="seconds"), "reason": "A load: it runs out"})
        status, _ = await line.send("POST", f"/v1/offers/{offer_id}/answer-by", body)
        moved += status == 200
    return moved


async def own_offers(port: int, keys: dict[str, str]) -> list[tuple[str, str]]:
    """Every open offer with whose it is."""
    found = []
    for provider_id, key in keys.items():
        line = await connected(port, key)
        status, answer = await line.send("GET", "/v1/own/offers?standing=open&limit=1000")
        assert status == 200, answer
        found += [(provider_id, each["offer_id"]) for each in json.loads(answer)["items"]]
    return found


async def answer_at_once(
    port: int, keys: dict[str, str], offers: list[tuple[str, str]], rate: float, seconds: float, round_: str
) -> Answered:
    """Answers at a steady rate, each by somebody at the provider whose offer it is."""
    answered = Answered()
    due_at: dict[str, asyncio.Queue[tuple[float, str, int]]] = {each: asyncio.Queue() for each in keys}

    async def somebody(provider_id: str) -> None:
        line, queue = await connected(port, keys[provider_id]), due_at[provider_id]
        while True:
            due, offer_id, number = await queue.get()
            if line.was_ended:
                line = await connected(port, keys[provider_id])
            try:
                status, told = await line.send("POST", f"/v1/own/offers/{offer_id}/answer", said(number, round_))
            except (OSError, asyncio.IncompleteReadError):
                status, told = 0, b""
                line = await connected(port, keys[provider_id])
            answered.measured.milliseconds.append((time.perf_counter() - due) * 1000)
            answered.heard(status, offer_id, number)
            answered.codes[str(status) if status == 200 else f"{status} {json.loads(told or b'{}').get('code', '')}"] += 1
            answered.measured.errors += status not in (200, CLOSED)
            queue.task_done()

    people = [asyncio.create_task(somebody(each)) for each in keys for _ in range(PEOPLE_AT_A_PROVIDER)]
    began = time.perf_counter()
    for number in range(int(rate * seconds)):
        due = began + number / rate
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        provider_id, offer_id = random.choice(offers)
        due_at[provider_id].put_nowait((due, offer_id, number))
    for queue in due_at.values():
        await queue.join()
    for each in people:
        each.cancel()
    await asyncio.gather(*people, return_exceptions=True)
    return answered


def is_no(number: int) -> bool:
    return number % 10 == 9


def said(number: int, round_: str) -> str:
    """An answer that differs from all before it, so that each is a change: seven yes and two later to one no."""
    if is_no(number):
        return '{"answer": "no", "reason": "no_capacity"}'
    message = f"Answer {number} of {round_}"
    if number % 10 in (4, 7):
        return json.dumps({"answer": "later", "from_day": "2027-06-01", "message": message})
    return json.dumps({"answer": "yes", "message": message})


async def place_what_is_put_forward(port: int, key: str) -> Counter[str]:
    """A planner places whatever is put forward now."""
    line, codes = await connected(port, key), Counter[str]()
    _, answer = await line.send("GET", "/v1/offers?response=pending&limit=1000")
    for each in json.loads(answer)["items"]:
        if each["put_forward"]:
            status, told = await line.send("PATCH", f"/v1/offers/{each['offer_id']}", '{"response": "accepted"}')
            codes[f"{status} {json.loads(told).get('code') or json.loads(told)['response']}"] += 1
    return codes


def hours_on(snapshot: Snapshot) -> dict[str, Fraction]:
    """Hours in four weeks that each contract holds: running care, accepted offers, and offers of new care that wait."""
    minutes: Counter[str] = Counter()
    people = {each.package_id: each for each in snapshot.packages}
    for person in people.values():
        if person.contract_id:
            minutes[person.contract_id] += person.minutes_per_week
    for offer in snapshot.offers:
        if people[offer.package_id].status == "new" and offer.response in ("", "accepted"):
            minutes[offer.contract_id] += people[offer.package_id].minutes_per_week
    return {each: Fraction(total, 15) for each, total in minutes.items()}


def judge(folder: Path, county: str, acknowledged: int, url: str) -> list[str]:
    """What is wrong afterwards, by plain sums over an export and the trail."""
    words = [*PROGRAM, "export", str(folder / "after")]
    subprocess.run(words, env=environment(folder), check=True, stdout=subprocess.DEVNULL)
    check = [*PROGRAM, "check", str(folder / "after")]
    checked = subprocess.run(check, env=environment(folder), check=False, stdout=subprocess.DEVNULL)
    before, after = read_snapshot(Path(county)).snapshot, read_snapshot(folder / "after").snapshot
    wrong = [] if checked.returncode == 0 else [f"the check of the export ends with {checked.returncode}"]
    held, was = hours_on(after), hours_on(before)
    for each in after.contracts:
        most = each.max_hours_4w
        if most is not None and held.get(each.contract_id, 0) > max(most, was.get(each.contract_id, Fraction(0))):
            wrong.append(f"{each.contract_id} holds {float(held[each.contract_id])} hours of {float(most)}")
    placed = Counter(each.package_id for each in after.offers if each.response == "accepted")
    wrong += [f"{name} is placed {count} times" for name, count in placed.items() if count > 1]
    engine = open_database(url)
    with reading(engine) as connection:
        wrong += [f"trail {each.seq}: {each.problem}" for each in audit.verify(connection)]
        counted = select(func.count()).where(table_schema.audit.c.action == "own.answer")
        there = int(connection.execute(counted).scalar_one())
    engine.dispose()
    if there != acknowledged:
        wrong.append(f"{there} answers stand in the trail, and {acknowledged} were acknowledged")
    return wrong


def keys_of(url: str, providers: list[str]) -> dict[str, str]:
    """A key for each provider, made at the database."""
    engine, now = open_database(url), Clock(AS_OF).instant()
    made = {
        each: create_key(engine, Actor("a load", "admin"), f"Desk {number}", [PROVIDER], now, provider_id=each)
        for number, each in enumerate(providers)
    }
    engine.dispose()
    return made


def asked() -> argparse.Namespace:
    """What the command line says."""
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--seconds", type=float, default=30)
    options.add_argument("--rate", type=float, default=50)
    options.add_argument("--expiring", type=int, default=60)
    options.add_argument("--people", type=int, default=0, help="for so many of who waits somebody is asked; 0: for all")
    options.add_argument("--no-solve", action="store_true")
    options.add_argument("--county", default="data/demonstration")
    options.add_argument("--port", type=int, default=18_322)
    options.add_argument("--seed", type=int, default=1)
    return options.parse_args()


def main() -> None:
    """Prints a line per load, and what is wrong afterwards."""
    chosen = asked()
    random.seed(chosen.seed)
    os.environ["OPTIMISER_TICK_SECONDS"] = "2"
    folder = Path(tempfile.mkdtemp(prefix="answering"))
    url = environment(folder)["DATABASE_URL"]
    acknowledged, errors = 0, 0
    try:
        with service(folder, chosen.port, chosen.county, "") as (key, process), ExitStack() as beside:
            made = asyncio.run(ask_everybody(chosen.port, key, waiting_packages(chosen.county)[: chosen.people or None]))
            snapshot = read_snapshot(Path(chosen.county)).snapshot
            keys = keys_of(url, [each.provider_id for each in snapshot.providers])
            time.sleep(2)  # the service reads its keys every second
            for name in ["alone"] if chosen.no_solve else ["alone", "beside a solve"]:
                offers = asyncio.run(own_offers(chosen.port, keys))
                answering = {each: keys[each] for each in sorted({provider_id for provider_id, _ in offers})}
                if name != "alone":
                    beside.enter_context(solving(chosen.port, key, folder / "run"))
                out = asyncio.run(let_some_run_out(chosen.port, key, chosen.expiring, chosen.seconds))
                load = answer_at_once(chosen.port, answering, offers, chosen.rate, chosen.seconds, name)
                before = cpu_milliseconds(process)
                answered = asyncio.run(load)
                each = (cpu_milliseconds(process) - before) / len(answered.measured.milliseconds)
                acknowledged, errors = acknowledged + answered.acknowledged, errors + answered.measured.errors
                what = f"{chosen.rate:g} answers a second by {len(answering)} providers to {len(offers)} of {made} offers"
                print(f"{answered.measured.line(f'{what}, {out} running out, {name}')}", flush=True)
                told = f"p95 {answered.measured.share(0.95):.1f} ms, {each:.1f} ms of processor each"
                print(f"  {told}; {dict(answered.codes)}", flush=True)
            beside.close()
            placed = asyncio.run(place_what_is_put_forward(chosen.port, key))
            print(f"put forward and placed: {dict(placed)}", flush=True)
        wrong = judge(folder, chosen.county, acknowledged, url)
        print("\n".join(wrong) or "no limit passed, nobody placed twice, every answer once in the trail", flush=True)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    sys.exit(1 if wrong or errors else 0)


if __name__ == "__main__":
    main()
