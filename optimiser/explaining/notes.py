"""What a person and a provider are told of a package, and whom a person may turn to.

The paragraph for the person has short words and sentences (a reading age of about 11). It never states a protected category, a
diagnosis, an exclusion, a risk, another person, or any provider's rating, restriction or answer.

The note for a provider carries no diagnosis, no exclusion and no other provider's answers. Every provider that is not chosen, not
being asked and has not accepted reads the same words, whatever the reason: an exclusion cannot be told from anything else, not
even by elimination.

Whom to contact is added when a paragraph is read, so that a result is the same whoever sets these words. A council sets its own.
A letter to a person has a number that answers day and night: without one, none is printed.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from optimiser.county import County

ROLE = {
    "principal": "They are the main care provider for your area.",
    "framework": "They are one of the care providers for your area.",
    "legacy": "They are one of the care providers that we work with.",
    "reserve": "They are a care provider that helps us when many people need care.",
    "specialist": "They are a care provider for this kind of care.",
}


def person_news(county: County, package: int, outcome: str, contract: int | None, *, moved: bool = False) -> str:
    """What a person is told about the outcome of this run for their care. ``moved``: another provider is to take it over."""
    person = county.packages[package]
    visits = "1 visit" if person.visits_per_week == 1 else f"{person.visits_per_week} visits"
    if contract is not None and moved:
        now = county.provider(int(county.running_on[package])).name
        return (
            f"Your care goes on as it is for now. {now} gives you your {visits} a week."
            f" We would like {county.provider(contract).name} to take over from them."
            " They can do all that your care plan asks for."
            " This is a plan. It is not final. We will talk to you first, and there will be no day without your care."
        )
    if contract is not None and person.status == "active":
        return f"Your care stays as it is. {county.provider(contract).name} will go on giving your care."
    if contract is not None and person.package_id in county.offers_in_force.accepted:
        return f"{county.provider(contract).name} will give you your {visits} a week. They have said yes."
    if contract is not None:
        record = county.contracts[contract]
        return (
            f"We have a plan for your care. We would like {county.provider(contract).name} to give you your {visits} a week."
            f" {ROLE[record.tier]} They can do all that your care plan asks for."
            " We look at all who wait for care at the same time. That way, as many people as we can are helped soon."
            " This is a plan. It is not final until the provider and you have said yes."
        )
    if outcome == "pending":
        asked = {int(county.provider_of[each]) for each in county.offers_in_force.pending[person.package_id]}
        if len(asked) > 1:
            return "We have asked care providers if they can give you your care. We are waiting for their answers."
        return "We have asked a care provider if they can give you your care. We are waiting for their answer."
    return (
        f"We are sorry. We have not yet found a care provider for your {visits} a week."
        " We looked at who could give you all of them, and we could not find anyone yet."
        " You stay on our list."
    )


def news_of_brief(county: County, package: int, contract: int | None, what: str) -> str:
    """What a person is told of a run that was not free to look for everybody with everybody.

    ``what``: as ``rules.base.Beforehand`` has it; or ``some asked``: unmet, in a run for some providers.
    """
    person = county.packages[package]
    visits = "1 visit" if person.visits_per_week == 1 else f"{person.visits_per_week} visits"
    if contract is not None:
        return (
            f"We have a plan for your care. We would like {county.provider(contract).name} to give you your {visits} a week."
            f" {ROLE[county.contracts[contract].tier]} They can do all that your care plan asks for."
            " Someone in our team has picked them for you."
            " This is a plan. It is not final until the provider and you have said yes."
        )
    return f"We are sorry. You still wait for your {visits} a week. {WHY_WAITING[what]} You stay on our list."


WHY_WAITING = {
    "outside": "This plan was for other people. We did not look for a care provider for you in it.",
    "left waiting": "Someone in our team has asked us not to look for a provider for you in this plan. You can ask them why.",
    "some asked": "For this plan we looked at some care providers only, and we could not find one of them for you.",
}


NOT_ASKED = (
    "Not asked. A provider is not asked when its contract, area, hours, skills or distance do not fit, "
    "or when another is asked first. Please ask us for your own figures."
)


def provider_note(record: dict[str, Any], provider_id: str) -> str:
    """What one provider may read about a package, from the package's record in ``explanations.jsonl``."""
    heading = f"Package {record['package_id']}, area {record['area_id']}, {record['hours_per_week']:g} hours a week."
    return f"{heading} {_said(record, provider_id)}"


def _said(record: dict[str, Any], provider_id: str) -> str:
    asked = {step["provider_id"] for step in record["contracts"] if step["contract_id"] in record["asked"]}
    if provider_id in asked:
        return "We have asked you to take this package and wait for your answer."
    if not record["contract_id"] or record["provider_id"] != provider_id:
        return NOT_ASKED
    if not record["contracts"]:  # running care: nobody was asked
        return "You deliver this care; nothing changes."
    if record["accepted"]:
        return f"You have said yes to this package, on contract {record['contract_id']}."
    return f"We propose to place this package with you, on contract {record['contract_id']}."


CONTACT = "OPTIMISER_CONTACT"
COMPLAINTS = "OPTIMISER_COMPLAINTS"

DEFAULT_COMPLAINTS = (
    "If you are still not happy, you can make a complaint to the council. "
    "After that you can ask the Local Government and Social Care Ombudsman to look at it. This is free."
)


def complaints() -> str:
    """What to do when an answer does not satisfy."""
    return os.environ.get(COMPLAINTS) or DEFAULT_COMPLAINTS


FEWEST_DIGITS = 3
"""Of a number to call."""


class NoContactError(Exception):
    """A letter would have no number to call by day and night; says what to set."""


def contact_by_day_and_night(given: str | None = None) -> str:
    """Whom to contact in a letter. ``given``: in place of the environment's. Raises ``NoContactError``: no number."""
    found = given or os.environ.get(CONTACT) or ""
    if sum(each.isdigit() for each in found) < FEWEST_DIGITS:
        raise NoContactError(
            "no letter is printed without a number that the person can call by day and night:"
            f" set {CONTACT} or give --contact, such as 'the Care Line on 01603 496 0123'."
        )
    return found


def with_contact(news: str, outcome: str, given: str | None = None) -> str:
    """A person's news, with whom to contact by day and night and how to disagree. Raises ``NoContactError``."""
    urgent = " If you need help right now, please tell them at once." if outcome in ("unmet", "pending") else ""
    return (
        f"{news} If you have a question, please contact {contact_by_day_and_night(given)}."
        f" You can call by day or by night.{urgent}"
        f" If you do not agree, tell them why and ask them to look at it again. {complaints()}"
    )
