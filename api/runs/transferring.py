"""A transfer's plan as the outcome of a run: evidence for decisions, with the letters to the people concerned."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping

import orjson

from api.runs.kinds import CannotRunError, Outcome, Task
from api.runs.records import pack
from optimiser.domain.level_result import Amount
from optimiser.domain.transfer_policy import TransferPolicy
from optimiser.io.spreadsheets import unescaped
from optimiser.judging.checking import DisagreementError
from optimiser.solving.outcome import Progress
from optimiser.transferring.report import PlanNotConfirmedError, verified_files
from optimiser.transferring.story import CannotPlanError, Search, plan_transfer

TABLES = ("transfers", "people", "waves", "impact")
"""The tables of the plan that its result holds, as the files of the same names."""


def transferred(task: Task) -> Outcome:
    """The plan, confirmed by the check. Raises ``CannotRunError`` where there is nothing to plan."""
    asked = task.settings.get("transfer", {})
    areas = asked.get("area_ids") or _areas_with_a_principal(task)
    search = Search(task.settings["wall_seconds"], lambda *news: _report(task, *news), task.should_stop)
    policy = TransferPolicy(extra_holidays=tuple(sorted(task.extra_holidays)))
    try:
        plan = plan_transfer(task.snapshot, areas, policy, recut=asked.get("recut", False), search=search)
        files = verified_files(plan, {})
    except CannotPlanError as cannot:
        raise CannotRunError(cannot.problems) from None
    except PlanNotConfirmedError:
        raise DisagreementError("the check does not confirm a transfer's plan") from None
    tables = {name: _rows(files[f"{name}.csv"]) for name in TABLES}
    return Outcome(
        record={**orjson.loads(files["result.json"]), **tables},
        proposals=(),
        explanations=list(_explanations(tables["people"], files["letters.jsonl"])),
        stopped=plan.stopped,
        rounds=tuple((row["round_id"], row["date"] or None) for row in tables["transfers"]),
    )


def _areas_with_a_principal(task: Task) -> list[str]:
    """Every area with a principal contract that has not ended."""
    held = (c for c in task.snapshot.contracts if c.tier == "principal" and (c.ends is None or c.ends > task.snapshot.as_of))
    return sorted({contract.area_id for contract in held})


def _report(task: Task, level: str, value: Amount, bound: Amount) -> None:
    """A line of progress; a level in parts of one has no whole value, and is told with the result."""
    if isinstance(value, int) and isinstance(bound, int):
        task.report(Progress(level, value, bound, value - bound, 0.0))


def _rows(table: bytes) -> list[dict[str, str]]:
    """The lines of a table as they were checked."""
    lines = csv.DictReader(io.StringIO(table.decode()))
    return [{name: unescaped(cell) for name, cell in line.items()} for line in lines]


def _explanations(people: list[dict[str, str]], letters: bytes) -> Iterator[tuple[str, bytes]]:
    """Per person in a round their line of the plan, and the letter."""
    written: dict[str, Mapping[str, object]] = {each["package_id"]: each for each in map(orjson.loads, letters.splitlines())}
    for person in people:
        yield person["package_id"], pack({"person": person, "letter": written.get(person["package_id"])})
