"""A transfer's plan in a real browser: whoever would move, and what providers would read of it."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser

from tests.api.conftest import loaded, serving
from tests.api.pages.browser.chromium import MODES, Person, violations
from tests.api.pages.browser.keyboard import wrong_by_keyboard
from tests.api.runs.working import claimed, work_here
from tests.making.transfers import small_county


def test_a_plan_and_what_providers_would_read_of_it(browser: Browser, tmp_path: Path) -> None:
    with (
        serving(loaded(tmp_path, small_county(), run_workers=0, tick_seconds=0)) as served,
        Person(browser, served.address) as tam,
    ):
        with served.client("transition") as program:
            asked = program.post("/v1/runs", json={"kind": "transfer"}, headers={"Idempotency-Key": "t"})
        store = served.service.store
        work_here(store, claimed(store))
        tam.sign_in(served.key("transition"))
        for ending in ("", "/providers"):
            assert tam.go(f"/plans/{asked.json()['run_id']}{ending}").status == 200
            assert violations(tam.page) == [] and wrong_by_keyboard(tam.page) == []
            tam.page.set_viewport_size(MODES["phone"]["viewport"])
            assert not tam.is_too_wide()
            tam.anew("desktop")
        tam.go(f"/plans/{asked.json()['run_id']}")
        tam.page.set_viewport_size(MODES["phone"]["viewport"])
        row = tam.page.locator("h2#moving + .scroll tbody tr").first.inner_text().split("\n")
        assert "From" in row and "Why" in row, "each figure says what it is"
        assert not any(each.startswith("P-") for each in row), "a contract is called by its provider's name"
