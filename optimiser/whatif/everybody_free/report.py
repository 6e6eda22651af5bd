"""Everybody free as JSON, as tables and as one page that opens offline. Totals alone: no person, no group of a few."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from optimiser.domain.hiding import SMALLEST
from optimiser.domain.level_result import LevelResult, level_record
from optimiser.domain.records import TIERS, USUAL_TIERS
from optimiser.domain.words import hours_per_4w, percent, pounds
from optimiser.io.folders import page_of, pretty
from optimiser.io.result_head import result_head
from optimiser.io.spreadsheets import spreadsheet
from optimiser.judging.checking import DisagreementError
from optimiser.whatif.everybody_free.check import held_in_files
from optimiser.whatif.everybody_free.freed import SET_ASIDE
from optimiser.whatif.everybody_free.in_the_way import Full
from optimiser.whatif.everybody_free.small_counts import HOURS_TO, told_hours, told_people
from optimiser.whatif.everybody_free.small_counts import in_words as figure_in_words
from optimiser.whatif.everybody_free.story import EverybodyFree
from optimiser.whatif.everybody_free.totals import UNMET, Gathered, Totals
from optimiser.whatif.level_words import in_words

Record = dict[str, Any]
ALWAYS_TOLD = (*USUAL_TIERS, UNMET)
WHAT_IT_IS_NOT = (
    "This is evidence for tenders and for the sizes of contracts. It is not a plan, and it proposes to move nobody: nothing of it"
    " can be applied, no offer and no letter is made of it, and it does not say who would be where. People keep their providers"
    " unless a named person decides otherwise, with them."
)
SMALL_NUMBERS = (
    f"People are told to the nearest {SMALLEST} and hours of groups to the nearest {HOURS_TO}; of a group of fewer than"
    f" {SMALLEST} people no figure is told, nor how much of a limit they use. Exact are the use of a limit by more, and levels"
    " and money, which are of the whole county."
)
HOW_BOUNDS_HOLD = (
    "At least: no plan that keeps every rule, and each level before within the value told here and its tolerance, is below. Where"
    " value and bound differ the truth lies between them."
)
FULL = (
    "A limit stands in the way where none of those whom every rule would let go there, and who have no care or are with the"
    " legacy framework or the reserve, would fit. Whoever could go to several places is counted under each of them that is full."
)
LEVELS = (
    "level", "unit", "today", "afresh", "afresh_at_least", "gap", "tolerance", "proven",
)  # fmt: skip
AREAS = ("area_id", "name", "when", "hours_per_week", *(f"{tier}_share" for tier in TIERS), "unmet_share", "unmet_people")
LIMITS = (
    "limit", "subject", "area_id", "hours_per_4w", "used_per_4w_today", "used_per_4w_afresh", "unmet_people",
    "unmet_hours_per_week", "by_exception_people", "by_exception_hours_per_week",
)  # fmt: skip


def everybody_free_record(made: EverybodyFree) -> Record:
    """Everything that is told; the same bytes for the same input."""
    county = made.county
    return {
        **result_head(county.snapshot, titled=True, rule_book=made.rules.version),
        "everybody_free": True,
        "complete": made.complete,
        "what_it_is_not": WHAT_IT_IS_NOT,
        "set_aside": list(SET_ASIDE),
        "small_numbers": SMALL_NUMBERS,
        "how_bounds_hold": HOW_BOUNDS_HOLD,
        "how_limits_are_told": FULL,
        "levels": [level_record(level) | {"today": made.today_levels[level.name]} for level in made.levels],
        "county": {"today": _county(made.today), "afresh": _county(made.afresh)},
        "areas": list(_areas(made)),
        "limits_in_the_way": [_limit(each) for each in made.full],
        "not_placed_so_today": [{"what": what, **_gathered(those)} for what, those in made.not_so_today],
        "with_another_provider_than_today": _gathered(made.with_another_provider),
    }


def everybody_free_files(made: EverybodyFree, record: Record, run: Record) -> dict[str, bytes]:
    """What is written, by name. Raises ``DisagreementError`` where the id of a person or a round stands in any of it."""
    files = {
        "everybody-free.json": pretty(record),
        "everybody-free-levels.csv": spreadsheet(LEVELS, _level_rows(made)),
        "everybody-free-areas.csv": spreadsheet(AREAS, _cells(_areas(made))),
        "everybody-free-limits.csv": spreadsheet(LIMITS, _cells(record["limits_in_the_way"])),
        "everybody-free.html": _page(made, record),
    }
    said = list(held_in_files(files, made.county.snapshot))
    if said:
        raise DisagreementError(f"totals name people: {'; '.join(said)}")
    return files | {"run.json": pretty(run)}


def _county(of: Totals) -> Record:
    placed = of.placed_minutes
    return {
        "by_tier": {
            tier: _gathered(group) for tier, group in of.by_tier.items() if group.people or tier in (*USUAL_TIERS, UNMET)
        },
        "unmet": {priority: _gathered(group) for priority, group in of.unmet.items()},
        "weekly_cost_gbp": pounds(of.pence_per_week),
        "guaranteed_and_not_delivered_gbp": pounds(of.pence_per_week - of.delivered_pence_per_week),
        "cost_per_hour_placed_gbp": pounds(round(Fraction(of.pence_per_week * 60, placed))) if placed else None,
    }


def _gathered(group: Gathered) -> Record:
    return {"people": told_people(group.people), "hours_per_week": told_hours(group.minutes_per_week, group.people)}


def _areas(made: EverybodyFree) -> Iterator[Record]:
    """Two lines an area: today and afresh."""
    for area in made.county.snapshot.areas:
        for when, of in (("today", made.today), ("afresh", made.afresh)):
            groups = of.by_area[area.area_id]
            whole = sum(group.minutes_per_week for group in groups.values())
            people = sum(group.people for group in groups.values())
            yield {
                "area_id": area.area_id,
                "name": area.name,
                "when": when,
                "hours_per_week": told_hours(whole, people),
                **{f"{tier}_share": _share(groups[tier], whole) for tier in (*TIERS, UNMET)},
                "unmet_people": told_people(groups[UNMET].people),
            }


def _share(group: Gathered, whole: int) -> str | None:
    """In whole per cent; None of a few people."""
    if told_people(group.people) is None:
        return None
    return percent(Fraction(group.minutes_per_week, whole), 0).removesuffix(".") if whole else "0%"


def _limit(each: Full) -> Record:
    return {
        "limit": each.limit.rule,
        "subject": each.limit.subject,
        "said": each.what,
        "area_id": each.limit.area_id,
        "hours_per_4w": hours_per_4w(each.limit.minutes),
        "used_per_4w_today": _used(each.used_today),
        "used_per_4w_afresh": _used(each.used),
        **{f"unmet_{name}": value for name, value in _gathered(each.unmet).items()},
        **{f"by_exception_{name}": value for name, value in _gathered(each.by_exception).items()},
    }


def _used(group: Gathered) -> str | None:
    """To the minute, as limits are; None of a few people."""
    return None if told_people(group.people) is None else hours_per_4w(group.minutes_per_week)


def _level_rows(made: EverybodyFree) -> Iterator[Record]:
    for level in made.levels:
        yield {
            "level": level.name,
            "unit": level.unit,
            "today": made.today_levels[level.name],
            "afresh": level.value,
            "afresh_at_least": level.bound,
            "gap": gap_in_words(level),
            "tolerance": level.tolerance,
            "proven": str(level.proven).lower(),
        }


def _cells(rows: Any) -> Iterator[Record]:
    for row in rows:
        yield {name: figure_in_words(None) if value is None else value for name, value in row.items() if name != "said"}


def gap_in_words(level: LevelResult[int]) -> str:
    """Between value and bound: in per cent, and in the level's unit where that says more."""
    if level.best == level.bound:
        return "none" if level.value == level.best else "within tolerance"
    share = percent(level.open_part, 2)
    return f"{share} ({level.best - level.bound:,} {level.unit})" if level.bound == 0 else share


def shown_levels(made: EverybodyFree) -> Iterator[tuple[str, str, str, str, str]]:
    """Per level in words: its name, today, afresh, at least, the gap."""
    for level in made.levels:
        values = (made.today_levels[level.name], level.value, level.bound)
        today, value, bound = (in_words(each, level.unit) for each in values)
        yield level.name.replace("_", " "), today, value, bound, gap_in_words(level)


def _page(made: EverybodyFree, record: Record) -> bytes:
    return page_of(
        "optimiser.whatif.everybody_free",
        "everybody_free.html.j2",
        {
            **record,
            "level_rows": list(shown_levels(made)),
            "tiers": _tiers(record),
            "told": figure_in_words,
        },
    )


def _tiers(record: Record) -> list[str]:
    """Those told of, today or afresh, and at the end who has no care."""
    told = {tier for when in record["county"].values() for tier in when["by_tier"]}
    return [tier for tier in (*TIERS, UNMET) if tier in told]
