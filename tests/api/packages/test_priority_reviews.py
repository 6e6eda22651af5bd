"""A priority looked at again: recorded by whom and why; told until then."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.api.conftest import Served
from tests.api.talking import code, seen

SAME = {"priority": "standard", "reason": "Her neighbour still helps"}


def waiting(client: Any) -> dict[str, Any]:
    found: dict[str, Any] = next(each for each in client.get("/v1/unmet").json()["items"] if each["priority"] == "standard")
    return found


def test_a_review_is_recorded_and_asked_for_no_more(served: Served) -> None:
    with served.client("planner") as client:
        before = waiting(client)
        name, today = before["package_id"], dt.date(2026, 11, 23).isoformat()
        assert code(client.post(f"/v1/packages/{name}/priority-review", json=SAME)) == (428, "precondition_required")
        done = client.post(f"/v1/packages/{name}/priority-review", json=SAME, headers=seen(client, f"/v1/packages/{name}")).json()
        assert (done["priority"], done["priority_set_on"]) == ("standard", today)
        after = waiting(client)
        assert (after["priority_set_on"], after["look_again"]) == (today, "")
        # Another priority by the same act, or as any change of needs, is set today as well.
        urgent = client.post(
            f"/v1/packages/{name}/priority-review",
            json=SAME | {"priority": "urgent"},
            headers=seen(client, f"/v1/packages/{name}"),
        )
        assert urgent.json()["priority"] == "urgent"
        wrong = client.post(
            f"/v1/packages/{name}/priority-review", json=SAME | {"priority": "soon"}, headers=seen(client, f"/v1/packages/{name}")
        )
        assert wrong.status_code == 422
        missing = client.post("/v1/packages/NO/priority-review", json=SAME, headers={"If-Match": '"1"'})
        assert code(missing) == (404, "not_found")


def test_a_viewer_may_not(served: Served) -> None:
    with served.client("viewer") as client:
        assert client.post("/v1/packages/N1/priority-review", json=SAME, headers={"If-Match": '"1"'}).status_code == 403
