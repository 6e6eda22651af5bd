"""A social worker's list: whose decision is asked, deciding, what a person says, and what the hospital says."""

from __future__ import annotations

from tests.campaigns.walking.walker import Walker

PERSON = "PK0001"
"""Whose care runs in the demonstration county."""


def walk(walker: Walker) -> None:
    """A planner asks about somebody whose care runs; the social worker decides, and records a person's own no."""
    _asked_for(walker)
    _decided(walker)
    _person_says(walker)
    walker.follow("Hospital notices", within="header")
    walker.step("What hospitals have said, and what has come of it.", "Hospital notices")
    walker.page_of("planner")
    walker.go(f"/people/{PERSON}")
    walker.open("Move to another provider")
    said = "The planner reads the decision where the move would be asked for."
    walker.step(said, "Not suitable", "counts until", at="form[action$='/ask-named']")


def _asked_for(walker: Walker) -> None:
    page = walker.page_of("planner")
    walker.go(f"/people/{PERSON}")
    walker.step("A planner opens somebody whose care runs.", f"Package {PERSON}", "Care is running")
    walker.open("Ask social work for a decision")
    form = walker.form("/ask-social-work")
    walker.choose(form, move="reoptimise", why="Somebody with two carers a visit waits for this round.")
    walker.day(form, "by", 27, 11, 2026)
    walker.step(
        "They fill in for which move, why and by when.", "By when a decision is needed", at="form[action$='/ask-social-work']"
    )
    walker.send(form)
    walker.step("Social work is asked.", "Done")
    assert page is walker.page


def _decided(walker: Walker) -> None:
    walker.page_of("social_work")
    walker.go("/decisions")
    walker.step("The social worker's first page: whose decision is asked, the first due first.", PERSON, "Fri 27 Nov")
    walker.follow(PERSON)
    walker.step(
        "What is asked, the person's needs and wishes, what was decided before.", "A decision is asked for", "Needs and wishes"
    )
    form = walker.page.locator("form:has([name='decision'])")
    walker.send(form)
    walker.step("A form that says nothing is told so, and keeps what was chosen.", "Say whether it is right for the person")
    form = walker.page.locator("form:has([name='decision'])")
    walker.choose(form, decision="not_suitable", why="Has had three changes of carers since the summer.")
    walker.send(form)
    walker.step(
        "They decide: the care should stay where it is.", "Your decision is recorded under your name", "No decision is asked for"
    )


def _person_says(walker: Walker) -> None:
    walker.go(f"/decisions/people/{PERSON}")
    walker.step(
        "The decision stands under their name.",
        "What was decided",
        "Not suitable",
        "counts until",
        at="h2:has-text('What was decided')",
    )
    walker.open("Record what the person says to a provider")
    says = walker.form("/says")
    provider = says.locator("[name='provider_id'] option").nth(1).get_attribute("value")
    walker.choose(
        says, provider_id=provider or "", answer="no", given_by="self", advocate="not_needed", reason="I know nobody there."
    )
    walker.send(says)
    walker.step("They record the person's own no to a provider.", "What the person said is recorded", "No to")
