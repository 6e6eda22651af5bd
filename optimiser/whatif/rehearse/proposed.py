"""The settings that are proposed: a file with a ``[policy]`` table, in which each takes the place of the county's."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from pathlib import Path

from optimiser.domain.policy import Policy
from optimiser.io.exporting import policy_lines
from optimiser.io.faults import Findings, InputRefusedError
from optimiser.io.policy_settings import read_policy
from optimiser.io.toml import read_toml

TABLE = "policy"


def read_proposed(path: Path, policy: Policy) -> Policy:
    """Raises ``InputRefusedError`` with every fault of the file."""
    findings = Findings()
    table = read_toml(path.parent, path.name, findings) or {}
    for name in sorted(set(table) - {TABLE}):
        findings.fault(path.name, 0, name, f"the table [{TABLE}] alone", name)
    given = table.get(TABLE, {})
    own = tomllib.loads("\n".join(policy_lines(policy)), parse_float=Decimal)
    found = read_policy({**own, **given} if isinstance(given, dict) else given, findings)
    if not findings.faults and found == policy:
        findings.fault(path.name, 0, TABLE, "a setting that differs from the county's own")
    if findings.faults or found is None:
        raise InputRefusedError(findings.faults)
    return found
