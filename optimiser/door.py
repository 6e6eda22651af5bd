"""The public door: what a notebook or another program calls. Each takes a snapshot, or the path of a folder that holds one.

Nothing here decides anything: a folder is read, the use case is called, and only what its check confirms is handed back.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

from optimiser.allocating import report as files
from optimiser.allocating import story
from optimiser.allocating.story import Allocation
from optimiser.county import County
from optimiser.county.succession import taken_over
from optimiser.domain.brief import Brief
from optimiser.domain.snapshot import Snapshot
from optimiser.explaining.explanation import Explanation, read_explanation
from optimiser.io.moves import read_earlier, read_history, read_known
from optimiser.io.reading import Reading, read_snapshot
from optimiser.io.rounds_plan import with_planned_rounds
from optimiser.reoptimising import story as reoptimising
from optimiser.reoptimising.story import Reoptimisation
from optimiser.rules.book import RuleBook
from optimiser.rules.longest_first.book_of_a_county import rules_for
from optimiser.solving.outcome import Effort, Progress
from optimiser.transferring.report import checked_files
from optimiser.transferring.result_file import result_record as transfer_record
from optimiser.transferring.story import EarlierPlan, Search, plan_transfer
from optimiser.transferring.transfer_plan import TransferPlan
from optimiser.whatif.stress.story import Stress, Sweep, failure_of, hand_back_of

if TYPE_CHECKING:
    from optimiser.domain.plan import EarlierMove
    from optimiser.domain.policy import TransferPolicy
    from optimiser.domain.staffing import StaffingSettings
    from optimiser.geography.grid import TravelSource
    from optimiser.rounds.built import BuiltRounds

Folder = str | os.PathLike[str]
"""A path, as text or as a ``Path``."""
Source = Snapshot | Reading | Folder
"""What is known of a county: a snapshot, a reading of one, or the path of its folder."""
Report = Callable[[Progress], None]


def allocate(
    snapshot: Source,
    *,
    brief: Brief | None = None,
    rules: RuleBook | None = None,
    travel: TravelSource | None = None,
    effort: Effort | None = None,
    report: Report | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> Allocation:
    """Who should deliver each waiting package. Running care stays where it is.

    ``brief``: the part of the county that it is for, and pins; ``BriefRefusedError`` lists all that is wrong with it. Raises
    ``InputRefusedError`` for a folder with faults, and ``PlanRefusedError`` or ``DisagreementError`` where the check does
    not confirm what the model says: a defect of this software, never of the input.
    """
    facts = _snapshot(snapshot)
    return story.allocate(facts, brief=brief, rules=rules, travel=travel, effort=effort, report=report, should_stop=should_stop)


def reoptimise(
    snapshot: Source,
    *,
    brief: Brief | None = None,
    max_moves: int | None = None,
    step_moves: int | None = None,
    history: Folder | Sequence[EarlierMove] | None = None,
    rules: RuleBook | None = None,
    travel: TravelSource | None = None,
    effort: Effort | None = None,
    report: Report | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> Reoptimisation:
    """Few changes worth making: placements, and moves of running care that make room for them, in steps.

    ``max_moves``: how many people may change provider, ``step_moves``: how many of them in one step; None for the settings.
    ``history``: a file of earlier moves, or the moves; given, even if empty, the share moved from any one provider is limited.
    Raises as ``allocate`` does.
    """
    facts = _snapshot(snapshot)
    earlier = read_history(Path(history), facts)[0] if isinstance(history, str | os.PathLike) else history
    return reoptimising.reoptimise(
        facts,
        brief=brief,
        max_moves=max_moves,
        step_moves=step_moves,
        history=earlier,
        rules=rules,
        travel=travel,
        effort=effort,
        report=report,
        should_stop=should_stop,
    )


def transfer(
    snapshot: Source,
    areas: str | Sequence[str],
    *,
    policy: TransferPolicy | None = None,
    rounds: Folder | None = None,
    history: Folder | None = None,
    agreed: Folder | None = None,
    refused: Folder | None = None,
    wishes: Folder | None = None,
    earlier: Folder | EarlierPlan | None = None,
    recut: bool = False,
    wall_seconds: float | None = None,
) -> TransferPlan:
    """Which existing rounds move to the principal of each area, and in which wave. One area id, or several.

    ``policy``: the snapshot's own settings where it is None. ``rounds``: a folder of built rounds, for care that names none. The
    other files are those of the command's options. Raises ``CannotPlanError`` where what is asked cannot be planned.
    """
    found = _reading(snapshot)
    facts = found.snapshot if rounds is None else with_planned_rounds(found.snapshot, Path(rounds))
    files = {"history": history, "agreed": agreed, "refused": refused, "wishes": wishes}
    known, _ = read_known(facts, **{name: None if file is None else Path(file) for name, file in files.items()})
    policy = policy or found.transfer
    area_ids = [areas] if isinstance(areas, str) else list(areas)
    search = Search(wall_seconds)
    before = read_earlier(Path(earlier)) if isinstance(earlier, str | os.PathLike) else earlier
    if before is None and (known.refused or known.agreed):
        first = plan_transfer(facts, area_ids, policy, replace(known, refused=frozenset()), recut=recut, search=search)
        before = {each.round_id: wave.date if (wave := first.wave_of(at)) else None for at, each in enumerate(first.candidates)}
    plan = plan_transfer(facts, area_ids, policy, known, earlier=before, recut=recut, search=search)
    checked_files(plan, transfer_record(plan))  # the check reads what would be written, and nothing unconfirmed leaves
    return plan


def stress(
    snapshot: Source,
    *,
    providers: str | Sequence[str] = (),
    hand_back: str | Sequence[str] = (),
    together: bool = False,
    worst: int = 4,
    rules: RuleBook | None = None,
    effort: Effort | None = None,
    processes: int = 1,
) -> Stress:
    """What if a provider stopped delivering tomorrow: every one, worst first, or those named.

    ``providers``: their ids, each alone unless ``together``. ``hand_back``: ids of contracts that are given back. ``worst``: in
    a sweep, each two of so many are tried together. ``processes`` of a sweep: 0 for one a processor; the outcome is the same.
    Raises ``UnknownIdError``, ``ProcessEndedError``.
    """
    county = County.of(_snapshot(snapshot))
    failing = _known("provider", _ids(providers), {provider.provider_id for provider in county.providers})
    returned = _known("contract", _ids(hand_back), county.contract_index)
    for each in returned:
        after = county.succession.named_instead(each, county.as_of)
        if after is not None:
            raise ContractTakenOverError(each, after)
    sweep = Sweep(county, rules or rules_for(county.policy), effort or Effort(), workers=processes)
    groups = [failing] if together and failing else [[each] for each in failing]
    named = [*(failure_of(county, group) for group in groups), *(hand_back_of(county, each) for each in returned)]
    return sweep.named(named) if named else sweep.everybody(worst)


def build_rounds(
    snapshot: Source,
    *,
    providers: str | Sequence[str] = (),
    area: str = "",
    settings: Folder | StaffingSettings | None = None,
    travel: str = "straight-line",
    processes: int = 0,
) -> BuiltRounds:
    """Weekly master rounds for the care that runs, of all providers or of those named, checked.

    ``settings``: shifts, limits and breaks, or a file of them. Care workers are read from the folder, where one is named and has
    them. ``travel``: where travel times come from, as ``--travel`` names it. ``processes``: 0 for one a processor. Raises
    ``UnknownIdError``, ``TravelError``, and ``RoundsNotConfirmedError`` where the check finds a fault.
    """
    from optimiser.rounds.built import built  # what plans rounds is compiled, which takes its time to import

    facts = _snapshot(snapshot)
    chosen = _known("provider", _ids(providers), {provider.provider_id for provider in facts.providers})
    _known("area", [area] if area else [], {each.area_id for each in facts.areas})
    folder = Path(snapshot) if isinstance(snapshot, str | os.PathLike) else None
    return built(facts, chosen, area, settings, folder, travel, processes)


def explain(result: Allocation | Reoptimisation | Folder, package_id: str) -> Explanation:
    """Why this provider, why not that one, what would have to change: of a result, or of the folder of one.

    Raises ``UnknownIdError`` where the result has no such package.
    """
    if isinstance(result, str | os.PathLike):
        found = read_explanation(Path(result), package_id)
        if found is None:
            raise UnknownIdError("package", package_id, ())
        return found
    allocation = result.allocation if isinstance(result, Reoptimisation) else result
    index = allocation.county.package_index
    _known("package", [package_id], index)
    return Explanation(allocation.explain(index[package_id]))


def write_allocation(
    allocation: Allocation, folder: Folder, run: Mapping[str, Any] | None = None, *, replace: bool = False
) -> None:
    """Write the four files of a result, all together or not at all. ``run``: what ``run.json`` says: whatever differs."""
    files.write_allocation(allocation, Path(folder), dict(run or {}), replace=replace)


class UnknownIdError(LookupError):
    """An id that the county does not have."""

    def __init__(self, kind: str, unknown: str, known: Iterable[str]) -> None:
        near = get_close_matches(unknown, sorted(known), n=1)
        super().__init__(f"there is no {kind} {unknown!r}" + (f": did you mean {near[0]!r}?" if near else ""))


class ContractTakenOverError(UnknownIdError):
    """The id of a contract that has ended and was taken over from."""

    def __init__(self, contract_id: str, after: str) -> None:
        LookupError.__init__(self, taken_over(contract_id, after))


def _reading(source: Source) -> Reading:
    if isinstance(source, Reading):
        return source
    return Reading(source, ()) if isinstance(source, Snapshot) else read_snapshot(source)


def _snapshot(source: Source) -> Snapshot:
    return _reading(source).snapshot


def _ids(named: str | Sequence[str]) -> list[str]:
    return [named] if isinstance(named, str) else list(dict.fromkeys(named))


def _known(kind: str, ids: list[str], known: Iterable[str]) -> list[str]:
    """The ids, all of them known. Package ids are no suggestions to others."""
    for each in ids:
        if each not in set(known):
            raise UnknownIdError(kind, each, known if kind != "package" else ())
    return ids
