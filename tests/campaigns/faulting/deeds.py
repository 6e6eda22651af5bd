"""Ten acts, each asked for once, and how often the trail then tells of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx
from sqlalchemy import Engine, func, select

from api.storage import table_schema
from api.storage.database import reading
from tests.api.talking import REQUEST

PLAN = {"where": "home_with_carer", "holds": "a neighbour helps", "checked_by": "desk"}


@dataclass(frozen=True)
class Deed:
    """What is asked for, and the entry of the trail that tells of it. ``mark``: stands in that entry and in no other."""

    action: str
    mark: str
    method: str
    path: str
    body: Mapping[str, Any] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def only_reads(self) -> bool:
        return self.method == "GET"

    def ask(self, client: httpx.Client) -> httpx.Response:
        return client.request(self.method, self.path, json=self.body, headers=dict(self.headers))

    def times_told(self, engine: Engine) -> int:
        """How often the trail tells of it, in the database itself."""
        trail = table_schema.audit.c
        runs = table_schema.runs.c
        mine = select(runs.run_id).where(runs.idempotency_key == self.mark)  # a run's entry names the run alone
        marked = (trail.subject == self.mark) | trail.details.contains(self.mark, autoescape=True) | trail.subject.in_(mine)
        with reading(engine) as connection:
            return int(connection.execute(select(func.count()).where(trail.action == self.action, marked)).scalar_one())


class Preparing:
    """Makes deeds, each on records of its own, which it makes while nothing fails. ``after``: so many were made by others."""

    def __init__(self, client: httpx.Client, engine: Engine, as_of: dt.date, after: int = 0) -> None:
        self._client, self._engine, self._as_of, self._count = client, engine, as_of, after
        self.kinds: dict[str, Callable[[], Deed]] = {
            "add a package": self._add,
            "change a package": self._change,
            "read a package": self._read,
            "plan for the meanwhile": self._plan,
            "ask a provider": self._ask,
            "record an answer": self._answer,
            "start a run": self._start,
            "cancel a run": self._cancel,
            "add a price": self._price,
            "change a contract": self._contract,
        }

    def _mark(self) -> str:
        self._count += 1
        return f"FAULT{self._count:05}X"

    def _made(self, method: str, path: str, **more: Any) -> httpx.Response:
        answer = self._client.request(method, path, **more)
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer

    def _person(self) -> str:
        mark = self._mark()
        self._made("POST", "/v1/packages", json=REQUEST | {"package_id": mark, "hours_per_week": 0.25, "visits_per_week": 1})
        return mark

    def _known(self, path: str) -> dict[str, str]:
        return {"If-Match": self._made("GET", path).headers["ETag"]}

    def _add(self) -> Deed:
        mark = self._mark()
        return Deed("package.add", mark, "POST", "/v1/packages", REQUEST | {"package_id": mark})

    def _change(self) -> Deed:
        mark = self._person()
        path = f"/v1/packages/{mark}"
        return Deed("package.change", mark, "PATCH", path, {"priority": "urgent"}, self._known(path))

    def _read(self) -> Deed:
        mark = self._person()
        return Deed("package.read", mark, "GET", f"/v1/packages/{mark}")

    def _plan(self) -> Deed:
        mark = self._person()
        path = f"/v1/packages/{mark}/meanwhile"
        plan = PLAN | {"holds_until": str(self._as_of + dt.timedelta(days=9))}
        return Deed("meanwhile.record", mark, "PUT", path, plan, self._known(path))

    def _ask(self) -> Deed:
        mark = self._person()
        return Deed(
            "offer.made", mark, "POST", f"/v1/packages/{mark}/offers", {"contract_ids": [self._first(mark)], "reason": "x"}
        )

    def _first(self, mark: str) -> str:
        return str(self._made("GET", f"/v1/packages/{mark}/cascade").json()["places"][0]["contract_id"])

    def _answer(self) -> Deed:
        asked = self._ask()
        offer_id = self._made("POST", asked.path, json=asked.body).json()["items"][0]["offer_id"]
        said = {"response": "declined", "reason": "other"}
        return Deed("offer.declined", asked.mark, "PATCH", f"/v1/offers/{offer_id}", said)

    def _start(self) -> Deed:
        mark = self._mark()
        return Deed("run.request", mark, "POST", "/v1/runs", {"kind": "allocate"}, {"Idempotency-Key": mark})

    def _cancel(self) -> Deed:
        started = self._start()
        run_id = self._made("POST", "/v1/runs", json=started.body, headers=started.headers).json()["run_id"]
        return Deed("run.cancel", run_id, "DELETE", f"/v1/runs/{run_id}")

    def _price(self) -> Deed:
        mark = self._mark()
        prices = {f"rate_band_{band}": 20.25 for band in (1, 2, 3)}
        starts = str(self._as_of + dt.timedelta(days=self._count))
        return Deed(
            "rates.add", mark, "POST", "/v1/rates", {"contract_id": "P-ALDER", "starts": starts, **prices, "reason": mark}
        )

    def _contract(self) -> Deed:
        mark, path = self._mark(), "/v1/contracts/P-ALDER"
        known = self._made("GET", path)
        more = {"max_hours_4w": known.json()["max_hours_4w"] + 0.25, "reason": mark}
        return Deed("contracts.change", mark, "PATCH", path, more, {"If-Match": known.headers["ETag"]})
