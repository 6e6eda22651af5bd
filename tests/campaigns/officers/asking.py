"""How an officer asks: a request is sent until it is answered, and a deed is remembered once it is acknowledged."""

from __future__ import annotations

import datetime as dt
import itertools
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import httpx

from api.state.store import Store
from tests.campaigns.busy import MOST_AGAIN, PAUSE_SECONDS, did_nothing
from tests.campaigns.in_turn import InTurn

OWN = "OWN-"
"""Whatever an officer makes for itself is called so, and no other officer touches it: but for an import, which marks all."""
VOLUME = "VOLUME-"
"""Contracts that a volume has become are called so."""
TRIES = 20
MOST_DAYS = 1800
_days = itertools.count(1)


@dataclass(frozen=True)
class Told:
    """An acknowledged deed: its action, and how many entries of the trail tell of it."""

    action: str
    entries: int = 1
    also: str = ""
    """A further action that one entry tells of."""


class Asking:
    """Somebody at a desk. ``addresses``: servers, asked in turn. ``name``: no other officer of this database has it."""

    def __init__(self, addresses: Sequence[str], token: str, store: Store, *, name: str) -> None:
        self._client = InTurn(addresses, token, timeout=60)
        self._store, self.name, self.count = store, name, 0
        self.random = random.Random(name)
        self.busy = 0
        """How often nothing was done for want of time, and the request was sent again."""
        self.told: dict[str, Told] = {}
        """Per reason the deed that was acknowledged; where the trail keeps none, per record and action."""

    def leave(self) -> None:
        self._client.close()

    def asked(self, method: str, path: str, headers: dict[str, str] | None = None, **more: Any) -> tuple[httpx.Response, bool]:
        """The answer, and whether an earlier one may have been lost. An ``X-Kill`` goes with the first attempt alone."""
        headers, again = dict(headers or {}), False
        if "content" in more:
            headers["Content-Type"] = "application/zip"
        while True:
            try:
                answer = self._client.request(method, path, headers=headers, **more)
            except httpx.TransportError:
                headers.pop("X-Kill", None)
                again = True
                time.sleep(0.2)
                continue
            if did_nothing(answer) and self.busy < MOST_AGAIN:
                self.busy += 1
                time.sleep(PAUSE_SECONDS)
                continue
            assert answer.status_code < 500, answer.text
            return answer, again

    def expect(self, answer: httpx.Response, status: int, or_else: bool = False) -> None:
        assert or_else or answer.status_code == status, f"{answer.request.method} {answer.request.url.path}: {answer.text}"

    def add(self, kind: str, body: dict[str, Any], headers: dict[str, str] | None = None, also: str = "") -> None:
        """A record is added, with a reason of its own."""
        reason = self.reason()
        answer, again = self.asked("POST", f"/v1/{kind}", headers, json=body | {"reason": reason})
        self.expect(answer, 201, again and answer.status_code == 409)
        self.told[reason] = Told(f"{kind}.add", also=also)

    def change(
        self, path: str, values: Callable[[Any], dict[str, Any]], action: str, headers: dict[str, str], also: str = ""
    ) -> None:
        """Other values of a record, by what it is now: again for as long as somebody else was faster."""
        reason = self.reason()
        for _ in range(TRIES):
            known, _ = self.asked("GET", path)
            body = values(known.json())
            sent = {"If-Match": known.headers["ETag"], **headers}
            answer, again = self.asked("PATCH", path, sent, json=body | {"reason": reason})
            headers = {}
            if answer.status_code == 412:
                now, _ = self.asked("GET", path)
                if not (again and all(now.json()[name] == value for name, value in body.items())):
                    continue
            self.expect(answer, 200, answer.status_code == 412)
            self.told[reason] = Told(action, also=also)
            return
        raise AssertionError(f"{action}: somebody else was faster {TRIES} times")

    def do(
        self, path: str, verb: str, body: dict[str, Any], told: Told, headers: dict[str, str], done: Callable[[], bool]
    ) -> None:
        """A deed on a record of one's own: again where an import has marked it since. ``done``: whether it is, as is asked where
        an answer may have been lost."""
        reason = self.reason()
        for _ in range(TRIES):
            known, _ = self.asked("GET", path)
            sent = {"If-Match": known.headers["ETag"], **headers}
            answer, again = self.asked("POST", f"{path}/{verb}", sent, json=body | {"reason": reason})
            headers = {}
            if not answer.is_success and not (again and done()):
                self.expect(answer, 200, answer.status_code == 412)
                continue
            self.told[reason] = told
            return
        raise AssertionError(f"{told.action}: somebody else was faster {TRIES} times")

    def end(self, path: str, action: str) -> None:
        """A record that nobody else touches ends today."""
        today = str(self.today())

        def ended() -> bool:
            now, _ = self.asked("GET", path)
            return now.status_code == 404 or now.json().get("ends") == today

        self.do(path, "end", {"ends": today}, Told(action), {}, ended)

    def reason(self) -> str:
        """One that no other deed has."""
        self.count += 1
        return f"minute {self.name}-{self.count}"

    def new_name(self) -> str:
        """One that no other record has."""
        self.count += 1
        return f"{OWN}{self.name}-{self.count}"

    def today(self) -> dt.date:
        return self._store.state().as_of

    def day_to_come(self) -> dt.date:
        """No two officers are given one day."""
        return self.today() + dt.timedelta(days=next(_days) % MOST_DAYS + 1)

    def all_of(self, kind: str) -> list[str]:
        """Those of a kind that no officer has made for itself."""
        return [each for each in sorted(self._store.state().stock[kind]) if not each.startswith(OWN)]

    def one_of(self, kind: str) -> str:
        return self.random.choice(self.all_of(kind))
