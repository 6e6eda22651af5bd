"""Why a run proposes what it does for somebody: every provider in the order asked, and what is in the way of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from api.pages.page_words import dates_in_words, hours_in_words

Json = Mapping[str, Any]
PASSED, SENTENCE = 1, 5
"""Where a finding of an explanation says whether it holds, and what it found in words."""
SHOWN = 12


@dataclass(frozen=True)
class Judged:
    """A contract as it was judged. ``says``: what is in the way, else every rule in words."""

    provider: str
    tier: str
    verdict: str
    cost: str
    says: list[str]


@dataclass(frozen=True)
class Explanation:
    """The page. ``letter``: its paragraphs, where there is one to print."""

    reason: str
    facts: list[tuple[str, str]]
    person: str
    remedies: list[str]
    judged: list[Judged]
    more: list[Judged]
    subject: str
    letter: list[str]

    def __repr__(self) -> str:
        return f"<Explanation with {len(self.judged) + len(self.more)} contracts>"


def explanation_of(told: Json, names: Mapping[str, str]) -> Explanation:
    """Of the engine's record, as ``/v1/runs/{run_id}/explanations/{package_id}`` tells it; a transfer's holds a line of its plan.

    ``names``: of providers.
    """
    person = told.get("person")
    line: Json = person if isinstance(person, Mapping) else {}
    facts = [("Care", f"{hours_in_words(told['hours_per_week'])} a week")] if "hours_per_week" in told else []
    facts += [(name, line[key]) for name, key in (("Round", "round_id"), ("Wave", "wave")) if line.get(key)]
    judged = [_judged(each, names) for each in told.get("contracts", ())]
    letter = told.get("letter") or {}
    return Explanation(
        dates_in_words(told.get("reason") or line.get("reason") or ""),
        facts,
        person if isinstance(person, str) else "",
        [dates_in_words(each["sentence"]) for each in told.get("remedies") or ()],
        judged[:SHOWN],
        judged[SHOWN:],
        letter.get("subject", ""),
        list(letter.get("paragraphs", ())),
    )


def _judged(told: Json, names: Mapping[str, str]) -> Judged:
    findings = [_finding(each) for each in told["findings"]]
    in_the_way = [said for passed, said in findings if not passed]
    cost = told.get("weekly_cost_gbp")
    return Judged(
        told.get("provider") or names.get(told["provider_id"], told["provider_id"]),
        told.get("tier") or "",
        told["verdict"],
        f"£{cost} a week" if cost else "",
        in_the_way or [said for _, said in findings],
    )


def _finding(told: Any) -> tuple[bool, str]:
    """Whether a rule holds, and what it found. A relief tells those alone that stand in the way."""
    if isinstance(told, Mapping):
        return False, dates_in_words(told["sentence"])
    return bool(told[PASSED]), dates_in_words(told[SENTENCE])
