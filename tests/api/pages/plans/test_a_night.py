"""A night and a list for tonight in the browser, on the three villages: in the report's own order, to act upon and to print."""

from __future__ import annotations

from api.state.store import Store
from tests.api.conftest import Served
from tests.api.databases import ON_SQLITE
from tests.api.pages.plans.test_a_plan import asked, digest_on, made_of, refused
from tests.api.pages.reading import Browser
from tests.api.runs.working import claimed, work_here

pytestmark = ON_SQLITE
TONIGHT = {"provider": "ALDER", "from_day-day": "23", "from_day-month": "11", "from_day-year": "2026", "from_time": "18:00"}


def test_a_night_is_asked_for_read_and_its_first_steps_are_offered(ada: Browser, served: Served, store: Store) -> None:
    address = asked(ada, "nightly", holds_days="7", offers_days="1", ahead_days="90")
    work_here(store, claimed(store))
    newest = next(
        each["href"] for each in ada.read("/night").all("a") if each["href"].startswith("/plans/") and "new" not in each["href"]
    )
    assert newest == address
    report = ada.read(address)
    order = [
        each
        for each in report.said("h2")
        if each in ("Not safe until care begins", "Changes worth making", "Shares and room, by area")
    ]
    assert order == ["Not safe until care begins", "Changes worth making", "Shares and room, by area"]
    assert "/people/N6" in {each["href"] for each in report.all("a")}
    shown: dict[str, str | list[str]] = {"plan_digest": digest_on(report), "which": "first", "as": "offers"}
    for none in ("", "0", "10001"):
        assert "Enter the number of the last step" in refused(ada.post(f"{address}/apply", {**shown, "up_to": none}), 422).words
    done = ada.post(f"{address}/apply", {**shown, "up_to": "3"})
    assert done.headers["location"] == f"{address}?done=offers&made=3"
    with served.client("planner") as program:
        told = program.get(f"/v1/runs/{address.rpartition('/')[2]}/result").json()
        first = {each["package_id"] for each in told["proposals"] if each["step"] in (1, 2, 3)}
        assert {each["package_id"] for each in made_of(program, address.rpartition("/")[2])} == first
    chosen = ada.read(f"{address}?offers=1")
    assert sorted(each["value"] for each in chosen.all("input") if each.get("name") == "step") == ["4", "5", "6"]


def test_the_next_night_counts_on_whom_the_one_before_passed_over(served: Served, store: Store, ada: Browser) -> None:
    """The same day counts once; what the report says of it stands in the result, and no job reads it."""
    nights = []
    for _ in range(2):
        address = asked(ada, "nightly")
        work_here(store, claimed(store))
        with served.client("planner") as program:
            nights.append(program.get(f"/v1/runs/{address.rpartition('/')[2]}/result").json()["result"]["night"])
    assert nights[0]["passed_over"] == nights[1]["passed_over"]
    assert nights[0]["with_ids"] and nights[0]["waiting_people"] == 6
    with served.client("job") as job:
        program_run = job.post("/v1/runs", json={"kind": "nightly"}, headers={"Idempotency-Key": "n"}).json()["run_id"]
        work_here(store, claimed(store))
        read = job.get(f"/v1/runs/{program_run}/result").json()
    assert "night" not in read["result"] and "page" not in read["result"]


def test_tonights_list_is_read_in_the_browser_and_as_one_file(ada: Browser, store: Store) -> None:
    address = asked(ada, "tonight", **TONIGHT)
    work_here(store, claimed(store))
    page = ada.read(address)
    assert "Cannot come: Alder Home Care." in page.words and "Reference" in page.said("th")
    paper = ada.get(f"{address}/paper")
    assert paper.headers["content-disposition"] == 'attachment; filename="tonight-2026-11-23.html"'
    assert "<style>" in paper.text and "http" not in paper.text.replace("http-equiv", "")
    assert ada.get(f"{asked(ada, 'allocate')}/paper").status_code == 409
