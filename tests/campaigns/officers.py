"""Officers who keep the county's records while others work: prices, a maximum, a provider, a go-live, the reserve, an import,
volumes that become contracts or are withdrawn.

Every deed is sent until it is answered, has a reason of its own, and is remembered once it is acknowledged. ``faults_of`` holds
what is there against that: each deed is told once in the audit trail and no other is, what the trail told last of a record is
what the record says, an import is there whole or not at all, and the state is the one that the database alone gives.
"""

from __future__ import annotations

import datetime as dt
import io
import itertools
import random
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import httpx
import orjson
from sqlalchemy import Connection, func, select

from api.state.state import State
from api.state.store import Store
from api.state.stored_records import CALL_OFFS, RESERVE, VOLUMES, Stored
from api.storage import table_schema
from api.storage.database import reading
from optimiser.domain.records import Surgery
from optimiser.domain.snapshot import OwnColumns, Snapshot
from optimiser.io.exporting import snapshot_files
from optimiser.io.record_cells import EXTRA
from tests.api.state.test_incremental_state import assert_same

LINE = "import_line"
"""A column of the council's own: an import gives it, with a number of its own, to every record of these kinds."""
MARKED = ("contracts", "offices", "surgeries")
VOLUME = "VOLUME-"
"""Contracts that a volume has become are called so."""
KEPT_PRICES = 3
"""So many dated prices of an officer's own stand at most."""
TRIES = 20
_days = itertools.count(1)
"""No two officers add prices of one day."""
MOST_DAYS = 1800
audit = table_schema.audit


@dataclass(frozen=True)
class Told:
    """An acknowledged deed: its action, and how many entries of the trail tell of it."""

    action: str
    entries: int = 1
    also: str = ""
    """A further action that one entry tells of."""


class Officer:
    """One officer. ``name``: no other officer of this database has it."""

    def __init__(self, address: str, token: str, store: Store, *, name: str) -> None:
        self._client = httpx.Client(base_url=address, headers={"Authorization": f"Bearer {token}"}, timeout=60)
        self._store, self._name, self._count = store, name, 0
        self._random = random.Random(name)
        self._prices: list[str] = []
        self.told: dict[str, Told] = {}
        """Per reason the deed that was acknowledged."""
        self.deeds: dict[str, Callable[..., None]] = {
            "price": self.price,
            "maximum": self.maximum,
            "provider": self.provider,
            "go-live": self.go_live,
            "reserve": self.reserve,
            "import": self.imported,
            "volume": self.volume,
        }

    def leave(self) -> None:
        self._client.close()

    def work(self, **headers: str) -> None:
        """Any of the deeds."""
        self.deeds[self._random.choice(list(self.deeds))](**headers)

    def price(self, **headers: str) -> None:
        """Dated prices are added, and the oldest of this officer's own withdrawn, half of the time, before they begin."""
        reason = self._reason()
        contract_id = self._one_of("contracts")
        day = self._today() + dt.timedelta(days=next(_days) % MOST_DAYS + 1)
        prices = {f"rate_band_{band}": 20.25 + self._random.randint(0, 5) for band in (1, 2, 3)}
        body = {"contract_id": contract_id, "starts": str(day), **prices, "reason": reason}
        answer, again = self._asked("POST", "/v1/rates", headers, json=body)
        self._expect(answer, 201, again and answer.status_code == 409)
        self.told[reason] = Told("rates.add")
        self._prices.append(f"/v1/rates/{contract_id} {day}")
        if len(self._prices) > KEPT_PRICES or self._random.random() < 0.5:
            self._end(self._prices.pop(0), "rates.end")

    def maximum(self, **headers: str) -> None:
        """A contract's maximum becomes larger; a smaller one would leave more asked for than it has, which nobody forbids."""
        reason, path = self._reason(), f"/v1/contracts/{self._one_of('contracts')}"

        def more(record: Any) -> dict[str, Any]:
            return {"max_hours_4w": (record["max_hours_4w"] or 100) + self._random.choice([0.25, 20]), "reason": reason}

        self._change(path, more, "contracts.change", reason, headers)

    def go_live(self, **headers: str) -> None:
        """An area's go-live moves to another day that is past."""
        reason, path = self._reason(), f"/v1/areas/{self._one_of('areas')}"

        def moved(record: Any) -> dict[str, Any]:
            day = self._today() - dt.timedelta(days=self._random.randint(100, 300))
            return {"go_live": str(day + dt.timedelta(days=str(day) == record["go_live"])), "reason": reason}

        self._change(path, moved, "areas.change", reason, headers)

    def provider(self, **headers: str) -> None:
        """A provider is added with its office, and ended."""
        reason, name = self._reason(), f"{self._name}-{self._count}"
        place = self._store.state().snapshot.offices[0]
        office = {"office_id": f"O-{name}", "latitude": place.latitude, "longitude": place.longitude}
        body = {"provider_id": name, "name": f"Provider {name}", "offices": [office], "reason": reason}
        answer, again = self._asked("POST", "/v1/providers", headers, json=body)
        self._expect(answer, 201, again and answer.status_code == 409)
        self.told[reason] = Told("providers.add")
        self._end(f"/v1/providers/{name}", "providers.end")

    def reserve(self, **headers: str) -> None:
        """The reserve is opened for an area, or closed where it is open; where another officer was faster, that was all."""
        reason, area_id = self._reason(), self._one_of("areas")
        known, _ = self._asked("GET", "/v1/reserve")
        is_open = area_id in {each["area_id"] for each in known.json()["areas"]}
        headers = headers | {"If-Match": known.headers["ETag"]}
        path, action = ("/v1/reserve/close", "reserve.close") if is_open else ("/v1/reserve", "reserve.open")
        answer, again = self._asked("POST", path, headers, json={"areas": [area_id], "reason": reason})
        if answer.status_code == 412 and not again:
            return
        self._expect(answer, 200, again and answer.status_code == 412)
        self.told[reason] = Told(action)

    def volume(self, **headers: str) -> None:
        """A volume is asked for, and awarded half of the time, else withdrawn."""
        reason, name = self._reason(), f"{self._name}-{self._count}"
        area = {"area_id": self._one_of("areas"), "hours_per_week": 12.5}
        starts = str(self._today() + dt.timedelta(days=400))
        body = {"kind": "volume", "call_off_id": name, "areas": [area], "guarantee": 0.5} | {
            "tier": "legacy",
            "starts": starts,
            "reason": reason,
        }
        answer, again = self._asked("POST", "/v1/call-offs", headers, json=body)
        self._expect(answer, 201, again and answer.status_code == 409)
        self.told[reason] = Told("call_off.add")
        reason, path, known = self._reason(), f"/v1/call-offs/{name}", {"If-Match": "*"}
        if self._random.random() < 0.5:
            answer, again = self._asked("POST", f"{path}/withdraw", known, json={"reason": reason})
            self.told[reason] = Told("call_off.withdraw")
        else:
            made = {"area_id": area["area_id"], "contract_id": f"{VOLUME}{name}"}
            prices = {f"rate_band_{band}": 21.25 for band in (1, 2, 3)}
            provider_id = self._random.choice([each for each in self._store.state().stock["providers"] if "-" not in each])
            award = {"provider_id": provider_id, "areas": [made], **prices, "reason": reason}
            answer, again = self._asked("POST", f"{path}/award", known, json=award)
            self.told[reason] = Told("call_off.award", also="contracts.add")
        self._expect(answer, 200, again and answer.status_code == 409)

    def imported(self, **headers: str) -> None:
        """A folder of today's county, its people left out, with a line number for every record and one surgery more.

        Sent only when the list of differences has that alone, and listed anew whenever the county has become another since.
        """
        reason, line = self._reason(), f"{self._name}-{self._count}"
        for _ in range(TRIES):
            body = folder_of(self._store.state().snapshot, line)
            listed, _ = self._asked("POST", "/v1/imports", content=body, params={"dry_run": True})
            self._expect(listed, 200)
            tables = listed.json()["tables"]
            touched = [each["columns"] for table in tables for each in (*table["changed"], *table["ended"])]
            added = [each for table in tables for each in table["added"]]
            if any(columns != [LINE] for columns in touched) or added != [f"S-{line}"]:
                continue  # somebody has changed, withdrawn or closed something since it was exported
            seen = {"If-Match": listed.headers["ETag"], "Reason": reason}
            answer, again = self._asked("POST", "/v1/imports", headers | seen, content=body, params={"dry_run": False})
            headers = {}
            if answer.status_code == 412:
                there, _ = self._asked("GET", f"/v1/surgeries/S-{line}")
                if not (again and there.status_code == 200):
                    continue
            self._expect(answer, 200, answer.status_code == 412)
            self.told[reason] = Told("county.sync", 1 + len(touched) + len(added))
            return

    def _change(
        self, path: str, values: Callable[[Any], dict[str, Any]], action: str, reason: str, headers: dict[str, str]
    ) -> None:
        for _ in range(TRIES):
            known, _ = self._asked("GET", path)
            body = values(known.json())
            answer, again = self._asked("PATCH", path, {"If-Match": known.headers["ETag"], **headers}, json=body)
            headers = {}
            if answer.status_code == 412:
                now, _ = self._asked("GET", path)
                if not (again and all(now.json()[name] == value for name, value in body.items() if name != "reason")):
                    continue  # another officer was faster
            self._expect(answer, 200, answer.status_code == 412)
            self.told[reason] = Told(action)
            return

    def _end(self, path: str, action: str) -> None:
        """A record that nobody else touches ends today: but for an import, which leaves its own line on it."""
        reason = self._reason()
        for _ in range(TRIES):
            known, _ = self._asked("GET", path)
            body = {"ends": str(self._today()), "reason": reason}
            answer, again = self._asked("POST", f"{path}/end", {"If-Match": known.headers["ETag"]}, json=body)
            if answer.status_code == 412 and not again:
                continue
            self._expect(answer, 200, again and answer.status_code in (404, 412))
            self.told[reason] = Told(action)
            return

    def _asked(self, method: str, path: str, headers: dict[str, str] | None = None, **more: Any) -> tuple[httpx.Response, bool]:
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
            assert answer.status_code < 500, answer.text
            return answer, again

    def _expect(self, answer: httpx.Response, status: int, or_else: bool = False) -> None:
        assert or_else or answer.status_code == status, f"{answer.request.method} {answer.request.url.path}: {answer.text}"

    def _reason(self) -> str:
        self._count += 1
        return f"minute {self._name}-{self._count}"

    def _today(self) -> dt.date:
        return self._store.state().as_of

    def _one_of(self, kind: str) -> str:
        return str(self._random.choice(sorted(self._store.state().stock[kind])))


def folder_of(county: Snapshot, line: str) -> bytes:
    """A zip of the county without its people: the line in a column of its own, and one surgery more."""
    near = county.surgeries[0]
    more = Surgery(f"S-{line}", f"Surgery {line}", near.area_id, near.latitude, near.longitude, band_centre=False)
    surgeries = (*county.surgeries, more)
    ids = {
        "contracts": [each.contract_id for each in county.contracts],
        "offices": [each.office_id for each in county.offices],
        "surgeries": [each.surgery_id for each in surgeries],
    }
    extra = {kind: OwnColumns((LINE,), {name: {LINE: line} for name in names}) for kind, names in ids.items()}
    people: dict[str, Any] = {"packages": (), "visits": (), "offers": ()}
    kept = {kind: own for kind, own in county.extra.items() if kind not in people}
    changed = replace(county, surgeries=surgeries, extra=kept | extra, **people)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in snapshot_files(changed).items():
            archive.writestr(name, content)
    return buffer.getvalue()


def last_entry(connection: Connection) -> int:
    """The number of the trail's last entry."""
    return int(connection.execute(select(func.max(audit.c.seq))).scalar() or 0)


def faults_of(store: Store, alone: Store, officers: Iterable[Officer], after: int = 0) -> Iterator[str]:
    """Everything that does not hold. ``alone``: a store that has followed nothing. ``after``: no entry up to this one counts."""
    told = {reason: each for officer in officers for reason, each in officer.told.items()}
    state, lines = alone.state(), Counter[str]()
    with reading(alone.engine) as connection:
        rows = list(connection.execute(select(audit).where(audit.c.seq > after).order_by(audit.c.seq)))
    entries = [(row.action, row.subject_kind, str(row.subject or ""), orjson.loads(row.details or b"{}")) for row in rows]
    ours = [each for each in entries if str(each[3].get("reason", "")).startswith("minute ")]
    counted = Counter((action, details["reason"]) for action, _, _, details in ours)
    expected = Counter({(each.action, reason): each.entries for reason, each in told.items()})
    expected += Counter((each.also, reason) for reason, each in told.items() if each.also)
    for action, reason in sorted(counted.keys() | expected.keys()):
        if counted[action, reason] != expected[action, reason]:
            found = f"{counted[action, reason]} entries of the trail tell {action} for {reason}"
            yield f"{found}, {expected[action, reason]} were acknowledged"
    yield from _as_told(state, ours)
    lines.update(str(each.body.get(EXTRA, {}).get(LINE, "")) for kind in MARKED for each in _long_there(state, kind))
    if len(lines) > 1:
        yield f"an import is there in part: {dict(sorted(lines.items()))}"
    try:
        assert_same(store.state(), state)
    except AssertionError as other:
        yield f"the state is not the one that the database gives: {other}"


def _as_told(state: State, entries: Iterable[tuple[str, str, str, Any]]) -> Iterator[str]:
    """What the trail told last of each record, against the record."""
    last: dict[tuple[str, str], dict[str, Any]] = {}
    for action, kind, record_id, details in entries:
        known = last.setdefault((kind, record_id), {})
        if action == "county.sync" and not record_id:
            continue
        if action == "rates.end":
            known["gone"] = True
        elif kind == VOLUMES:
            known["gone"] = False
        elif action == "providers.end":
            known["ends"] = details["ends"]
        elif action in ("reserve.open", "reserve.close"):
            known["gone"] = action == "reserve.close"
        else:
            known.update(details["after"] | {"gone": False})
    for (kind, record_id), known in last.items():
        gone, stored = known.pop("gone", False), _found(state, kind, record_id) if record_id else None
        if record_id and gone != (stored is None):
            yield f"{kind} {record_id} is {'there' if stored else 'lost'}, the trail tells otherwise"
        if stored is not None and kind != RESERVE:
            wrong = [name for name, value in known.items() if (stored.body.get(name) or "") != (value or "")]
            yield from (f"{kind} {record_id}: {name} is not what the trail tells" for name in wrong)


def _found(state: State, kind: str, record_id: str) -> Stored | None:
    """The record that an entry of the trail is about."""
    return state.get(CALL_OFFS if kind == VOLUMES else kind, record_id)


def _long_there(state: State, kind: str) -> Iterator[Any]:
    """Records that no officer has made, which every import has marked."""
    made = {name for name in state.stock["providers"] if "-" in name}
    for record_id, stored in state.stock[kind].items():
        if not record_id.startswith(("S-", VOLUME)) and getattr(stored.record, "provider_id", "") not in made:
            yield stored
