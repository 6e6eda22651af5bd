"""An officer's deeds on the life of a contract: extended, ended early, awarded anew, withdrawn from, a go-live that slips.

Each officer has an area of its own, where nobody lives, and a contract there that others follow: so no withdrawal starts a plan,
and no deed changes whom planners may ask.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from api.contract_lives.schemas import Award
from api.records.schemas import SCHEMAS
from tests.campaigns.officers.asking import OWN, Asking, Told
from tests.campaigns.officers.records import PRICES

GUARANTEE = {"guarantee": 0.5, "max_hours_4w": 100}
LONGEST = dt.timedelta(days=4000)
FIRST = dt.timedelta(days=1000)
STEP = dt.timedelta(days=3)


def _empty(model: Any) -> dict[str, Any]:
    """Nothing for every member that has to be given."""
    return dict.fromkeys(name for name, part in model.model_fields.items() if part.is_required())


class ContractLives(Asking):
    """What is done to a contract between its award and its end."""

    def extension(self, **headers: str) -> None:
        """A contract runs three days longer."""
        contract_id = self._contract()
        ends = str(self._ends(contract_id) + STEP)
        body = {"ends": ends, "authority": self._authority()}
        self._life(contract_id, "extend", body, Told("contracts.extend"), headers, ends)

    def early_end(self, **headers: str) -> None:
        """A contract ends a day earlier than it would, with less notice than is usual, by somebody's authority."""
        contract_id = self._contract()
        ends, today = str(self._ends(contract_id) - dt.timedelta(days=1)), str(self.today())
        body = {"ends": ends, "notice_given_on": today, "given_by": "provider", "shorter_notice": self._authority()}
        self._life(contract_id, "end-early", body, Told("contracts.end_early"), headers, ends)

    def new_award(self, **headers: str) -> None:
        """Another provider is awarded what a contract covers, from the day on which it ends."""
        contract_id, name = self._contract(), self.new_name()
        held = self._store.state().stock["contracts"][contract_id].record
        others = [each for each in self.all_of("providers") if each != held.provider_id]
        given = {"contract_id": name, "provider_id": self.random.choice(others), "starts": str(held.ends)}
        body = _empty(Award) | given | PRICES | GUARANTEE | {"authority": self._authority()}

        def there() -> bool:
            return self.asked("GET", f"/v1/contracts/{name}")[0].is_success

        self.do(f"/v1/contracts/{contract_id}", "award-anew", body, Told("contracts.award_anew"), headers, there)

    def withdrawal(self, **headers: str) -> None:
        """A principal steps back before its contract begins."""
        starts = str(self.day_to_come())
        contract_id = self._award("principal", starts=starts)
        told = Told("contracts.withdraw")
        self._life(contract_id, "withdraw", {"told_on": str(self.today())}, told, headers, starts)

    def slip(self, **headers: str) -> None:
        """An area is to go live on another day that is to come."""
        area_id, day = self._area(), str(self.day_to_come())
        path, told = f"/v1/areas/{area_id}", Told("areas.move_go_live")

        def moved() -> bool:
            return bool(self.asked("GET", path)[0].json()["go_live"] == day)

        self.do(path, "go-live", {"go_live": day, "authority": self._authority()}, told, headers, moved)

    def _life(self, contract_id: str, verb: str, body: dict[str, Any], told: Told, headers: dict[str, str], ends: str) -> None:
        path = f"/v1/contracts/{contract_id}"

        def so() -> bool:
            return bool(self.asked("GET", path)[0].json()["ends"] == ends)

        self.do(path, verb, body, told, headers, so)

    def _authority(self) -> dict[str, str]:
        post = "Director of Commissioning"
        return {"authorised_by": post, "decided_on": str(self.today()), "reference": f"minute {self.name}"}

    def _ends(self, contract_id: str) -> dt.date:
        ends = self._store.state().stock["contracts"][contract_id].record.ends
        assert isinstance(ends, dt.date)
        return ends

    def _area(self) -> str:
        """The id of this officer's own area."""
        area_id = f"{OWN}{self.name}"
        if area_id not in self._store.state().stock["areas"]:
            body = {"area_id": area_id, "name": f"Area {area_id}", "go_live": str(self.day_to_come())}
            self.add("areas", _empty(SCHEMAS["areas"].new) | body)
        return area_id

    def _contract(self) -> str:
        """The id of this officer's own contract."""
        contract_id = f"{OWN}{self.name}"
        if contract_id in self._store.state().stock["contracts"]:
            return contract_id
        ends = self.today() + FIRST
        return self._award("framework", contract_id, ends=str(ends), extension_until=str(ends + LONGEST))

    def _award(self, tier: str, contract_id: str = "", **given: str) -> str:
        name = contract_id or self.new_name()
        of = {"contract_id": name, "provider_id": self.one_of("providers"), "tier": tier, "area_id": self._area()}
        self.add("contracts", _empty(SCHEMAS["contracts"].new) | of | PRICES | GUARANTEE | given)
        return name
