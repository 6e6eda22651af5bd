"""A quality officer's deeds: what CQC rates of a provider, and assessments, step by step."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from api.state.store import Store
from tests.campaigns.officers.asking import Told
from tests.campaigns.officers.records import Records

RATINGS = ("inadequate", "requires_improvement", "good")


class Quality(Records):
    """Ratings, and what they come of."""

    def __init__(self, addresses: Sequence[str], token: str, store: Store, *, name: str) -> None:
        super().__init__(addresses, token, store, name=name)
        self._rated, self._location, self._rating = "", "", "not_rated"
        """This officer's own provider, its location where it has one, and its rating by CQC."""

    def locations(self, **headers: str) -> None:
        """A location of a provider is added, rated otherwise or closed; its provider's rating follows, but for the last one's."""
        if not self._rated:
            self._rated = self.new_provider()
        if self._location and self.random.random() < 0.3:
            self.end(f"/v1/locations/{self._location}", "locations.end")
            self._location = ""
            return
        rating = self.random.choice([each for each in RATINGS if each != self._rating])
        if self._location:
            path = f"/v1/locations/{self._location}"
            self.change(path, lambda _: {"cqc_rating": rating}, "locations.change", headers, also="providers.change")
        else:
            name = self.new_name()
            body = {"location_id": name, "provider_id": self._rated, "name": "House"}
            body |= {"cqc_rating": rating, "cqc_rated": str(self.today())}
            self.add("locations", body, headers, also="providers.change")
            self._location = name
        self._rating = rating

    def assessment(self, **headers: str) -> None:
        """A provider is visited and its assessment published, or withdrawn on the way; where one of it is open, that was all.

        A kill goes with any of the steps.
        """
        name, rating = self.new_name(), self.random.choice(["good", "excellent"])
        steps: list[tuple[str, dict[str, Any]]] = [
            ("draft", {"rating": "good"}),
            ("send", {}),
            ("corrections", {"statement": "The log is kept every week."}),
            ("corrections/1/answer", {"outcome": "changed", "explanation": "The log was seen."}),
            ("fix", {"rating": rating, "provider_has_finished": True}),
            ("publish", {}),
        ]
        if self.random.random() < 0.4:
            steps[self.random.randrange(len(steps)) :] = [("withdraw", {})]
        kill_at = self.random.randrange(len(steps) + 1)
        opened, again = self.asked(
            "POST",
            "/v1/assessments",
            headers if kill_at == len(steps) else {},
            json={"assessment_id": name, "provider_id": self.one_of("providers")},
        )
        if opened.status_code == 409 and not (again and self.asked("GET", f"/v1/assessments/{name}")[0].is_success):
            assert opened.json()["code"] == "not_the_next_step", opened.text
            return
        self.expect(opened, 201, opened.status_code == 409)
        self.told[f"{name} assessments.open"] = Told("assessments.open")
        for number, (step, body) in enumerate(steps):
            self._step(name, step, body, headers if number == kill_at else {})

    def _step(self, assessment_id: str, step: str, body: dict[str, Any], headers: dict[str, str]) -> None:
        action = f"assessments.{ {'corrections': 'correct', 'corrections/1/answer': 'answer'}.get(step, step) }"
        told, reason = f"{assessment_id} {action}", {}
        if step in ("fix", "publish", "withdraw"):
            told = self.reason()
            reason = {"reason": told}
        known, _ = self.asked("GET", f"/v1/assessments/{assessment_id}")
        sent = {"If-Match": known.headers["ETag"], **headers}
        answer, again = self.asked("POST", f"/v1/assessments/{assessment_id}/{step}", sent, json=body | reason)
        self.expect(answer, 200, again and answer.status_code in (409, 412))
        self.told[told] = Told(action, also="providers.change" if step == "publish" else "")
