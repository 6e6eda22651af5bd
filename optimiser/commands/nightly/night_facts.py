"""What a night works on, from a folder or the service's database, and where its plan is kept."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from optimiser import exits
from optimiser.commands.shared.inputs import read_or_refuse, say_notes
from optimiser.commands.shared.saying import complain

if TYPE_CHECKING:
    import datetime as dt

    from optimiser.domain.assessments import Assessment
    from optimiser.domain.snapshot import Snapshot
    from optimiser.nightly.newly_begun import FirstDays
    from optimiser.nightly.reserve_use import Opening
    from optimiser.nightly.watch import StoredAs, Watch
    from optimiser.reoptimising.story import Reoptimisation


A_YEAR = 366
"""As far as the page of a night in the service looks ahead at most."""


@dataclass(frozen=True)
class NightFacts:
    """A county, and what the database alone knows of it: all but the snapshot is empty where a folder is read."""

    snapshot: Snapshot
    openings: Sequence[Opening] = ()
    """Where the reserve is open, and why."""
    assessments: Sequence[Assessment] = ()
    nobody_since: Mapping[str, dt.date] | None = None
    """Since when nobody can be asked for somebody."""
    first_days: FirstDays | None = None
    """Care that has just begun."""
    watch: Watch | None = None
    version: int | None = None
    """Of the county in the database."""

    @property
    def beside(self) -> dict[str, Any]:
        """What the report takes of them, by the names that it has for it."""
        names = ("openings", "assessments", "nobody_since", "watch", "first_days")
        return {name: getattr(self, name) for name in names if getattr(self, name) is not None}


def night_facts_or_refuse(options: argparse.Namespace) -> NightFacts | None:
    """From the folder, else from the service's database (``DATABASE_URL``); None after every fault has been said."""
    if options.folder is not None:
        reading = read_or_refuse(options.folder, show_values=options.show_values)
        if reading is None:
            return None
        say_notes(reading.notes)
        return NightFacts(reading.snapshot)

    from api.enhanced.onward import onward_of
    from api.enhanced.support_clocks import answered_at
    from api.first_visits.expecting import not_confirmed
    from api.meanwhile.alerting import nobody_since
    from api.nights import acts
    from api.state.stored_records import assessments_of, openings_of
    from api.terminal import at_the_terminal, read_settings
    from optimiser.nightly.newly_begun import FirstDays

    with at_the_terminal(read_settings()) as by:
        if by is None:
            return None
        county = acts.read(by)
        state = county.state
        told = openings_of(state.stock), assessments_of(state.stock), nobody_since(state)
        first_days = FirstDays(not_confirmed(state), answered_at(state), onward_of(state))
        return NightFacts(state.snapshot, *told, first_days, county.watch, state.version)


def keeping(options: argparse.Namespace, facts: NightFacts) -> Callable[[Reoptimisation], StoredAs | None] | None:
    """What keeps the plan of a night made from the database, as a run there; None for one made from a folder."""
    watch, version = facts.watch, facts.version
    if watch is None or version is None:
        return None

    def keep(made: Reoptimisation) -> StoredAs | None:
        from api.nights import acts
        from api.nights.keeping import Asked, NotKeptError
        from api.runs.kinds.nightly import NightlySettings, night_of
        from api.terminal import at_the_terminal, or_unreachable, read_settings

        days = NightlySettings(
            holds_days=min(options.holds_days, A_YEAR),
            offers_days=min(options.offers_days, A_YEAR),
            ahead_days=min(options.ahead_days, A_YEAR),
        )
        told = night_of(made, facts.beside, days)
        asked = Asked(
            max_moves=options.max_moves,
            step_moves=options.step_moves,
            wall_seconds=options.wall_seconds,
            history_given=options.history is not None,
            if_others_move=options.if_others_move,
        )
        try:
            with or_unreachable(), at_the_terminal(read_settings()) as by:
                return (
                    None if by is None else acts.keep(by, made, version, watch.trend[-1], asked, stress=options.stress, told=told)
                )
        except (NotKeptError, exits.RefusedError) as failure:  # the morning has its report all the same
            complain(f"The plan is not kept as a run: {str(failure).rstrip('.')}. Make the report again.")
            return None

    return keep
