"""A transition team's week."""

from __future__ import annotations

from tests.campaigns.walking.walker import Walker

AREA = "U15646"


def walk(walker: Walker) -> None:
    """A plan of a transfer, its review, refusals, the plan again, letters, decisions."""
    walker.page_of("transition")
    walker.go("/transfers")
    walker.step("Monday: open Transfers.", "Transfers", "Ask for a new one")
    walker.follow("Transfer")
    form = walker.form("/plans/new/transfer")
    walker.choose(form, area=AREA)
    walker.step("Tick the area.", "Areas whose rounds may move")
    walker.send(form)
    walker.step("Ask for the plan: its page follows it while it works.", "Stop, and keep the best plan so far")
    walker.until_done()
    walker.step("Need anybody move?", "Need anybody move?", "Waves")
    walker.step("Who would move", "Said no", at="#refused")
    walker.step("The map.", "", at=".report svg")
