"""One request from asking to the start of care: a planner at one browser, the providers that are asked at another.

Nobody is told of the other but by messages: each provider begins with the link of the e-mail that it was sent. The steps are the
same in a real browser and without one.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from tests.campaigns.walking.received import Received

FOLDER = Path("data/three_villages")
DESKS = {"ALDER": "Jo Fenn", "BRACKEN": "Sam Marsh", "CLOVER": "Ines Holt"}
"""Who answers at which provider."""
OF_PROVIDERS = ["offer_waits", "offer_closed", "answer_recorded", "yes_holds"]
REQUEST: dict[str, str | list[str]] = {
    "latitude": "52.6525",
    "longitude": "0.9015",
    "source": "community",
    "priority": "standard",
    "start_by-day": "7",
    "start_by-month": "12",
    "start_by-year": "2026",
    "skills": ["medication"],
    "v1-days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"],
    "v1-earliest": "7:00",
    "v1-latest": "9:30",
    "v1-minutes": "30",
    "v2-days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"],
    "v2-earliest": "16:00",
    "v2-latest": "18:00",
    "v2-minutes": "15",
}
"""Somebody who needs a hand with medicine, morning and evening: five and a quarter hours a week."""

Given = Mapping[str, str | list[str]]
FRAMEWORK_SAYS: dict[str, tuple[Given, str, tuple[str, ...]]] = {
    "BRACKEN": (
        {"answer": "later", "from-day": "14", "from-month": "12", "from-year": "2026", "message": "A colleague comes back then."},
        "Bracken's desk says yes, from a later day.",
        ("Your yes is recorded", "yes, from 14 December 2026", "A colleague comes back then."),
    ),
    "CLOVER": (
        {"answer": "part", "visits": ["1"], "message": "Our afternoon round is full as it stands."},
        "Clover's desk would do the first visit alone.",
        ("Your yes is recorded", "visit 1 alone"),
    ),
}
"""What each of the framework's providers says at first, what that is in a sentence, and what it sees of it."""


class Walks(Protocol):
    """Whoever walks, by turns in several roles."""

    @property
    def at(self) -> str:
        """The address of the page that is seen, without its host and what follows a question mark."""

    def becomes(self, who: str) -> None:
        """Somebody goes on, signing in where they have not."""

    def opens(self, who: str, link: str) -> None:
        """Somebody opens a link of a message, in a browser in which nobody is signed in unless they were before."""

    def signs_in(self, who: str) -> None:
        """At the form that stands in the way."""

    def go(self, address: str) -> None:
        """To an address of the service."""

    def follow(self, text: str) -> None:
        """The first link that says so."""

    def fills(self, action: str, given: Given | None = None) -> None:
        """The first form whose address ends so is filled in and sent."""

    def step(self, done: str, *seen: str, at: str = "h1") -> None:
        """What was done, and what must be seen of it."""


def mail_of(provider_id: str) -> str:
    """Where a provider's desk reads its e-mails."""
    return f"desk@{provider_id.lower()}.example"


def walk(walks: Walks, received: Received, program: str) -> None:
    """From who is told of what to the care that runs. ``program``: where the council's own program listens."""
    _who_is_told(walks, program)
    person = _asked_for(walks)
    _principal_says_no(walks, received, person)
    offer = _framework_answers(walks, received, person)
    _placed(walks, received, person, offer)
    _begun(walks, person)


def _who_is_told(walks: Walks, program: str) -> None:
    walks.becomes("admin")
    for provider_id in DESKS:
        walks.go("/administration/telling")
        desk = {"provider_id": provider_id, "name": f"the desk of {provider_id}", "channel": "email"}
        walks.fills("/addresses", {**desk, "address": mail_of(provider_id), "kinds": OF_PROVIDERS})
    walks.fills(
        "/addresses", {"name": "the council's case system", "channel": "webhook", "address": program, "kinds": ["alert_raised"]}
    )
    walks.step(
        "An administrator enters whose desks are told of what, and by which way.",
        "They are told from now on",
        *map(mail_of, DESKS),
        at="#who-is-told",
    )


def _asked_for(walks: Walks) -> str:
    walks.becomes("planner")
    walks.go("/new-request")
    walks.fills("/new-request", REQUEST)
    walks.step("A planner fills in a request, and reads what the rules say of it.", "What the rules say", "would ask principal")
    walks.fills("/new-request")
    person = walks.at
    walks.step("It is saved: nobody was asked yet.", "Next: ask principal", "Alder Home Care")
    walks.fills(f"{person}/ask")
    walks.step("The planner asks the principal.", "What did Alder Home Care say?", at="section.step")
    return person


def _principal_says_no(walks: Walks, received: Received, person: str) -> None:
    link = received.by_email(mail_of("ALDER"), "An offer of home care waits for you")
    walks.opens("ALDER", link)
    walks.step("Alder's desk opens the link of its e-mail, and is asked who it is.", "Sign in")
    walks.signs_in("ALDER")
    walks.step("Signed in, it is where the link led to.", "Your offers", "Waits for your answer")
    walks.follow("Larkmere and Villages")
    walks.step(
        "It opens the offer: the district and the visits, neither who it is nor where they live.",
        "Larkmere and Villages, north-west",
        "morning, 30 minutes, 7 times a week",
        "medication",
    )
    walks.fills("/answer", {"answer": "time_of_day"})
    walks.step("It says no, with a reason.", "Your no is recorded", "You said no", "not at these times")
    received.by_email(mail_of("ALDER"), "Your answer to an offer of home care was recorded")
    walks.becomes("planner")
    walks.go(person)
    walks.step("The planner reads the no; the framework is next.", "Next: ask framework", at="section.step")


def _framework_answers(walks: Walks, received: Received, person: str) -> str:
    """The offer that is put forward in the end."""
    walks.fills(f"{person}/ask")
    walks.step("The planner asks both of the framework at once.", "Bracken Home Care", "Clover Home Care", at="section.step")
    for provider_id, (answer, done, seen) in FRAMEWORK_SAYS.items():
        walks.opens(provider_id, received.by_email(mail_of(provider_id), "An offer of home care waits for you"))
        walks.signs_in(provider_id)
        walks.follow("Larkmere and Villages")
        walks.fills("/answer", answer)
        walks.step(done, *seen)
    offer = walks.at
    walks.becomes("planner")
    walks.go(person)
    both = ("Yes, put forward", "yes, from 14 December 2026", "yes to 1 visit alone")
    walks.step("The planner reads both answers: a later yes comes before a part.", *both, at="section.step")
    walks.becomes("CLOVER")
    walks.go(offer)
    walks.fills("/answer", {"answer": "yes", "message": "We have found room for the afternoons."})
    walks.step("Clover has found room: its last answer counts.", "You said yes: the council places", "We have found room")
    return offer.rpartition("/")[2]


def _placed(walks: Walks, received: Received, person: str, offer_id: str) -> None:
    walks.becomes("planner")
    walks.go(person)
    received.by_webhook("alert_raised")
    walks.step("Its whole yes is put forward now, before Bracken's later one.", "Yes, put forward", at="section.step")
    walks.fills(f"{person}/offers/{offer_id}", {"answer": "accepted"})
    walks.step("The planner places the care with it.", "Accepted by Clover Home Care", "is not recorded", at="section.step")
    received.by_email(mail_of("CLOVER"), "Home care that you were asked for is placed with you")
    walks.opens("BRACKEN", received.by_email(mail_of("BRACKEN"), "An offer of home care is no longer needed"))
    walks.step("Bracken's offer is over. Why is told to nobody.", "Your offers", "No longer needed", "not told any more")
    walks.becomes("CLOVER")
    walks.go(f"/own/offers/{offer_id}")
    walks.step("Clover reads where it is, now that it has the care.", "Placed with you", "52.65250, 0.90150")


def _begun(walks: Walks, person: str) -> None:
    walks.becomes("planner")
    walks.go(person)
    walks.fills("/says", {"answer": "yes", "given_by": "self", "advocate": "not_needed"})
    walks.step("The person is asked, and says yes.", "What the person said is recorded")
    walks.fills("/start")
    walks.step("Care has begun.", "Care is running")
    walks.becomes("CLOVER")
    walks.go("/own/care")
    walks.step("It is among the care that Clover delivers.", person.rpartition("/")[2], "5.25 hours")
    walks.becomes("planner")
    walks.go(f"{person}/history")
    walks.step("The history has who did what.", "Jo Fenn", "Ines Holt", "a planner")
