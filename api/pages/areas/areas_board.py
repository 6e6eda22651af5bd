"""The areas as their page shows them: figures in words, in an order, and totals of what is shown in every part."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from api.overview.schemas import ContractFigures
from api.pages.page_words import NONE, NOT_SHOWN, count_in_words, day_in_words, hours_in_short, share_in_words
from optimiser.domain.words import percent_in_short

Json = Mapping[str, Any]
Sort = Literal["region", "share", "waiting", "name"]
SORTS: dict[Sort, str] = {"region": "region", "share": "lowest share", "waiting": "most waiting", "name": "name"}
AXIS = (0.5, 0.9)
"""The shares at the ends of the axis; beyond them a dot stands at its end."""
AXIS_LONG = 88
"""Units of the drawing; four more on either side are the dot's."""
KEYS = {
    "within": "In range",
    "below": "Below",
    "above": "Above",
    "not-live": "Not live yet",
    "none": "Not shown, or nobody there",
}
"""How an area stands, and what fills it on a map."""
Range = tuple[float, float, float]
"""The lowest, wanted and highest share."""


@dataclass(frozen=True)
class Standing:
    """How an area stands to the range. ``kind``: within, below, above, or none of these; ``x``: where its dot is, if anywhere."""

    words: str
    kind: str
    share: str = ""
    x: float | None = None


@dataclass(frozen=True)
class Row:
    """An area of the table, in words."""

    number: int
    area_id: str
    name: str
    region: str
    provider: str
    standing: Standing
    room_principal: str
    room_framework: str
    guarantee_used: str
    waiting: str
    framework_providers: str
    too_few: bool


class Figure(NamedTuple):
    """A total with what it counts. ``stands_out``: somebody should look."""

    value: str
    words: str
    stands_out: bool = False


@dataclass(frozen=True)
class Board:
    """The page. ``groups``: areas by region, or one group without a name; ``has_room``: whether this role sees contracts."""

    figures: list[Figure]
    groups: list[tuple[str, list[Row]]]
    has_room: bool
    range_words: str
    low_x: float
    target_x: float
    high_x: float

    def keys(self) -> list[tuple[str, str]]:
        """What fills areas on a map of them, with its words: the four that there may be, and a fifth where there is one."""
        found = {row.standing.kind for _, rows in self.groups for row in rows}
        return [(kind, said) for kind, said in KEYS.items() if kind != "none" or kind in found]

    def kinds(self) -> dict[str, tuple[str, str, str]]:
        """Per area its number, where it stands, and that in words: for a map of it."""
        rows = [row for _, rows in self.groups for row in rows]
        return {row.area_id: (str(row.number), row.standing.kind, _on_a_map(row)) for row in rows}


def board_of(views: list[dict[str, Any]], share_range: Range, provider_names: Mapping[str, str], sort: Sort) -> Board:
    """The board of areas as ``/v1/areas`` tells them. Areas are numbered by region and name, however they are sorted."""
    low, target, high = share_range
    ordered = sorted(views, key=lambda view: (view["region"], view["name"], view["area_id"]))
    number = {view["area_id"]: count for count, view in enumerate(ordered, start=1)}
    has_room = any(view["contracts"] is not None for view in views)
    key = _KEYS.get(sort)
    if key is not None:
        ordered.sort(key=key)
    groups: dict[str, list[Row]] = {}
    for view in ordered:
        row = _row(view, number[view["area_id"]], share_range, provider_names)
        groups.setdefault(view["region"] if sort == "region" else "", []).append(row)
    figures = _figures(views, share_range, in_full=has_room)
    words = f"{percent_in_short(low)} to {percent_in_short(high)}"
    return Board(figures, list(groups.items()), has_room, words, _x(low), _x(target), _x(high))


def _share(view: Json) -> float | None:
    principal = view["principal"]
    return None if principal is None else principal["share"]


_KEYS: dict[str, Callable[[Json], Any]] = {
    "share": lambda view: (_share(view) is None, _share(view) or 0.0),
    "waiting": lambda view: -1 * (view["unmet_people"] or 0),
    "name": lambda view: view["name"],
}


def _on_a_map(row: Row) -> str:
    return f"{row.number} {row.name}: {' '.join(filter(None, (row.standing.share, row.standing.words)))}"


def csv_heads(*, has_room: bool) -> list[str]:
    """The headings of the table as a file; of a role that sees no contracts without those of room."""
    room = ["room_principal", "room_framework"] if has_room else []
    more = ["guarantee_used", "waiting", "people", "hours_per_four_weeks", "framework_providers"]
    return ["number", "area_id", "area", "region", "principal", "share", "standing", *room, *more]


def csv_row(row: Row, view: Json, *, has_room: bool) -> list[str | int | float | None]:
    """A row of the table as a file has it: shares as parts of one; what is not shown says so."""
    principal = view["principal"]
    room: list[str | int | float | None] = [_figure(row.room_principal), _figure(row.room_framework)] if has_room else []
    share = NOT_SHOWN if row.standing.words == NOT_SHOWN else None if principal is None else principal["share"]
    used = NOT_SHOWN if row.guarantee_used == NOT_SHOWN else None if principal is None else principal["guarantee_used"]
    told = [NOT_SHOWN if view[name] is None else view[name] for name in ("unmet_people", "people", "demand_hours_4w")]
    first: list[str | int | float | None] = [row.number, row.area_id, row.name, row.region, row.provider, share]
    return [*first, row.standing.words, *room, used, *told, view["framework_providers"]]


def _figure(room: str) -> str:
    return "" if room == NONE else room.removesuffix(" h").replace(",", "")


def _x(share: float) -> float:
    start, end = AXIS
    return round(4 + AXIS_LONG * (min(max(share, start), end) - start) / (end - start), 1)


def standing_of(view: Json, share_range: Range) -> Standing:
    """Where a share stands, in a word. The figure that is shown decides."""
    low, _, high = share_range
    if not view["live"]:
        return Standing(f"Live from {day_in_words(view['go_live'])}" if view["go_live"] else "No date to go live yet", "not-live")
    if view["principal"] is None:
        return Standing("No principal", "below")
    share = view["principal"]["share"]
    if share is None:
        hidden = "principal.share" in view["withheld"]
        return Standing(NOT_SHOWN if hidden else "Nobody has care here", "none")
    kind, words = ("below", "Below") if share < low else ("above", "Above") if share > high else ("within", "In range")
    return Standing(words, kind, share_in_words(share), _x(share))


def used_in_words(used: float | None) -> str:
    """How much of a guarantee is used up: 97%."""
    return NONE if used is None else f"{used * 100:.0f}%"


def _is_framework_today(contract: ContractFigures) -> bool:
    return contract.tier == "framework" and contract.in_force


def _row(view: Json, number: int, share_range: Range, provider_names: Mapping[str, str]) -> Row:
    live, principal = view["live"], view["principal"]
    own = [each for each in view["contracts"] or () if principal and each["contract_id"] == principal["contract_id"]]
    framework = [each for each in view["contracts"] or () if _is_framework_today(ContractFigures.model_validate(each))]
    used = None if principal is None else principal["guarantee_used"]
    hidden = "principal.guarantee_used" in view["withheld"]
    return Row(
        number=number,
        area_id=view["area_id"],
        name=view["name"],
        region=view["region"],
        provider=next((provider_names.get(each["provider_id"], "") for each in own), ""),
        standing=standing_of(view, share_range),
        room_principal=_room(own) if live else NONE,
        room_framework=_room(framework) if live else NONE,
        guarantee_used=NOT_SHOWN if hidden else used_in_words(used),
        waiting=count_in_words(view["unmet_people"]),
        framework_providers=count_in_words(view["framework_providers"]) if live else NONE,
        too_few=view["framework_below_three"],
    )


def _room(contracts: list[Json]) -> str:
    """What all limits leave on some contracts together."""
    if not contracts:
        return NONE
    left = [each["headroom_hours_4w"] for each in contracts]
    return "no limit" if None in left else hours_in_short(sum(left))


def _figures(views: list[dict[str, Any]], share_range: Range, *, in_full: bool) -> list[Figure]:
    live = [view for view in views if view["live"]]
    standings = [standing_of(view, share_range) for view in live]
    within = sum(each.kind == "within" for each in standings)
    unknown = any(each.words == NOT_SHOWN for each in standings)
    held, demand = _total(live, "principal_hours_4w"), _total(live, "demand_hours_4w")
    share = NOT_SHOWN if held is None or demand is None else share_in_words(held / demand) if demand else NONE
    few = sum(view["framework_below_three"] for view in views)
    low, _, high = share_range
    figures = [
        Figure(share, "with principals in live areas"),
        Figure(
            NOT_SHOWN if unknown else f"{within} of {len(live)}",
            f"live areas in the range {percent_in_short(low)} to {percent_in_short(high)}",
            stands_out=not unknown and within < len(live),
        ),
        Figure(str(few), "with fewer than three framework providers", stands_out=few > 0),
    ]
    if not in_full:
        return figures
    people, hours, asked = _total(views, "people"), _total(views, "demand_hours_4w"), _total(views, "pending_people")
    told = "" if hours is None else f", {hours_in_short(hours).removesuffix(' h')} hours in four weeks"
    waiting = count_in_words(_whole(_total(views, "unmet_people")))
    return [
        Figure(count_in_words(_whole(people)), f"people{told}"),
        *figures[:2],
        Figure(waiting, f"waiting, nobody asked; {count_in_words(_whole(asked))} asked"),
        figures[2],
    ]


def _total(views: Iterable[Json], name: str) -> float | None:
    """A sum; None where a part of it is not shown, so that no total tells it."""
    parts = [view[name] for view in views]
    return None if any(part is None for part in parts) else float(sum(parts))


def _whole(number: float | None) -> int | None:
    return None if number is None else int(number)
