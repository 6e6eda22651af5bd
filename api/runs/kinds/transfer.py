"""A transfer's plan: which rounds move to the principal of their area, and when; or where the care of a contract goes that is
handed back. Evidence for decisions, with letters.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, Any, Self

from pydantic import AfterValidator, Field, model_validator

from api.http.errors import declare
from api.http.strict import Exact, Line, RecordId
from api.runs.kinds.kind import CannotRunError, Kind, Outcome, Task
from api.runs.stored_runs import pack
from optimiser.domain.person_records import TRANSFER
from optimiser.transferring.targets import areas_with_a_principal

if TYPE_CHECKING:
    from optimiser.county import County
    from optimiser.domain.level_result import Amount
    from optimiser.domain.plan import AgreedLimit as Agreed
    from optimiser.domain.plan import Known
    from optimiser.domain.policy import TransferPolicy
    from optimiser.transferring.frontier import Point
    from optimiser.transferring.letters import Letter
    from optimiser.transferring.story import EarlierPlan, Search
    from optimiser.transferring.transfer_plan import TransferPlan

Lines = list[dict[str, str]]

EVIDENCE_ONLY = declare("evidence_only", 409, "A transfer's plan is evidence for decisions and is not applied line by line")
NOT_BY_LINE = "Its rounds move whole, on their day, each person by a recorded decision: ask for each move as an offer then."
MOST_ROUNDS = 10_000
MOST_PROVIDERS = 1_000
IN_THE_WAY = "in_the_way"
"""Under this name a result holds, per round that may move and stays, the kinds of limit that keep it."""


def _iso(text: str) -> str:
    dt.date.fromisoformat(text)  # its error says what was expected
    return text


Day = Annotated[str, Field(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$", examples=["2027-03-01"]), AfterValidator(_iso)]


class MoveMade(Exact):
    """A person whose care moved away from a provider before."""

    date: Day
    package_id: RecordId
    from_provider_id: RecordId
    hours_per_week: Annotated[float, Field(gt=0, le=1000, multiple_of=0.25)]


class AgreedLimit(Exact):
    """Less may leave a provider within twelve months than leaves others, as was agreed with it: one of share and hours."""

    provider_id: RecordId
    share: Annotated[float | None, Field(ge=0, le=1, description="Of its running hours.")] = None
    hours_per_week: Annotated[float | None, Field(ge=0, le=100_000, multiple_of=0.25)] = None
    reason: Line

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.share is None) == (self.hours_per_week is None):
            raise ValueError("give a share or hours_per_week, one of the two")
        return self


class TransferSettings(Exact):
    """Of a transfer. All other settings of a transfer are the county's."""

    area_ids: Annotated[list[RecordId], Field(min_length=1, max_length=200)] | None = None
    """The areas whose rounds may move to their principal; null: every area with a principal contract that has not ended."""
    recut: bool = False
    """Whether parts of rounds may be proposed."""
    earlier: Annotated[dict[RecordId, Day | None], Field(max_length=MOST_ROUNDS)] | None = None
    """The plan to stay close to: per round the day that it was to move on, null for one that was to stay."""
    agreed: Annotated[dict[RecordId, Day], Field(max_length=MOST_ROUNDS)] = Field(default_factory=dict)
    """Rounds whose move on a day is agreed: they are kept where the plan has them."""
    refused: Annotated[list[RecordId], Field(max_length=MOST_ROUNDS)] = Field(default_factory=list)
    """People for whom a family or a social worker has said no, by package: their rounds stay. Without an ``earlier`` plan one is
    made first, as if nobody had refused, and the result says what differs from it."""
    wishes: Annotated[list[RecordId], Field(max_length=MOST_ROUNDS)] = Field(default_factory=list)
    """People who have asked to stay with their provider by a direct payment, by package."""
    frontier: bool = False
    """Whether what other limits and numbers of waves would reach is worked out, too; that takes its time."""
    history: Annotated[list[MoveMade], Field(max_length=MOST_ROUNDS)] = Field(default_factory=list)
    """Moves made already: they count in what leaves a provider within twelve months."""
    limits: Annotated[list[AgreedLimit], Field(max_length=MOST_PROVIDERS)] = Field(default_factory=list)
    """Lower limits that were agreed with single providers in talks about their viability."""
    letters_to_stayers: bool | None = None
    """Whether people whom the plan leaves as they are get a letter too; null: as the county's settings have it."""
    hand_back_of: RecordId | None = None
    """The reverse, and nothing else beside it: the contract that is handed back, whose people need somebody else."""

    @model_validator(mode="after")
    def _one_or_the_other(self) -> Self:
        if self.hand_back_of is not None and any(
            getattr(self, name) for name in type(self).model_fields if name != "hand_back_of"
        ):
            raise ValueError(
                "hand_back_of stands alone: where care goes that is handed back takes no other setting of a transfer"
            )
        return self


def work(task: Task) -> Outcome:
    """The plan, confirmed by the check. Raises ``CannotRunError`` where there is nothing to plan."""
    from optimiser.judging.checking import DisagreementError
    from optimiser.transferring.report import PlanNotConfirmedError
    from optimiser.transferring.story import CannotPlanError, Search

    asked = task.settings.get("transfer", {})
    search = Search(task.settings["wall_seconds"], lambda *news: _report(task, *news), task.should_stop)
    policy = task.snapshot.transfer
    policy = replace(policy, extra_holidays=tuple(sorted({*policy.extra_holidays, *task.extra_holidays})))
    try:
        if asked.get("hand_back_of"):
            return _hand_back(task, asked["hand_back_of"], policy, search)
        return _transfer(task, asked, policy, search)
    except CannotPlanError as cannot:
        raise CannotRunError(cannot.problems) from None
    except PlanNotConfirmedError:
        raise DisagreementError("the check does not confirm a transfer's plan") from None


def _transfer(task: Task, asked: Mapping[str, Any], policy: TransferPolicy, search: Search) -> Outcome:
    from optimiser.transferring.frontier import frontier
    from optimiser.transferring.page import page
    from optimiser.transferring.report import checked_files, letters
    from optimiser.transferring.result_file import result_record
    from optimiser.transferring.story import plan_transfer, reached
    from optimiser.transferring.tables import change_rows

    policy = with_letters(policy, asked)
    areas = asked.get("area_ids") or areas_with_a_principal(task.snapshot)
    (known, earlier), recut = known_of(asked), asked.get("recut", False)
    if earlier is None and (known.refused or known.agreed):
        whatever = replace(known, refused=frozenset())
        earlier = plan_transfer(task.snapshot, areas, policy, whatever, recut=recut, search=search).days
    plan = plan_transfer(task.snapshot, areas, policy, known, earlier=earlier, recut=recut, search=search)
    record = result_record(plan)
    checked_files(plan, record)
    record[IN_THE_WAY] = in_the_way_by_round(plan)
    points: list[Point] = []
    if asked.get("frontier"):
        for point in frontier(policy, reached(task.snapshot, areas, known), recut=recut):
            points.append(point)
            if task.should_stop():
                break
        record["frontier"] = [point.row() for point in points]
    if plan.changes is not None:
        record["changes"] = change_rows(plan)
    lines, post = tables_of(plan), letters(plan)
    return Outcome(
        record={**record, **lines, **without_letters(post), "page": page(plan, record, points).decode()},
        proposals=(),
        explanations=list(_explanations(lines["people"], post)),
        stopped=plan.stopped,
        rounds=tuple((row["round_id"], row["date"] or None) for row in lines["transfers"]),
    )


def with_letters(policy: TransferPolicy, asked: Mapping[str, Any]) -> TransferPolicy:
    """Settings with what a run asks for of letters to people whom nothing changes."""
    wanted = asked.get("letters_to_stayers")
    return policy if wanted is None else replace(policy, letters_to_stayers=wanted)


def _hand_back(task: Task, contract_id: str, policy: TransferPolicy, search: Search) -> Outcome:
    """Where everybody on a contract goes, with ``hand_back``, the lines of ``hand-back.csv``, in the record."""
    from optimiser.transferring.handing_back.letters import hand_back_letters
    from optimiser.transferring.handing_back.page import hand_back_page
    from optimiser.transferring.handing_back.report import HAND_BACK, checked_files, hand_back_record, hand_back_rows
    from optimiser.transferring.handing_back.story import plan_hand_back

    plan = plan_hand_back(task.snapshot, contract_id, policy, search)
    rows, record, post = hand_back_rows(plan), hand_back_record(plan), hand_back_letters(plan)
    checked_files(plan, rows, record)
    lines, shown = lines_of(HAND_BACK, rows), hand_back_page(plan, rows, record["notes"])
    return Outcome(
        record={**record, "hand_back": lines, **without_letters(post), "page": shown.decode()},
        proposals=(),
        explanations=list(_explanations(lines, post)),
        stopped=plan.stopped,
        rounds=tuple((row["package_id"], f"{row['to_contract_id']} {row['then_from']}".strip() or None) for row in lines),
    )


def known_of(asked: Mapping[str, Any]) -> tuple[Known, EarlierPlan | None]:
    """What ``TransferSettings`` say of moves made and agreed, and of the plan to stay close to, as a run keeps them."""
    from optimiser.domain.plan import AgreedMove, EarlierMove, Known

    day, earlier = dt.date.fromisoformat, asked.get("earlier")
    history = (
        EarlierMove(day(each["date"]), each["package_id"], each["from_provider_id"], round(60 * each["hours_per_week"]))
        for each in asked.get("history", ())
    )
    made = tuple(sorted(history, key=lambda move: (move.date, move.package_id)))
    agreed = tuple(AgreedMove(name, day(on)) for name, on in sorted(asked.get("agreed", {}).items()))
    plan = None if earlier is None else {name: None if on is None else day(on) for name, on in earlier.items()}
    said_no, wishes = frozenset(asked.get("refused", ())), frozenset(asked.get("wishes", ()))
    limits = tuple(_limit(each) for each in sorted(asked.get("limits", ()), key=lambda each: str(each["provider_id"])))
    return Known(history=made, agreed=agreed, refused=said_no, wishes=wishes, limits=limits), plan


def _limit(given: Mapping[str, Any]) -> Agreed:
    from optimiser.domain.plan import AgreedLimit as Agreed

    share, hours = given.get("share"), given.get("hours_per_week")
    part = None if share is None else Fraction(str(share))
    return Agreed(given["provider_id"], given["reason"], part, None if hours is None else round(hours * 60))


def faults(county: County, settings: Mapping[str, Any]) -> list[str]:
    """A contract or people that there are not, and moves that were made on a later day than today."""
    found = []
    for name in ("refused", "wishes"):
        unknown = sorted(set(settings.get(name, ())) - county.package_index.keys())
        found += [f"settings.transfer.{name}: expected ids of packages; there is none called {each}" for each in unknown]
    limited = [str(each["provider_id"]) for each in settings.get("limits", ())]
    unknown = sorted(set(limited) - {each.provider_id for each in county.providers})
    found += [f"settings.transfer.limits: expected ids of providers; there is none called {each}" for each in unknown]
    twice = sorted({each for each in limited if limited.count(each) > 1})
    found += [f"settings.transfer.limits: expected each provider once; found {each} again" for each in twice]
    contract_id = settings.get("hand_back_of")
    if contract_id is not None and contract_id not in county.contract_index:
        found.append(f"settings.transfer.hand_back_of: expected the id of a contract; there is none called {contract_id}")
    late = sorted({each["date"] for each in settings.get("history", ()) if dt.date.fromisoformat(each["date"]) > county.as_of})
    found += [f"settings.transfer.history: expected days up to {county.as_of}, today; found {day}" for day in late]
    return found


def in_the_way_by_round(plan: TransferPlan) -> dict[str, list[str]]:
    """Per round that may move and stays the kinds of limit that keep it."""
    from optimiser.transferring.explain import rules_in_the_way

    found = {plan.candidates[index].round_id: rules_in_the_way(plan, index) for index in plan.told}
    return {round_id: sorted(rules) for round_id, rules in sorted(found.items()) if rules is not None}


def tables_of(plan: TransferPlan) -> dict[str, Lines]:
    """The tables that a result holds, by the names of the files that hold the same."""
    from optimiser.transferring import tables

    return {
        "transfers": lines_of(tables.TRANSFERS, tables.transfer_rows(plan)),
        "people": lines_of(tables.PEOPLE, tables.people_rows(plan)),
        "waves": lines_of(tables.WAVES, tables.wave_rows(plan)),
        "impact": lines_of(tables.IMPACT, tables.impact_rows(plan)),
    }


def lines_of(header: Sequence[str], rows: Iterable[Mapping[str, object]]) -> Lines:
    """Rows as a table writes them: all columns, each as text, empty where a row has none."""
    return [{name: str(row.get(name, "")) for name in header} for row in rows]


def _report(task: Task, level: str, value: Amount, bound: Amount) -> None:
    """A line of progress; a level in parts of one has no whole value, and is told with the result."""
    from optimiser.solving.outcome import Progress

    if isinstance(value, int) and isinstance(bound, int):
        task.report(Progress(level, value, bound, value - bound, 0.0))


def without_letters(letters: Sequence[Letter]) -> dict[str, str]:
    """Why a run's explanations hold no letters, where there would be some; else nothing."""
    from optimiser.transferring.letters import to_print

    _, why_not = to_print(letters)
    return {"no_letters": why_not} if why_not and letters else {}


def _explanations(people: Lines, letters: Sequence[Letter]) -> Iterator[tuple[str, bytes]]:
    """Per person in a round, or on a contract that is handed back, their line of the plan, and the letter."""
    from optimiser.transferring.letters import to_print

    written = {letter.package_id: asdict(letter) for letter in to_print(letters)[0]}
    for person in people:
        yield person["package_id"], pack({"person": person, "letter": written.get(person["package_id"])})


def _which_round_when(outcome: Outcome) -> list[Any]:
    return list(outcome.rounds)


KIND = Kind(
    "transfer",
    "Which rounds move to the principal of their area, and when; or where the care of a contract goes that is handed back.",
    work,
    settings=TransferSettings,
    not_applied=(EVIDENCE_ONLY, NOT_BY_LINE),
    move=TRANSFER,
    faults=faults,
    digest_parts=_which_round_when,
)
