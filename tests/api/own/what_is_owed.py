"""What finance, officers and others did in a county, so that a provider has accounts, a transfer and questions to read.

Others' part of it is another where it is ``secret``: what came of their visits, what they asked and what was decided about it,
why their rounds stay, and what a family asks.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import orjson
from sqlalchemy import insert

from api.accounts import acts as accounts
from api.accounts.schemas import NewQuery, QueryDecision, ToDraft
from api.acts.act import Caller
from api.actuals import acts as actuals
from api.actuals.schemas import NewActuals
from api.contacts import acts as contacts
from api.contacts.schemas import NewContact, NewOwnQuestion, NewReply
from api.http.strict import Query
from api.released_transfers import acts as released_transfers
from api.released_transfers.schemas import NewRelease
from api.runs.stored_runs import pack
from api.security.roles import FINANCE, PLANNER, PROVIDER, TRANSITION
from api.service import Service
from api.storage.audit import Actor
from api.storage.database import writing
from api.storage.table_schema import runs

Json = dict[str, Any]
PERIOD = dt.date(2026, 10, 26)
BOOK = {
    "account.toml": f"periods_begin = {PERIOD}\n".encode(),
    "terms.csv": "\n".join(
        [
            "contract_id,starts,increment_minutes,rounding,overrun_paid,late_cancellation_share,retainer_days,retainer_share",
            *(f"{each},,15,nearest,false,0.5,3,0.5" for each in ("F-BRACKEN", "F-CLOVER", "L-DOCK", "P-ALDER")),
        ]
    ).encode(),
}
RUN = "7" * 32


def owed(service: Service, *, secret: bool) -> None:
    """Records of visits, drafts, lines that are questioned and decided about, a released transfer, questions and answers."""
    _visits_paid(service, secret=secret)
    _transfer_released(service, secret=secret)
    _questions_asked(service, secret=secret)


def _visits_paid(service: Service, *, secret: bool) -> None:
    finance = Caller(service, Actor("Fred Finance", FINANCE))
    late = 50 if secret else 5
    came = [_came("A1", "R1", 4, 30), _came("A2", "R1", 5, 3), _came("A3", "R2", 4, late), _came("A4", "R2", 5, 30)]
    actuals.take(finance, NewActuals.model_validate({"items": came}))
    accounts.keep_book(finance, BOOK, accounts.read_book(finance).etag)
    accounts.draft(finance, ToDraft(period_starts=PERIOD))
    by_provider: dict[str, str] = {}
    for each in service.store.state().stock["statements"].values():
        by_provider[each.body["provider_id"]] = each.body["statement_id"]
    asks = {"CLOVER": "It took longer than that."} | ({"BRACKEN": "It was cut short by the family."} if secret else {})
    for provider_id, words in asks.items():
        at = Caller(service, Actor("Sam Marsh (1a2b)", PROVIDER, provider_id=provider_id))
        accounts.query_line(at, by_provider[provider_id], NewQuery(number=1, words=words))
    for body in [each.body for each in service.store.state().stock["line_queries"].values()]:
        decided = "upheld" if body["statement_id"] == by_provider.get("BRACKEN") else "refused"
        accounts.decide_query(
            finance, body["query_id"], QueryDecision.model_validate({"decision": decided, "reason": "As recorded."})
        )


def _came(actual_id: str, package_id: str, day: int, minutes: int) -> Json:
    at = f"2026-11-0{day}T"
    times = {"planned_start": f"{at}08:00", "planned_minutes": 30, "arrived": f"{at}08:00", "left": f"{at}08:{minutes:02}"}
    return {"actual_id": actual_id, "package_id": package_id, "date": at[:10], **times, "workers": 1, "outcome": "delivered"}


def _transfer_released(service: Service, *, secret: bool) -> None:
    """CLOVER's round stays and BRACKEN's moves, or stays as well; the plan's own words on why stand in it."""
    stays = _of_a_plan("RD1", "CLOVER", "stay", "protected: end of life" if secret else "")
    other = _of_a_plan("RD2", "BRACKEN", "stay" if secret else "transfer", "social work says not suitable" if secret else "")
    impact = [
        {"provider_id": each, "hours_before": "20.00", "hours_moved": moved, "largest_year_share": "0.05", "warning": "false"}
        for each, moved in (("CLOVER", "0.00"), ("BRACKEN", "0.00" if secret else "20.00"))
    ]
    result = {"as_of": "2026-11-23", "transfers": [stays, other], "impact": impact, "settings": {"destabilisation_limit": 0.15}}
    texts = dict.fromkeys(("idempotency_key", "request_hash", "requested_by", "created_at"), RUN)
    row = {"run_id": RUN, "kind": "transfer", "settings": "{}", "status": "succeeded", "cancel": False, **texts}
    row |= {"attempts": 1, "fence": 1, "state_version": 1, "plan_digest": "d1", "result": pack({"result": result})}
    with writing(service.store.engine) as connection:
        connection.execute(insert(runs).values(**row))
    team = Caller(service, Actor("Tam Carter", TRANSITION))
    released_transfers.release(team, RUN, NewRelease(plan_digest="d1", contact="Ada Carter, 01603 555 0100"))


def _of_a_plan(round_id: str, provider_id: str, decision: str, why: str) -> Json:
    row = {
        "round_id": round_id,
        "from_provider_id": provider_id,
        "decision": decision,
        "recut_of": "",
        "area_id": "A1",
        "why": why,
    }
    row |= {"people": "1", "hours_per_week": "20.00", "staff": "2", "date": "2027-03-01", "to_contract_id": "P-ALDER"}
    return row | {"agreement_by": "2026-12-21"}


def _questions_asked(service: Service, *, secret: bool) -> None:
    council = Caller(service, Actor("Ada Planner", PLANNER))
    own = Caller(service, Actor("Sam Marsh (1a2b)", PROVIDER, provider_id="CLOVER"))
    contacts.ask_own(
        own, NewOwnQuestion.model_validate({"contact_id": "C1", "package_id": "R1", "kind": "reasons", "asked": "Why?"})
    )
    contacts.answer(council, "C1", NewReply(text="It was not your turn."))
    if secret:
        for more in ({"who": "family", "package_id": "R1"}, {"who": "provider", "provider_id": "BRACKEN", "package_id": "N1"}):
            asked = {**more, "kind": "other", "asked": "Is it well?", "how": "letter"}
            contacts.record(council, NewContact.model_validate(asked))


def own_statement_id(service: Service) -> str:
    """Of CLOVER's statement of account."""
    by = Caller(service, Actor("Sam Marsh (1a2b)", PROVIDER, provider_id="CLOVER"))
    (found,) = accounts.list_own(by, Query()).items
    return str(orjson.loads(found)["statement_id"])
