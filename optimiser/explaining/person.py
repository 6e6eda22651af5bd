"""The paragraph for the person. It has short words and sentences (a reading age of about 11).

It never states a protected category, a diagnosis, an exclusion, a risk, another person, or any provider's rating,
restriction or answer. Whom to contact and how to disagree is added when it is read (``contact``).
"""

from __future__ import annotations

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
            " We look at all who wait for care at the same time, so that as many people as we can are helped soon."
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
        " You stay on our list, and you do not need to do anything."
    )
