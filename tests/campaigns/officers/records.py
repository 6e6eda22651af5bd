"""An officer's deeds on single records: prices, a maximum, a provider, a go-live, the reserve, volumes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from api.state.store import Store
from tests.campaigns.officers.asking import VOLUME, Asking, Told

KEPT_PRICES = 3
"""So many dated prices of an officer's own stand at most."""
PRICES = {f"rate_band_{band}": 21.25 for band in (1, 2, 3)}


class Records(Asking):
    """What is added, changed and ended."""

    def __init__(self, addresses: Sequence[str], token: str, store: Store, *, name: str) -> None:
        super().__init__(addresses, token, store, name=name)
        self._own_prices: list[str] = []

    def price(self, **headers: str) -> None:
        """Dated prices are added, and the oldest of this officer's own withdrawn, half of the time, before they begin."""
        contract_id, day = self.one_of("contracts"), self.day_to_come()
        prices = {name: 20.25 + self.random.randint(0, 5) for name in PRICES}
        self.add("rates", {"contract_id": contract_id, "starts": str(day), **prices}, headers)
        self._own_prices.append(f"/v1/rates/{contract_id} {day}")
        if len(self._own_prices) > KEPT_PRICES or self.random.random() < 0.5:
            self.end(self._own_prices.pop(0), "rates.end")

    def maximum(self, **headers: str) -> None:
        """A contract's maximum becomes larger; a smaller one would leave more asked for than it has, which nobody forbids."""

        def more(record: Any) -> dict[str, Any]:
            hours = (record["max_hours_4w"] or 100) + self.random.choice([0.25, 20])
            return {"max_hours_4w": hours if hours % 1 else int(hours)}  # the trail tells a number as it was sent

        self.change(f"/v1/contracts/{self.one_of('contracts')}", more, "contracts.change", headers)

    def go_live(self, **headers: str) -> None:
        """An area's go-live moves to another day that is past."""

        def moved(record: Any) -> dict[str, Any]:
            day = self.today() - dt.timedelta(days=self.random.randint(100, 300))
            return {"go_live": str(day + dt.timedelta(days=str(day) == record["go_live"]))}

        self.change(f"/v1/areas/{self.one_of('areas')}", moved, "areas.change", headers)

    def provider(self, **headers: str) -> None:
        """A provider is added with its office, and ended."""
        self.end(f"/v1/providers/{self.new_provider(**headers)}", "providers.end")

    def new_provider(self, **headers: str) -> str:
        """The id of a provider that is added with its office."""
        name, place = self.new_name(), self._store.state().snapshot.offices[0]
        office = {"office_id": f"O-{name}", "latitude": place.latitude, "longitude": place.longitude}
        self.add("providers", {"provider_id": name, "name": f"Provider {name}", "offices": [office]}, headers)
        return name

    def reserve(self, **headers: str) -> None:
        """The reserve is opened for an area, or closed where it is open; where another officer was faster, that was all."""
        reason, area_id = self.reason(), self.one_of("areas")
        known, _ = self.asked("GET", "/v1/reserve")
        is_open = area_id in {each["area_id"] for each in known.json()["areas"]}
        headers = headers | {"If-Match": known.headers["ETag"]}
        path, action = ("/v1/reserve/close", "reserve.close") if is_open else ("/v1/reserve", "reserve.open")
        answer, again = self.asked("POST", path, headers, json={"areas": [area_id], "reason": reason})
        if answer.status_code == 412 and not again:
            return
        self.expect(answer, 200, again and answer.status_code == 412)
        self.told[reason] = Told(action)

    def volume(self, **headers: str) -> None:
        """A volume is asked for, and awarded half of the time, else withdrawn."""
        reason, name = self.reason(), f"{self.name}-{self.count}"
        area = {"area_id": self.one_of("areas"), "hours_per_week": 12.5}
        starts = str(self.today() + dt.timedelta(days=400))
        body = {"kind": "volume", "call_off_id": name, "areas": [area], "guarantee": 0.5} | {
            "tier": "legacy",
            "starts": starts,
            "reason": reason,
        }
        answer, again = self.asked("POST", "/v1/call-offs", headers, json=body)
        self.expect(answer, 201, again and answer.status_code == 409)
        self.told[reason] = Told("call_off.add")
        reason, path = self.reason(), f"/v1/call-offs/{name}"
        filed, _ = self.asked("GET", path)
        known = {"If-Match": filed.headers["ETag"]}
        if self.random.random() < 0.5:
            answer, again = self.asked("POST", f"{path}/withdraw", known, json={"reason": reason})
            self.told[reason] = Told("call_off.withdraw")
        else:
            made = {"area_id": area["area_id"], "contract_id": f"{VOLUME}{name}"}
            award = {"provider_id": self.one_of("providers"), "areas": [made], **PRICES, "reason": reason}
            answer, again = self.asked("POST", f"{path}/award", known, json=award)
            self.told[reason] = Told("call_off.award", also="contracts.add")
        self.expect(answer, 200, again and answer.status_code in (409, 412))
