"""Providers as their pages show them: ratings, restrictions, limits, contracts with dates and prices, and answers to offers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from api.overview.schemas import ContractOfProvider
from api.pages.areas.area_board import TIERS, from_to, room_in_words
from api.pages.page_words import (
    NONE,
    count_in_words,
    counted,
    day_in_words,
    hours_in_short,
    in_plain,
    money_in_words,
    share_in_words,
)
from optimiser.domain.records import covers
from optimiser.domain.words import listed

Json = Mapping[str, Any]
KINDS = {"no_new_work": "No new work", "capped": "New work capped"}
LIST_HEADS = (
    "provider_id", "name", "cqc_rating", "pamms_rating", "pamms_published", "restrictions", "max_hours_per_four_weeks",
    "contracts",
)  # fmt: skip


def rating_in_words(rating: str | None) -> str:
    """Requires improvement."""
    return in_plain(rating).capitalize() if rating else "Not rated"


def _day(iso: str | None) -> dt.date | None:
    return None if iso is None else dt.date.fromisoformat(iso)


def holds(record: Json, today: dt.date) -> bool:
    """Whether a record with a beginning and an end holds on a day."""
    return covers(_day(record["starts"]), _day(record["ends"]), today)


@dataclass(frozen=True)
class ListRow:
    """A provider of the list."""

    provider_id: str
    name: str
    cqc: str
    pamms: str
    pamms_published: str
    restrictions: list[str]
    most_hours: str
    contracts: str
    has_ended: bool
    raw: tuple[str | int | float | None, ...]


def list_rows(
    providers: Sequence[Json], restrictions: Iterable[Json], contracts: Iterable[Json], today: dt.date
) -> list[ListRow]:
    """The list by name. ``restrictions``, ``contracts``: of all providers; none where the role does not read them."""
    held: dict[str, list[Json]] = {}
    for each in restrictions:
        if holds(each, today):
            held.setdefault(each["provider_id"], []).append(each)
    running: dict[str, list[str]] = {}
    for each in contracts:
        if holds(each, today):
            running.setdefault(each["provider_id"], []).append(each["tier"])
    ordered = sorted(providers, key=lambda each: (each["name"].casefold(), each["provider_id"]))
    return [_list_row(each, held.get(each["provider_id"], []), running.get(each["provider_id"], []), today) for each in ordered]


def _list_row(provider: Json, held: Sequence[Json], tiers: Sequence[str], today: dt.date) -> ListRow:
    ends, pamms = _day(provider["ends"]), provider["pamms_rating"]
    said = [f"{KINDS[each['kind']]}{'' if each['area_id'] is None else ' in an area'}" for each in held]
    counts = [counted(tiers.count(tier), TIERS[tier].lower()) for tier in TIERS if tier in tiers]
    most = provider["max_hours_4w"]
    return ListRow(
        provider_id=provider["provider_id"],
        name=provider["name"],
        cqc=rating_in_words(provider["cqc_rating"]),
        pamms=rating_in_words(pamms),
        pamms_published=f"published {day_in_words(provider['pamms_published'])}" if provider["pamms_published"] else "",
        restrictions=said,
        most_hours="no limit" if most is None else hours_in_short(most),
        contracts=listed(counts) if counts else NONE,
        has_ended=ends is not None and ends <= today,
        raw=(
            provider["provider_id"],
            provider["name"],
            provider["cqc_rating"],
            pamms,
            provider["pamms_published"],
            "; ".join(said),
            most,
            len(tiers),
        ),
    )


def list_csv(rows: Iterable[ListRow]) -> list[tuple[str | int | float | None, ...]]:
    """The list as a file has it."""
    return [row.raw for row in rows]


@dataclass(frozen=True)
class Restriction:
    """A restriction, in words. ``state``: in force, ahead or ended."""

    restriction_id: str
    what: str
    where: str
    dates: str
    state: str
    reason: str
    review: str
    review_is_late: bool
    owner: str
    plan: str
    lacks: str
    is_open: bool


@dataclass(frozen=True)
class Contract:
    """A contract of the provider, in words. ``prices``: from which day which, the present ones first."""

    contract_id: str
    what: str
    dates: str
    more_dates: list[str]
    most_hours: str
    guarantee: str
    people: str
    hours: str
    room: str
    cost: str
    prices: list[str]
    is_open: bool
    has_end: bool
    is_principal: bool


@dataclass(frozen=True)
class Board:
    """The page of one provider."""

    name: str
    ratings: list[tuple[str, str]]
    contact: list[tuple[str, str]]
    limit: list[tuple[str, str, bool]]
    restrictions: list[Restriction]
    contracts: list[Contract]
    offers: list[tuple[str, str]]
    declines: list[tuple[str, str]]
    offers_since: str


def restriction_of(each: Json, area_names: Mapping[str, str], today: dt.date) -> Restriction:
    """A restriction in words."""
    review, ends = _day(each["review_on"]), _day(each["ends"])
    is_over = ends is not None and ends <= today
    cap = f" at {hours_in_short(each['new_hours_4w'])} in four weeks" if each["new_hours_4w"] is not None else ""
    return Restriction(
        restriction_id=each["restriction_id"],
        what=f"{KINDS[each['kind']]}{cap}",
        where="Everywhere" if each["area_id"] is None else area_names.get(each["area_id"], ""),
        dates=from_to(each["starts"], each["ends"]),
        state="ended" if is_over else "in force" if holds(each, today) else "ahead",
        reason=each["reason"] or "",
        review=day_in_words(each["review_on"]) if review else "no date",
        review_is_late=review is not None and review < today and not is_over,
        owner=each["owner"] or "nobody named",
        plan=each["improvement_plan"] or "none",
        lacks=f"lacks {listed(each['lacks'])}" if each["lacks"] and not is_over else "",
        is_open=not is_over,
    )


def contract_called(each: Json, area_names: Mapping[str, str]) -> str:
    """Framework, South Norfolk; Legacy framework, whole county."""
    where = "whole county" if each["area_id"] is None else area_names.get(each["area_id"], "an area")
    service = f", {in_plain(each['service'])}" if each.get("service") else ""
    return f"{TIERS[each['tier']]}, {where}{service}"


def contract_of(
    each: Json, used: ContractOfProvider | None, rates: Sequence[Json], area_names: Mapping[str, str], today: dt.date
) -> Contract:
    """A contract in words. ``used``: its figures of today; ``rates``: its dated prices, in their order."""
    ends = _day(each["ends"])
    more = [f"takes over from {each['succeeds']}"] if each["succeeds"] else []
    more += [f"may be extended to {day_in_words(each['extension_until'])}"] if each["extension_until"] else []
    more += [f"notice {counted(each['notice_days'], 'day')}"] if each["notice_days"] else []
    return Contract(
        contract_id=each["contract_id"],
        what=contract_called(each, area_names),
        dates=from_to(each["starts"], each["ends"]),
        more_dates=more,
        most_hours="no limit" if each["max_hours_4w"] is None else hours_in_short(each["max_hours_4w"]),
        guarantee=share_in_words(each["guarantee"]) if each["guarantee"] else "nothing",
        people=NONE if used is None else count_in_words(used.people),
        hours=NONE if used is None or used.hours_4w is None else hours_in_short(used.hours_4w),
        room=NONE if used is None else room_in_words(used),
        cost=NONE if used is None or used.weekly_cost_gbp is None else money_in_words(used.weekly_cost_gbp),
        prices=_prices(each, rates, today),
        is_open=ends is None or ends > today,
        has_end=ends is not None,
        is_principal=each["tier"] == "principal",
    )


def _prices(contract: Json, rates: Sequence[Json], today: dt.date) -> list[str]:
    """What is paid today, then what is from later days on; earlier prices are the trail's."""
    ordered = sorted(rates, key=lambda each: each["starts"])
    begun = [each for each in ordered if dt.date.fromisoformat(each["starts"]) <= today]
    now = begun[-1] if begun else contract
    return [_price(now), *(f"from {day_in_words(each['starts'])}: {_price(each)}" for each in ordered if each not in begun)]


def _price(each: Json) -> str:
    bands = [each[f"rate_band_{band}"] for band in (1, 2, 3)]
    if len(set(bands)) == 1:
        return f"{money_in_words(bands[0])} an hour"
    return f"{', '.join(money_in_words(price) for price in bands)} an hour, by band"


def board_of(
    provider: Json,
    figures: Json | None,
    restrictions: Sequence[Json],
    contracts: Sequence[Json],
    rates: Mapping[str, Sequence[Json]],
    area_names: Mapping[str, str],
    today: dt.date,
) -> Board:
    """The page of a provider. ``figures``: those of ``/v1/providers/{provider_id}/figures``, None where the role reads none."""
    used = {each["contract_id"]: ContractOfProvider.model_validate(each) for each in (figures or {}).get("contracts", ())}
    shown = [
        contract_of(each, used.get(each["contract_id"]), rates.get(each["contract_id"], ()), area_names, today)
        for each in contracts
    ]
    offers = None if figures is None else figures["offers"]
    held = [restriction_of(each, area_names, today) for each in restrictions]
    return Board(
        name=provider["name"],
        ratings=_ratings(provider),
        contact=_contact(provider),
        limit=_limit(provider, figures),
        restrictions=sorted(held, key=lambda each: (("in force", "ahead", "ended").index(each.state), each.restriction_id)),
        contracts=sorted(shown, key=lambda each: (not each.is_open, each.what, each.contract_id)),
        offers=[] if offers is None else _offers(offers),
        declines=[]
        if offers is None
        else [(in_plain(name).capitalize(), str(count)) for name, count in offers["declined_because"].items()],
        offers_since="" if offers is None else day_in_words(offers["since"]),
    )


def _ratings(provider: Json) -> list[tuple[str, str]]:
    published = provider["pamms_published"]
    pamms = rating_in_words(provider["pamms_rating"])
    counts = (
        ""
        if not provider["pamms_rating"]
        else f", published {day_in_words(published)}"
        if published
        else ", not published: it does not count"
    )
    return [
        ("CQC", rating_in_words(provider["cqc_rating"])),
        ("Whose rating", provider["cqc_rating_is"]),
        ("PAMMS", f"{pamms}{counts}"),
        ("Can do", ", ".join(in_plain(each) for each in provider["skills"]) or "nothing named"),
    ]


def _contact(provider: Json) -> list[tuple[str, str]]:
    return [
        ("Telephone", provider["telephone"] or "not given"),
        ("E-mail", provider["email"] or "not given"),
        ("Notice it has to give", counted(provider["notice_days"], "day") if provider["notice_days"] else "not given"),
        ("Subcontractors", ", ".join(provider["subcontractors"]) or "none named"),
        ("Works for the council until", day_in_words(provider["ends"]) if provider["ends"] else "no end known"),
    ]


def _limit(provider: Json, figures: Json | None) -> list[tuple[str, str, bool]]:
    most, far = provider["max_hours_4w"], provider["max_distance_miles"]
    own = [("no limit" if most is None else hours_in_short(most), "own limit in four weeks", False)]
    if figures is not None:
        limit = figures["own_limit"]
        left = None if limit is None else limit["left_hours_4w"]
        own = [
            (count_in_words(figures["people"]), "people", False),
            (hours_in_short(figures["hours_4w"]), "delivered in four weeks", False),
            (hours_in_short(figures["held_hours_4w"]), "held by offers without an answer", False),
            *own,
        ]
        if left is not None:
            said = "left of its own limit" if left >= 0 else "beyond its own limit"
            own.append((hours_in_short(abs(left)), said, left < 0))
        own.append((f"£{figures['weekly_cost_gbp']:,.0f}", "cost a week", False))
    return [*own, ("any distance" if far is None else f"{far:g} miles", "from an office at most", False)]


def _offers(offers: Json) -> list[tuple[str, str]]:
    answered = offers["accepted"] + offers["declined"]
    share = f" ({share_in_words(offers['accepted'] / answered)} of yes and no)" if answered else ""
    hours = offers["median_hours_to_answer"]
    return [
        ("Made", str(offers["made"])),
        ("Accepted", f"{offers['accepted']}{share}"),
        ("Declined", str(offers["declined"])),
        ("Ran out", str(offers["expired"])),
        ("Withdrawn", str(offers["withdrawn"])),
        ("Without an answer yet", str(offers["waiting"])),
        ("Half of the answers came within", "no answer yet" if hours is None else counted_hours(hours)),
    ]


def counted_hours(hours: float) -> str:
    """2.5 hours."""
    return f"{hours:g} {'hour' if hours == 1 else 'hours'}"
