"""One package's explanation as an object: the record of ``explanations.jsonl``, and what each reader may see of it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from optimiser.domain.person_records import Reads
from optimiser.explaining.notes import provider_note, with_contact

FILE = "explanations.jsonl"


@dataclass(frozen=True)
class Explanation:
    """Why a package is where it is, every contract in the order asked, and what would have to change."""

    record: dict[str, Any]
    """Everything, as ``explanations.jsonl`` has it: for planners."""

    def __repr__(self) -> str:
        return f"<Explanation of {self.package_id}: {self.outcome}>"

    @property
    def package_id(self) -> str:
        return str(self.record["package_id"])

    @property
    def outcome(self) -> str:
        """``placed``, ``unmet`` or ``pending``."""
        return str(self.record["outcome"])

    @property
    def contract_id(self) -> str:
        """The contract that the package is on; empty: on none."""
        return str(self.record["contract_id"])

    @property
    def provider_id(self) -> str:
        return str(self.record["provider_id"])

    @property
    def reason(self) -> str:
        """One plain sentence."""
        return str(self.record["reason"])

    @property
    def reads(self) -> Reads:
        """How the person is written to, as far as it is recorded."""
        told = self.record.get("reads", {})
        return Reads(tuple(told.get("formats", ())), told.get("language", ""), told.get("write_to", ""))

    def for_person(self, contact: str | None = None) -> str:
        """What the person may read, with whom to contact by day and night and how to disagree.

        ``contact``: in place of the environment's. Raises ``NoContactError`` where neither has a number to call.
        """
        return with_contact(self.record["person"], self.outcome, contact)

    def for_provider(self, provider_id: str) -> str:
        """What one provider may read: no diagnosis, no exclusion, no other provider's answer."""
        return provider_note(self.record, provider_id)


def read_explanation(folder: Path, package_id: str) -> Explanation | None:
    """A package's explanation out of a result's folder, None where it has none."""
    # A cheap look before each line is parsed: a county's explanations are some megabytes.
    start = json.dumps({"package_id": package_id}, ensure_ascii=False, separators=(",", ":"))[:-1]
    with (folder / FILE).open(encoding="utf-8") as lines:
        return next((Explanation(json.loads(line)) for line in lines if line.startswith(start)), None)
