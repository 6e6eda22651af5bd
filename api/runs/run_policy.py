"""A run's policy settings: the county's, with those that the run names in their place."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, Any, get_type_hints

from pydantic import Field, create_model

from api.http.errors import Problem
from api.http.strict import Exact
from optimiser.domain.policy import Policy
from optimiser.io.exporting import policy_lines
from optimiser.io.faults import Findings
from optimiser.io.policy_settings import read_policy

Number = Annotated[float, Field(ge=0, le=1_000_000_000)]
Whole = Annotated[int, Field(ge=0, le=1_000_000_000)]

JSON_TYPES: dict[Any, Any] = {
    bool: bool,
    int: Whole,
    Fraction: Number,
    tuple[Fraction, Fraction]: list[Number],
    tuple[str, ...]: list[str],
}
"""How a setting of a type is given over HTTP; whether it is within its bounds is told by the reader of settings."""

if TYPE_CHECKING:
    PolicySettings = Exact
else:  # with a member for every setting of the policy, whatever it holds
    PolicySettings = create_model(
        "PolicySettings",
        __base__=Exact,
        __doc__="Settings of the county that this run has otherwise. What is applied later keeps the county's own.",
        __module__=__name__,
        **{name: (JSON_TYPES[kind] | None, None) for name, kind in get_type_hints(Policy).items()},
    )


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
