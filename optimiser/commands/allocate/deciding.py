"""Read, allocate, write, say: what ``allocate`` and ``demo`` do."""

from __future__ import annotations

import argparse
import json
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from optimiser import exits
from optimiser.allocating.report import allocation_files, certificate_files
from optimiser.allocating.story import Allocation, allocate
from optimiser.commands.shared.allocations import allocation_run, exit_code_of, say_allocation
from optimiser.commands.shared.inputs import brief_of, read_for_results
from optimiser.commands.shared.running import Begun, is_watched, reporter
from optimiser.commands.shared.saying import complain, refused, refused_with, tell, written
from optimiser.domain.snapshot import Snapshot
from optimiser.geography.travel_times.interface import TravelError
from optimiser.io.faults import InputRefusedError
from optimiser.solving.outcome import Effort

if TYPE_CHECKING:
    from optimiser.commands.allocate.travel_by import TravelByRounds


def decide(options: argparse.Namespace) -> tuple[int, Allocation | None]:
    """The exit code and the allocation (None when there is none)."""
    begun, out = Begun(), Path(options.out)
    if options.certificate and options.travel_by is not None:
        return refused(
            "of travel by rounds nothing is certified: leave out --certificate or --travel-by. Nothing was written."
        ), None
    reading = read_for_results(options, out)
    if reading is None:
        return exits.REFUSED, None
    try:
        brief = brief_of(options)
    except InputRefusedError as faults:
        return refused_with(faults), None
    try:
        by_rounds = _by_rounds(options, reading.snapshot)
    except (InputRefusedError, TravelError) as why:
        return _refused(why), None
    allocation = allocate(
        reading.snapshot,
        brief=brief,
        rules=by_rounds.rules if by_rounds else None,
        effort=Effort(wall_seconds=options.wall_seconds),
        report=reporter(quiet=options.quiet),
        if_others_move=options.if_others_move,
    )
    if by_rounds:
        by_rounds.confirm(allocation)
    run = allocation_run(allocation, begun) | (by_rounds.record() if by_rounds else {})
    files = allocation_files(allocation, run)
    certificate = _certificate(allocation, quiet=options.quiet) if options.certificate else {}
    files |= certificate
    if not written(out, files, replace=options.replace):
        return exits.REFUSED, None
    tell(options, lambda: json.loads(files["result.json"]), lambda: say_allocation(allocation, out, quiet=options.quiet))
    return exits.INTERRUPTED if options.certificate and not certificate else exit_code_of(allocation), allocation


def _certificate(allocation: Allocation, *, quiet: bool) -> dict[str, bytes]:
    """What proves the bounds; nothing where somebody asks to end, so that the allocation is kept."""
    if allocation.stopped != "cancelled":
        if is_watched(quiet=quiet):
            complain("\nLooking for prices that prove each level. Ctrl-C ends that and keeps the allocation.")
        with suppress(KeyboardInterrupt):
            return certificate_files(allocation)
    complain("Interrupted: there is no certificate beside the allocation.")
    return {}


def _by_rounds(options: argparse.Namespace, snapshot: Snapshot) -> TravelByRounds | None:
    """What the travel level goes by; None where distance decides."""
    if options.travel_by is None:
        return None
    from optimiser.commands.allocate.travel_by import travel_by  # what fits is compiled, which takes its time to import

    return travel_by(options, snapshot)


def _refused(why: InputRefusedError | TravelError) -> int:
    for line in [fault.message() for fault in why.faults] if isinstance(why, InputRefusedError) else [str(why)]:
        complain(line)
    return refused("--travel-by. Nothing was written.")
