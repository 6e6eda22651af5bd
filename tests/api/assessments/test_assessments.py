"""PAMMS as a process over HTTP: its steps in their order, who is told what a rating would change, and what publishing changes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest

from api.acts.act import Caller
from api.assessments import acts
from api.assessments.consequences import consequences_of
from api.settings import Settings
from api.state.stored_records import Body
from optimiser.domain.snapshot import Snapshot
from tests.api.assessments.walking import AT, VISIT, WHY, step, up_to_fixed, up_to_the_provider
from tests.api.conftest import serving
from tests.api.desk import Desk, desk
from tests.api.talking import changed, code, exported
from tests.commands.running import run
from tests.making import area, days, framework, legacy, offer, package, principal, provider, restriction, snapshot

POSTS = [
    "Quality Monitoring Officer",
    "Senior Quality Monitoring Officer",
    "Assistant Director, Brokerage and Quality",
    "Head of Service",
]


def county(**given: Any) -> Snapshot:
    """Alder is the principal of A1, and will be of A3; it has a legacy contract, too. N1 to N3 wait in A1, N4 in A2, whose
    principal is Bracken. Alder is asked for N1, and has the care of R1; it cannot do what N3 needs.
    """
    people = [
        package("N1", priority="planned"),
        package("N2"),
        package("N3", skills=("dementia",)),
        package("N4", area_id="A2"),
        package("R1", contract_id="P-ALDER"),
    ]
    contracts = [
        principal("ALDER"),
        principal("ALDER", contract_id="P-ALDER-3", area_id="A3", starts=days(60)),
        legacy("ALDER"),
        framework("CLOVER"),
        principal("BRACKEN", area_id="A2"),
    ]
    areas = [area(name="Larkmere"), area("A2"), area("A3", name="Fens")]
    skilled = provider("CLOVER", skills=("dementia",))
    return snapshot(people, contracts, areas=areas, providers=[skilled], offers=[offer("N1", "P-ALDER")], **given)


@pytest.fixture
def at(tmp_path: Path) -> Iterator[Desk]:
    """A quality officer's desk, on SQLite."""
    with desk(f"sqlite:///{tmp_path / 'county.db'}", county(), "quality") as here:
        yield here


def test_from_a_visit_to_a_rating_that_counts(database_url: str, tmp_path: Path) -> None:
    """Two weeks each: visited 40 days ago, the draft was late by two days; sent 20 days ago, corrections were due by 6 days ago,
    and publication is by 8 days from now.
    """
    with desk(database_url, county(), "quality") as here, here.served.client("planner") as planner:
        quality = here.client
        made = quality.post("/v1/assessments", json=VISIT)
        assert (made.status_code, made.headers["location"]) == (201, AT)
        assert made.json()["next"] == {
            "step": "the draft report is written",
            "due_on": str(days(-26)),
            "days_overdue": 26,
            "post": POSTS[3],
        }
        assert step(quality, "draft", rating="poor", drafted_on=str(days(-24))).json()["draft_rating"] == "poor"
        sent = step(quality, "send", sent_on=str(days(-20))).json()
        assert (sent["state"], sent["corrections_until"]) == ("with_provider", str(days(-6)))
        assert sent["next"]["due_on"] == str(days(8))
        step(quality, "corrections", statement="Audits are weekly, see the log.", received_on=str(days(-8)))
        told = step(quality, "corrections", statement="The manager is registered.", received_on=str(days(-5))).json()
        assert [each["late"] for each in told["corrections"]] == [False, True], "answered all the same"
        early = step(quality, "fix", rating="poor", **WHY)
        assert code(early) == (409, "not_the_next_step")
        assert early.json()["faults"] == [
            f"Correction 1 of {days(-8)} has not been answered.",
            f"Correction 2 of {days(-5)} has not been answered.",
        ]
        step(quality, "corrections/1/answer", outcome="changed", explanation="The log was seen.", decided_by=POSTS[1])
        answered = step(quality, "corrections/2/answer", outcome="kept", explanation="Not by CQC's register.").json()
        assert [each["answer"]["outcome"] for each in answered["corrections"]] == ["changed", "kept"]
        assert answered["corrections"][0]["answer"]["decided_by"] == POSTS[1]
        assert answered["corrections"][1]["answer"]["decided_by"].startswith("a quality"), "who answers decides"
        fixed = step(quality, "fix", rating="poor", **WHY).json()
        assert (fixed["state"], fixed["rating"], fixed["next"]["step"]) == ("fixed", "poor", "the report is published")
        assert planner.get("/v1/packages/N2/cascade").json()["places"][0]["contract_id"] == "P-ALDER", "it does not count yet"
        assert planner.get("/v1/providers/ALDER").json()["pamms_rating"] is None
        published = step(quality, "publish", **WHY).json()
        assert (published["state"], published["published_on"], published["next"]) == ("published", str(days(0)), None)
        record = planner.get("/v1/providers/ALDER").json()
        assert (record["pamms_rating"], record["pamms_published"]) == ("poor", str(days(0)))
        assert [each["contract_id"] for each in planner.get("/v1/packages/N2/cascade").json()["places"]] == ["F-CLOVER"]
        (asked,) = planner.get("/v1/packages/N1/offers").json()["items"]
        assert asked["response"] == "withdrawn"
        assert "offer_stopped" in [each["kind"] for each in planner.get("/v1/alerts").json()["items"]]
        assert [each.pamms_rating for each in exported(here.store, tmp_path / "out").providers] == ["poor", "", ""]
        entries = [row for row in here.trail() if row["subject_kind"] in ("assessments", "providers")]
        steps = ("open", "draft", "send", "correct", "correct", "answer", "answer", "fix")
        expected = [f"assessments.{name}" for name in steps] + ["providers.change", "assessments.publish"]
        assert [row["action"] for row in entries] == expected
        assert {row["role"] for row in entries} == {"quality"}
        details = [orjson.loads(row["details"]) for row in entries]
        assert details[5] == {"number": 1, "outcome": "changed", "decided_by": POSTS[1]}, "what was decided, and by whom"
        assert details[-2]["before"] == {"pamms_rating": "", "pamms_published": ""}


def test_what_a_fixed_rating_would_change_is_told_to_contract_officers(at: Desk) -> None:
    """By hand: N1 and N2 may be asked of Alder's principal and legacy contracts today, N3 of neither (it needs a skill), N4 of
    the legacy one. The offer for N1 would lapse; A1 and A3 would lose their principal for new work; R1 stays.
    """
    with at.served.client("contracts") as officer, at.served.client("planner") as planner:
        up_to_the_provider(at.client)
        assert code(officer.get(f"{AT}/consequences")) == (409, "not_the_next_step"), "a draft tells nothing"
        seen = officer.get(AT).json()
        assert (seen["draft_rating"], seen["rating"], seen["corrections"]) == (None, None, None)
        step(at.client, "fix", rating="poor", **WHY)
        assert officer.get("/v1/assessments", params={"state": "fixed"}).json()["items"][0]["rating"] == "poor"
        found = officer.get(f"{AT}/consequences").json()
        both = ["L-ALDER", "P-ALDER"]
        assert found["no_longer_asked"] == [
            {"package_id": "N1", "area_id": "A1", "priority": "planned", "contract_ids": both},
            {"package_id": "N2", "area_id": "A1", "priority": "standard", "contract_ids": both},
            {"package_id": "N4", "area_id": "A2", "priority": "standard", "contract_ids": ["L-ALDER"]},
        ]
        assert found["asked_again"] == []
        assert found["offers_that_lapse"] == [{"offer_id": "Q-N1-P-ALDER", "package_id": "N1", "contract_id": "P-ALDER"}]
        assert [(each["area_id"], each["name"], each["contract_id"], each["starts"]) for each in found["principal_barred"]] == [
            ("A1", "Larkmere", "P-ALDER", None),
            ("A3", "Fens", "P-ALDER-3", str(days(60))),
        ]
        assert (found["people_who_stay"], found["escalation_posts"], found["next"]["due_on"]) == (1, POSTS, str(days(8)))
        assert found["in_words"] == (
            "It could no longer be asked for 3 of the packages that wait. 1 offer(s) would lapse."
            " The principal of 2 area(s) would be given no new work. The care of 1 person stays where it is."
        )
        (asked,) = planner.get("/v1/packages/N1/offers").json()["items"]
        assert asked["response"] is None, "nothing of it has happened"
        entry = next(row for row in at.trail() if row["action"] == "assessments.consequences")
        assert (entry["role"], orjson.loads(entry["details"])["no_longer_asked"]) == ("contracts", 3), "counts alone"
        step(at.client, "publish", **WHY)
        assert code(officer.get(f"{AT}/consequences")) == (409, "not_the_next_step"), "it has happened"


def test_a_better_rating_tells_who_could_be_asked_again(tmp_path: Path) -> None:
    poor = [provider("ALDER", pamms_rating="poor", pamms_published=days(-200))]
    here = snapshot([package("N1"), package("N2")], [principal("ALDER"), framework("CLOVER")], providers=poor)
    with desk(f"sqlite:///{tmp_path / 'county.db'}", here, "quality") as at, at.served.client("contracts") as officer:
        up_to_fixed(at.client, "good")
        found = officer.get(f"{AT}/consequences").json()
        assert [each["package_id"] for each in found["asked_again"]] == ["N1", "N2"]
        assert found["in_words"] == "It could be asked again for 2 of the packages that wait."
        later = step(at.client, "publish", published_on=str(days(7)), **WHY)
        assert code(later) == (422, "refused")
        assert later.json()["faults"] == [
            f"published_on: today at the latest, as the rating poor of {days(-200)} counts and would be lost before {days(7)}."
        ]
        assert step(at.client, "publish", **WHY).status_code == 200


def test_who_publishes_while_they_are_being_told_is_not_told(at: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two requests of one person at once: each of them alone would be right."""
    with (
        at.served.client("contracts", "quality") as assessor,
        at.served.client("quality", "contracts") as colleague,
        at.served.client("quality", "contracts") as at_once,
    ):
        up_to_fixed(assessor)

        def meanwhile(by: Caller, body: Body) -> dict[str, Any]:
            assert step(at_once, "publish", **WHY).status_code == 200
            return consequences_of(by, body)

        monkeypatch.setattr(acts, "consequences_of", meanwhile)
        assert code(colleague.get(f"{AT}/consequences")) == (403, "had_a_hand")


def test_who_rates_is_never_told_what_the_rating_would_change(at: Desk) -> None:
    with (
        at.served.client("contracts", "quality") as assessor,
        at.served.client("quality", "contracts") as colleague,
        at.served.client("planner") as planner,
    ):
        up_to_fixed(assessor)
        assert code(at.client.get(f"{AT}/consequences")) == (403, "forbidden"), "quality alone never is"
        assert code(planner.get(f"{AT}/consequences")) == (403, "forbidden")
        refused = assessor.get(f"{AT}/consequences")
        assert code(refused) == (403, "had_a_hand")
        assert "whatever your other roles" in refused.json()["detail"]
        assert colleague.get(f"{AT}/consequences").status_code == 200, "who had no hand in it is told ..."
        refused = step(colleague, "withdraw", reason="too many offers would lapse")
        assert code(refused) == (403, "had_a_hand"), "... and then rates no more"
        assert step(assessor, "publish", **WHY).status_code == 200


def test_steps_come_in_their_order_and_are_refused_in_words(at: Desk) -> None:
    quality = at.client
    assert code(quality.get(AT)) == (404, "not_found")
    wrong = quality.post("/v1/assessments", json=VISIT | {"provider_id": "NOBODY", "visited_on": str(days(1))})
    assert code(wrong) == (422, "refused")
    assert wrong.json()["faults"] == [
        "provider_id: there is no provider NOBODY.",
        "visited_on: a day up to today, 2026-11-23; it is 2026-11-24.",
    ]
    quality.post("/v1/assessments", json=VISIT)
    assert code(quality.post("/v1/assessments", json=VISIT)) == (409, "already_there")
    second = quality.post("/v1/assessments", json=VISIT | {"assessment_id": "PA-2"})
    assert code(second) == (409, "not_the_next_step")
    assert second.json()["detail"] == "Assessment PA-1 of ALDER is open: publish or withdraw it first."
    told = {name: step(quality, name, **given).json()["detail"] for name, given in {"send": {}, "publish": WHY}.items()}
    assert told == {
        "send": "A draft is sent while it is drafted; this assessment is visited: next, the draft report is written.",
        "publish": "A rating is published while it is fixed; this assessment is visited: next, the draft report is written.",
    }
    assert code(quality.post(f"{AT}/draft", json={"rating": "good"})) == (428, "precondition_required")
    stale = quality.get(AT).headers["etag"]
    assert code(step(quality, "draft", rating="splendid")) == (422, "invalid_request")
    before_the_visit = step(quality, "draft", rating="good", drafted_on=str(days(-41)))
    assert "a day from 2026-10-14 on, when the step before it was" in before_the_visit.json()["faults"][0]
    assert step(quality, "draft", rating="good").status_code == 200
    assert code(quality.post(f"{AT}/send", json={}, headers={"If-Match": stale})) == (412, "changed_since")
    step(quality, "send")
    early = step(quality, "fix", rating="good", **WHY)
    assert early.json()["faults"] == [
        f"The provider may send corrections until {days(14)}: say `provider_has_finished` where it has no more."
    ]
    assert code(step(quality, "corrections/1/answer", outcome="kept", explanation="it is so")) == (404, "not_found")
    assert step(quality, "fix", rating="good", provider_has_finished=True, **WHY).status_code == 200
    assert step(quality, "withdraw", reason="the visit has to be made again").json()["state"] == "withdrawn"
    over = step(quality, "publish", **WHY)
    assert over.json()["detail"] == "A rating is published while it is fixed; this assessment is withdrawn: nothing follows."
    assert quality.get("/v1/providers/ALDER").json()["pamms_rating"] is None
    assert quality.post("/v1/assessments", json=VISIT | {"assessment_id": "PA-2"}).status_code == 201, "another may begin"


def test_while_it_is_open_no_rating_is_set_beside_it(at: Desk) -> None:
    up_to_the_provider(at.client)
    past = changed(at.client, "/v1/providers/ALDER", {"pamms_rating": "good", "pamms_published": str(days(0)), **WHY})
    assert code(past) == (409, "still_needed")
    assert past.json()["faults"] == ["Assessment PA-1 is with provider: publish its rating, or withdraw it first."]
    assert changed(at.client, "/v1/providers/ALDER", {"cqc_rating": "outstanding", **WHY}).status_code == 200, "CQC's own"
    step(at.client, "withdraw", reason="the provider stops")
    assert changed(at.client, "/v1/providers/ALDER", {"pamms_rating": "good", **WHY}).status_code == 200


def test_what_is_late_is_listed_with_whose_it_is_by_then(at: Desk) -> None:
    """The draft is due 14 days after the visit; a week later it is the second post's, after three weeks the last one's."""
    at.client.post("/v1/assessments", json=VISIT | {"visited_on": str(days(-14))})
    assert at.client.get("/v1/assessments", params={"overdue": True}).json()["items"] == [], "on the day itself it is not late"
    for later, post in ((1, POSTS[0]), (21, POSTS[3])):
        settings = Settings(database_url=at.served.settings.database_url, as_of=days(later), tick_seconds=0)
        with serving(settings) as then, then.client("quality") as client:
            (row,) = client.get("/v1/assessments", params={"overdue": True}).json()["items"]
            assert (row["next"]["days_overdue"], row["next"]["post"]) == (later, post)


def test_the_nightly_report_tells_what_is_late_and_no_rating(
    at: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    nights = tmp_path / "nights"
    monkeypatch.setenv("DATABASE_URL", at.served.settings.database_url)

    def report(day: int) -> tuple[str, dict[str, Any], str]:
        monkeypatch.setenv("OPTIMISER_AS_OF", str(days(day)))
        printed = run(capsys, "nightly", "--out", nights, "--quiet").out
        record = orjson.loads((nights / "latest" / "nightly.json").read_bytes())
        return printed, record, (nights / "latest" / "nightly.html").read_text(encoding="utf-8")

    up_to_fixed(at.client)
    made = {"restriction_id": "X1", "provider_id": "CLOVER", "kind": "no_new_work", "starts": str(days(-5)), **WHY}
    assert at.client.post("/v1/restrictions", json=made).json()["review_on"] == str(days(91)), "from today, where nobody says"
    printed, record, _ = report(8)
    assert record["assessments"] == [
        {
            "assessment_id": "PA-1",
            "provider_id": "ALDER",
            "provider": "Alder",
            "state": "fixed",
            "visited_on": str(days(-40)),
            "next_step": "the report is published",
            "due_on": str(days(8)),
            "days_overdue": 0,
            "post": "",
            "corrections_unanswered": 0,
        }
    ]
    assert "Assessments under way: 1, late 0." in printed
    printed, record, page = report(9)
    (row,) = record["assessments"]
    assert (row["days_overdue"], row["post"]) == (1, POSTS[0])
    assert "Assessments under way: 1, late 1." in printed
    assert f"Late by 1 day: {POSTS[0]}." in page
    assert "poor" not in page, "a rating that does not count yet is told to nobody"
    assert [(each["restriction_id"], each["due"], each["lacks"]) for each in record["restriction_reviews"]] == [
        ("X1", False, ["an improvement plan"])
    ]


def test_a_restriction_has_a_review_an_owner_and_a_plan(tmp_path: Path) -> None:
    """Old ones lack them, and say so; a new one is looked at again after 91 days by the first post, unless quality says else."""
    old = county(restrictions=[restriction("BRACKEN", starts=days(-30))])
    with desk(f"sqlite:///{tmp_path / 'county.db'}", old, "quality") as at, at.served.client("planner") as planner:
        lacking = ["a review date", "an owner", "an improvement plan"]
        assert at.client.get("/v1/restrictions/R-BRACKEN").json()["lacks"] == lacking
        new = {"restriction_id": "X1", "provider_id": "ALDER", "kind": "no_new_work", "starts": str(days(0)), **WHY}
        made = planner.post("/v1/restrictions", json=new).json()
        assert (made["review_on"], made["owner"], made["lacks"]) == (str(days(91)), POSTS[0], ["an improvement plan"])
        for name, value in (("review_on", str(days(120))), ("owner", POSTS[1]), ("improvement_plan", "a visit a week")):
            assert code(changed(planner, "/v1/restrictions/X1", {name: value, **WHY})) == (403, "forbidden"), "quality's"
            done = changed(at.client, "/v1/restrictions/X1", {name: value, **WHY})
            assert done.json()[name] == value
        assert done.json()["lacks"] == []
        again = exported(at.store, tmp_path / "out").restrictions
        assert [(each.review_on, each.owner, each.improvement_plan) for each in again] == [
            (None, "", ""),
            (days(120), POSTS[1], "a visit a week"),
        ]
