"""The note for a provider. It carries no diagnosis, no exclusion and no other provider's answers.

Every provider that is not chosen, not being asked and has not accepted reads the same words, whatever the reason: an
exclusion cannot be told from anything else, not even by elimination.
"""

from __future__ import annotations

from typing import Any

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
