"""The mixed work: people and jobs who ask until they are answered, and remember what they were told."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Sequence
from typing import Any

import httpx

from tests.campaigns.in_turn import InTurn
from tests.campaigns.officers import Officer

MOST_WAITING = 3
"""Runs in the queue at any time, so that there is always something to kill."""
ENDINGS = ("succeeded", "failed", "cancelled")
RUNNING = ("R1", "R2", "R3", "R4")
"""Packages whose priority is changed: no run decides on them."""
LASTING = 2
"""So many offers are accepted, and so many declined, that there is always somebody left to ask; all others are withdrawn."""


class Planners:
    """What was acknowledged: runs by key, cancellations, offers. ``begin`` and ``finish`` the background work."""

    def __init__(self, addresses: Sequence[str], token: str, seed: int, officer: Officer | None = None) -> None:
        self._client = InTurn(addresses, token, timeout=30)
        self._random, self._seed = random.Random(seed), seed
        self._numbers = 0
        self.runs: dict[str, str] = {}
        """Per Idempotency-Key the run."""
        self.cancelled: set[str] = set()
        self.offers: set[str] = set()
        self.answers: dict[str, str] = {}
        """Per offer the answer that was recorded."""
        self.priorities: dict[str, str] = {}
        """Per package the priority that it was given last."""
        self.officer = officer
        """Who keeps the records meanwhile."""
        self.faults: list[str] = []
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._answering, self._changing, self._keeping = threading.Lock(), threading.Lock(), threading.Lock()
        self._threads = [
            threading.Thread(target=self._go_on, args=(work,))
            for work in (self._keep_busy, self.cancel, self.apply, self.answer, self.change, self.keep_records)
        ]

    def begin(self) -> None:
        for thread in self._threads:
            thread.start()

    def finish(self) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def leave(self) -> None:
        """Nothing more is asked."""
        self._client.close()
        if self.officer:
            self.officer.leave()

    def _go_on(self, work: Any) -> None:
        try:
            while not self._stop.wait(0.3):
                work()
        except Exception as failure:  # a thread's failure would pass unseen
            self.faults.append(f"a planner was answered otherwise than promised: {type(failure).__name__}: {failure}")

    def asked(self, method: str, path: str, headers: dict[str, str] | None = None, **more: Any) -> Any:
        """The answer to a request that is sent until it is answered. ``headers`` go with the first attempt and its key."""
        headers = dict(headers or {})
        while True:
            try:
                answer = self._client.request(method, path, headers=headers, **more)
            except httpx.TransportError:
                headers.pop("X-Kill", None)
                time.sleep(0.2)
                continue
            assert answer.status_code < 500, answer.text
            return answer

    def new_key(self) -> str:
        with self._lock:
            self._numbers += 1
            return f"key-{self._seed}-{self._numbers}"

    def start_run(self, **headers: str) -> str:
        key = self.new_key()
        body = {"kind": "allocate", "settings": {"wall_seconds": 60}}
        answer = self.asked("POST", "/v1/runs", {"Idempotency-Key": key, **headers}, json=body)
        assert answer.status_code == 202, answer.text
        run_id = str(answer.json()["run_id"])
        assert self.runs.setdefault(key, run_id) == run_id
        return run_id

    def statuses(self) -> dict[str, dict[str, Any]]:
        """Every run as the service tells it."""
        found: dict[str, dict[str, Any]] = {}
        cursor = None
        while True:
            page = self.asked("GET", "/v1/runs", params={"limit": 500} | ({"cursor": cursor} if cursor else {})).json()
            found |= {run["run_id"]: run for run in page["items"]}
            cursor = page["next_cursor"]
            if cursor is None:
                return found

    def _keep_busy(self) -> None:
        waiting = [run for run in self.statuses().values() if run["status"] not in ENDINGS]
        if len(waiting) < MOST_WAITING:
            self.start_run()

    def cancel(self, **headers: str) -> None:
        """Cancel a run that has not ended, now and then; when the request is to kill, always."""
        waiting = [run_id for run_id, run in self.statuses().items() if run["status"] not in ENDINGS]
        if waiting and (headers or self._random.random() < 0.1):
            run_id = self._random.choice(waiting)
            answer = self.asked("DELETE", f"/v1/runs/{run_id}", headers)
            assert answer.status_code == 202, answer.text
            self.cancelled.add(run_id)

    def apply(self, **headers: str) -> None:
        """Apply some of a plan; what is not possible any more is refused, and that is an answer too."""
        ended = [run for run in self.statuses().values() if run["plan_digest"]]
        if not ended:
            return
        run = self._random.choice(ended[:5])
        body = {"plan_digest": run["plan_digest"], "package_ids": [f"N{self._random.randint(1, 7)}"]}
        answer = self.asked("POST", f"/v1/runs/{run['run_id']}/apply", headers, json=body)
        assert answer.status_code == 200, answer.text
        self.offers |= {each["offer_id"] for each in answer.json()["applied"]}

    def answer(self, **headers: str) -> None:
        """Record an answer to an offer that waits: withdrawn, but for the first few. The same answer again changes nothing."""
        with self._answering:
            waiting = self.asked("GET", "/v1/offers", params={"response": "waiting"}).json()["items"]
            if not waiting:
                return
            offer_id = str(self._random.choice(waiting)["offer_id"])
            given = {"response": self._next_answer()}
            given |= {"reason": "other"} if given["response"] == "declined" else {}
            answer = self.asked("PATCH", f"/v1/offers/{offer_id}", headers, json=given)
            assert answer.status_code == 200, answer.text
            self.answers[offer_id] = given["response"]

    def _next_answer(self) -> str:
        said = list(self.answers.values())
        return next((each for each in ("accepted", "declined") if said.count(each) < LASTING), "withdrawn")

    def change(self, **headers: str) -> None:
        """Give a package another priority. Refused for its ETag alone: it was written, and the answer was lost on the way."""
        with self._changing:
            path = f"/v1/packages/{self._random.choice(RUNNING)}"
            known = self.asked("GET", path)
            wanted = "planned" if known.json()["priority"] == "standard" else "standard"
            answer = self.asked("PATCH", path, {"If-Match": known.headers["ETag"], **headers}, json={"priority": wanted})
            assert answer.status_code in (200, 412), answer.text
            now = answer if answer.status_code == 200 else self.asked("GET", path)
            assert now.json()["priority"] == wanted, "a change was refused and not written"
            self.priorities[path.rpartition("/")[2]] = wanted

    def keep_records(self, deed: str = "", **headers: str) -> None:
        """One deed of the officer's at a time: this one, or any."""
        if self.officer:
            with self._keeping:
                (self.officer.deeds[deed] if deed else self.officer.work)(**headers)
