"""Contract hours as JSON, as tables and as one page that opens offline. Contracts and areas; no person."""

from __future__ import annotations

from typing import Any

from optimiser.domain.dates import days_after
from optimiser.domain.words import percent
from optimiser.forecasting.events_drawn import DAYS
from optimiser.forecasting.sizing.exact_interval import interval
from optimiser.forecasting.sizing.marks import IN_WORDS
from optimiser.forecasting.sizing.played_sizes import Round
from optimiser.forecasting.sizing.story import Sizing
from optimiser.forecasting.sizing.tables import AREA_COLUMNS, CONTRACT_COLUMNS, Row, area_rows, contract_rows
from optimiser.forecasting.sizing.what_hinders import HINDERED_BY
from optimiser.io.folders import page_of, pretty
from optimiser.io.result_head import result_head
from optimiser.io.spreadsheets import spreadsheet

WHAT_IT_IS_NOT = (
    "This is evidence for what to contract, not a decision: it holds if rates stay as they are given, and it moves nobody. Hours"
    " that are contracted are not staff that a provider has."
)


def sizes_record(made: Sizing) -> dict[str, Any]:
    """Everything; the same bytes for the same input."""
    course, asked = made.course, made.asked
    return {
        **result_head(course.snapshot, titled=True, rule_book=course.ground.rules.version),
        "last_day": str(days_after(course.snapshot.as_of, DAYS * course.weeks)),
        "weeks": course.weeks,
        "last_weeks": asked.last_weeks,
        "seed": course.seed,
        "draws": asked.draws,
        "draws_asked_for": asked.needed,
        "fresh_draws": asked.fresh_draws,
        "rounds": made.rounds,
        "step_hours_4w": asked.step,
        "unmet_mark_minutes": str(made.marks.unmet_minutes),
        "share_low": str(made.marks.low),
        "share_high": str(made.marks.high),
        "checked_events": sum(draw.events for of in (made.today, made.fresh) for draw in of.draws),
        "draws_in_which_all_areas_hold": {"found": _all_hold(made, made.with_found), "fresh": _all_hold(made, made.fresh)},
        "said": said(made),
        "contracts": list(contract_rows(made)),
        "areas": [{**row, "why": why(row)} for row in area_rows(made)],
    }


def said(made: Sizing) -> list[str]:
    """What was looked for, what was found and how sure it is, in sentences."""
    asked, count = made.asked, len(made.areas)
    can = [place for place in range(count) if made.hours_alone_can(place)]
    held = made.holding(made.with_found)
    holding = sum(held[place] >= asked.needed for place in can)
    found = [
        f"Looked for: the fewest hours with which an area's marks hold in at least {asked.needed} of {asked.draws} draws"
        f" ({percent(asked.part, 1)}), over the last {asked.last_weeks} weeks of each.",
        f"With the hours found {holding} of {count} areas do.",
    ]
    if len(can) < count:
        found.append(
            f"In {count - len(can)} of {count} areas no hours that were tried, today's among them, hold the marks in enough"
            " draws. There the hours found are the fewest that come as close, draw by draw, as all the room there could be, and"
            " no size to contract by; it is told what hinders."
        )
    if holding < len(can):
        found.append(f"In {len(can) - holding} areas the hours found do not do together with those of all other areas.")
    fresh, fresh_good = made.holding(made.fresh), made.as_good(made.fresh, made.fresh_roomy)
    counts = [fresh[place] if place in can else fresh_good[place] for place in range(count)]
    least = min(counts)
    enough = sum(each >= asked.part * asked.fresh_draws for each in counts)
    low, high = interval(least, asked.fresh_draws)
    found.append(
        f"On {asked.fresh_draws} draws that the search had not seen the weakest area does in {least} (exact 95% interval of its"
        f" share: {percent(low)} to {percent(high)}), and {enough} of {count} areas in {percent(asked.part, 1)} or more."
    )
    return found


def why(row: Row) -> list[str]:
    """What keeps the marks of an area from holding with all the room for the framework; empty where hours alone can."""
    if row["hours_alone_can"] == "yes":
        return []
    found = [
        f"With all the room for the framework, in {row[f'missed_with_open_framework_{name}']} of {row['draws']} draws there is"
        f" not: {words}."
        for name, words in IN_WORDS.items()
        if row[f"missed_with_open_framework_{name}"]
    ]
    found.append(f"{row['legacy_hours_with_open_framework']} hours a week are on the legacy framework then, on average.")
    found += [
        f"{row[f'waiting_{name}_with_open_framework']} hours a week wait at the end, on average, since {words}."
        for name, words in HINDERED_BY.items()
        if row[f"waiting_{name}_with_open_framework"] != "0.00"
    ]
    return found


def sizes_files(made: Sizing, record: dict[str, Any]) -> dict[str, bytes]:
    """What is written, by name. ``record``: of these hours."""
    return {
        "sizes.csv": spreadsheet(CONTRACT_COLUMNS, contract_rows(made)),
        "sizes-areas.csv": spreadsheet(AREA_COLUMNS, area_rows(made)),
        "sizes.json": pretty(record),
        "sizes.html": page_of(
            "optimiser.forecasting.sizing", "sizes.html.j2", {**record, "what_it_is_not": WHAT_IT_IS_NOT, "marks": IN_WORDS}
        ),
    }


def _all_hold(made: Sizing, of: Round) -> int:
    """In how many draws every area meets every mark."""
    return sum(not any(made.marks.missed(seen) for seen in areas) for areas in zip(*of.seen, strict=True))
