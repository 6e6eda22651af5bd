"""Who comes last, over HTTP: exact for those who place care; blurred, and without small groups, for who reads counts alone."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from api.overview.people_who_wait import blurred, who_comes_last_today
from api.state.state import State
from tests.api.conftest import Served
from tests.making import county, framework, package


def groups(answer: Any, by: str) -> dict[str, int]:
    return {each["group"]: each["unmet"] for each in answer["groups"] if each["by"] == by}


def test_planners_read_it_exactly(served: Served) -> None:
    with served.client("planner") as client:
        answer = client.get("/v1/who-comes-last")
        found = answer.json()
        assert client.get("/v1/who-comes-last", headers={"If-None-Match": answer.headers["etag"]}).status_code == 304
        assert sum(groups(found, "hours").values()) == len(client.get("/v1/unmet").json()["items"])
    assert (found["counts_to_the_nearest"], found["rural_beyond_miles"]) == (1, 6.0)
    assert all(each["unmet"] <= each["people"] for each in found["groups"])


@pytest.mark.parametrize("role", ["viewer", "auditor"])
def test_who_reads_counts_alone_reads_none_that_is_small(served: Served, role: str) -> None:
    with served.client(role) as client:
        found = client.get("/v1/who-comes-last").json()
    assert found["counts_to_the_nearest"] == 5
    for each in found["groups"]:
        assert each["unmet"] % 5 == 0
        assert each["unmet"] >= 5
        assert {each[name] for name in ("people", "placed", "pending", "unmet_hours_per_week", "longest_days_waited")} == {None}


def seen(small: int, large: int) -> dict[str, int]:
    """By hours, what a viewer reads of so many people with little care and so many with much."""
    people = [package(f"S{n:02}", hours=5) for n in range(small)] + [package(f"L{n:02}", hours=20) for n in range(large)]
    here = county(people, [framework("BRACKEN")])
    state = cast(State, SimpleNamespace(county=here, snapshot=here.snapshot, as_of=here.as_of, bodies={}))
    return groups(blurred(who_comes_last_today(state), 5), "hours")


def test_one_person_more_or_less_cannot_be_read_off() -> None:
    assert seen(4, 12) == {"above 15 hours": 10}
    assert seen(5, 12) == seen(7, 11) == {"up to 7 hours": 5, "above 15 hours": 10}
    assert seen(8, 13) == {"up to 7 hours": 10, "above 15 hours": 15}
