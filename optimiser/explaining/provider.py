"""The note for a provider. It carries no diagnosis, no exclusion and no other provider's answers.

A provider that the person has excluded sees only "Not asked." So does every provider that could have been asked and was
not: the words alone give nothing away.
"""

from __future__ import annotations

from typing import Any

from optimiser.rules.book import RuleBook

NOT_ASKED = "Not asked."

SAID_TO_PROVIDER = {
    "in_force": "Your contract does not cover the day on which the care would start.",
    "area": "Your contract does not cover the area of this package.",
    "area_live": "Your contract is not used in this area before it goes live.",
    "not_restricted": "You may take no new work here at the moment.",
    "rating": "Your rating does not allow new work at the moment.",
    "skills": "The care needs something that you have not told us you offer.",
    "band": "Your contract does not serve the price band of this place.",
    "distance": "The place is further from your nearest office than the distance you told us.",
    "no_standing_decline": "You have said no to this package, or let our offer run out.",
    "contract_hours": "Your contract has not enough hours left for this package.",
    "provider_hours": "You have not enough hours left, of those you told us you can deliver.",
    "capped_new_work": "This package would take you over your limit for new work.",
}
"""What a provider is told of its own failing, rule by rule; nothing of the person."""


def provider_note(record: dict[str, Any], provider_id: str, rules: RuleBook) -> str:
    """What one provider may read about a package, from the package's record in ``explanations.jsonl``."""
    heading = f"Package {record['package_id']}, area {record['area_id']}, {record['hours_per_week']:g} hours a week."
    own = [step for step in record["contracts"] if step["provider_id"] == provider_id]
    if any(step["contract_id"] in record["asked"] for step in own):
        return f"{heading} We have asked you to take this package and wait for your answer."
    if any(step["verdict"] == "chosen" for step in own) and record["accepted"]:
        return f"{heading} You have said yes to this package, on contract {record['contract_id']}."
    if any(step["verdict"] == "chosen" for step in own):
        return f"{heading} We propose to place this package with you, on contract {record['contract_id']}."
    if record["contract_id"] and not record["contracts"]:
        return f"{heading} {NOT_ASKED}"  # running care: nobody was asked
    private = {rule.name for rule in rules.eligibility if rule.private} - {"skills"}
    failed = [[finding[0] for finding in step["findings"] if not finding[1]] for step in own]
    open_to_it = any(not names for names in failed)
    if not own or open_to_it or any(set(names) & private for names in failed):
        return f"{heading} {NOT_ASKED}"
    reasons: list[str] = []
    for names in failed:
        reasons += [SAID_TO_PROVIDER.get(name, "A rule of the model does not allow it.") for name in names]
    return f"{heading} {NOT_ASKED} {' '.join(dict.fromkeys(reasons))}"
