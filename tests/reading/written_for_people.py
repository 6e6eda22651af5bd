"""Every kind of text for people who need care and their families, made by the code that makes it, in each of its forms."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any

from api.subject_access.page import ASKS, STAFF, text_of
from optimiser.allocating.story import allocate
from optimiser.county import County
from optimiser.domain.person_records import CHOICES, WHERE
from optimiser.domain.plan import Known
from optimiser.explaining.meanwhile_news import meanwhile_news
from optimiser.explaining.notes import WHY_WAITING, news_of_brief, person_news, provider_note, with_contact
from optimiser.transferring.handing_back.letters import hand_back_letters
from optimiser.transferring.handing_back.story import plan_hand_back
from optimiser.transferring.letters import Letter, correcting_letter, to_print
from optimiser.transferring.relieving.letters import relief_letters
from optimiser.transferring.report import letters
from tests.calling import LINE
from tests.explaining.changing import explained
from tests.explaining.test_person import EVERY_OUTCOME
from tests.making import AS_OF, days, framework, package, plan_meanwhile, snapshot
from tests.making.transfers import POLICY, planned
from tests.transferring.handing_back.test_hand_back import county as handed_back
from tests.transferring.relieving.test_letters import four

RATES = (None, 2_300, 2_400)
"""Of a direct payment in pence: none, with a top-up, and without."""
NEWS = "news"
"""The kind of a letter with a person's news."""


@cache
def every_letter() -> tuple[Letter, ...]:
    """Each once, as it is printed."""
    return tuple(dict.fromkeys(to_print([*_of_transfers(), *_of_hand_backs(), *_of_relief(), *_of_news()])[0]))


def _of_transfers() -> Iterator[Letter]:
    """Who moves, whose decision is pending, who stays; and to whom another thing was written before."""
    for rate in RATES:
        yield from letters(planned(letters_to_stayers=True, direct_payment_rate_pence=rate))
    yield from letters(planned(known=Known(refused=frozenset({"A2"})), earlier={"R1": dt.date(2027, 3, 1)}))
    yield correcting_letter("A1", "Small Care", "Newholme Care", dt.date(2027, 3, 1))


def _of_hand_backs() -> Iterator[Letter]:
    for rate, room in itertools.product(RATES, (15, 0)):
        yield from hand_back_letters(plan_hand_back(handed_back(room), "P-NEW", replace(POLICY, direct_payment_rate_pence=rate)))


def _of_relief() -> Iterator[Letter]:
    """Kept with the round or without it, with a new provider, with none yet."""
    plan = four()
    yield from relief_letters(replace(plan, case=replace(plan.case, policy=replace(plan.case.policy, letters_to_stayers=True))))


def _of_news() -> Iterator[Letter]:
    for news in every_news():
        yield Letter("N1", NEWS, "News of your care", (with_contact(news, "unmet", LINE),))


@cache
def every_news() -> tuple[str, ...]:
    """What a person is told of a run, and of how they are safe until care begins."""
    told = [explained(allocate(given), "N1")["person"] for given in EVERY_OUTCOME.values()]
    running = County.of(snapshot([package("N1", contract_id="F-ALDER")], [framework("ALDER"), framework("BIRCH")]))
    told.append(person_news(running, 0, "proposed", 1, moved=True))
    new = County.of(snapshot([package("N1")], [framework("ALDER")]))
    told += [news_of_brief(new, 0, None, what) for what in WHY_WAITING] + [news_of_brief(new, 0, 0, "outside")]
    for where, choice in itertools.product(WHERE, ("", *CHOICES)):
        plan = plan_meanwhile("N1", where=where, choice=choice, choice_until=days(9), next_check=days(4))
        told.append(meanwhile_news(plan, AS_OF))
    return tuple(dict.fromkeys([*told, meanwhile_news(None, AS_OF)]))


@cache
def every_copy() -> tuple[str, ...]:
    """The copy of what is held about somebody, as its settings have it; of what is held one line stands for all."""
    fact = {"what": "hours", "held": "3", "own_words": False}
    section = {"title": "Requests", "items": [{"named": "N1", "everybody": True, "facts": [fact]}]}
    return tuple(
        text_of(
            {
                "package_id": "N1",
                "package_ids": ["N1", "N2"],
                "as_of": "23 November 2026",
                "settings": {
                    "asks_by_itself": asks,
                    "staff_names": names,
                    "forget_after_days": 365,
                    "forget_runs_after_days": 730,
                    "answer_days": 30,
                },
                "sections": [section],
            }
        )
        for asks, names in itertools.product(ASKS, STAFF)
    )


def notes_for_providers() -> Iterator[str]:
    """What a provider may read of somebody: it stands beside what the person reads."""
    record: dict[str, Any] = {
        "package_id": "N1", "area_id": "A1", "hours_per_week": 5.0, "contract_id": "F-ALDER", "provider_id": "ALDER",
        "contracts": [{"provider_id": "ALDER", "contract_id": "F-ALDER"}], "asked": [], "accepted": False,
    }  # fmt: skip
    changes: tuple[dict[str, Any], ...] = (
        {},
        {"asked": ["F-ALDER"]},
        {"accepted": True},
        {"contracts": []},
        {"provider_id": "BIRCH"},
    )
    for changed in changes:
        yield provider_note(record | changed, "ALDER")
