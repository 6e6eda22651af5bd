"""A planner's morning: from the list of who waits to care that has begun."""

from __future__ import annotations

import re

from playwright.sync_api import Page

from tests.campaigns.walking.walker import Walker

STEP = "section.step"


def walk(walker: Walker) -> None:
    """Waiting, a person, ask, a no, ask on, a yes, the person's own yes, care has begun, and the history of it."""
    page = _choose_somebody(walker)
    walker.press("I am working on this")
    walker.step("Say that you are working on it, so that nobody else begins with it.", "working on this")
    walker.press(re.compile("^Make this offer"))
    walker.step("Ask the principal.", "Done", "What did", "left")
    answer = page.locator("section.asked form").first
    walker.choose(answer, answer="no_capacity")
    walker.send(answer)
    walker.step("They ring back and say no: no capacity. The framework is next.", "Recorded", "Next: ask framework", at=STEP)
    walker.press(re.compile("^Make (these|this)"))
    walker.step("Ask the framework, all at once.", "Done", "What did", at=STEP)
    answer = page.locator("section.asked form").first
    walker.choose(answer, answer="accepted")
    answer.locator("summary").click()
    walker.choose(answer, answered_by="the duty manager", how="telephone")
    walker.send(answer)
    walker.step("One of them takes the care; the other offers are over by that.", "has accepted", "is not recorded", at=STEP)
    says = walker.form("/says")
    walker.choose(says, answer="yes", given_by="self")
    walker.send(says)
    walker.step("Record the person's own yes.", "Done", "What the person said is recorded", at="h1")
    walker.send(walker.form("/start"))
    walker.step("Care has begun.", "Done", "Care is running", at="h1")
    walker.follow("History")
    walker.step("Read in the history who did what.", "asked", "the duty manager")
    walker.go("/waiting")
    walker.step("Go on with the list.", "People waiting")


def _choose_somebody(walker: Walker) -> Page:
    page = walker.page_of("planner")
    walker.go("/waiting")
    walker.step("Sign in: the list of who waits is the first page.", "People waiting", "Urgent and hospital discharge", "Next")
    walker.choose(page.locator("form.filters"), priority="urgent", where="waiting")
    walker.press("Show")
    walker.step("Narrow the list to urgent people whom nobody was asked for.", "people", "Ask principal")
    row = page.locator("tbody tr", has_text="Ask principal").filter(has_text="Not offered yet").first
    package = row.locator("a").first.inner_text()
    walker.follow(package)
    walker.step("Open somebody whose principal is to be asked.", f"Package {package}", "Who can be asked, in order", "Why")
    return page
