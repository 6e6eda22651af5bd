"""An assessment taken through its steps over HTTP."""

from __future__ import annotations

from typing import Any

import httpx

from tests.making import days

AT = "/v1/assessments/PA-1"
VISIT = {"assessment_id": "PA-1", "provider_id": "ALDER", "visited_on": str(days(-40))}
WHY = {"reason": "as the panel decided"}


def step(client: httpx.Client, name: str, **given: Any) -> httpx.Response:
    """The next step, on the assessment as it is."""
    return client.post(f"{AT}/{name}", json=given, headers={"If-Match": client.get(AT).headers["etag"]})


def up_to_the_provider(client: httpx.Client, rating: str = "poor", sent: int = -20) -> None:
    """Visited 40 days ago, drafted 30 days ago, with the provider for 20 days: 14 of them were for its corrections."""
    assert client.post("/v1/assessments", json=VISIT).status_code == 201
    assert step(client, "draft", rating=rating, drafted_on=str(days(-30))).status_code == 200
    assert step(client, "send", sent_on=str(days(sent))).status_code == 200


def up_to_fixed(client: httpx.Client, rating: str = "poor") -> None:
    """The same, and nothing was to correct."""
    up_to_the_provider(client, rating)
    assert step(client, "fix", rating=rating, **WHY).status_code == 200
