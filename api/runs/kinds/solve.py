"""A snapshot that was sent, solved as the command line would: for programs that keep their people elsewhere."""

from __future__ import annotations

from typing import Literal

from api.http.strict import Exact
from api.runs.kinds import allocate, reoptimise
from api.runs.kinds.kind import NOTHING_TO_APPLY, Kind, Outcome, Task
from api.storage.table_schema import ON_WHAT_WAS_SENT

NOT_APPLIED = "It was made for a snapshot that was sent, and not for this county: there is nobody here to make offers for."
PLANS = {"allocate": allocate.work, "reoptimise": reoptimise.work}


class SolveSettings(Exact):
    """Of a snapshot that was sent."""

    plan: Literal["allocate", "reoptimise"] = "allocate"


def work(task: Task) -> Outcome:
    """The plan that was asked for, of a county that is the snapshot. Raises what that kind of run raises."""
    asked = SolveSettings(**task.settings[ON_WHAT_WAS_SENT])
    return PLANS[asked.plan](task)


KIND = Kind(
    ON_WHAT_WAS_SENT,
    "A plan of a snapshot that was sent, which is kept nowhere.",
    work,
    settings=SolveSettings,
    not_applied=(NOTHING_TO_APPLY, NOT_APPLIED),
    on_what_was_sent=True,
)
