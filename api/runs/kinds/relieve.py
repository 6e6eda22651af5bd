"""A relief: providers can deliver only so many hours from a day. Who is kept, who moves, which visits nobody covers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from api.http.strict import Exact, RecordId
from api.runs.kinds.allocate import effort_of
from api.runs.kinds.kind import CannotRunError, Kind, Outcome, Proposal, Task
from api.runs.kinds.transfer import lines_of, with_letters, without_letters
from api.runs.stored_runs import pack
from optimiser.domain.person_records import RELIEVE

if TYPE_CHECKING:
    from optimiser.county import County
    from optimiser.transferring.relieving.loss import Loss
    from optimiser.transferring.relieving.report import Checked
    from optimiser.transferring.relieving.story import Relief


class LossSettings(Exact):
    """A provider, or one of its contracts, and how many hours per four weeks it can deliver from the day on."""

    provider_id: RecordId | None = None
    contract_id: RecordId | None = None
    hours_4w: Annotated[float, Field(ge=0, le=1_000_000)]

    @model_validator(mode="after")
    def _one_of_the_two(self) -> Self:
        if (self.provider_id is None) == (self.contract_id is None):
            raise ValueError("name a provider_id or a contract_id")
        return self


class RelieveSettings(Exact):
    """Of a relief; what is lost has to be named."""

    losses: Annotated[
        list[LossSettings],
        Field(min_length=1, max_length=200, examples=[[{"provider_id": "ALDER", "hours_4w": 120}]]),
    ]
    from_day: Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}$"), Field(examples=["2026-12-07"])]
    """The first day on which no more than that can be delivered."""
    not_recorded: Literal["red", "amber", "green"] | None = None
    """What a person counts as whose harm from a missed visit is not recorded; null: as the county's settings have it."""
    letters_to_stayers: bool | None = None
    """Whether people whom nothing changes get a letter too; null: as the county's settings have it."""


NOTHING_NAMED = "settings.relieve: expected who can deliver less, how many hours and from which day"


def faults(county: County, asked: Mapping[str, Any]) -> list[str]:
    """Everything in what is asked that does not fit the county."""
    from optimiser.transferring.relieving.loss import faults_of

    if not asked:
        return [NOTHING_NAMED]
    try:
        day = dt.date.fromisoformat(asked["from_day"])
    except ValueError:
        return ["settings.relieve.from_day: expected a date such as 2026-12-07"]
    return list(faults_of(county, _losses(asked), day))


def _losses(asked: Mapping[str, Any]) -> list[Loss]:
    from optimiser.transferring.relieving.loss import Loss

    return [
        Loss(
            "provider" if each["provider_id"] is not None else "contract",
            each["provider_id"] or each["contract_id"],
            Fraction(repr(each["hours_4w"])),
        )
        for each in asked["losses"]
    ]


def work(task: Task) -> Outcome:
    """The plan, confirmed by the check. Raises ``CannotRunError`` where there is nothing to plan."""
    from optimiser.judging.checking import DisagreementError
    from optimiser.transferring.relieving.report import checked
    from optimiser.transferring.relieving.story import plan_relief
    from optimiser.transferring.report import PlanNotConfirmedError
    from optimiser.transferring.story import CannotPlanError

    asked = task.settings["relieve"]
    policy = with_letters(task.snapshot.transfer, asked)
    policy = replace(
        policy,
        extra_holidays=tuple(sorted({*policy.extra_holidays, *task.extra_holidays})),
        relieve_not_recorded=asked["not_recorded"] or policy.relieve_not_recorded,
    )
    day = dt.date.fromisoformat(asked["from_day"])
    try:
        plan = plan_relief(
            task.snapshot,
            _losses(asked),
            day,
            policy,
            effort=effort_of(task),
            report=task.report,
            should_stop=task.should_stop,
        )
        made = checked(plan)
    except CannotPlanError as cannot:
        raise CannotRunError(cannot.problems) from None
    except PlanNotConfirmedError:
        raise DisagreementError("the check does not confirm a relief") from None
    return _outcome(plan, made)


def _outcome(plan: Relief, made: Checked) -> Outcome:
    """The result with its tables, a proposal for everybody who moves, and per person the explanation with the letter."""
    from optimiser.transferring.letters import to_print
    from optimiser.transferring.relieving import tables

    people = lines_of(tables.RELIEF, made.rows)
    lines = {
        "relief": people,
        "rounds": lines_of(tables.ROUNDS, made.rounds),
        "uncovered_visits": lines_of(tables.UNCOVERED_VISITS, made.visits),
    }
    county, explanations = plan.case.county, []
    ready = {letter.package_id: letter for letter in to_print(made.letters)[0]}
    for member in plan.case.members:
        name = county.packages[member].package_id
        letter = ready.get(name)
        explanations.append((name, pack(made.explainer.record(member) | {"letter": None if letter is None else asdict(letter)})))
    proposals = [
        Proposal(
            package_id=row["package_id"],
            contract_id=row["to_contract_id"],
            moved=True,
            figures={
                "outcome": "placed",
                "step": None,  # each goes ahead alone
                "provider_id": row["to_provider_id"],
                "from_contract_id": row["from_contract_id"],
                "from_provider_id": _holder_of(county, row["from_contract_id"]),
                "decision_pending": row["decision_pending"] == "true",
                "own_plan_first": row["own_plan_first"] == "true",
                "reason": row["reason"],
            },
        )
        for row in people
        if row["decision"] == "moves"
    ]
    return Outcome({**made.record, **lines, **without_letters(made.letters)}, tuple(proposals), explanations, plan.stopped)


def _holder_of(county: County, contract_id: str) -> str:
    return county.contracts[county.contract_index[contract_id]].provider_id


KIND = Kind(
    "relieve",
    "Who is kept, who moves and which visits nobody covers when providers can deliver only so many hours.",
    work,
    settings=RelieveSettings,
    faults=faults,
    move=RELIEVE,
)
