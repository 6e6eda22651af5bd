"""Two planners on one person, through the pages: ``python -m tests.campaigns.race_pages [--rounds 200]``.

Each round begins as those of `tests/campaigns/race.py` do: twenty people who wait, room for ten of them, eight offers without an
answer. For three people two planners open the page and press the same button at once: both ask the next step. For three offers
both record the provider's answer: yes and yes, yes and no, yes and withdrawn. The first is done, and the second is told on the
same page; both are where others have taken the room meanwhile. Whoever records the same yes again has done nothing else than the
first, and reads that it is recorded. Then the database is read afresh and judged by the same sums, and by the trail: nothing is
doubled, nothing lost.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import random
import re
import sys
import time
from collections import Counter
from collections.abc import Mapping

import httpx
import structlog

from api.security.keys import create_key
from api.settings import Settings
from api.state.store import Store
from api.storage.database import reading
from tests.api.conftest import LOADER, serving
from tests.campaigns.at_pages import AtPages, Shown
from tests.campaigns.race import PACKAGES, Told, acceptances, begun, databases, judge, prepare
from tests.making import AS_OF

TOLD = ("since you opened this page", "Something has changed")
OTHER_ANSWERS = ("accepted", "no_capacity", "withdrawn")
ASKED_BY_TWO = 3
"""So many people are asked for by two planners at once, and so many offers answered by two."""


async def both_press(two: tuple[AtPages, AtPages], address: str, ends: str, answers: tuple[str, str]) -> list[Shown]:
    """Both open a page, and then send the same form of it at once; nothing where the page has no such form."""
    pages = await asyncio.gather(*(each.get(address) for each in two))
    form = pages[0].form_to(ends)
    if not form:
        return []
    sent = (
        who.send(form, page.forms[form], **({"answer": answer} if answer else {}))
        for who, page, answer in zip(two, pages, answers, strict=True)
    )
    return list(await asyncio.gather(*sent))


def done_by(told: Told, what: str, shown: list[Shown]) -> list[int]:
    """By whom it was done, of the two; whoever is neither done with it nor told is a fault."""
    told.answers[f"{what}: {' and '.join(sorted(str(each.status) for each in shown))}"] += 1
    for each in shown:
        if each.status != 303 and (each.status != 409 or not any(words in each.text for words in TOLD)):
            told.faults.append(f"{what}: {each.status}, and nobody is told why")
    return [number for number, each in enumerate(shown) if each.status == 303]


async def ask_at_once(two: tuple[AtPages, AtPages], package_id: str, told: Told) -> int:
    """How many offers came of it."""
    shown = await both_press(two, f"/people/{package_id}", "/ask", ("", ""))
    if not shown:
        told.answers["nobody to ask"] += 1
        return 0
    done = done_by(told, "ask", shown)
    if len(done) > 1:
        told.faults.append(f"{package_id} is asked for twice")
    if not done:
        return 0
    page = await two[0].get(f"/people/{package_id}")
    return len(page.offers())


async def answer_at_once(two: tuple[AtPages, AtPages], offer_id: str, said: tuple[str, str], told: Told) -> None:
    package_id = re.fullmatch(r"R\d+-(N\d+)-.*", offer_id)
    assert package_id is not None
    shown = await both_press(two, f"/people/{package_id[1]}", f"/offers/{offer_id}", said)
    if not shown:
        told.faults.append(f"{offer_id} cannot be answered")
        return
    recorded = {said[each] for each in done_by(told, " and ".join(sorted(said)), shown)}
    if len(recorded) != 1:
        told.faults.append(f"{offer_id}: {len(recorded)} answers are recorded")
    if "accepted" in recorded:
        told.accepted.append(offer_id)
    told.answers.update(f"{each} was first" for each in recorded if len({*said}) > 1)


async def race(address: str, keys: list[str], waiting: list[str], rng: random.Random) -> tuple[Told, int]:
    """A round: what was told, and how many offers were made."""
    told = Told()
    async with httpx.AsyncClient(base_url=address, verify=False, timeout=60) as client:
        ada, bo = AtPages(client), AtPages(client)
        for each, key in zip((ada, bo), keys, strict=True):
            await each.sign_in(key)
        asked = {re.split("-", each)[1] for each in waiting}
        free = rng.sample([each for each in PACKAGES if each not in asked], ASKED_BY_TWO)
        one_each = {re.split("-", each)[1]: each for each in waiting}  # one offer of a person: the yes withdraws the others
        offers = rng.sample(sorted(one_each.values()), ASKED_BY_TWO)
        answers = [("accepted", each) if rng.random() < 0.5 else (each, "accepted") for each in OTHER_ANSWERS]
        asking = [ask_at_once((ada, bo), each, told) for each in free]
        answering = [answer_at_once((ada, bo), each, said, told) for each, said in zip(offers, answers, strict=True)]
        made = await asyncio.gather(*asking, *answering)
    return told, sum(each for each in made if each)


def offers_in(store: Store) -> int:
    return len(store.state().stock["offers"])


def run(kind: str, rounds: int, seed: int = 1, inside: str = "/tmp") -> tuple[Mapping[str, int], list[str]]:
    """All rounds on one kind of database: what planners were told, and everything that is wrong."""
    rng, answers, wrong = random.Random(seed), Counter[str](), list[str]()
    with databases(kind, inside) as new_database:
        for county in begun(new_database, rounds):
            engine, store = county.engine, county.store
            keys = [create_key(engine, LOADER, name, ("planner",), store.clock.instant()) for name in ("Ada", "Bo")]
            # A yes that is placed at once: one that is kept for its turn is nothing to race for.
            settings = Settings(database_url=county.url, as_of=AS_OF, tick_seconds=0, typed_yes="first_wins")
            with serving(settings) as served:
                for number in county.rounds:
                    waiting = prepare(store, number, rng)
                    with reading(engine) as connection:
                        before = acceptances(connection)
                    told, made = asyncio.run(race(served.address, keys, waiting, rng))
                    answers += told.answers
                    found = judge(county.url, told, before)
                    if (there := offers_in(store) - len(waiting)) != made:
                        found.append(f"{there} offers were made, and the pages show {made}")
                    wrong += [f"round {number}: {each}" for each in found]
            print(f"{kind}: {county.rounds.stop} of {rounds} rounds, {len(wrong)} wrong", file=sys.stderr, flush=True)
    return answers, wrong


def main() -> int:
    """Exit code 0 when nothing is wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", default="/tmp", help="where the databases are made; on a disk in memory it is faster")
    options = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))  # a line a request takes its time
    began = time.monotonic()
    answers, wrong = run(options.database, options.rounds, options.seed, options.folder)
    print(f"{options.database}: {options.rounds} rounds of two planners in {time.monotonic() - began:.0f} s; {len(wrong)} wrong")
    print("  " + ", ".join(f"{what}: {count}" for what, count in sorted(answers.items())))
    for each in wrong[:20]:
        print(f"  {each}")
    return int(bool(wrong))


if __name__ == "__main__":
    raise SystemExit(main())
