"""The process that fits: it reads the rounds and the county once, then answers one package after the other."""

from __future__ import annotations

import signal
from multiprocessing.connection import Connection
from pathlib import Path

from api.cascade.fitting_room import Answer, Provenance, Question, Refused, Told
from api.settings import Settings
from api.state.store import Store
from api.storage.database import open_database, reading
from api.storage.patience import Patience
from optimiser.domain.rounds_plan import RoundsPlan
from optimiser.domain.snapshot import Snapshot
from optimiser.geography.travel_times.choosing import travel_from
from optimiser.geography.travel_times.interface import TravelError
from optimiser.io.faults import InputRefusedError
from optimiser.io.rounds_plan import read_rounds_plan
from optimiser.io.staffing import read_staffing
from optimiser.rounds.fitting.fit import Fit
from optimiser.rounds.fitting.loading import ReadyRounds, current_part, ready, refuse_other_travel

STAFFING = "staffing.toml"
MOST_SAID = 25


def work(questions: Connection, settings: Settings) -> None:
    """Says what was read, or why not; then answers until nobody can ask any more."""
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, signal.SIG_IGN)  # the service is told, and closes its end
    try:
        rounds, provenance = _read(settings)
    except InputRefusedError as refused:
        questions.send(Refused(tuple(fault.message() for fault in refused.faults[:MOST_SAID])))
        return
    except TravelError as error:
        questions.send(Refused((str(error),)))
        return
    questions.send(provenance)
    while True:
        try:
            question: Question = questions.recv()
        except EOFError:
            return
        questions.send(_answer(rounds, question))


def _read(settings: Settings) -> tuple[ReadyRounds, Provenance]:
    folder = Path(settings.rounds)
    built = read_rounds_plan(folder)
    travel = travel_from(settings.rounds_travel)
    refuse_other_travel(built, travel)
    snapshot, version = _county(settings)
    own = folder / STAFFING
    staffing, workers, _ = read_staffing(folder, own if own.exists() else None, snapshot)
    plan, elsewhere = current_part(built, snapshot, workers)
    left_out = len({visit.round_id for visit in elsewhere})
    told = Provenance(built.as_of, built.snapshot_digest, built.built_at, travel.provenance, len(plan.rounds), left_out, version)
    rounds = ready(plan, snapshot, staffing, travel, workers, elsewhere)
    _warm_up(rounds, plan, snapshot)
    return rounds, told


def _warm_up(rounds: ReadyRounds, plan: RoundsPlan, snapshot: Snapshot) -> None:
    """Try one visit once more: what fits is compiled when first called, for longer on a new machine than anybody waits."""
    planned = plan.visits[0]
    visit = next(visit for visit in snapshot.visits if visit.visit_id == planned.visit_id)
    package = next(package for package in snapshot.packages if package.package_id == visit.package_id)
    holder = next(each.provider_id for each in plan.rounds if each.round_id == planned.round_id)
    rounds.memory.fit(package, [visit], [holder])


def _county(settings: Settings) -> tuple[Snapshot, int]:
    engine = open_database(settings.database_url, Patience.long(settings))
    try:
        with reading(engine) as connection:
            state = Store(engine, settings.clock).live.at(connection)
            return state.snapshot, state.version
    finally:
        engine.dispose()


def _answer(rounds: ReadyRounds, question: Question) -> Answer:
    known = [name for name in question.provider_ids if name in rounds.memory.provider_ids]
    try:
        fits = rounds.fit(question.package, question.visits, known)
    except Exception as error:  # the service goes on without advice; what the error says may be personal
        return Answer(defect=type(error).__name__)
    return Answer(tuple(map(_told, fits)))


def _told(fit: Fit) -> Told:
    return Told(fit.provider_id, fit.extra_minutes, fit.round_ids, len(fit.shifted), len(fit.missing))
