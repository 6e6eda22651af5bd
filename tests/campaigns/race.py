"""Planners who race for the last free hours, over real HTTP: ``python -m tests.campaigns.race [--rounds 1000] [--planners 50]``.

Each round begins with twenty packages that wait, three providers with room for a few of them, and eight offers that are waiting
for an answer already. All planners act at once: some accept those offers (two planners each), the others ask a provider for a
package and accept, decline or leave it (a yes that is kept until others have answered is placed in its turn), two file a call-off
of their own which both divide, ask for and take back at once, and one records two yeses to some visits of the same care at once:
one of them holds.
Meanwhile officers change prices, maxima, go-lives, providers and the reserve, file volumes, import folders, extend, end, award
anew and withdraw from contracts, and keep locations and assessments. After the round the database is read afresh and judged by
plain sums: no limit passed, nobody placed twice, nothing acknowledged lost, nothing there that nobody was told of, no minute of
divided care lost or doubled, no import there in part, each deed once in the trail, and the audit chain holds.

``--servers 2``: so many servers on one PostgreSQL database, and everybody's requests go to them in turn, as behind a proxy.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, ExitStack, contextmanager
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import httpx
import structlog
from sqlalchemy import Engine, func, select

from api.clock import Clock
from api.offers.own_yes import put_forward, said_in
from api.security.keys import create_key
from api.settings import Settings
from api.state.state import State
from api.state.store import Store
from api.state.stored_records import CALL_OFF_ID, CALL_OFFS
from api.storage import audit, table_schema
from api.storage.database import open_database, reading
from api.storage.migrating import upgrade
from optimiser.domain.records import Offer
from optimiser.domain.snapshot import Snapshot
from optimiser.io.record_cells import cells_of
from tests.api import postgres
from tests.api.conftest import LOADER, Served, serving
from tests.api.databases import new_postgres_database
from tests.campaigns.busy import MOST_AGAIN, PAUSE_SECONDS, did_nothing
from tests.campaigns.officers import ROLES, Officer, differs, faults_of, last_entry
from tests.making import AS_OF, DEREHAM, framework, offer, package, principal, provider, snapshot, specialist

HOURS = 5
PACKAGES = [f"N{number:02}" for number in range(20)]
CONTRACTS = {"P-ALDER": 4, "F-BRACKEN": 3, "F-CLOVER": 3}
"""Per contract: for how many packages it has room. CLOVER's own limit has room for two."""
OWN_LIMITS = {"CLOVER": 2}
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri")
NIGHT = "night"
"""The service of the call-offs that are divided: nobody else races for it."""
DEEDS = 7
"""So many deeds each officer does in a round: two officers do each of them between them."""
BUSY = "busy, nothing changed: sent again"
WHO = (("an officer", ROLES), ("a planner", ("planner",)))
"""Whose keys there are."""
ROUNDS_A_DATABASE = 10
"""A new database after so many rounds: after every one the whole audit chain is verified, and the county compared with what
officers have added to it until then."""


def beginning() -> Snapshot:
    """Twenty packages of five hours a week, room for ten."""
    room = {name: {"max_hours_4w": Fraction(count * HOURS * 4)} for name, count in CONTRACTS.items()}
    contracts = [
        principal("ALDER", **room["P-ALDER"]),
        framework("BRACKEN", **room["F-BRACKEN"]),
        framework("CLOVER", **room["F-CLOVER"]),
        specialist("WREN", service=NIGHT),
    ]
    limits = [provider(name, max_hours_4w=Fraction(count * HOURS * 4)) for name, count in OWN_LIMITS.items()]
    return snapshot([package(name, hours=HOURS, priority="planned") for name in PACKAGES], contracts, providers=limits)


@dataclass
class Told:
    """What the planners of a round were told."""

    accepted: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    """Offers whose yes was acknowledged, to be placed in its turn."""
    answers: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    called_off: list[str] = field(default_factory=list)
    """Call-offs that were acknowledged."""
    withdrawn: list[str] = field(default_factory=list)

    def heard(self, act: str, answer: httpx.Response) -> None:
        code = "" if answer.is_success else f" {answer.json().get('code', '')}"
        self.answers[f"{act} {answer.status_code}{code}"] += 1
        if answer.status_code >= 500:
            self.faults.append(f"{act}: {answer.status_code}")


class Spread(httpx.AsyncClient):
    """A client of several servers, which asks them in turn; again where one had no time and says that it did nothing."""

    def __init__(self, clients: Sequence[httpx.AsyncClient]) -> None:
        super().__init__(verify=False)
        self._in_turn = cycle(clients)
        self.busy = 0

    async def request(self, *words: Any, **more: Any) -> httpx.Response:
        answer = await next(self._in_turn).request(*words, **more)
        for _ in range(MOST_AGAIN):
            if not did_nothing(answer):
                break
            self.busy += 1
            await asyncio.sleep(PAUSE_SECONDS)
            answer = await next(self._in_turn).request(*words, **more)
        return answer


def prepare(store: Store, number: int, rng: random.Random) -> list[str]:
    """Everybody waits again, with eight offers out that the contracts have room for: five people, three of them asked twice."""
    made: list[Offer] = []
    for package_id in rng.sample(PACKAGES, 3):
        for contract_id in ("P-ALDER", "F-BRACKEN"):
            made.append(offer(package_id, contract_id, offer_id=f"R{number}-{package_id}-{contract_id}"))
    for package_id in rng.sample([each for each in PACKAGES if each not in {o.package_id for o in made}], 2):
        made.append(offer(package_id, "F-CLOVER", offer_id=f"R{number}-{package_id}-F-CLOVER"))
    with store.change(LOADER) as change:
        for known in change.state.stock["offers"]:
            change.remove("offers", known)
        for contract_id, count in CONTRACTS.items():  # officers may have made it larger
            body = change.state.stock["contracts"][contract_id].body
            change.put("contracts", contract_id, body | {"max_hours_4w": str(count * HOURS * 4)})
        for each in made:
            change.put("offers", each.offer_id, dict(cells_of("offers", each)))
    return [each.offer_id for each in made]


async def send(
    client: httpx.AsyncClient, method: str, path: str, body: dict[str, Any], headers: dict[str, str] | None = None
) -> httpx.Response:
    """A request, sent again where the connection broke before the answer came: the same answer again is well."""
    for _ in range(5):
        try:
            return await client.request(method, path, json=body, headers=headers)
        except httpx.TransportError:
            await asyncio.sleep(0.1)
    raise TimeoutError(f"no connection for {method} {path}")


async def seen(client: httpx.AsyncClient, path: str) -> dict[str, str]:
    """The header that says which version of a record was read: the one that is there now, if there is one."""
    return {"If-Match": (await client.get(path)).headers.get("etag", '"0"')}


async def accept(client: httpx.AsyncClient, offer_id: str, told: Told) -> None:
    """Record a yes; one that is kept for its turn is placed with whoever comes first, where all have answered by then."""
    answer = await send(client, "PATCH", f"/v1/offers/{offer_id}", {"response": "accepted"})
    told.heard("accept", answer)
    if answer.status_code != 200:
        return
    if answer.json()["response"] == "accepted":
        told.accepted.append(offer_id)
        return
    told.kept.append(offer_id)
    offers = (await client.request("GET", f"/v1/packages/{answer.json()['package_id']}/offers")).json()["items"]
    for each in (each["offer_id"] for each in offers if each["put_forward"]):
        placed = await send(client, "PATCH", f"/v1/offers/{each}", {"response": "accepted"})
        told.heard("place", placed)
        if placed.status_code == 200 and placed.json()["response"] == "accepted":
            told.accepted.append(each)


async def ask_and_accept(client: httpx.AsyncClient, rng: random.Random, told: Told) -> None:
    """Ask one provider for one package, in a hurry; then the provider says yes, or no, or nothing."""
    asked = {"contract_ids": [rng.choice(list(CONTRACTS))], "reason": "In a hurry"}
    answer = await send(client, "POST", f"/v1/packages/{rng.choice(PACKAGES)}/offers", asked)
    told.heard("ask", answer)
    if answer.status_code != 201:
        return
    offer_id = answer.json()["items"][0]["offer_id"]
    luck = rng.random()
    if luck < 0.7:
        await accept(client, offer_id, told)
    elif luck < 0.85:
        no = {"response": "declined", "reason": "other"}
        told.heard("decline", await send(client, "PATCH", f"/v1/offers/{offer_id}", no))


def care_at_night(name: str, **more: Any) -> dict[str, Any]:
    """Five hours a week, as a planner writes them down."""
    care = dict(zip(("latitude", "longitude"), DEREHAM, strict=True)) | {"package_id": name, "area_id": "A1"}
    return care | {"hours_per_week": HOURS, "visits_per_week": 5, "workers": 1, "priority": "planned"} | more


async def call_off(client: httpx.AsyncClient, told: Told, call_off_id: str, **what: Any) -> None:
    answer = await send(client, "POST", "/v1/call-offs", {"call_off_id": call_off_id, **what})
    told.heard("call off", answer)
    if answer.status_code == 201:
        told.called_off.append(call_off_id)


async def take_some(client: httpx.AsyncClient, name: str, told: Told) -> None:
    """A night's care with its visits is asked for; twice at once its provider says yes to some of them, and no to the rest."""
    times = {"visit_id": f"{name}-V", "days": [*WEEKDAYS], "earliest_start": "22:00", "latest_start": "23:00"}
    care = care_at_night(name, visits=[times | {"duration_minutes": 60, "workers": 1}])
    await call_off(client, told, name, kind="specialist", service=NIGHT, package=care)
    asked = await send(client, "POST", f"/v1/packages/{name}/offers", {})
    told.heard("ask", asked)
    if asked.status_code != 201:
        return
    path = f"/v1/offers/{asked.json()['items'][0]['offer_id']}/part"

    async def take(*days: str) -> None:
        body = {"visits": [{"visit_id": times["visit_id"], "days": [*days]}], "reason": "no_capacity"}
        answer = await send(client, "POST", path, body)
        told.heard("take some", answer)
        if answer.status_code == 201:
            told.accepted.append(answer.json()["offer_id"])

    await asyncio.gather(take("mon", "tue"), take("tue", "wed", "thu"))


async def divide_and_take_back(client: httpx.AsyncClient, name: str, told: Told) -> None:
    """A night's care is asked for, and at once divided twice, sent out, and taken back, whatever came first."""

    async def file(call_off_id: str, **what: Any) -> None:
        await call_off(client, told, call_off_id, **what)

    async def take_back(call_off_id: str) -> None:
        path, why = f"/v1/call-offs/{call_off_id}", {"reason": "In a hurry"}
        answer = await send(client, "POST", f"{path}/withdraw", why, await seen(client, path))
        while answer.status_code == 412:  # others were quicker: it is read again
            answer = await send(client, "POST", f"{path}/withdraw", why, await seen(client, path))
        told.heard("withdraw", answer)
        if answer.status_code == 200:
            told.withdrawn.append(call_off_id)

    async def ask() -> None:
        told.heard("ask", await send(client, "POST", f"/v1/packages/{name}/offers", {}))

    await file(name, kind="specialist", service=NIGHT, package=care_at_night(name))
    parts = [file(f"{name}.{hours}", kind="part", package_id=name, hours_per_week=hours, visits_per_week=1) for hours in (1, 2)]
    await asyncio.gather(*parts, ask(), *(take_back(f"{name}.{hours}") for hours in (1, 2)))
    await asyncio.gather(*(take_back(f"{name}.{hours}") for hours in (1, 2)), *(take_back(f"{name}.{hours}") for hours in (1, 2)))


def keep_records(officer: Officer, deeds: Sequence[str], told: Told) -> None:
    """An officer's deeds of a round, one after the other."""
    for deed in deeds:
        try:
            officer.deeds[deed]()
        except Exception as failure:  # a thread's failure would pass unseen
            told.faults.append(f"an officer was answered otherwise than promised: {failure}")
    told.answers += Counter(f"officers' {each.action}" for each in officer.told.values())
    told.answers[f"officers' {BUSY}"] += officer.busy
    officer.leave()


async def race(
    addresses: Sequence[str],
    key: str,
    waiting: list[str],
    planners: int,
    rng: random.Random,
    officers: Sequence[Officer] = (),
    called_off: Sequence[str] = (),
    taken: Sequence[str] = (),
) -> Told:
    """All planners and officers at once, each on a connection of their own."""
    told = Told()
    limits = httpx.Limits(max_connections=planners)
    headers = {"Authorization": f"Bearer {key}"}
    async with AsyncExitStack() as stack:
        # Without ``verify`` no certificates are read, which takes as long as many requests and is of no use to http.
        of_each = [
            httpx.AsyncClient(base_url=each, headers=headers, limits=limits, timeout=120, verify=False) for each in addresses
        ]
        client = await stack.enter_async_context(Spread([await stack.enter_async_context(each) for each in of_each]))
        acts = [accept(client, offer_id, told) for offer_id in waiting * 2]
        acts += [divide_and_take_back(client, name, told) for name in called_off]
        acts += [take_some(client, name, told) for name in taken]
        acts += [ask_and_accept(client, random.Random(rng.random()), told) for _ in range(planners - len(acts))]
        rng.shuffle(acts)
        keeping = []
        deeds = cycle(rng.sample([*officers[0].deeds], len(officers[0].deeds)) if officers else [])
        for officer in officers:
            keeping.append(asyncio.to_thread(keep_records, officer, list(islice(deeds, DEEDS)), told))
        await asyncio.gather(*acts[:planners], *keeping)
        for act in acts[planners:]:
            act.close()
        told.answers[BUSY] += client.busy
    return told


def judge(url: str, told: Told, before: int) -> list[str]:
    """What is wrong after a round, by plain sums over records read afresh. ``before``: acceptances in the trail until then."""
    engine = open_database(url)
    state = Store(engine, Clock(AS_OF)).state()
    offers = [stored.record for stored in state.stock["offers"].values()]
    accepted = [each for each in offers if each.response == "accepted"]
    wrong = list(told.faults)
    on = Counter(each.contract_id for each in accepted)
    held = on + Counter(each.contract_id for each in offers if each.response == "")
    most = {each.contract_id: int((each.max_hours_4w or 0) / (HOURS * 4)) for each in state.snapshot.contracts}
    wrong += [f"{name} holds {held[name]} of {most[name]}" for name in CONTRACTS if held[name] > most[name]]
    wrong += [f"{name} has {on[f'F-{name}']} of {room}" for name, room in OWN_LIMITS.items() if on[f"F-{name}"] > room]
    wrong += [f"{name} placed {count} times" for name, count in Counter(e.package_id for e in accepted).items() if count > 1]
    placed = {each.package_id for each in accepted}
    wrong += [f"{each.offer_id} waits though placed" for each in offers if each.response == "" and each.package_id in placed]
    wrong += judge_call_offs(state, told)
    known = {each.offer_id for each in accepted}
    wrong += [f"{name} acknowledged and lost" for name in sorted(set(told.accepted) - known)]
    wrong += [f"{name} there, nobody told" for name in sorted(known - set(told.accepted))]
    heard = {each.offer_id for each in offers if each.response or said_in(state.stock["offers"][each.offer_id]) is not None}
    wrong += [f"{name} kept for its turn and lost" for name in sorted(set(told.kept) - heard)]
    for name in {each.package_id for each in offers if each.response == ""}:
        wrong += judge_turn(state, name)
    with reading(engine) as connection:
        wrong += [f"audit {each.seq}: {each.problem}" for each in audit.verify(connection)]
        if acceptances(connection) - before != len(accepted):
            wrong.append("the trail tells of other acceptances")
    engine.dispose()
    return wrong


def judge_turn(state: State, package_id: str) -> Iterator[str]:
    """A yes is put forward once nobody who was asked may still answer, and not before."""
    waiting = [each for each in state.offers_of[package_id] if not each.response]
    said = [each for each in waiting if said_in(state.stock["offers"][each.offer_id]) is not None]
    front = put_forward(state, package_id)
    if (front is not None) != (bool(said) and len(said) == len(waiting)):
        yield f"{package_id}: {len(said)} of {len(waiting)} have said yes, and {front} is put forward"


def judge_call_offs(state: State, told: Told) -> Iterator[str]:
    """What was asked for is there, what was withdrawn is, and however it was divided it comes to the same minutes."""
    there = {name: stored.body for name, stored in state.stock[CALL_OFFS].items()}
    yield from (f"call-off {name} acknowledged and lost" for name in told.called_off if name not in there)
    yield from (
        f"call-off {name} was withdrawn and stands" for name in sorted({*told.withdrawn}) if not there[name]["withdrawn_at"]
    )
    yield from (f"call-off {name} was withdrawn twice" for name, n in Counter(told.withdrawn).items() if n > 1)
    minutes: Counter[str] = Counter()
    for each in state.snapshot.packages:
        if each.service == NIGHT:
            minutes[each.part_of or each.package_id] += each.minutes_per_week
    yield from (f"{name} has {count} minutes" for name, count in minutes.items() if count != HOURS * 60)
    packages = state.stock["packages"]
    of_whole = {
        name: whole.body.get(CALL_OFF_ID) for name, each in packages.items() if (whole := packages.get(each.record.part_of))
    }
    own = {name: each.body.get(CALL_OFF_ID) for name, each in packages.items()}
    stands = Counter(call_off_id for name, call_off_id in own.items() if of_whole.get(name) != call_off_id)
    for name in sorted(there.keys() & {*told.called_off}):
        if stands[name] != (not there[name]["withdrawn_at"]):
            yield f"call-off {name} has {stands[name]} packages"


def acceptances(connection: Any) -> int:
    found = connection.execute(select(func.count()).where(table_schema.audit.c.action == "offer.accepted")).scalar_one()
    return int(found)


@contextmanager
def databases(kind: str, inside: str) -> Iterator[Any]:
    """A function that makes an empty database of a kind and returns its address."""
    folder = Path(tempfile.mkdtemp(prefix="race", dir=inside))
    try:
        if kind == "sqlite":
            yield lambda: f"sqlite:///{Path(tempfile.mkdtemp(dir=folder)) / 'county.db'}"
        else:
            with postgres.server(folder) as cluster:
                yield lambda: new_postgres_database(cluster)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@dataclass(frozen=True)
class Begun:
    """A database of its own with the county as it begins. ``rounds``: the numbers of those that are run on it."""

    url: str
    engine: Engine
    store: Store
    rounds: range


def begun(new_database: Callable[[], str], rounds: int) -> Iterator[Begun]:
    """For every so many rounds one."""
    for first in range(0, rounds, ROUNDS_A_DATABASE):
        url = new_database()
        engine = open_database(url)
        upgrade(engine)
        store = Store(engine, Clock(AS_OF))
        store.load(beginning(), LOADER)
        yield Begun(url, engine, store, range(first, min(rounds, first + ROUNDS_A_DATABASE)))
        engine.dispose()


def judge_records(url: str, servers: Sequence[Served], officers: Sequence[Officer], after: int) -> list[str]:
    """What is wrong with the records that officers keep, and with what any of the servers knows of them.

    ``after``: the trail's last entry before the round.
    """
    engine = open_database(url)
    alone, (first, *others) = Store(engine, Clock(AS_OF)), servers
    wrong = list(faults_of(first.service.store, alone, officers, after))
    for other in others:
        wrong += differs(other.service.store, alone.state())
    engine.dispose()
    return wrong


def run(
    kind: str, rounds: int, planners: int, seed: int = 1, inside: str = "/tmp", officers: int = 3, servers: int = 1
) -> tuple[Mapping[str, int], list[str]]:
    """All rounds on one kind of database: what planners and officers were told, and everything that is wrong.

    ``servers``: so many serve the one database.
    """
    rng, answers, wrong = random.Random(seed), Counter[str](), list[str]()
    with databases(kind, inside) as new_database:
        for county in begun(new_database, rounds):
            engine, store = county.engine, county.store
            token, planner = (create_key(engine, LOADER, name, roles, store.clock.instant()) for name, roles in WHO)
            # Every other county keeps the first yes that a planner records, as a council may.
            typed = ("gathered", "first_wins")[county.rounds.start // ROUNDS_A_DATABASE % 2]
            settings = Settings(database_url=county.url, as_of=AS_OF, tick_seconds=0, typed_yes=typed)
            with ExitStack() as stack:
                all_served = [stack.enter_context(serving(settings)) for _ in range(servers)]
                addresses = [each.address for each in all_served]
                for number in county.rounds:
                    waiting = prepare(store, number, rng)
                    with reading(engine) as connection:
                        before, last = acceptances(connection), last_entry(connection)
                    keeping = [
                        Officer(
                            [*addresses[each % servers :], *addresses[: each % servers]],
                            token,
                            store,
                            name=f"{seed}.{number}.{each}",
                        )
                        for each in range(officers)
                    ]
                    nights = [f"Q{seed}.{number}.{each}" for each in range(2)]
                    taken = [f"T{seed}.{number}"]
                    told = asyncio.run(race(addresses, planner, waiting, planners, rng, keeping, nights, taken))
                    answers += told.answers
                    found = judge(county.url, told, before) + judge_records(county.url, all_served, keeping, last)
                    wrong += [f"round {number}: {each}" for each in found]
            print(f"{kind}: {county.rounds.stop} of {rounds} rounds, {len(wrong)} wrong", file=sys.stderr, flush=True)
    return answers, wrong


def main() -> int:
    """Exit code 0 when nothing is wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=1000)
    parser.add_argument("--planners", type=int, default=50)
    parser.add_argument("--officers", type=int, default=3, help="who keep records meanwhile")
    parser.add_argument("--database", choices=["sqlite", "postgresql", "both"], default="both")
    parser.add_argument("--servers", type=int, default=1, help="so many on one database; more than one on PostgreSQL alone")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", default="/tmp", help="where the databases are made; on a disk in memory it is faster")
    options = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))  # a line a request takes its time
    kinds, faults, started = ["sqlite", "postgresql"] if options.database == "both" else [options.database], 0, time.monotonic()
    if options.servers > 1 and kinds != ["postgresql"]:
        parser.error("--servers: one SQLite file has one server; say --database postgresql")
    for kind in kinds:
        began, at_work = time.monotonic(), time.process_time()
        answers, wrong = run(
            kind, options.rounds, options.planners, options.seed, options.folder, options.officers, options.servers
        )
        seconds, at_work = time.monotonic() - began, time.process_time() - at_work
        who = f"{options.planners} planners and {options.officers} officers at {options.servers} server(s)"
        print(f"{kind}: {options.rounds} rounds of {who} in {seconds:.0f} s ({at_work:.0f} s of processor); {len(wrong)} wrong")
        print("  " + ", ".join(f"{what}: {count}" for what, count in sorted(answers.items())), flush=True)
        for each in wrong[:20]:
            print(f"  {each}")
        faults += len(wrong)
    seconds = time.monotonic() - started
    print(f"{' and '.join(kinds)}: {options.rounds} rounds each, seed {options.seed}, in {seconds:.0f} s; {faults} wrong in all")
    return int(faults > 0)


if __name__ == "__main__":
    raise SystemExit(main())
