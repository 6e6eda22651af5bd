"""A run's settings: the engine's own defaults, every setting of the policy; and a kind of run is one file."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import asdict, fields
from pathlib import Path

import pytest

from api.http.errors import Problem
from api.runs.kinds import KINDS
from api.runs.kinds.kind import PolicySettings, policy_of_run, refuse_wrong_policy
from api.runs.schemas import OF_THE_COUNTY, EffortSettings, RunRequest, RunSettings
from optimiser.domain.policy import Policy
from optimiser.solving.outcome import Effort

TOY = '''
from api.http.strict import Exact
from api.runs.kinds.kind import Kind, Outcome, Task


class ToySettings(Exact):
    """Of a toy."""

    size: int = 3


def work(task: Task) -> Outcome:
    raise NotImplementedError


KIND = Kind("toy", "Plays.", work, settings=ToySettings, not_applied=("evidence_only", "A toy is not applied."))
'''
WITH_IT = """
import sys
from api.runs import kinds

kinds.__path__.append(sys.argv[1])
kinds.KINDS.update(kinds._found())
from api.runs.schemas import RunRequest

print(RunRequest.model_json_schema()["properties"]["kind"]["enum"])
print(RunRequest(kind="toy", settings={"toy": {"size": 5}}).settings.as_kept()["toy"])
try:
    RunRequest(kind="allocate", settings={"toy": {}})
except ValueError as refused:
    print("settings.toy goes with the kind toy" in str(refused))
"""


def test_the_effort_over_http_is_the_engines_field_by_field() -> None:
    engine = asdict(Effort())
    assert engine.pop("wall_seconds") is None  # over HTTP it is a last resort that every run has
    own = ("block_states", "constraint_work", "dives", "plain_nodes")
    assert [engine.pop(each) for each in own] == [None, 0.0, 0, 0], "a relief and a bridge set their own"
    assert EffortSettings().model_dump() == engine


def test_every_setting_of_the_policy_may_be_given_to_a_run() -> None:
    assert list(PolicySettings.model_fields) == [each.name for each in fields(Policy)]
    assert all(each.default is None for each in PolicySettings.model_fields.values())


@pytest.mark.parametrize(
    "given",
    [
        {"moved_share_limit": 0.2},
        {"max_moves": 3, "move_pending": True, "bar_cqc": ["inadequate", "requires_improvement"], "band_limits_miles": [2, 5.5]},
    ],
)
def test_what_is_given_is_the_policy_of_the_run(given: dict[str, object]) -> None:
    asked = RunSettings(policy=PolicySettings.model_validate(given)).as_kept()["policy"]
    assert asked == given
    refuse_wrong_policy(Policy(), asked)
    found, faults = policy_of_run(Policy(), asked)
    assert (found != Policy(), faults) == (True, [])


def test_a_setting_out_of_its_bounds_is_refused() -> None:
    with pytest.raises(Problem):
        refuse_wrong_policy(
            Policy(), RunSettings(policy=PolicySettings.model_validate({"moved_share_limit": 7.0})).as_kept()["policy"]
        )


def test_a_run_that_was_asked_for_long_ago_is_read_as_it_was_kept() -> None:
    """What stands in the database names every effort: a new default changes no run that was asked for."""
    kept = {"cut_rounds": 60, "nodes": 1000, "searches": 12, "search_nodes": 100}
    assert RunSettings(effort=EffortSettings(**kept)).as_kept()["effort"] == kept


def test_settings_of_a_kind_go_with_it_alone() -> None:
    assert RunRequest(kind="transfer", settings=RunSettings.model_validate({"transfer": {"recut": True}})).settings.of_kinds()
    with pytest.raises(ValueError, match=r"settings\.transfer goes with the kind transfer"):
        RunRequest(kind="reoptimise", settings=RunSettings.model_validate({"transfer": {}}))
    assert list(KINDS) == [
        "allocate",
        "bridge",
        "compare",
        "feasible",
        "frontier",
        "nightly",
        "relieve",
        "reoptimise",
        "solve",
        "stress",
        "tonight",
        "transfer",
    ]


def test_a_further_kind_is_one_more_file(tmp_path: Path) -> None:
    (tmp_path / "toy.py").write_text(TOY, encoding="utf-8")
    told = subprocess.run([sys.executable, "-c", WITH_IT, str(tmp_path)], capture_output=True, text=True, check=True).stdout
    kinds = sorted([*OF_THE_COUNTY, "toy"])
    assert told.splitlines() == [str(kinds), "{'size': 5}", "True"]


def test_the_server_loads_no_solver_to_know_its_kinds() -> None:
    asked = "import sys, api.app; print([name for name in ('ortools', 'numba') if name in sys.modules])"
    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True).stdout
    assert told.strip() == "[]"
