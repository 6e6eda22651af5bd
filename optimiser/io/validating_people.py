"""What must hold of what is recorded of people beside their care: how they are safe meanwhile, decisions, answers and wishes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from optimiser.domain.person_records import Decision, Meanwhile
from optimiser.io.fault_codes import Code
from optimiser.io.faults import Findings
from optimiser.io.record_cells import Lines

Parts = Mapping[str, tuple[Any, ...]]


def check_people(parts: Parts, lines: Lines, findings: Findings) -> None:
    """Plans of people who are not there, choices that nobody made, decisions that never count, wishes that name nobody."""
    packages = {package.package_id for package in parts["packages"]}
    providers = {provider.provider_id for provider in parts["providers"]}
    for plan in parts["meanwhile"]:
        if plan.package_id not in packages and not findings.may_name("packages.csv", plan.package_id):
            findings.fault(*lines.of(plan), "package_id", "a known package_id", plan.package_id, code=Code.UNKNOWN_ID)
        _choice(plan, lines, findings)
    for decision in parts["decisions"]:
        _decision(decision, providers, lines, findings)
    for package in parts["packages"]:
        for provider_id in package.preferred_provider_ids:
            if provider_id not in providers and not findings.may_name("providers.csv", provider_id):
                findings.fault(
                    *lines.of(package), "preferred_provider_ids", "known provider ids", provider_id,
                    personal=True, kind="an unknown id", code=Code.UNKNOWN_ID,
                )  # fmt: skip


def _choice(plan: Meanwhile, lines: Lines, findings: Findings) -> None:
    """A choice and an approved price are a named person's, and an interim bed or a bridge has an end."""
    if plan.choice and not plan.chosen_by:
        findings.fault(*lines.of(plan), "chosen_by", "who chose", "empty", code=Code.VALUE_ABSENT)
    if plan.approved_weekly_pence is not None and not plan.approved_by:
        findings.fault(*lines.of(plan), "approved_by", "who approved the price", "empty", code=Code.VALUE_ABSENT)
    if plan.choice in ("bridge", "interim_bed") and plan.choice_until is None:
        findings.fault(
            *lines.of(plan),
            "choice_until",
            f"the day on which the {plan.choice.replace('_', ' ')} ends",
            "empty",
            code=Code.VALUE_ABSENT,
        )


def _decision(decision: Decision, providers: set[str], lines: Lines, findings: Findings) -> None:
    if decision.valid_to <= decision.decided_on:
        expected = f"a day after decided_on ({decision.decided_on})"
        findings.fault(*lines.of(decision), "valid_to", expected, str(decision.valid_to), code=Code.WRONG_ORDER)
    to = decision.to_provider_id
    if to and to not in providers and not findings.may_name("providers.csv", to):
        findings.fault(*lines.of(decision), "to_provider_id", "a known provider_id", to, code=Code.UNKNOWN_ID)
