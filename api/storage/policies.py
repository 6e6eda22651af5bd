"""A county's settings as they are kept in its row: the ``[policy]`` table as TOML."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from functools import lru_cache

from optimiser.domain.policy import Policy
from optimiser.io.exporting import policy_lines
from optimiser.io.faults import Findings, InputRefusedError
from optimiser.io.policy_settings import read_policy


def policy_text(policy: Policy) -> str:
    return "\n".join(policy_lines(policy))


@lru_cache(maxsize=4)
def policy_from(text: str) -> Policy:
    """Raises ``InputRefusedError`` where the text holds what is no setting."""
    findings = Findings()
    policy = read_policy(tomllib.loads(text, parse_float=Decimal), findings)
    if policy is None or findings.faults:
        raise InputRefusedError(findings.faults)
    return policy
