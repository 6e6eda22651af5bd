"""Wishes over HTTP: told in the cascade and in the message to a provider, without changing whom it is asked of."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from tests.api.desk import desk
from tests.making import framework, legacy, package, principal, snapshot


def test_wishes_change_neither_the_order_nor_who_is_asked(tmp_path: Path) -> None:
    plain = package("N1")
    wishing = replace(plain, package_id="N2", worker_gender="female", preferred_provider_ids=("DOCK",))
    start = snapshot([plain, wishing], [principal("ALDER"), framework("BRACKEN"), legacy("DOCK")])
    with desk(f"sqlite:///{tmp_path / 'county.db'}", start) as at:
        told = at.cascade("N2")
        assert at.order("N2") == at.order("N1") == ["P-ALDER", "F-BRACKEN", "L-DOCK"]
        assert [wish["wish"] for wish in told["wishes"]] == ["worker_gender", "preferred_provider"]
        assert at.cascade("N1")["wishes"] == []
        (offer_id,) = at.ask("N2").values()
        message = at.client.get(f"/v1/offers/{offer_id}/broadcast").json()
        assert (message["worker_gender"], message["worker_languages"], message["place"]) == ("female", [], None)
        assert "N2" not in str(message)
        assert "DOCK" not in str(message)
