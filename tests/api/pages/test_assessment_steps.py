"""A provider's assessment from the visit to its publication in the browser, each step once and in its order."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.api.conftest import Served
from tests.api.databases import ON_SQLITE
from tests.api.pages.reading import Browser, Read
from tests.api.pages.test_contract_life import day
from tests.api.pages.test_record_editing import filled, told

AT = "/assessments/PA-1"
BACK = "/providers/DOCK?done=assessed"


@pytest.fixture
def officer(served: Served) -> Iterator[Browser]:
    browser = Browser(served)
    with browser.client:
        yield browser.signed_in(served.key("quality"))


def steps(page: Read) -> list[str]:
    return [each["href"].removeprefix(f"{AT}/") for each in page.all("a") if each["href"].startswith(f"{AT}/")]


def does(browser: Browser, step: str, **entered: str) -> Read:
    """Take a step; its provider's page after it."""
    answer = browser.post(f"{AT}/{step}", filled(browser.read(f"{AT}/{step}")) | entered)
    assert (answer.status_code, answer.headers.get("location")) == (303, BACK)
    return browser.read(BACK)


@ON_SQLITE
def test_from_the_visit_to_the_publication(served: Served, officer: Browser) -> None:
    assert "/assessments/new?of=DOCK" in [each["href"] for each in officer.read("/providers/DOCK").all("a")]
    form = filled(officer.read("/assessments/new?of=DOCK"))
    assert "Assessment's id: enter it" in told(officer, "/assessments/new", form, 422).said("a")
    form |= {"assessment_id": "PA-1", **day("visited_on", 20, 11, 2026)}
    assert officer.post("/assessments/new", form).headers["location"] == BACK
    assert steps(officer.read(BACK)) == ["draft", "withdraw"]
    stale = filled(officer.read(f"{AT}/draft"))
    assert "Rating of the draft: enter it" in told(officer, f"{AT}/draft", stale | {"rating": ""}, 422).said("a")
    assert steps(does(officer, "draft", rating="poor")) == ["send", "withdraw"]
    page = told(officer, f"{AT}/draft", stale | {"rating": "good"}, 409)
    assert "Somebody has changed this since you opened it." in page.words
    assert steps(does(officer, "send")) == ["correct", "fix", "withdraw"], "nothing waits for an answer"
    assert steps(does(officer, "correct", statement="Medication is audited.")) == ["correct", "answer", "fix", "withdraw"]
    page = told(officer, f"{AT}/fix", filled(officer.read(f"{AT}/fix")) | {"rating": "poor", "reason": "the panel"}, 409)
    assert (
        "Correction 1 of 2026-11-23" not in page.words and "Correction 1 of 23 November 2026 has not been answered." in page.words
    )
    form = filled(officer.read(f"{AT}/answer")) | {"outcome": "changed", "explanation": "The log was seen."}
    for none_such in ("", "2", "one", "1.5", "9" * 5_000):
        assert officer.post(f"{AT}/answer", form | {"number": none_such}).status_code == 404
    after = does(officer, "answer", number="1", outcome="changed", explanation="The log was seen.")
    assert steps(after) == ["correct", "fix", "withdraw"]
    assert steps(does(officer, "fix", rating="requires_improvement", provider_has_finished="yes", reason="the panel")) == [
        "publish",
        "withdraw",
    ]
    assert steps(does(officer, "publish", reason="on the council's pages")) == []
    with served.client("quality") as program:
        found = program.get("/v1/assessments/PA-1").json()
        assert (found["state"], found["rating"], found["visited_on"]) == ("published", "requires_improvement", "2026-11-20")
        assert found["corrections"][0]["answer"]["outcome"] == "changed"
        assert program.get("/v1/providers/DOCK").json()["pamms_rating"] == "requires_improvement"


@ON_SQLITE
def test_one_comes_to_nothing_and_others_than_quality_have_no_forms(served: Served, officer: Browser) -> None:
    assert officer.post("/assessments/new", {"of": "DOCK", "assessment_id": "PA-1"}).status_code == 303
    page = told(officer, f"{AT}/withdraw", filled(officer.read(f"{AT}/withdraw")), 422)
    assert "Say why" in page.said("a")
    assert steps(does(officer, "withdraw", reason="the visit is made again")) == []
    assert officer.get("/assessments/new?of=NOBODY").status_code == 404
    assert officer.get("/assessments/none-such/draft").status_code == 404
    contracts = Browser(served)
    with contracts.client:
        contracts.signed_in(served.key("contracts"))
        assert contracts.get(f"{AT}/draft").status_code == 403
        assert contracts.post("/assessments/new", {"of": "DOCK", "assessment_id": "PA-2"}).status_code == 403
