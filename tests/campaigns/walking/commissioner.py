"""A commissioner's question: where do we fall short, how has it gone, what if, is it fair, and the figures to take away."""

from __future__ import annotations

import datetime as dt

from tests.campaigns.walking.walker import Walker

GONE = "h2:has-text('How its share')"


def walk(walker: Walker) -> None:
    """Areas, one area and its history, what if a provider stops, fairness, and CSV."""
    _where(walker)
    _what_if(walker)
    _fair(walker)
    walker.page_of("viewer")
    walker.go("/areas")
    walker.step("Whoever is a viewer alone reads the day's close, without counts that are too small.", "Areas", "not shown")


def _where(walker: Walker) -> None:
    page = walker.page_of("planner")
    walker.go("/areas?sort=share")
    walker.step("Areas, the lowest share first: where do principals fall short?", "Principal's share", "Sort by")
    name = page.locator("tbody th a").first.inner_text()
    walker.follow(name)
    walker.step("The area that is shortest of its mark.", name, "the principal")
    walker.step("Why, and who has the hours.", at="h2 >> nth=1")
    walker.step("How its share has gone: no night has kept a day yet.", "No day is kept yet", at=GONE)
    walker.on(dt.date(2026, 11, 30))
    walker.night()
    page = walker.page_of("planner")
    walker.go("/areas")
    walker.follow(name)
    walker.step("A week and a night later: the first day that is kept.", "30 November 2026", at=GONE)
    walker.go("/night")
    walker.step("The nights stand in the service, too.", "Night")
    walker.go("/areas")
    walker.follow(name)
    saved = walker.download("Download as CSV")
    assert "people" in saved.splitlines()[0], saved[:200]
    walker.step("Take the figures of its contracts away as a file.", name, at="a[download]")


def _what_if(walker: Walker) -> None:
    page = walker.page
    walker.go("/what-if")
    walker.step("What if?", "What if", "Ask for a new one")
    walker.follow("Side by side")
    form = walker.form("/plans/new/compare")
    provider = form.locator("[name='provider'] option", has_text="Marram and Grebe").first.get_attribute("value")
    walker.choose(form, title="The largest provider takes no new work", provider=provider or "", seconds="120")
    walker.step("A scenario: a provider takes no new work.", "Whatever is left empty is as it is")
    walker.send(form)
    walker.step("Two counties are worked out.", "Stop, and keep the best plan so far")
    walker.until_done()
    walker.step("The county as it is, beside the scenario.", "The largest provider takes no new work", "unmet")
    assert page is walker.page


def _fair(walker: Walker) -> None:
    walker.go("/areas")
    walker.follow("Who is asked and who waits")
    walker.step("Who is asked, and who waits?", "Who is asked and who waits")
    walker.follow("What would be published")
    walker.step("The same as the public might read it, with people hidden.", "fewer than")
    saved = walker.download("Download")
    assert saved
