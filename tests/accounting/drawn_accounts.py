"""Counties and records of visits drawn at random, in which every table of an account has something to tell."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from optimiser.domain.accounts import IncentiveAmount, IncentivePeriod, Terms
from optimiser.domain.actuals import OUTCOMES, WHO, WHY
from optimiser.domain.records import ENHANCED_HOME_SUPPORT, Contract, Offer, Package, Visit
from optimiser.domain.snapshot import Snapshot
from tests import making
from tests.accounting.elm import person
from tests.making import at, days, framework, noon, offer, principal, rate, snapshot, specialist
from tests.making.actual_records import Row, made, record
from tests.making.weeks import visit

AMOUNTS = [IncentiveAmount(None, None, workers, Fraction(0), Fraction(48), 10001) for workers in (1, 2)]
PERIODS = [IncentivePeriod(days(-30), days(90), "winter")]
NEEDS = ((), ("meals", "medication"))
NOBODY = 6
"""There is no P6."""
PEOPLE = 10
CONTRACTS = ("P-ELM", "F-OAK", "F-OAK-2", "P-ASH", "S-ELM")


@dataclass(frozen=True)
class Drawn:
    """A county, its terms, and from which day whose enhanced home support is charged."""

    snapshot: Snapshot
    terms: list[Terms]
    charged_from: Mapping[str, dt.date]


def drawn_county(dice: random.Random) -> Drawn:
    """Home care of two areas, each with a principal, one of which has a guarantee; a framework contract that another takes over
    from in the second week; two people with enhanced home support; offers of all kinds.
    """
    contracts = [
        principal("ELM", max_hours_4w=Fraction(20), guarantee=Fraction(4, 5), rates_pence=(2317, 2499, 2755)),
        framework("OAK", ends=days(9), rates_pence=(2533, 2533, 2611)),
        principal("ASH", area_id="A2", starts=days(dice.choice((-9, 7)))),
        specialist("ELM", service=ENHANCED_HOME_SUPPORT),
    ]
    contracts.append(making.following(contracts[1], "F-OAK-2", days(9), rates_pence=(2601, 2601, 2777)))
    people, visits = list[Package](), list[Visit]()
    for number in range(PEOPLE):
        if number != NOBODY:
            people.append(_person(dice, number))
            lengths = [dice.choice((15, 30, 45, 60)) for _ in range(2)]
            visits += [
                visit(f"V{number}{each}", f"P{number}", duration_minutes=minutes, workers=people[-1].workers, needs=NEEDS[each])
                for each, minutes in enumerate(lengths)
            ]
    charged = {f"P{number}": days(dice.randrange(12)) for number in (4, 5) if dice.random() < 0.7}
    offers = [_offer(dice, number, dice.choice(people), dice.choice(contracts)) for number in range(5)]
    rates = [rate("P-ELM", days(5), 2401, 2502, 2803), rate("P-ELM", days(128), 2447, 2551, 2859)]
    here = snapshot(people, contracts, visits=visits, offers=offers, rates=rates)
    return Drawn(here, drawn_terms(dice), charged)


def _person(dice: random.Random, number: int) -> Package:
    """P4 and P5 have enhanced home support, P8 and P9 wait, or began just now; the others' care runs."""
    requested = dt.datetime.combine(days(dice.randrange(-3, 3)), dt.time(dice.randrange(24)))
    given: dict[str, Any] = {
        "place": at(dice.choice((500, 7000, 12000))),
        "workers": 1 + (number % 3 == 0),
        "requested_at": dice.choice((None, requested, requested)),
        "source": dice.choice(("acute_hospital", "reablement", "community")),
        "care_started": dice.choice((None, None, days(-40), days(3), days(11))),
        "hours": dice.choice((3.5, 2, 7.25)),
    }
    contract_id = dice.choice(CONTRACTS[:3])
    if number in (4, 5):
        first = dt.datetime.combine(days(dice.randrange(-2, 4)), dt.time(dice.randrange(7, 20), 10))
        given |= {"service": ENHANCED_HOME_SUPPORT, "first_visit_at": dice.choice((None, first, first))}
        contract_id = "S-ELM"
    if number == 7:
        given["area_id"], contract_id = "A2", dice.choice(("P-ASH", "F-OAK"))
    if number > 7:
        given |= {"start_by": dice.choice((None, days(4))), "care_started": days(dice.randrange(-2, 8))}
        if contract_id == "P-ELM":
            given |= {"status": "new", "care_started": None}
    return person(f"P{number}", contract_id, **given)


def _offer(dice: random.Random, number: int, to: Package, contract: Contract) -> Offer:
    response = dice.choice(("declined", "declined", "expired", "", "withdrawn"))
    day = noon(dice.choice((-30, -1, 0, 2, 27)))
    answered = day if response else None
    return offer(to.package_id, contract.contract_id, response, offer_id=f"Q{number}", offered_at=day, responded_at=answered)


def drawn_terms(dice: random.Random) -> list[Terms]:
    """Each contract's, anew from the fifth day on; some are not known."""
    return [
        Terms(
            name, starts, dice.choice((5, 15, 15, None)), dice.choice(("nearest", "up", "down", None)),
            dice.choice((True, False, None)), dice.choice((None, Fraction(1, 3), Fraction(1))), dice.choice((0, 2, None)),
            dice.choice((Fraction(1, 2), Fraction(1, 2), None)),
        )
        for name in CONTRACTS
        for starts in (None, days(4))
    ]  # fmt: skip


TWO_PERIODS = (*range(8), 9, 10, 30, 31)


def drawn(dice: random.Random, count: int = 50, first: int = 0, dates: Sequence[int] = TWO_PERIODS) -> list[Row]:
    """Records of all kinds: odd ones, doubles, unnamed visits; on days so long after today, most of them of the first period."""
    rows = []
    for number in range(first, first + count):
        who = dice.randrange(PEOPLE)
        day = days(dice.choice(dates))
        begins = dice.randrange(6 * 60, 22 * 60)
        ends = begins + dice.choice((-5, 0, 7, 12, 22, 30, 38, 46, 61))
        times = "-".join(f"{minute // 60:02}:{minute % 60:02}:{dice.choice((0, 0, 30)):02}" for minute in (begins, max(0, ends)))
        outcome = dice.choice(("delivered", "delivered", "delivered", "delivered", *OUTCOMES[:-1]))
        came = outcome in OUTCOMES[:2]
        row = record(
            f"R{number}", times if came and dice.random() < 0.95 else "", date=day, package_id=f"P{who}",
            visit_id=dice.choice((f"V{who}0", f"V{who}1", "")), outcome=outcome, workers=dice.choice((1, 1, 2)),
            worker_keys=dice.choice(("", "a", "b", "a;b")), who=dice.choice(("", *WHO)),
            why=dice.choice(("", "", *WHY)),
            planned_minutes=dice.choice(("", 15, 30, 45)), planned_start=f"{day}T{dice.choice(('08:00', '17:30'))}",
        )  # fmt: skip
        rows.append(row | ({"contract_id": "P-ELM"} if dice.random() < 0.1 else {}))
        if dice.random() < 0.2:
            rows.append(row | {"actual_id": f"D{number}"})
    return rows


def corrected(dice: random.Random, rows: Sequence[Row], count: int, number: int) -> list[Row]:
    """Corrections of some records that nobody has corrected yet: taken back, missed after all, or planned as 15 minutes.

    ``number``: their ids begin with it.
    """
    done = {row["corrects"] for row in rows if row.get("corrects")}
    once = dice.sample([row for row in rows if not row.get("corrects") and row["actual_id"] not in done], count)
    said: tuple[Row, ...] = ({"outcome": "withdrawn"}, {"outcome": "missed", "arrived": "", "left": ""}, {"planned_minutes": 15})
    return [row | {"actual_id": f"C{number}{row['actual_id']}", "corrects": row["actual_id"]} | dice.choice(said) for row in once]


def accounted(here: Drawn, rows: list[Row], folder: Path, **given: Any) -> Any:
    """A period's account and its files."""
    return made(
        here.snapshot, rows, folder, *here.terms, amounts=AMOUNTS, periods=PERIODS, charged_from=here.charged_from, **given
    )
