"""What a kind of run is, what it is given to work on (the county's policy settings, with those that it names in their place),
and what it hands back.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, Any, get_type_hints

from pydantic import Field, create_model

from api.http.errors import Problem, declare
from api.http.strict import Exact
from optimiser.county import County
from optimiser.domain.person_records import REOPTIMISE
from optimiser.domain.policy import Policy
from optimiser.io.exporting import policy_lines
from optimiser.io.faults import Findings
from optimiser.io.policy_settings import read_policy

if TYPE_CHECKING:
    import datetime as dt

    from optimiser.domain.snapshot import Snapshot
    from optimiser.solving.outcome import Progress

NOTHING_TO_APPLY = declare("nothing_to_apply", 409, "This run tried what would happen and proposes nothing")
OF_TRIALS = (
    NOTHING_TO_APPLY,
    "It tells what would hold on the county as it might be: there is nothing in it to make offers of.",
)
"""What is told of plans of a county as it might be, where somebody would have offers made of one."""


@dataclass(frozen=True)
class Task:
    """What a run is given to work on."""

    snapshot: Snapshot
    """The county at the run's version, with the run's own policy settings."""
    settings: Mapping[str, Any]
    """The run's settings as they were asked for."""
    report: Callable[[Progress], None]
    should_stop: Callable[[], bool]
    extra_holidays: frozenset[dt.date] = frozenset()
    """The service's further days without work."""
    beside: Any = field(default=None, repr=False)
    """What the kind's ``beside`` gave."""


@dataclass(frozen=True)
class Proposal:
    """What a run says of one package that it was to decide on, as its result tells it; ``reason`` tells nothing of the person."""

    package_id: str
    contract_id: str | None
    """None: nobody is proposed."""
    moved: bool
    """Whether running care would change its provider."""
    figures: Mapping[str, Any]


@dataclass(frozen=True)
class Outcome:
    """What a run hands back."""

    record: Mapping[str, Any]
    """What ``result.json`` would say."""
    proposals: tuple[Proposal, ...]
    explanations: Iterable[tuple[str, bytes]]
    """Per package id the engine's record, packed as it was made: a county's records unpacked would fill the memory."""
    stopped: str
    """``no``, ``work``, ``wall`` or ``cancelled``: see ``optimiser.solving.outcome``."""
    rounds: tuple[tuple[str, str | None], ...] = ()
    """Of a transfer: per round the day on which it would move, None for one that stays. Of a hand-back: per person where to and
    when, None for one who has no place yet."""

    def __repr__(self) -> str:
        return f"<Outcome with {len(self.proposals)} proposals, stopped: {self.stopped}>"


class CannotRunError(Exception):
    """What was asked for cannot be planned on this county; ``problems`` say why and name nobody."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(self.problems))


def who_goes_where(outcome: Outcome) -> list[list[str | None]]:
    """What most plans are known by: every package decided on, and the contract proposed for it."""
    return [[each.package_id, each.contract_id] for each in outcome.proposals]


@dataclass(frozen=True)
class Kind:
    """A kind of run."""

    name: str
    sentence: str
    """What a run of it finds out."""
    work: Callable[[Task], Outcome]
    """Raises ``CannotRunError``, or what the engine raises of a defect of its own."""
    settings: type[Exact] | None = None
    """What may be asked of this kind alone: a member of a request's settings that is called like the kind."""
    not_applied: tuple[str, str] | None = None
    """Where its plan is evidence and nothing is done line by line: the code and the words of the problem. Else its proposals
    become offers."""
    faults: Callable[[County, Mapping[str, Any]], list[str]] | None = None
    """Everything that is wrong with settings of this kind (empty: none were given) on a county, told before the run is kept.
    None: nothing can be."""
    digest_parts: Callable[[Outcome], list[Any]] = who_goes_where
    """What of an outcome its plan is known by, beside the facts that it rests on."""
    on_what_was_sent: bool = False
    """Whether it works on a snapshot that was sent with it, and on nothing of the county: it has an address of its own."""
    move: str = REOPTIMISE
    """What running care would move for by its plan: a decision of social work is used for its own kind of move alone."""
    beside: str = ""
    """Where its work needs what the database knows beside the snapshot: the name, as ``module:function``, of what gives it, of a
    connection, the state, the settings, and what was asked of this kind. By name, as features that tell it stand above runs."""
    refuses: str = ""
    """Where what is asked hangs on more than the county: the name, likewise, of what refuses it before a run is kept, of the
    caller, the state, and what was asked of this kind; it raises ``Problem`` or ``InputRefusedError``."""


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


def refuse_wrong_policy(policy: Policy, overrides: Mapping[str, Any]) -> Policy:
    """The policy of a run. Raises ``Problem`` with every setting that is out of its bounds."""
    found, faults = policy_of_run(policy, overrides)
    if found is None:
        raise Problem("invalid_request", f"{len(faults)} fault(s)", faults=faults)
    return found


def refuse_wrong_settings(kind: Kind, county: County, settings: Mapping[str, Any]) -> None:
    """Raises ``Problem`` with every setting that is out of its bounds, else with all that does not fit the county."""
    policy = refuse_wrong_policy(county.policy, settings["policy"])
    if kind.faults is not None:
        faults = kind.faults(County.of(replace(county.snapshot, policy=policy), like=county), settings.get(kind.name, {}))
        if faults:
            raise Problem("invalid_request", f"{len(faults)} fault(s)", faults=faults)


def _decimal(value: Any) -> Any:
    """A JSON number as the decimal that it was written as."""
    if isinstance(value, float):
        return Decimal(repr(value))
    return [_decimal(each) for each in value] if isinstance(value, list) else value
