"""The kinds of record that are kept over HTTP, each a small declaration: its columns are those of its file, and here stands who
reads it, who may set which of them, what is given once and for all, and what it means that one ends.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from api.http.conversion import columns_of
from api.records.hindrances import (
    nothing,
    still_named,
    the_only_office,
    what_a_provider_still_does,
    where_prices_have_begun,
    where_prices_were_paid,
    while_it_is_assessed,
)
from api.records.worst_location import rating_of_its_provider
from api.security.roles import ADMIN, CONTRACTS, FINANCE, PLANNER, QUALITY, SOCIAL_WORK, TRANSITION
from api.state.state import State
from optimiser.domain.dates import days_after
from optimiser.io.record_cells import EXTRA, KINDS, id_column

EVERY_COLUMN = ("*",)
"""Whatever may change at all."""
RATINGS = ("cqc_rating", "pamms_rating", "pamms_published")
PRICES = ("rate_band_1", "rate_band_2", "rate_band_3")

Cells = dict[str, Any]
Written = tuple[tuple[str, str], Cells]
"""A record of a kind and an id, as it is to be written."""
Hindered = Callable[[State, Any, dt.date], Iterator[str]]
"""What stands in the way, a sentence each, of a record on a day; people are counted and never named."""


def its_columns_alone(_: Any) -> Cells:
    """A request says nothing of its record that is no column."""
    return {}


def its_outline(asked: Any) -> Cells:
    """An area's outline, where one is given."""
    return {"geometry": asked.outline} if "outline" in asked.model_fields_set else {}


def nothing_usual(_: State, __: Cells) -> Cells:
    """A new record is as it is asked for."""
    return {}


def the_usual_review(state: State, cells: Cells) -> Cells:
    """When a new restriction is looked at again and by which post, where nobody says: by the settings of quality."""
    settings = state.snapshot.quality
    begins = max(state.as_of, dt.date.fromisoformat(cells["starts"])) if cells["starts"] else state.as_of
    usual = {"review_on": str(days_after(begins, settings.review_days)), "owner": settings.escalation_posts[0]}
    return {name: value for name, value in usual.items() if not cells[name]}


def any_may_be_set(_: State, __: str, ___: Collection[str]) -> Iterator[str]:
    """Nothing stands in the way of setting any of its columns."""
    yield from ()


def it_changes_no_other(_: State, __: str, ___: Cells | None) -> list[Written]:
    """No other record follows from it."""
    return []


def it_comes_alone(_: Any, __: str) -> list[Written]:
    """Nothing else is added with a record."""
    return []


def its_offices(asked: Any, provider_id: str) -> list[Written]:
    """A provider works from somewhere: its offices are added with it."""
    return [(("offices", each.office_id), each.cells() | {"provider_id": provider_id}) for each in asked.offices]


@dataclass(frozen=True)
class RecordKind:
    """A kind of record. ``kind``: its file and its address."""

    kind: str
    one: str
    """In words, as in "a contract"."""
    title: str
    """In the names of its schemas."""
    read_by: tuple[str, ...]
    sets: Mapping[str, tuple[str, ...]]
    """Per role the columns that it may set, the roles first whose work it is."""
    added_by: tuple[str, ...]
    """Who adds and ends one."""
    fixed: tuple[str, ...]
    """Columns that are given once: they say which record it is, or what people's care rests on."""
    ending: str
    """What it means that one ends, in a sentence."""
    ends_column: str = ""
    """The column that holds the end; empty: the record leaves the county, from today."""
    end_hindered: Hindered = nothing
    change_hindered: Hindered = nothing
    beside: tuple[str, ...] = ()
    """Members of a request that are no columns."""
    more_cells: Callable[[Any], Cells] = its_columns_alone
    """What those make of the record's own body."""
    comes_with: Callable[[Any, str], list[Written]] = it_comes_alone
    """Further records that are added with a new one, by its request and its id."""
    usual_cells: Callable[[State, Cells], Cells] = nothing_usual
    """Cells of a new one where nothing is given, as the county has it."""
    changes_others: Callable[[State, str, Cells | None], list[Written]] = it_changes_no_other
    """Cells of other records that follow from its own (None: it is gone), by the county before, and its id."""
    set_hindered: Callable[[State, str, Collection[str]], Iterator[str]] = any_may_be_set
    """What stands in the way of setting some of its columns."""
    shown_with_county: bool = False
    """Whether it is shown with figures of the whole county: whoever has seen a later county has seen it as it is."""
    begins_as: Mapping[str, str] = field(default_factory=dict)
    """Cells of a new one where nothing is given."""
    narrowed_by: tuple[str, ...] = ()
    """Columns that a list can be narrowed to."""
    example: str = ""
    """A column that an example of a change changes."""

    @property
    def a(self) -> str:
        """One of them in words, at the beginning of a sentence."""
        return f"{'An' if self.one[0] in 'aeiou' else 'A'} {self.one}"

    @property
    def columns(self) -> tuple[str, ...]:
        return columns_of(self.kind)

    @property
    def changeable(self) -> tuple[str, ...]:
        """Columns that may change, and last what stands in columns of the council's own."""
        return (*(name for name in self.columns if name not in self.fixed), EXTRA)

    @property
    def id_name(self) -> str:
        """What the id is called: of a price, what its contract and its day make together."""
        return id_column(self.kind) if self.kind in KINDS else "area_id"

    def may_set(self) -> dict[str, Collection[str]]:
        """Per role the columns by name."""
        return {role: self.changeable if names == EVERY_COLUMN else names for role, names in self.sets.items()}

    def in_words(self) -> dict[str, str]:
        """Per role which columns alone it may set; nothing where it may set all."""
        may = self.may_set()
        return {
            role: "" if set(names) >= set(self.changeable) else _listed(names, self.changeable) for role, names in may.items()
        }

    def cells(self, asked: Any) -> Cells:
        """The columns that a request to add one gives; its reason is one of a restriction's."""
        but = self.beside if "reason" in self.columns else ("reason", *self.beside)
        return dict(asked.cells(*but))

    def id_of(self, cells: Mapping[str, str]) -> str:
        return f"{cells['contract_id']} {cells['starts']}" if self.kind == "rates" else cells[self.id_name]


def _listed(names: Collection[str], all_of_them: tuple[str, ...]) -> str:
    left_out = [name for name in all_of_them if name not in names]
    return f"all but {', '.join(left_out)}" if len(left_out) < len(names) else f"{', '.join(names)} alone"


OF_CARE = (PLANNER, TRANSITION, CONTRACTS, QUALITY, ADMIN)
KEPT_BY_CONTRACTS = {CONTRACTS: EVERY_COLUMN, ADMIN: EVERY_COLUMN}

RECORD_KINDS = (
    RecordKind(
        "providers",
        "provider",
        "Provider",
        read_by=(*OF_CARE, FINANCE, SOCIAL_WORK),
        sets={
            CONTRACTS: (*(name for name in columns_of("providers") if name not in ("provider_id", *RATINGS)), EXTRA),
            QUALITY: RATINGS,
            PLANNER: ("skills", "max_hours_4w", "max_distance_miles"),
            ADMIN: EVERY_COLUMN,
        },
        added_by=(CONTRACTS, ADMIN),
        fixed=("provider_id",),
        ending="A provider ends once all its contracts have ended and nobody's care runs there; its records stay.",
        ends_column="ends",
        end_hindered=what_a_provider_still_does,
        set_hindered=while_it_is_assessed,
        beside=("offices",),
        comes_with=its_offices,
        begins_as={"cqc_rating": "not_rated"},
        example="max_hours_4w",
    ),
    RecordKind(
        "locations",
        "location",
        "Location",
        read_by=(*OF_CARE, FINANCE, SOCIAL_WORK),
        sets={QUALITY: EVERY_COLUMN, ADMIN: EVERY_COLUMN},
        added_by=(QUALITY, ADMIN),
        fixed=("location_id", "provider_id"),
        ending="A location closes today where no contract names it; the worst of the others counts, the last one's rating stays.",
        end_hindered=still_named,
        changes_others=rating_of_its_provider,
        begins_as={"cqc_rating": "not_rated"},
        narrowed_by=("provider_id",),
        example="cqc_rating",
    ),
    RecordKind(
        "contracts",
        "contract",
        "Contract",
        read_by=(*OF_CARE, FINANCE),
        sets={CONTRACTS: EVERY_COLUMN, FINANCE: PRICES, ADMIN: EVERY_COLUMN},
        added_by=(CONTRACTS, ADMIN),
        fixed=("contract_id", "provider_id", "tier", "area_id", "service"),
        ending="A contract ends on a day, past or future; its running care stays where it is, or goes on under its successor.",
        ends_column="ends",
        narrowed_by=("provider_id", "area_id", "tier"),
        example="max_hours_4w",
    ),
    RecordKind(
        "rates",
        "dated price",
        "Rate",
        read_by=(*OF_CARE, FINANCE),
        sets={CONTRACTS: EVERY_COLUMN, FINANCE: EVERY_COLUMN, ADMIN: EVERY_COLUMN},
        added_by=(CONTRACTS, FINANCE, ADMIN),
        fixed=("contract_id", "starts"),
        ending="Prices that have not begun are withdrawn; those that have are followed by others.",
        end_hindered=where_prices_have_begun,
        change_hindered=where_prices_were_paid,
        narrowed_by=("contract_id",),
        example="rate_band_1",
    ),
    RecordKind(
        "restrictions",
        "restriction",
        "Restriction",
        read_by=OF_CARE,
        sets={QUALITY: EVERY_COLUMN, PLANNER: ("ends", "new_hours_4w", EXTRA), ADMIN: EVERY_COLUMN},
        added_by=(QUALITY, PLANNER, ADMIN),
        fixed=("restriction_id", "provider_id", "area_id", "starts", "kind", "reason"),
        ending="A restriction ends on a day, past or future.",
        usual_cells=the_usual_review,
        ends_column="ends",
        narrowed_by=("provider_id",),
        example="ends",
    ),
    RecordKind(
        "offices",
        "office",
        "Office",
        read_by=(*OF_CARE, FINANCE, SOCIAL_WORK),
        sets=KEPT_BY_CONTRACTS,
        added_by=(CONTRACTS, ADMIN),
        fixed=("office_id", "provider_id"),
        ending="An office closes today, unless it is its provider's only one.",
        end_hindered=the_only_office,
        narrowed_by=("provider_id",),
        example="latitude",
    ),
    RecordKind(
        "areas",
        "area",
        "Area",
        read_by=(),  # areas are shown with what is worked out of them
        sets=KEPT_BY_CONTRACTS,
        added_by=(CONTRACTS, ADMIN),
        fixed=("area_id",),
        ending="An area ends today where nothing in the county names it.",
        end_hindered=still_named,
        beside=("outline",),
        more_cells=its_outline,
        shown_with_county=True,
        example="go_live",
    ),
    RecordKind(
        "surgeries",
        "surgery",
        "Surgery",
        read_by=(*OF_CARE, FINANCE, SOCIAL_WORK),
        sets=KEPT_BY_CONTRACTS,
        added_by=(CONTRACTS, ADMIN),
        fixed=("surgery_id",),
        ending="A surgery closes today; one centre for price bands has to be left.",
        narrowed_by=("area_id",),
        example="band_centre",
    ),
    RecordKind(
        "rounds",
        "round",
        "Round",
        read_by=OF_CARE,
        sets=KEPT_BY_CONTRACTS,
        added_by=(CONTRACTS, ADMIN),
        fixed=("round_id", "provider_id"),
        ending="A round ends today where nobody's care names it.",
        end_hindered=still_named,
        narrowed_by=("provider_id", "area_id"),
        example="staff",
    ),
)
