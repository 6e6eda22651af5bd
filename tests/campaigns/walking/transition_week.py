"""A transition team's week: a plan, its review, decisions and refusals, the plan again, letters; and the day of the wave."""

from __future__ import annotations

import datetime as dt
import re

from tests.campaigns.walking.walker import Walker

AREA = "U15646"
MONTHS = {"March": 3, "April": 4, "May": 5, "June": 6, "July": 7, "August": 8, "September": 9, "October": 10}
MOVING = "table:has(input[name='refused']) tbody tr"


def walk(walker: Walker) -> None:
    """Monday to Friday; then the day on which the first round moves."""
    _plan(walker)
    refused, person = _review(walker)
    _decisions(walker, person)
    walker.page_of("transition")
    _plan_again(walker, refused)
    day = _letters(walker, person)
    _day_of_the_wave(walker, person, day)


def _plan(walker: Walker) -> None:
    walker.page_of("transition")
    walker.go("/transfers")
    walker.step("Monday: open Transfers.", "Transfers", "Ask for a new one")
    walker.follow("Transfer")
    form = walker.form("/plans/new/transfer")
    walker.choose(form, area=AREA)
    walker.step("Tick the area that is to move.", "Areas whose rounds may move")
    walker.send(form)
    walker.step("Ask for the plan: its page shows how far it is.", "Stop, and keep the best plan so far")
    walker.until_done()
    walker.step("The plan is there. It says first whether anybody need move.", "Need anybody move?", "The plan")


def _review(walker: Walker) -> tuple[str, str]:
    """Whose family will say no, and about whom social work will say yes: in rounds of their own."""
    walker.step("Tuesday: what has to be done by when.", "What has to be done by when", "Social work decisions by", at="#waves")
    walker.step("Where the rounds are that move.", "rounds that move", at="#map")
    walker.step("Who would move, and whose decision is asked.", "Decisions of social work", "Asked for", "due", at="#refused")
    rows = walker.page.locator(MOVING)
    waits = rows.filter(has_text="Asked for").last
    return str(rows.first.locator("th a").inner_text()), str(waits.locator("th a").inner_text())


def _decisions(walker: Walker, person: str) -> None:
    page = walker.page_of("social_work")
    walker.go("/decisions")
    walker.step("Wednesday, a social worker: the plan asks for decisions by itself.", "Transfer", "The first due first")
    walker.follow(person)
    form = page.locator("form:has([name='decision'])")
    walker.choose(form, decision="suitable", why="Knows two of the carers, and is glad of it.")
    walker.send(form)
    walker.step("They decide about one person.", "Your decision is recorded under your name")


def _plan_again(walker: Walker, refused: str) -> None:
    page = walker.page
    page.reload()
    walker.step("The plan shows the decision beside the person.", "yes", "asked for", at="#refused")
    page.check(f"input[name='refused'][value='{refused}']", force=True)
    walker.press("Plan again, and tell what differs")
    walker.until_done()
    said = "has said no: the whole round stays"
    walker.step("Thursday: a family says no. Plan again: what differs stands first.", "What differs", said, at="#changes")


def _letters(walker: Walker, person: str) -> dt.date:
    """The day on which the person moves whose decision is given."""
    row = walker.page.locator(MOVING).filter(has_text=person).first
    found = re.search(r"(\d+) ([A-Z]\w+) (20\d\d)", row.inner_text())
    assert found is not None
    day = dt.date(int(found[3]), MONTHS[found[2]], int(found[1]))
    row.locator("td a").last.click()
    walker.step("Friday: the letter to a person who is to move.", "Letter:", "Your reference", at=".letter")
    walker.follow("In large print")
    walker.step("The same in large print.", "Your reference", at=".letter")
    return day


def _day_of_the_wave(walker: Walker, person: str, day: dt.date) -> None:
    """The service a half year later: the same database, another day."""
    walker.on(day)
    page = walker.page_of("transition")
    walker.go(f"/people/{person}")
    said = "Move to another provider"
    walker.step(f"The day of the wave, {day:%-d %B %Y}: open somebody who moves.", "Care is running", said)
    walker.open(said)
    ask = walker.form("/ask-named")
    said = "Their decision is listed where the move is asked for."
    walker.step(said, "Suitable", "counts until", at="form[action$='/ask-named']")
    principal = ask.locator("[name='contract_id'] option", has_text="principal").first.get_attribute("value")
    walker.choose(ask, contract_id=principal or "", move="transfer", reason="The wave of today.")
    walker.send(ask)
    walker.step("Ask the principal for the move.", "Done", "What did")
    answer = page.locator("section.asked form").first
    walker.choose(answer, answer="accepted")
    walker.send(answer)
    walker.step("It takes the care, which goes on until then with whoever has it.", "Done")
