"""Who stands before and after somebody on the list: as the list itself has it."""

from __future__ import annotations

from tests.api.conftest import Served
from tests.api.databases import ON_SQLITE


@ON_SQLITE
def test_neighbours_are_those_of_the_list_and_of_somebody_who_has_left_it_where_they_would_stand(served: Served) -> None:
    with served.client("planner") as client:
        listed = [each["package_id"] for each in client.get("/v1/worklist").json()["items"]]
        for place, package_id in enumerate(listed):
            assert client.get(f"/v1/worklist/{package_id}/neighbours").json() == {
                "found": 7,
                "place": place + 1,
                "previous": listed[place - 1] if place else None,
                "next": listed[place + 1] if place < 6 else None,
            }
        narrow = {"priority": "discharge"}
        assert client.get("/v1/worklist/N2/neighbours", params=narrow).json()["place"] == 1
        urgent = client.get("/v1/worklist/N1/neighbours", params=narrow).json()
        assert urgent == {"found": 1, "place": None, "previous": None, "next": "N2"}, "urgent stands before a discharge"
        assert client.get("/v1/worklist/none-such/neighbours").status_code == 404
        assert client.get("/v1/worklist/N1/neighbours", params={"situation": "lost"}).status_code == 422
