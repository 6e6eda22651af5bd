"""A plan made by hand: every rule that it breaks, and its levels beside those of a run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Connection

from api.errors import Problem
from api.runs.records import Run, last_succeeded, result_of, run_of
from api.runs.requesting import NO_SUCH_RUN
from api.state import State
from optimiser.domain.plan import Plan
from optimiser.judging.checking import Broken, findings
from optimiser.judging.limit_use import entry_plan


@dataclass(frozen=True)
class Optimum:
    """What a run found, level by level."""

    run: Run
    levels: Mapping[str, Mapping[str, Any]]
    same_county: bool


def plan_of(state: State, wishes: Mapping[str, str | None]) -> Plan:
    """Everybody as they are, but for some packages. Raises ``Problem`` with every id that the county does not have."""
    county = state.county
    faults = [f"plan: there is no package {each!r}" for each in wishes if each not in county.package_index]
    named = {each for each in wishes.values() if each is not None}
    faults += [f"plan: there is no contract {each!r}" for each in sorted(named - set(county.contract_index))]
    if faults:
        raise Problem("invalid_request", f"{len(faults)} fault(s)", faults=faults)
    contracts = list(entry_plan(county).contracts)
    for package_id, contract_id in wishes.items():
        contracts[county.package_index[package_id]] = None if contract_id is None else county.contract_index[contract_id]
    return Plan.of(contracts)


def judged(state: State, plan: Plan) -> tuple[list[Broken], dict[str, tuple[str, int]]]:
    """Every rule that a plan breaks; and per level its unit and the plan's value, legal or not."""
    broken, _ = findings(state.county, state.rules, plan)
    return broken, {rule.name: (rule.unit, rule.value(state.county, plan)) for rule in state.rules.levels}


def optimum_for(connection: Connection, state: State, run_id: str | None) -> Optimum | None:
    """The named run, or the last allocation on the very same county; None where there is none.

    Raises ``Problem`` when the named one does not exist or has no result.
    """
    run = last_succeeded(connection, "allocate", state.version) if run_id is None else run_of(connection, run_id)
    result = None if run is None else result_of(connection, run.run_id)
    if run is None or result is None:
        if run_id is None:
            return None
        raise Problem("not_found", NO_SUCH_RUN if run is None else "This run has no result to compare with.")
    record = orjson.loads(result)["result"]
    same = record["as_of"] == str(state.as_of) and run.row.state_version == state.version and not run.settings["policy"]
    if run_id is None and not same:
        return None  # it worked on the same records on another day
    return Optimum(run, {level["name"]: level for level in record["levels"]}, same)
