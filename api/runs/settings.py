"""A run's policy settings: the county's, with those that the run names in their place."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from api.errors import Problem
from optimiser.domain.policy import Policy
from optimiser.io.exporting import policy_lines
from optimiser.io.faults import Findings
from optimiser.io.policy_settings import read_policy


def policy_of_run(policy: Policy, overrides: Mapping[str, Any]) -> tuple[Policy | None, list[str]]:
    """The policy of a run, or None; and every fault of its overrides."""
    if not overrides:
        return policy, []
    table = tomllib.loads("\n".join(policy_lines(policy)), parse_float=Decimal)
    findings = Findings()
    read = read_policy(table | {name: _decimal(value) for name, value in overrides.items()}, findings)
    faults = [f"settings.{fault.column}: expected {fault.expected}" for fault in findings.faults]
    return (None if faults else read), faults


def refuse_wrong_policy(policy: Policy, overrides: Mapping[str, Any]) -> None:
    """Raises ``Problem`` with every setting that is out of its bounds."""
    _, faults = policy_of_run(policy, overrides)
    if faults:
        raise Problem("invalid_request", f"{len(faults)} fault(s)", faults=faults)


def _decimal(value: Any) -> Any:
    """A JSON number as the decimal that it was written as."""
    if isinstance(value, float):
        return Decimal(repr(value))
    return [_decimal(each) for each in value] if isinstance(value, list) else value
