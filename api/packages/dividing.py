"""A package is divided: some of its care becomes a package of its own, a part, and the rest stays what it was; and taken back.

Not a minute is lost or doubled by either. Each visit is in one part alone, so that no two providers come to one visit; but where
the service is double assist, a visit of two care workers may be shared, one from each side. Both sides stand at one place, and
the person is counted once (``part_of``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from api.http.conversion import cell_of
from api.http.errors import Problem, declare
from api.offers.problems import NOT_IN_THIS_STATE, package_index
from api.packages.acts import supersede_declines
from api.packages.answers import visits_of
from api.state.accepting import Written, put_checked
from api.state.state import State
from api.state.store import Change
from api.state.stored_records import Body
from optimiser.domain.records import CARE_STEP_MINUTES, Package, Visit, made_of
from optimiser.io.record_cells import EXTRA
from optimiser.io.schema import DAYS, OF_PEOPLE

NOT_DIVISIBLE = declare("not_divisible", 422, "The care cannot be divided so; `faults` says why")
DIVIDED_FROM = "divided_from"
"""Under this name a visit's body holds the visit that it was divided from, where only some of it became the part's."""
OF_A_WHOLE = ("bundle_id", "contract_id", "round_id", "care_started", "previous_contract_id", "held_until", "first_visit_at")
"""What the rest keeps, and a part has not: it waits on its own."""


@dataclass(frozen=True)
class Share:
    """Of a visit what becomes the part's. ``days`` empty: all of its days; ``workers`` None: all of its care workers."""

    visit_id: str
    days: Sequence[str] = ()
    workers: int | None = None


@dataclass(frozen=True)
class Portion:
    """What becomes the part's: of a package with visits some of them, of another one hours and a number of visits a week."""

    shares: Sequence[Share] = ()
    minutes_per_week: int = 0
    visits_per_week: int = 0


def divide(change: Change, package_id: str, wanted: Portion, double_assist: str, now: str, **also: str) -> str:
    """Divide a package inside a change; returns the id of the part.

    ``double_assist``: the service whose visits two providers may share. ``also``: names of the service's own that the part has.
    Raises the problems ``not_found``, ``not_in_this_state`` and ``not_divisible`` with every fault, or ``InputRefusedError``.
    """
    state = change.as_if()
    whole = _waiting(state, package_id)
    root = whole.part_of or package_id
    part_id = next(name for n in range(1, 10_000) if not change.was_ever("packages", name := made_of(root, f"-P{n}")))
    visits = refuse_unfit(state, whole, wanted, double_assist)
    written = _shared(state, part_id, wanted.shares)
    body = state.stock["packages"][package_id].body
    part = {name: body[name] for name in body if name != EXTRA}  # such as its line in the council's accounts
    part |= dict.fromkeys(OF_A_WHOLE, "") | {"package_id": part_id, "part_of": root} | also
    if visits:
        mine = [each for each in written.values() if each is not None and each["package_id"] == part_id]
        rest = [each for each in _after(state, package_id, written) if each["package_id"] == package_id]
        own, left = _sums(mine), _sums(rest)
    else:
        own = _cells(wanted.minutes_per_week, wanted.visits_per_week, whole.workers)
        left = _cells(
            whole.minutes_per_week - wanted.minutes_per_week, whole.visits_per_week - wanted.visits_per_week, whole.workers
        )
    put_checked(change, written | {("packages", package_id): body | left, ("packages", part_id): part | own})
    told = {"part": part_id, "before": {name: body[name] for name in left}, "after": left, "part_after": own}
    change.remember("package.divide", "packages", package_id, told)
    change.remember("package.add", "packages", part_id, {"priority": whole.priority, "area_id": whole.area_id, "part_of": root})
    supersede_declines(change, package_id, now)  # the need is another: who could not meet it may be asked again
    return part_id


def refuse_unfit(state: State, whole: Package, wanted: Portion, double_assist: str) -> list[Visit]:
    """The visits of a package, of which some are wanted. Raises the problem ``not_divisible`` with every fault."""
    visits = [state.stock["visits"][each].record for each in visits_of(state, whole.package_id)]
    faults = list(_faults(whole, visits, wanted, double_assist))
    if faults:
        raise Problem(NOT_DIVISIBLE, f"{len(faults)} fault(s); nothing was written.", faults=faults)
    return visits


def take_back(change: Change, part_id: str, reason: str, now: str) -> None:
    """The care of a part goes back to the package that it was divided from, inside a change.

    Offers of the part that wait are over with it, and what else was written down of it alone. Raises the problem
    ``not_in_this_state`` where either side is no longer free.
    """
    state = change.as_if()
    stored = state.stock["packages"][part_id]
    part, root = stored.record, stored.record.part_of
    if not root:
        raise Problem(NOT_IN_THIS_STATE, "The rest of this care has ended: end the part at its own address, if nobody needs it.")
    whole = _waiting(state, root)
    over = {
        kind: {each: own.body for each, own in state.stock[kind].items() if own.record.package_id == part_id}
        for kind in OF_PEOPLE
        if kind not in ("packages", "visits")
    }
    written: Written = {("packages", part_id): None}
    written |= {(kind, record_id): None for kind, bodies in over.items() for record_id in bodies}
    for visit_id in visits_of(state, part_id):
        written |= _returned(state, visit_id, root)
    if visits := [each for each in _after(state, root, written) if each["package_id"] == root]:
        cells = _sums(visits)
    else:
        minutes, count = whole.minutes_per_week + part.minutes_per_week, whole.visits_per_week + part.visits_per_week
        cells = _cells(minutes, count, max(whole.workers, part.workers))
    body = state.stock["packages"][root].body
    put_checked(change, written | {("packages", root): body | cells})
    # Its visits go on with the person: of the part there is nothing else to be forgotten.
    told = {"reason": reason, "package": stored.body, "visits": [], "goes_on_in": root}
    told |= {kind: list(bodies.values()) for kind, bodies in over.items()}
    change.remember("package.end", "packages", part_id, told)
    before = {name: body[name] for name in cells}
    change.remember("package.rejoin", "packages", root, {"part": part_id, "before": before, "after": cells})
    supersede_declines(change, root, now)


def _waiting(state: State, package_id: str) -> Package:
    """A package that waits, and nobody is asked for. Raises the problems ``not_found`` and ``not_in_this_state``."""
    index = package_index(state, package_id)
    if (situation := state.situation_of(index)) != "waiting":
        told = {
            "pending": "providers are asked for this care as it is: wait for their answers, or withdraw the offers",
            "accepted": "a provider has accepted this care as it is",
        }
        raise Problem(NOT_IN_THIS_STATE, f"Nothing was changed: {told.get(situation, 'this care runs as it is')}.")
    return state.county.packages[index]


def _faults(whole: Package, visits: Sequence[Visit], wanted: Portion, double_assist: str) -> Iterator[str]:
    if not visits:
        if wanted.shares:
            yield "This package has no visits written down: say hours_per_week and visits_per_week of the part."
        elif not 0 < wanted.minutes_per_week < whole.minutes_per_week:
            yield f"hours_per_week: more than none and less than all {whole.minutes_per_week / 60:g}, so that some care stays."
        if not wanted.shares and not 0 < wanted.visits_per_week < whole.visits_per_week:
            yield f"visits_per_week: at least 1 and fewer than all {whole.visits_per_week}, so that some visits stay."
        return
    if not wanted.shares:
        yield "This package has visits written down: name those that become the part's."
        return
    known = {visit.visit_id: visit for visit in visits}
    for visit_id, times in sorted(Counter(share.visit_id for share in wanted.shares).items()):
        if times > 1:
            yield f"{visit_id}: named {times} times; a visit is named once, with all days that become the part's."
    for share in wanted.shares:
        yield from _faults_of_share(share, known.get(share.visit_id), whole, double_assist)
    taken = {share.visit_id: share for share in wanted.shares if share.visit_id in known}
    minutes = sum(_minutes(known[each], share) for each, share in taken.items())
    if minutes >= whole.minutes_per_week:
        yield "All of the care would become the part's: leave some of it, or ask for (or say yes to) the package as it is."
    elif minutes % CARE_STEP_MINUTES:
        yield (
            f"These visits come to {minutes} minutes a week: both sides need whole quarter hours, as the hours of a package are"
            " counted in. Choose visits or days that come to such a sum."
        )


def _faults_of_share(share: Share, visit: Visit | None, whole: Package, double_assist: str) -> Iterator[str]:
    if visit is None:
        yield f"{share.visit_id}: this package has no such visit."
        return
    if missing := [day for day in share.days if day not in visit.days]:
        known = ", ".join(sorted(visit.days, key=DAYS.index))
        yield f"{share.visit_id}: it is not on {', '.join(missing)}; its days are {known}."
    if share.workers is not None and whole.service != double_assist:
        yield f"{share.visit_id}: no two providers come to one visit; only the service {double_assist} may be shared so."
    elif share.workers is not None and (visit.workers < 2 or share.days):
        yield f"{share.visit_id}: one of two care workers may come from the part, to a visit that needs two, on all of its days."


def _minutes(visit: Visit, share: Share) -> int:
    days = [day for day in visit.days if not share.days or day in share.days]
    return visit.duration_minutes * len(days) * (share.workers or visit.workers)


def _shared(state: State, part_id: str, shares: Iterable[Share]) -> Written:
    """The bodies of visits after dividing: one that is the part's altogether keeps its id, of others a new one is made."""
    written: Written = {}
    for share in shares:
        stored = state.stock["visits"][share.visit_id]
        visit, body = stored.record, stored.body
        left = [day for day in visit.days if share.days and day not in share.days]
        if not left and share.workers is None:
            written["visits", share.visit_id] = body | {"package_id": part_id}
            continue
        new_id = next(
            name
            for n in range(1, 10_000)
            if (name := made_of(part_id, f"-V{n}")) not in state.stock["visits"] and ("visits", name) not in written
        )
        mine: Body = {name: body[name] for name in body if name != EXTRA}
        mine |= {"visit_id": new_id, "package_id": part_id, DIVIDED_FROM: share.visit_id}
        if share.workers is not None:
            mine |= {"workers": str(share.workers)}
            written["visits", share.visit_id] = body | {"workers": str(visit.workers - share.workers)}
        else:
            mine |= {"days": cell_of("days", [day for day in visit.days if day in share.days])}
            written["visits", share.visit_id] = body | {"days": cell_of("days", left)}
        written["visits", new_id] = mine
    return written


def _returned(state: State, visit_id: str, root: str) -> Written:
    """A part's visit after it is taken back: again one with the visit that it was divided from, where that is as it was."""
    stored = state.stock["visits"][visit_id]
    origin = state.get("visits", stored.body.get(DIVIDED_FROM, ""))
    body = {name: value for name, value in stored.body.items() if name != DIVIDED_FROM}
    if origin is not None and origin.record.package_id == root and (again := _one(origin.record, stored.record)):
        return {("visits", visit_id): None, ("visits", origin.record.visit_id): origin.body | again}
    return {("visits", visit_id): body | {"package_id": root}}


def _one(visit: Visit, other: Visit) -> dict[str, str]:
    """What makes one visit of two that were one; nothing where they no longer fit together."""

    def window(each: Visit) -> tuple[Any, ...]:
        return each.earliest_start, each.latest_start, each.duration_minutes

    if window(visit) != window(other):
        return {}
    if visit.days == other.days and (visit.workers, other.workers) == (1, 1):
        return {"workers": "2"}
    if visit.workers == other.workers and not set(visit.days) & set(other.days):
        return {"days": cell_of("days", sorted({*visit.days, *other.days}, key=DAYS.index))}
    return {}


def _after(state: State, package_id: str, written: Written) -> list[Mapping[str, Any]]:
    """The bodies of a package's visits and of those written, as they will be."""
    bodies = {each: state.stock["visits"][each].body for each in visits_of(state, package_id)}
    changed = {record_id: body for (kind, record_id), body in written.items() if kind == "visits"}
    return [body for body in {**bodies, **changed}.values() if body is not None]


def _sums(visits: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """What a package's cells say of its visits."""
    rows = [(len(each["days"].split(";")), int(each["workers"]), int(each["duration_minutes"])) for each in visits]
    minutes = sum(days * workers * duration for days, workers, duration in rows)
    return _cells(minutes, sum(days for days, _, _ in rows), max(workers for _, workers, _ in rows))


def _cells(minutes: int, visits: int, workers: int) -> dict[str, str]:
    hours = cell_of("hours_per_week", float(Fraction(minutes, 60)))
    return {"hours_per_week": hours, "visits_per_week": str(visits), "workers": str(workers)}
