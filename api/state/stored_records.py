"""What is stored of a county: its records, per kind and id the cells of a file's line and what they make; its settings."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from operator import attrgetter
from typing import Any, NamedTuple

from optimiser.domain.assessments import Assessment
from optimiser.domain.policy import (
    EnhancedSettings,
    MeanwhileSettings,
    Policy,
    ProcurementSettings,
    QualitySettings,
    TransferPolicy,
)
from optimiser.domain.records import Area
from optimiser.domain.snapshot import (
    ENHANCED_DEFAULTS,
    MEANWHILE_DEFAULTS,
    PROCUREMENT_DEFAULTS,
    QUALITY_DEFAULTS,
    TRANSFER_DEFAULTS,
    OwnColumns,
    Snapshot,
)
from optimiser.io.exporting import policy_lines, told_ahead_lines, transfer_lines
from optimiser.io.faults import Findings, InputRefusedError
from optimiser.io.policy_settings import (
    ENHANCED,
    MEANWHILE,
    PROCUREMENT,
    QUALITY,
    enhanced_settings,
    meanwhile_settings,
    procurement_settings,
    quality_settings,
    read_policy,
)
from optimiser.io.record_cells import EXTRA, KINDS, cells_of, id_column, record_of
from optimiser.io.transfer_settings import TABLE as TRANSFER
from optimiser.io.transfer_settings import transfer_policy
from optimiser.nightly.reserve_use import Opening

Body = dict[str, Any]
"""A record as it is stored: its cells by column, what stands in columns of the council's own under ``EXTRA``, and what the
service adds to them (names that no column has).
"""


@dataclass(frozen=True)
class Stored:
    """A record in the database. ``version`` is its ETag; ``record`` what the engine sees of it."""

    body: Body
    version: int
    record: Any

    def __repr__(self) -> str:
        return f"<Stored in version {self.version}>"


COLUMNS = "own_columns"
"""By kind (its id) the ``columns`` of the council's own in the order of the file that was loaded."""
CALL_OFFS = "call_offs"
"""What was asked for, by whom and when. Of people they hold nothing, not even an id: a package names its call-off."""
VOLUMES = "volumes"
"""What entries of the trail call those that are of nobody: volumes of an area, which become contracts."""
CALL_OFF_ID = "call_off_id"
"""Under this name a package's body holds the call-off that it was asked for by."""
LETTERS = "letters"
"""Letters that put right what a plan's letters said: kept until whoever they are to is forgotten."""
HOSPITAL_CASES = "hospital_cases"
"""A hospital's notices of one stay, by its reference: kept until whoever they are about is forgotten."""
FIRST_VISITS = "first_visits"
"""Per package the first visit that is due since its provider last changed, and who said that somebody came."""
ENHANCED_SUPPORT = "enhanced_support"
"""Per package of enhanced home support what a named person said of it: whether care is still needed, a notice of a charge and a
financial assessment. Kept until whoever it is about is forgotten, as first visits are."""
ASSESSMENTS = "assessments"
"""Of providers by the council (PAMMS). Nothing of them is a record of a snapshot before its rating is published."""
RIGHTS = "rights_requests"
"""What a person asks of the council about their data: a correction, or an objection. Kept until they are forgotten."""
CLAIMS = "claims"
"""Per package who has said last that they are working on it, and since when: it lapses, and bars nobody from anything."""
DECISION_REQUESTS = "decision_requests"
"""That social work is asked to decide about a move of somebody, by when and why. Kept until they are forgotten."""
CAPACITY_RETURNS = "capacity_returns"
"""Per provider the free hours that it has told last. They bind nobody, and no rule and no ranking reads them."""
CAPACITY_ASKS = "capacity_asks"
"""Per provider when it was asked for its free hours last."""
ON_CALL = "on_call"
"""Per provider the hours in which it has declared that somebody there answers, with who said so."""
CONTACTS = "contacts"
"""What a provider, a person or their family asks the council, step by step. Kept until whoever it is about is forgotten; of what
is about nobody's care the words that name somebody are emptied then."""
FIRST_ASKINGS = "first_askings"
"""Per month of how many requests that were first asked for in it what of each provider's own stood in the way: counts alone."""
STATEMENT_QUERIES = "statement_queries"
"""What providers ask about a line of a monthly statement of theirs, with the day by which they are to have an answer."""
RELEASED_TRANSFERS = "released_transfers"
"""Per run of a transfer's plan what a named person has released of it to providers: rounds in counts, and nobody of them."""
ACCOUNT_BOOK = "account_book"
"""One record: what statements are made by, as the files of a folder have it. It tells of nobody."""
STATEMENTS = "statements"
"""Of a contract and four weeks: in figures alone. Its lines stand in a table of their own."""
PERIOD_FIGURES = "period_figures"
"""Per period what it tells beside its statements: the use of guarantees, shares, both steps of billing. In figures alone."""
LINE_QUERIES = "line_queries"
"""That a provider questions a line of a statement, and what a named person decided."""
DELIVERIES = "deliveries"
"""One record: what records of visits said last that somebody should look at. Of people it holds a row each; whoever is forgotten
has none in it any more."""
INCENTIVE_PERIODS = "incentive_periods"
"""Designated periods for incentives that a named person opened, half-open; withdrawn ones stay. They tell of nobody."""
OWN_KINDS = (
    "alerts",
    CALL_OFFS,
    LETTERS,
    HOSPITAL_CASES,
    FIRST_VISITS,
    ENHANCED_SUPPORT,
    RIGHTS,
    CLAIMS,
    DECISION_REQUESTS,
    CAPACITY_RETURNS,
    CAPACITY_ASKS,
    ON_CALL,
    CONTACTS,
    FIRST_ASKINGS,
    STATEMENT_QUERIES,
    RELEASED_TRANSFERS,
    ACCOUNT_BOOK,
    STATEMENTS,
    PERIOD_FIGURES,
    LINE_QUERIES,
    DELIVERIES,
    INCENTIVE_PERIODS,
    COLUMNS,
    ASSESSMENTS,
)
"""Kinds of record that the service keeps for itself: versioned like the others, no records of a snapshot."""

Stock = Mapping[str, Mapping[str, Stored]]
"""Per kind the records by id: ``areas``, those of ``io.record_cells``, and the service's own, whose ``record`` is None."""

RESERVE = "reserve_areas"
"""The areas where the reserve is open, each with what a snapshot's folder has no place for: since when, by whom, why."""

IN_SNAPSHOT = ("areas", RESERVE, *KINDS)
RELOAD = "reload"
"""A record of this kind says that others were deleted outright: whoever knows an older version reads everything again."""

EMPTY: Stock = {kind: {} for kind in (*IN_SNAPSHOT, *OWN_KINDS)}

Written = tuple[str, str, int, Body | None]
"""Kind, id, version and body of a record that was written; no body: it is gone."""


def with_written(stock: Stock, written: Iterable[Written]) -> Stock:
    """The stock with some records written or gone; kinds that none belongs to stay the very same."""
    changed: dict[str, dict[str, Stored]] = {}
    for kind, record_id, version, body in written:
        records = changed.setdefault(kind, dict(stock.get(kind, {})))
        if body is None:
            records.pop(record_id, None)
        else:
            records[record_id] = Stored(body, version, _record(kind, body))
    return {**stock, **changed}


def _record(kind: str, body: Body) -> Any:
    """What the engine sees of a record. Raises ``InputRefusedError`` for a wrong cell."""
    if kind not in IN_SNAPSHOT:
        return None
    if kind == RESERVE:
        return body["area_id"]
    if kind != "areas":
        return record_of(kind, body)
    go_live, planned = (
        dt.date.fromisoformat(day) if (day := body.get(name)) else None for name in ("go_live", "go_live_planned")
    )
    return Area(body["area_id"], body["name"], body["region"], go_live, body["geometry"], planned)


def extra_of(stock: Stock, kind: str) -> OwnColumns:
    """A kind's columns of the council's own: those of the file in its order, and those that were first set over HTTP by name."""
    known = stock[COLUMNS].get(kind)
    listed = known.body["columns"] if known else []
    having = sorted(each for each, stored in stock[kind].items() if stored.body.get(EXTRA))
    cells = {each: stock[kind][each].body[EXTRA] for each in having}
    return OwnColumns((*listed, *sorted({name for own in cells.values() for name in own} - set(listed))), cells)


def all_extra(stock: Stock) -> dict[str, OwnColumns]:
    """The same for every kind that has any, as a snapshot holds it."""
    found = {kind: extra_of(stock, kind) for kind in ("areas", *KINDS)}
    return {kind: own for kind, own in found.items() if own.columns}


def next_extra(stock: Stock, extra: Mapping[str, OwnColumns], changed: Collection[str]) -> Mapping[str, OwnColumns]:
    """The same where records of some kinds alone have changed since: of the others it is what it was."""
    found = {kind: extra_of(stock, kind) if kind in changed else extra.get(kind) for kind in ("areas", *KINDS)}
    return {kind: own for kind, own in found.items() if own is not None and own.columns}


def with_given(body: Body, given: Mapping[str, Any]) -> Body:
    """A body with other cells. In columns of the council's own those that are named, an empty text for none; others stay."""
    extra = {name: text for name, text in {**body.get(EXTRA, {}), **given.get(EXTRA, {})}.items() if text}
    cells = {name: value for name, value in {**body, **given}.items() if name != EXTRA}
    return cells | ({EXTRA: extra} if extra else {})


def as_before(body: Body, given: Mapping[str, Any]) -> Body:
    """What stood in a body where other cells are given now; "" where nothing did."""
    own = given.get(EXTRA, {})
    before = {name: body.get(name) or "" for name in given if name != EXTRA}
    return before | ({EXTRA: {name: body.get(EXTRA, {}).get(name, "") for name in own}} if own else {})


def records_of(stock: Mapping[str, Stored]) -> Any:
    """The records of one kind, by id, as a snapshot holds them."""
    return tuple(map(attrgetter("record"), map(stock.__getitem__, sorted(stock))))  # asked at every change: no step in Python


def id_of(kind: str, record: Any) -> str:
    """What names a record of a snapshot among those of its kind."""
    if kind == RESERVE:
        return str(record)
    return str(record.area_id if kind == "areas" else getattr(record, id_column(kind)))


def body_of(kind: str, record: Any) -> Body:
    """A record of a snapshot as it is stored, but for columns of the council's own."""
    if kind == RESERVE:
        return {"area_id": record}
    return area_body(record) if kind == "areas" else dict(cells_of(kind, record))


def area_body(area: Area) -> Body:
    """An area as it is stored: it is no line of a file."""
    return {
        "area_id": area.area_id,
        "name": area.name,
        "region": area.region,
        "go_live": area.go_live.isoformat() if area.go_live else None,
        "geometry": area.geometry,
        **({"go_live_planned": area.go_live_planned.isoformat()} if area.go_live_planned else {}),
    }


def stock_of(snapshot: Snapshot) -> dict[str, dict[str, Body]]:
    """Every record of a snapshot as it is stored."""
    stock: dict[str, dict[str, Body]] = defaultdict(dict)
    for kind in IN_SNAPSHOT:
        for record in getattr(snapshot, kind):
            stock[kind][id_of(kind, record)] = body_of(kind, record)
    for kind, own in snapshot.extra.items():
        stock[COLUMNS][kind] = {"columns": list(own.columns)}
        for record_id, texts in own.cells.items():
            stock[kind][record_id][EXTRA] = dict(texts)
    return dict(stock)


def opening_body(area_id: str, today: dt.date, name: str, reason: str, review_on: str = "") -> Body:
    """The reserve is opened in an area today by whoever has this name."""
    return {"area_id": area_id, "opened_on": today.isoformat(), "opened_by": name, "reason": reason, "review_on": review_on}


def openings_of(stock: Stock) -> list[Opening]:
    """Where the reserve is open, by area. Of one that came with a snapshot the area alone is known."""
    return [
        Opening(
            area_id, _day(body.get("opened_on")), body.get("opened_by", ""), body.get("reason", ""), _day(body.get("review_on"))
        )
        for area_id, body in ((each, stock[RESERVE][each].body) for each in sorted(stock[RESERVE]))
    ]


def assessment_of(body: Body) -> Assessment:
    """An assessment as it is stored, without its rating."""
    unanswered = sum(each["answer"] is None for each in body["corrections"])
    visited, sent = dt.date.fromisoformat(body["visited_on"]), _day(body["sent_on"])
    return Assessment(body["assessment_id"], body["provider_id"], body["state"], visited, sent, unanswered)


def assessments_of(stock: Stock) -> list[Assessment]:
    """Those that are open, by id."""
    found = (assessment_of(stock[ASSESSMENTS][each].body) for each in sorted(stock[ASSESSMENTS]))
    return [each for each in found if each.is_open]


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


class KeptSettings(NamedTuple):
    """The settings that are kept with a county."""

    policy: Policy
    procurement: ProcurementSettings = PROCUREMENT_DEFAULTS
    quality: QualitySettings = QUALITY_DEFAULTS
    transfer: TransferPolicy = TRANSFER_DEFAULTS
    meanwhile_settings: MeanwhileSettings = MEANWHILE_DEFAULTS
    enhanced: EnhancedSettings = ENHANCED_DEFAULTS

    @staticmethod
    def of(snapshot: Snapshot) -> KeptSettings:
        return KeptSettings(**{name: getattr(snapshot, name) for name in KeptSettings._fields})

    def text(self) -> str:
        """As they are stored: those of the policy, and the other tables where they differ from the defaults."""
        told_ahead = told_ahead_lines(self.procurement, self.quality, self.meanwhile_settings, self.enhanced)
        return "\n".join([*policy_lines(self.policy), *told_ahead, *transfer_lines(self.transfer)])


@lru_cache(maxsize=4)
def settings_from(text: str) -> KeptSettings:
    """Raises ``InputRefusedError`` where the text holds what is no setting."""
    findings = Findings()
    table = tomllib.loads(text, parse_float=Decimal)
    procurement = procurement_settings(table.pop(PROCUREMENT, {}), findings)
    quality = quality_settings(table.pop(QUALITY, {}), findings)
    transfer = transfer_policy(table.pop(TRANSFER, {}), findings)
    meanwhile = meanwhile_settings(table.pop(MEANWHILE, {}), findings)
    enhanced = enhanced_settings(table.pop(ENHANCED, {}), findings)
    policy = read_policy(table, findings)
    if policy is None or findings.faults:
        raise InputRefusedError(findings.faults)
    return KeptSettings(policy, procurement, quality, transfer, meanwhile, enhanced)
