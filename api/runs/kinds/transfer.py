"""A transfer's plan: which rounds move to the principal of their area, and when. Evidence for decisions, with letters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from api.http.errors import declare
from api.http.strict import Exact, RecordId
from api.runs.kinds.kind import CannotRunError, Kind, Outcome, Task
from api.runs.stored_runs import pack

if TYPE_CHECKING:
    from optimiser.domain.level_result import Amount
    from optimiser.transferring.letters import Letter
    from optimiser.transferring.transfer_plan import TransferPlan

Lines = list[dict[str, str]]

EVIDENCE_ONLY = declare("evidence_only", 409, "A transfer's plan is evidence for decisions and is not applied line by line")
NOT_BY_LINE = "Its rounds move whole, on their day, each person by a recorded decision: ask for each move as an offer then."


class TransferSettings(Exact):
    """Of a transfer. All other settings of a transfer are the county's."""

    area_ids: Annotated[list[RecordId], Field(min_length=1, max_length=200)] | None = None
    """The areas whose rounds may move to their principal; null: every area with a principal contract that has not ended."""
    recut: bool = False
    """Whether parts of rounds may be proposed."""


def work(task: Task) -> Outcome:
    """The plan, confirmed by the check. Raises ``CannotRunError`` where there is nothing to plan."""
    from optimiser.judging.checking import DisagreementError
    from optimiser.transferring.report import PlanNotConfirmedError, letters, verified_files
    from optimiser.transferring.result_file import result_record
    from optimiser.transferring.story import CannotPlanError, Search, plan_transfer

    asked = task.settings.get("transfer", {})
    areas = asked.get("area_ids") or _areas_with_a_principal(task)
    search = Search(task.settings["wall_seconds"], lambda *news: _report(task, *news), task.should_stop)
    policy = task.snapshot.transfer
    policy = replace(policy, extra_holidays=tuple(sorted({*policy.extra_holidays, *task.extra_holidays})))
    try:
        plan = plan_transfer(task.snapshot, areas, policy, recut=asked.get("recut", False), search=search)
        verified_files(plan, {})
    except CannotPlanError as cannot:
        raise CannotRunError(cannot.problems) from None
    except PlanNotConfirmedError:
        raise DisagreementError("the check does not confirm a transfer's plan") from None
    lines = tables_of(plan)
    return Outcome(
        record={**result_record(plan), **lines},
        proposals=(),
        explanations=list(_explanations(lines["people"], letters(plan))),
        stopped=plan.stopped,
        rounds=tuple((row["round_id"], row["date"] or None) for row in lines["transfers"]),
    )


def tables_of(plan: TransferPlan) -> dict[str, Lines]:
    """The tables that a result holds, by the names of the files that hold the same."""
    from optimiser.transferring import tables

    return {
        "transfers": _lines(tables.TRANSFERS, tables.transfer_rows(plan)),
        "people": _lines(tables.PEOPLE, tables.people_rows(plan)),
        "waves": _lines(tables.WAVES, tables.wave_rows(plan)),
        "impact": _lines(tables.IMPACT, tables.impact_rows(plan)),
    }


def _lines(header: Sequence[str], rows: Iterable[Mapping[str, object]]) -> Lines:
    """Rows as a table writes them: all columns, each as text, empty where a row has none."""
    return [{name: str(row.get(name, "")) for name in header} for row in rows]


def _areas_with_a_principal(task: Task) -> list[str]:
    """Every area with a principal contract that has not ended."""
    held = (c for c in task.snapshot.contracts if c.tier == "principal" and (c.ends is None or c.ends > task.snapshot.as_of))
    return sorted({contract.area_id for contract in held})


def _report(task: Task, level: str, value: Amount, bound: Amount) -> None:
    """A line of progress; a level in parts of one has no whole value, and is told with the result."""
    from optimiser.solving.outcome import Progress

    if isinstance(value, int) and isinstance(bound, int):
        task.report(Progress(level, value, bound, value - bound, 0.0))


def _explanations(people: Lines, letters: Iterable[Letter]) -> Iterator[tuple[str, bytes]]:
    """Per person in a round their line of the plan, and the letter."""
    written = {letter.package_id: asdict(letter) for letter in letters}
    for person in people:
        yield person["package_id"], pack({"person": person, "letter": written.get(person["package_id"])})


def _which_round_when(outcome: Outcome) -> list[Any]:
    return list(outcome.rounds)


KIND = Kind(
    "transfer",
    "Which rounds move to the principal of their area, and when.",
    work,
    settings=TransferSettings,
    not_applied=(EVIDENCE_ONLY, NOT_BY_LINE),
    digest_parts=_which_round_when,
)
