"""The plan of an allocation, a re-optimisation or a relief as its page shows it: what is proven, who goes where, areas."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from api.pages.page_words import NONE, counted, dates_in_words, in_plain
from api.pages.plans.run_words import STOPPED, amount, hours_4w, proven, share
from optimiser.domain.words import people

Json = Mapping[str, Any]
ANSWERS = {
    None: "Asked",
    "accepted": "Accepted",
    "declined": "Declined",
    "expired": "No answer in time",
    "withdrawn": "Withdrawn",
}
"""What an offer of a plan has become, by its response."""
STANDS = (None, "accepted")
A_PAGE = 100
"""So many proposals with a box are on a page."""


@dataclass(frozen=True)
class Level:
    """A level of a plan."""

    name: str
    value: str
    bound: str
    state: str
    given: str


@dataclass(frozen=True)
class Proposal:
    """Somebody whom a plan places or moves. ``became``: the offer that was made of it; ``box``: none where there is one."""

    package_id: str
    to: str
    tier: str
    leaves: str
    area: str
    cost: str
    miles: str
    reason: str
    became: str
    box: bool
    needs_decision: bool

    def __repr__(self) -> str:
        return "<Proposal of a plan>"


@dataclass(frozen=True)
class Step:
    """What goes ahead together. ``number``: of a step of a re-optimisation, else 0; ``words``: beside its box."""

    number: int
    words: str
    proposals: list[Proposal]

    @property
    def has_box(self) -> bool:
        """Whether any of it can still be made an offer of."""
        return any(each.box for each in self.proposals)


@dataclass(frozen=True)
class Left:
    """Somebody whom the plan places with nobody."""

    package_id: str
    area: str
    reason: str

    def __repr__(self) -> str:
        return "<Somebody left waiting>"


@dataclass(frozen=True)
class AreaRow:
    """An area before and after the plan."""

    number: int
    area_id: str
    name: str
    share_before: str
    share_after: str
    unmet_before: str
    unmet_after: str
    legacy_before: str
    legacy_after: str
    cost_after: str
    more_cost: str


@dataclass(frozen=True)
class Movement:
    """People who would go from one provider to another."""

    leaves: str
    to: str
    people: int
    from_id: str
    to_id: str


@dataclass(frozen=True)
class Board:
    """The page. ``groups``: steps by a heading; empty headings are not shown."""

    figures: list[tuple[str, str, bool]]
    says: str
    stopped: str
    levels: list[Level]
    groups: list[tuple[str, list[Step]]]
    steps: bool
    left: list[Left]
    waiting_for_answer: int
    areas: list[AreaRow]
    movements: list[Movement]
    last: list[tuple[str, list[list[str]]]]
    can_be_offered: int
    tells_area: bool
    """Whether its proposals say in which area they are; a relief's do not."""
    tells_cost: bool
    notes: list[str]

    def __repr__(self) -> str:
        return f"<Board of a plan, {self.can_be_offered} to offer>"


def board_of(told: Json, names: Mapping[str, str], offers: Iterable[Json], area_names: Mapping[str, str]) -> Board:
    """The board of a result. ``names``: of providers; ``offers``: made of the run; ``area_names``: where a result has none."""
    result, proposals = told["result"], told["proposals"]
    areas = {each["area_id"]: each["name"] for each in result.get("areas", ())} or area_names
    became = _became(offers)
    shown = [each for each in proposals if each["contract_id"] is not None]
    rows = [(each, _proposal(each, names, areas, became)) for each in shown]
    steps = any(each["step"] for each in shown)
    left = [each for each in proposals if each["outcome"] == "unmet"]
    asked = sum(each["outcome"] == "pending" for each in proposals)
    to_offer = sum(row.box for _, row in rows)
    return Board(
        figures=_figures(result, shown, left, asked),
        says=proof_in_words(result["levels"]),
        stopped=STOPPED[told["stopped"]],
        levels=[level_of(each) for each in result["levels"]],
        groups=_by_step(rows) if steps else _by_area(rows),
        steps=steps,
        left=[Left(each["package_id"], areas.get(each["area_id"], ""), dates_in_words(each["reason"] or "")) for each in left],
        waiting_for_answer=asked,
        areas=_areas(result),
        movements=_movements(shown, names),
        last=_who_comes_last(result.get("who_comes_last") or {}),
        can_be_offered=to_offer,
        tells_area=any(row.area for _, row in rows),
        tells_cost=any(row.cost != NONE or row.miles != NONE for _, row in rows),
        notes=[dates_in_words(each) for each in result.get("notes", ())],
    )


def proof_in_words(levels: Sequence[Json]) -> str:
    """Every level is proven, or which are open and by how much at most."""
    open_ = [f"{in_plain(each['name'])} ({proven(each).lower()})" for each in levels if not each["proven"]]
    if not open_:
        return f"All {len(levels)} levels are proven: no plan is better." if len(levels) > 1 else "Proven: no plan is better."
    return f"{len(levels) - len(open_)} of {len(levels)} levels are proven. Not proven: {', '.join(open_)}."


def level_of(told: Json) -> Level:
    """A level of a result."""
    unit = told["unit"]
    given = told["given_away"]
    to = ", ".join(in_plain(each) for each in told.get("given_to") or ())
    return Level(
        in_plain(told["name"]).capitalize(),
        amount(told["value"], unit),
        NONE if told["bound"] is None else amount(told["bound"], unit),
        proven(told),
        f"{amount(given, unit)}{f' to {to}' if to else ''}" if given not in (0, "0/1") else NONE,
    )


def _became(offers: Iterable[Json]) -> dict[tuple[str, str], str | None]:
    """Per package and contract the response of its offer; one that stands, where there are several."""
    found: dict[tuple[str, str], str | None] = {}
    for each in offers:
        key = (each["package_id"], each["contract_id"])
        if key not in found or found[key] not in STANDS:
            found[key] = each["response"]
    return found


def _proposal(
    told: Json, names: Mapping[str, str], areas: Mapping[str, str], became: Mapping[tuple[str, str], str | None]
) -> Proposal:
    key = (told["package_id"], told["contract_id"])
    answered = ANSWERS[became[key]] if key in became else ""
    cost, miles = told.get("weekly_cost_gbp"), told.get("distance_miles")
    return Proposal(
        package_id=told["package_id"],
        to=names.get(told["provider_id"], told["provider_id"]),
        tier=told.get("tier") or "",
        leaves=names.get(told.get("from_provider_id") or "", "") if told["moved"] else "",
        area=areas.get(told.get("area_id") or "", ""),
        cost=NONE if cost is None else f"£{cost:,.2f}",
        miles=NONE if miles is None else f"{miles:.1f}",
        reason=dates_in_words(told["reason"] or ""),
        became=answered,
        box=key not in became or became[key] not in STANDS,
        needs_decision=bool(told["moved"]),
    )


def _by_step(rows: Sequence[tuple[Json, Proposal]]) -> list[tuple[str, list[Step]]]:
    """Steps in their order, who moves before who is placed."""
    found: dict[int, list[tuple[bool, Proposal]]] = defaultdict(list)
    for told, row in rows:
        found[told["step"] or 0].append((not told["moved"], row))
    steps = []
    for number in sorted(found, key=lambda each: (each == 0, each)):
        inside = sorted(found[number], key=lambda each: (each[0], each[1].package_id))
        moves = sum(not placed for placed, _ in inside)
        words = f"Step {number}" if number else "Beside the steps"
        if moves:
            words += f": {people(moves)} {'moves' if moves == 1 else 'move'}, {people(len(inside) - moves)} placed"
        steps.append(Step(number, words, [row for _, row in inside]))
    return [("", steps)]


def _by_area(rows: Sequence[tuple[Json, Proposal]]) -> list[tuple[str, list[Step]]]:
    found: dict[str, list[Step]] = defaultdict(list)
    for _, row in sorted(rows, key=lambda each: (each[1].area, each[1].package_id)):
        found[row.area].append(Step(0, "", [row]))
    return list(found.items())


def _figures(result: Json, shown: Sequence[Json], left: Sequence[Json], asked: int) -> list[tuple[str, str, bool]]:
    moved = sum(each["moved"] for each in shown)
    if "losses" in result:
        return [
            (f"{result['people']:,}", "people in all", False),
            (f"{result['kept']:,}", "stay with the provider", False),
            (f"{result['moved']:,}", "move", False),
            (f"{result['uncovered']:,}", "with visits that nobody covers", result["uncovered"] > 0),
            (f"{result['decisions_pending']:,}", "decisions to be asked for", False),
        ]
    figures = [
        (f"{len(shown) - moved:,}", "placed", False),
        (f"{len(left):,}", "left waiting", bool(left)),
        (f"{asked:,}", "left out: an offer waits for an answer", False),
    ]
    made = result.get("reoptimise")
    if made is not None:
        figures += [(f"{made['steps']:,}", "steps", False), (f"{moved:,}", "would change provider", False)]
    return figures


def _areas(result: Json) -> list[AreaRow]:
    before = {each["area_id"]: each for each in result.get("areas_before", ())}
    found = []
    for number, each in enumerate(sorted(result.get("areas", ()), key=lambda area: area["name"]), start=1):
        was = before.get(each["area_id"])
        now = None if each["principal"] is None else each["principal"]["share"]
        found.append(
            AreaRow(
                number,
                each["area_id"],
                each["name"],
                NONE if was is None or not each["live"] else share(was["share"]),
                share(now) if each["live"] else "not live",
                NONE if was is None else f"{was['unmet_people']:,}",
                f"{each['unmet_people']:,}",
                NONE if was is None else hours_4w(was["legacy_hours_4w"]),
                hours_4w(each["legacy_hours_4w"]),
                f"£{float(each['weekly_cost_gbp']):,.0f}",
                NONE if was is None else _more(float(each["weekly_cost_gbp"]) - float(was["weekly_cost_gbp"])),
            )
        )
    return found


def _more(pounds: float) -> str:
    rounded = round(pounds)
    return "no change" if not rounded else f"£{abs(rounded):,} {'more' if rounded > 0 else 'less'}"


def _movements(shown: Sequence[Json], names: Mapping[str, str]) -> list[Movement]:
    """From whom to whom people move, the most people first."""
    found: dict[tuple[str, str], int] = defaultdict(int)
    for each in shown:
        if each["moved"] and each.get("from_provider_id"):
            found[each["from_provider_id"], each["provider_id"]] += 1
    rows = [Movement(names.get(a, a), names.get(b, b), count, a, b) for (a, b), count in found.items()]
    return sorted(rows, key=lambda row: (-row.people, row.leaves, row.to))


GROUPS = {
    "hours": "By hours",
    "workers": "By care workers",
    "need": "By need",
    "rurality": "By where they live",
    "priority": "By priority",
    "source": "By who asked",
}


def _who_comes_last(told: Json) -> list[tuple[str, list[list[str]]]]:
    found = []
    for by, rows in told.items():
        lines = [
            [
                in_plain(row["group"]).capitalize(),
                f"{row['people']:,}",
                f"{row['placed']:,}",
                f"{row['unmet']:,}",
                NONE if row["longest_days_waited"] is None else counted(row["longest_days_waited"], "day"),
            ]
            for row in rows
        ]
        found.append((GROUPS.get(by, in_plain(by).capitalize()), lines))
    return found
