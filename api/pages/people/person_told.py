"""What a person's page rests on: the acts that read it, asked together, so that their entries are written down at once."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from fastapi.concurrency import run_in_threadpool

from api.acts.act import Caller
from api.answers import acts as answers
from api.care import acts as care
from api.cascade import acts as cascade
from api.claims import acts as claims
from api.contacts import acts as contacts
from api.contacts.schemas import ContactsQuery
from api.decisions import acts as decisions
from api.first_visits import acts as first_visits
from api.first_visits.schemas import FirstVisitsQuery
from api.meanwhile import acts as meanwhile
from api.offers import acts as offers
from api.packages import acts as packages
from api.packages.schemas import UnmetQuery
from api.pages.names import provider_names
from api.records.acts import DEEDS

Json = dict[str, Any]
RUNS = ("running", "on_hold")


@dataclass(frozen=True)
class Told:
    """What the service tells of one person. Tags are those that a form carries: what was seen when the page was opened."""

    cascade: Json
    package: Json
    etag: str
    offers: list[Json]
    """The oldest first."""
    offer_etags: Mapping[str, str]
    answers: list[Json]
    decisions: list[Json]
    meanwhile: Json
    meanwhile_etag: str
    alerts: list[Json]
    """That nobody has looked at."""
    unmet: Json | None
    """What would be enough, where nobody is left to ask."""
    first_visit: Json | None
    """The first visit that nobody has said took place."""
    questions: list[Json]
    """What was asked about their care, what is owed an answer first."""
    working: Json | None
    """Who has said that they are working on it."""
    runs_with: str
    """The provider that delivers the care, by its id; empty: nobody does."""
    provider_names: Mapping[str, str]

    def __repr__(self) -> str:
        return "<Told of a person>"

    def name_of(self, provider_id: str) -> str:
        """A provider's name; of one that this role is not told of, its id."""
        return self.provider_names.get(provider_id, provider_id)


async def told_of(by: Caller, package_id: str) -> Told:
    """Raises the problem ``not_found``, and ``forbidden`` for who may not read the cascade."""
    (ladder, package, made), (said, decided, safe, alerts, asked) = await asyncio.gather(
        asyncio.gather(
            cascade.read(by, package_id, fit=False),
            run_in_threadpool(packages.read, by, package_id),
            run_in_threadpool(offers.read_of_package, by, package_id),
        ),
        asyncio.gather(
            run_in_threadpool(answers.read_of_package, by, package_id),
            run_in_threadpool(decisions.read_of_package, by, package_id),
            run_in_threadpool(meanwhile.read, by, package_id),
            run_in_threadpool(care.list_alerts, by, None, None, acknowledged=False, package_id=package_id),
            run_in_threadpool(contacts.list_contacts, by, ContactsQuery(package_id=package_id)),
        ),
    )
    told = orjson.loads(ladder.body)
    beside = await run_in_threadpool(_beside, by, package_id, told)
    return Told(
        cascade=told,
        package=orjson.loads(package.body),
        etag=package.etag,
        offers=[each.model_dump(mode="json") for each in made.offers.items],
        offer_etags=made.etags,
        answers=orjson.loads(said.body)["items"],
        decisions=orjson.loads(decided.body)["items"],
        meanwhile=orjson.loads(safe.body),
        meanwhile_etag=safe.etag,
        alerts=[each.model_dump(mode="json") for each in alerts.items],
        questions=[orjson.loads(each) for each in asked.items],
        **beside,
    )


def _beside(by: Caller, package_id: str, told: Json) -> Json:
    """What hangs on where the person stands, and who works on it; all of it in one turn of a thread."""
    nobody_left = told["situation"] == "waiting" and not told["next_step"]["contract_ids"]
    return {
        "unmet": _would_be_enough(by, package_id) if nobody_left else None,
        "first_visit": _first_visit(by, package_id) if told["situation"] == "running" else None,
        "working": orjson.loads(claims.read(by, package_id).body)["working"],
        "runs_with": _provider_of(by, told["contract_id"] if told["situation"] in RUNS else None),
        "provider_names": provider_names(by),
    }


def _provider_of(by: Caller, contract_id: str | None) -> str:
    read = DEEDS["contracts"].read
    if contract_id is None or read is None or read.role_of(by.actor) is None:
        return ""
    return str(orjson.loads(read(by, contract_id).body)["provider_id"])


def _would_be_enough(by: Caller, package_id: str) -> Json | None:
    page = packages.list_unmet(by, UnmetQuery(package_id=package_id))
    return next((orjson.loads(each) for each in page.items), None)


def _first_visit(by: Caller, package_id: str) -> Json | None:
    """Of this person alone: the list is of the whole county."""
    page = first_visits.list_not_confirmed(by, FirstVisitsQuery(package_id=package_id))
    return next((orjson.loads(each) for each in page.items), None)
