"""Every role by everything that tells of a run, over HTTP: people are named to nobody who may not see them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from api.acts.act import ACTS
from api.security.roles import ROLES
from optimiser.domain.snapshot import Snapshot
from tests.api.desk import Desk, desk
from tests.api.runs.working import claimed, start, work_here
from tests.api.talking import REQUEST, all_pages

PINNED = {"pins": {"N4": "F-BRACKEN"}}
CARE = {"planner", "transition", "admin"}
"""Who may see the people: their packages, and so what a run says of them."""
ADDRESSES = {
    "/v1/runs": CARE | {"job"},
    "/v1/runs/{}": CARE | {"job"},
    "/v1/runs/{}/events": CARE | {"job"},
    "/v1/runs/{}/result": CARE,
    "/v1/runs/{}/explanations/N4": CARE,
}
"""Per address who is answered, of a planner's run: a job is told how it is doing, and of nobody."""
COMMANDS = ("county.export", "county.report", "county.backup")
"""Acts that show everybody and have no address."""


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory, small: Snapshot) -> Iterator[tuple[Desk, str]]:
    """A planner's run with a pin, worked on to its end, and its id."""
    folder: Path = tmp_path_factory.mktemp("runs")
    with desk(f"sqlite:///{folder / 'county.db'}", small, run_workers=0) as at:
        run_id = start(at.client, settings={"allocate": PINNED})["run_id"]
        work_here(at.store, claimed(at.store))
        yield at, run_id


@pytest.mark.parametrize("role", ROLES)
def test_people_in_a_run_are_seen_by_whoever_may_see_them(ran: tuple[Desk, str], role: str) -> None:
    at, run_id = ran
    people = at.state().stock["packages"].keys()
    with at.served.client(role) as client:
        for template, may in ADDRESSES.items():
            answer = client.get(template.format(run_id))
            assert answer.status_code == (200 if role in may else 403), (template, answer.text)
            named = {each for each in people if f'"{each}"' in answer.text}
            assert not named or role in CARE, (template, named)
            if role in CARE:
                assert named or template.endswith("/events"), template


def test_a_job_reads_the_result_of_its_own_run_without_reasons(ran: tuple[Desk, str]) -> None:
    at, theirs = ran
    with at.served.client("job") as client:
        own = start(client, "of-the-job", settings={"allocate": PINNED})["run_id"]
        work_here(at.store, claimed(at.store))
        assert client.get(f"/v1/runs/{own}").json()["settings"]["allocate"]["pins"] == PINNED["pins"]
        assert "allocate" not in client.get(f"/v1/runs/{theirs}").json()["settings"]
        found = client.get(f"/v1/runs/{own}/result").json()
        assert {each["reason"] for each in found["proposals"]} == {None}
        assert client.get(f"/v1/runs/{own}/explanations/N4").status_code == 403


def test_no_event_names_anybody(ran: tuple[Desk, str]) -> None:
    at, run_id = ran
    with at.served.client("planner") as client:
        told = client.get(f"/v1/runs/{run_id}/events").text
    assert "event: succeeded" in told
    assert not [each for each in at.state().stock["packages"] if each in told]


def test_what_shows_everybody_at_the_terminal_is_for_administrators() -> None:
    assert {name: set(ACTS[name].roles) for name in COMMANDS} == {name: {"admin"} for name in COMMANDS}


def test_who_read_a_result_has_seen_everybody_in_it(ran: tuple[Desk, str]) -> None:
    at, run_id = ran
    with at.served.client("planner") as client, at.served.client("admin") as admin:
        assert client.get(f"/v1/runs/{run_id}/result").status_code == 200
        found = {each["action"] for each in all_pages(admin, "/v1/audit", subject="N5")}
        assert "run.result.read" in found
        assert admin.post("/v1/packages", json=REQUEST).status_code == 201
        assert client.get(f"/v1/runs/{run_id}/result").status_code == 200
        later = {each["action"] for each in all_pages(admin, "/v1/audit", subject=REQUEST["package_id"])}
        assert "run.result.read" not in later, "the result is of the county before them"
