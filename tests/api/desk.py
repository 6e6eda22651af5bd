"""A planner's desk: a small county served over real HTTP."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import httpx
from sqlalchemy import select

from api.settings import Settings
from api.state.state import State
from api.state.store import Store
from api.storage import audit, table_schema
from api.storage.database import reading
from optimiser.domain.snapshot import Snapshot
from optimiser.judging.enhanced_support import SUPPORT_KINDS
from optimiser.judging.first_visits import FIRST_VISIT_NOT_CONFIRMED
from optimiser.judging.safe_meanwhile import KINDS
from tests.api.conftest import LOADER, Served, serving
from tests.api.databases import prepared

Json = dict[str, Any]
OF_PEOPLES_SAFETY = (*KINDS, *SUPPORT_KINDS, FIRST_VISIT_NOT_CONFIRMED)


class Desk:
    """What a planner does, by name; ``refused`` for what must not be possible."""

    def __init__(self, served: Served, store: Store, client: httpx.Client) -> None:
        self.served, self.store, self.client = served, store, client

    def state(self) -> State:
        return self.store.state()

    def cascade(self, package_id: str) -> Json:
        return self._good(self.client.get(f"/v1/packages/{package_id}/cascade"))

    def order(self, package_id: str) -> list[str]:
        return [place["contract_id"] for place in self.cascade(package_id)["places"]]

    def why_not(self, package_id: str) -> dict[str, list[str]]:
        return {each["contract_id"]: [f["rule"] for f in each["failed"]] for each in self.cascade(package_id)["others"]}

    def ask(self, package_id: str, **given: Any) -> dict[str, str]:
        """The offers made, by contract."""
        made = self._good(self.client.post(f"/v1/packages/{package_id}/offers", json=given or None))
        return {offer["contract_id"]: offer["offer_id"] for offer in made["items"]}

    def answer(self, offer_id: str, response: str, **given: Any) -> Json:
        return self._good(self.try_answer(offer_id, response, **given))

    def try_answer(self, offer_id: str, response: str, *, if_match: str | None = None, **given: Any) -> httpx.Response:
        headers = {} if if_match is None else {"If-Match": if_match}
        return self.client.patch(f"/v1/offers/{offer_id}", json={"response": response, **given}, headers=headers)

    def decline(self, offer_id: str, reason: str = "no_capacity") -> Json:
        return self.answer(offer_id, "declined", reason=reason)

    def offers(self, package_id: str) -> dict[str, str | None]:
        """The response to each offer of a package, by contract."""
        found = self._good(self.client.get(f"/v1/packages/{package_id}/offers"))
        return {offer["contract_id"]: offer["response"] for offer in found["items"]}

    def act(self, package_id: str, act: str, **given: Any) -> Json:
        return self._good(self.try_act(package_id, act, **given))

    def try_act(self, package_id: str, act: str, **given: Any) -> httpx.Response:
        return self.client.post(f"/v1/packages/{package_id}/{act}", json=given or None)

    def says(self, package_id: str, provider_id: str, answer: str = "yes", **given: Any) -> Json:
        """The person's own answer to a provider."""
        said = {"provider_id": provider_id, "answer": answer, "given_by": "self", **given}
        return self._good(self.client.post(f"/v1/packages/{package_id}/answers", json=said))

    def alerts(self) -> list[tuple[str, str]]:
        """Of offers and holds: on most desks nobody has a plan until care begins, or says that somebody came: alerted, too."""
        return [each for each in self.every_alert() if each[0] not in OF_PEOPLES_SAFETY]

    def every_alert(self) -> list[tuple[str, str]]:
        found = self._good(self.client.get("/v1/alerts"))
        return [(alert["kind"], alert["package_id"]) for alert in found["items"]]

    def trail(self) -> list[Mapping[str, Any]]:
        """The audit trail, verified."""
        with reading(self.store.engine) as connection:
            assert not list(audit.verify(connection))
            found = connection.execute(select(table_schema.audit).order_by(table_schema.audit.c.seq)).mappings()
            return [dict(row) for row in found]

    @staticmethod
    def _good(answer: httpx.Response) -> Json:
        assert answer.is_success, answer.text
        body: Json = answer.json()
        return body


def code_of(answer: httpx.Response) -> tuple[int, str]:
    """The status and the code of a problem."""
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    return answer.status_code, answer.json()["code"]


@contextmanager
def desk(database_url: str, snapshot: Snapshot, role: str = "planner", **settings: Any) -> Iterator[Desk]:
    """A county in a database, served, and a client signed in with a role."""
    engine = prepared(database_url)
    usual = {"database_url": database_url, "as_of": snapshot.as_of, "tick_seconds": 0}
    given = Settings(**{**usual, **settings})
    store = Store(engine, given.clock)
    store.load(snapshot, LOADER)
    try:
        with serving(given) as served, served.client(role) as client:
            yield Desk(served, store, client)
    finally:
        engine.dispose()
