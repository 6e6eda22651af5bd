"""Why each change is in the list: one plain sentence that tells nothing of the person."""

from __future__ import annotations

from collections.abc import Iterable

from optimiser.county import County
from optimiser.reoptimising.headroom import Change
from optimiser.reoptimising.longer_chains import LongerChain
from optimiser.reoptimising.steps import Step, Steps

WAITING = {
    "urgent": "urgent care",
    "discharge": "care after hospital",
    "standard": "standard care",
    "planned": "planned care",
}


def why(county: County, number: int, step: Step, change: Change) -> str:
    """The reason of one change of a step."""
    if change.is_move:
        return why_moving(number, step)
    late = _late(county, change)
    room = "There is room as things are" if not step.moves else f"There is room once {_others(len(step.moves))} moved"
    waits = "; every provider in the step has to accept before it goes ahead" if step.moves else ""
    return f"{room}; this is {WAITING[county.packages[change.package].priority]}{late}{waits}."


def why_moving(number: int, step: Step) -> str:
    """Why somebody's running care is moved: for whom it makes room, and that it waits for every acceptance of its step."""
    helped = len(step.placements)
    people = "one person waiting" if helped == 1 else f"{helped} people waiting"
    return (
        f"Makes room in step {number} to place {people}; every provider in the step has to accept before it goes ahead,"
        f" and it saves more unmet need than {_moves(len(step.moves))} charged."
    )


def why_still_waiting(longer: Iterable[LongerChain], step_moves: int) -> dict[int, str]:
    """Per package that only a longer chain would place: that it would, and how long it is."""
    return {package: chain.words(step_moves) for chain in longer for package in chain.packages}


def why_moved(steps: Steps) -> dict[int, str]:
    """Per package moved: the reason, as it stands in the allocation."""
    return {change.package: why_moving(number, step) for number, step in enumerate(steps.steps, start=1) for change in step.moves}


def _moves(count: int) -> str:
    return "a move is" if count == 1 else f"its {count} moves are"


def _late(county: County, change: Change) -> str:
    start_by = county.packages[change.package].start_by
    return ", past its date" if start_by is not None and start_by < county.as_of else ""


def _others(moved: int) -> str:
    return "another has" if moved == 1 else f"{moved} others have"
