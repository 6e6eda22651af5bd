"""The whole nightly report as one record: what ``nightly.json`` holds and ``nightly.html`` shows, in the order of the page, with
the changes worth making, a row each, in the order in which they go ahead.

A further section is a module beside this one that makes its rows, a key below, and a template under ``sections``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import asdict
from typing import Any

from optimiser.allocating.story import Allocation
from optimiser.domain.assessments import Assessment
from optimiser.domain.words import hours
from optimiser.explaining.who_comes_last import outcome_today, who_comes_last
from optimiser.io.likely_typos import typo_notes
from optimiser.io.result_head import result_head
from optimiser.nightly.ahead import changes_ahead, contracts_ending_later
from optimiser.nightly.area_shares import FRAMEWORK_PROVIDERS, area_rows, restrictions_in_force, thin_frameworks
from optimiser.nightly.buying_anew import dates_to_keep
from optimiser.nightly.cascade_passed import passed_rows
from optimiser.nightly.gaps import areas_not_live, gap_rows
from optimiser.nightly.holds_that_end import hold_rows
from optimiser.nightly.lapsing_soon import lapsing_rows
from optimiser.nightly.newly_begun import NOTHING_KNOWN, FirstDays, kinds_told, newly_begun
from optimiser.nightly.not_safe import not_safe, safety_counts, safety_rows
from optimiser.nightly.numbering import Numbering
from optimiser.nightly.open_alerts import alert_rows, told_above
from optimiser.nightly.passed_over import NOBODY, to_decide
from optimiser.nightly.pounds_per_step import cost_rows
from optimiser.nightly.quality import assessment_rows, review_rows
from optimiser.nightly.reserve_use import Opening, reserve_rows
from optimiser.nightly.resilience import resilience_record
from optimiser.nightly.trend import trend_record
from optimiser.nightly.watch import StoredAs, Watch
from optimiser.nightly.who_waits import past_their_date, people_in, people_waiting, told
from optimiser.reoptimising.story import Reoptimisation
from optimiser.rules.levels.waiting import UnmetLevel

HOLDS_DAYS, OFFERS_DAYS = 7, 1
"""Within how many days holds that end and offers to be answered are told, unless it is asked otherwise."""
NOT_IN_THE_DATA = (
    "Ratings that are not dated in the data cannot be foretold: of ratings only a PAMMS rating with a date of publication that is"
    " still to come is listed."
)


def nightly_record(
    made: Reoptimisation,
    since: dict[str, Any] | None,
    *,
    ids: bool,
    ahead_days: int,
    openings: Collection[Opening] = (),
    assessments: Collection[Assessment] = (),
    nights: Mapping[str, int] = NOBODY,
    nobody_since: Mapping[str, dt.date] | None = None,
    watch: Watch | None = None,
    stored: StoredAs | None = None,
    holds_days: int = HOLDS_DAYS,
    offers_days: int = OFFERS_DAYS,
    first_days: FirstDays = NOTHING_KNOWN,
) -> dict[str, Any]:
    """The report. ``since``: what changed since the last one, by ``changes_since``. ``ids``: packages are named.
    ``nights``: per package how many nights it was passed over.
    ``nobody_since``: per package id since when nobody can be asked, where the service knows it.
    ``first_days``: what the service knows of care that has just begun.
    ``openings``: what is known of the areas where the reserve is open. ``assessments``: those that the service knows.
    ``watch``: what else the service knows; None: of a folder. ``stored``: the run that the plan is kept as. ``holds_days``,
    ``offers_days``: within how many days a hold that ends, and an offer to be answered, are told.

    Without ``ids`` no package id is in it: people are told apart by their numbers in this report alone.
    """
    allocation = made.allocation
    county = allocation.county
    numbering = Numbering(county.snapshot, ids=ids, onward_of=first_days.onward_of)
    known = watch or Watch()
    waiting = people_waiting(made)
    unsafe = not_safe(made, nobody_since)
    told_first = kinds_told(county, first_days)
    for each in unsafe:
        told_first.setdefault(each.package_id, []).extend(wrong.kind for wrong in each.wrong)
    areas = area_rows(allocation)
    return {
        "personal_data": True,
        **result_head(county.snapshot, titled=True, rule_book=allocation.rules.version),
        "with_ids": ids,
        "complete": allocation.complete,
        "all_proven": allocation.all_proven,
        **newly_begun(county, first_days, numbering),
        "not_safe": safety_rows(made, unsafe, numbering),
        "not_safe_counts": safety_counts(unsafe),
        "alerts": alert_rows(county.snapshot, known.alerts, told_first, numbering),
        "alerts_told_above": told_above(known.alerts, told_first),
        "holds_days": holds_days,
        "holds": hold_rows(county, holds_days, numbering),
        "offers_days": offers_days,
        "offers_lapsing": lapsing_rows(county, known.answer_by, offers_days, numbering),
        "past_their_date": told(past_their_date(waiting), numbering),
        "past_their_date_people": people_in(past_their_date(waiting)),
        "to_decide": to_decide(made, nights, numbering),
        "stored_run": None if stored is None else asdict(stored),
        "changes": steps_rows(made, numbering),
        "costs": cost_rows(made),
        "cascades": passed_rows(made, numbering),
        "departures": None if known.departures is None else asdict(known.departures),
        "steps": len(made.steps.steps),
        "moves": made.moves,
        "max_moves": made.max_moves,
        "step_moves": made.step_moves,
        "levels": [
            {"name": level.name, "unit": level.unit, "today": made.values[0][level.name], "after": level.value,
             "bound": level.bound, "proven": level.proven}
            for level in allocation.levels
        ],
        "since_last": _without_ids(since) if not ids else since,
        "share_band": [float(county.policy.share_low), float(county.policy.share_high)],
        "areas": areas,
        "reserve": reserve_rows(county, openings),
        "restrictions": restrictions_in_force(allocation),
        "assessments": assessment_rows(county.snapshot, assessments),
        "restriction_reviews": review_rows(county.snapshot),
        "capacity_returns_lapsed": [
            {**asdict(each), "told_on": str(each.told_on), "lapsed_on": str(each.lapsed_on)} for each in known.lapsed_returns
        ],
        "questions_overdue": asdict(known.overdue_questions),
        "statement_queries_overdue": [{**asdict(each), "answer_by": str(each.answer_by)} for each in known.overdue_queries],
        "account_queries_overdue": [{**asdict(each), "answer_by": str(each.answer_by)} for each in known.overdue_lines],
        "review_ahead_days": county.snapshot.quality.review_ahead_days,
        "escalation_posts": list(county.snapshot.quality.escalation_posts),
        "limits_exceeded_on_entry": _limits(allocation),
        "waiting": told([each for each in waiting if each["unmet"]], numbering),
        "waiting_people": people_in([each for each in waiting if each["unmet"]]),
        "passed_over_limit": county.policy.passed_over_limit,
        "rural_beyond_miles": float(county.policy.rural_beyond_miles),
        "who_comes_last": who_comes_last(county, lambda package: outcome_today(county, package)),
        "priorities_to_look_at": sum(1 for each in waiting if each["look_again"]),
        "asked_or_accepted": people_in([each for each in waiting if not each["unmet"]]),
        "trend": trend_record(known.trend, {area["area_id"]: area["name"] for area in areas}),
        "resilience": resilience_record(known.stress, county.as_of),
        "ahead_days": ahead_days,
        "ahead": changes_ahead(county.snapshot, ahead_days),
        "ending_later": contracts_ending_later(county.snapshot, ahead_days),
        "gap_months": county.snapshot.procurement.gap_months,
        "gaps": gap_rows(county.snapshot, county.travel),
        "areas_not_live": areas_not_live(county.snapshot),
        "buying_anew": dates_to_keep(county.snapshot),
        "framework_providers_wanted": FRAMEWORK_PROVIDERS,
        "thin_frameworks": thin_frameworks(areas),
        "probably_mistyped": [note.message() for note in typo_notes(county.snapshot)],
        "not_in_the_data": NOT_IN_THE_DATA,
    }  # fmt: skip


def _limits(allocation: Allocation) -> list[dict[str, Any]]:
    """The limits exceeded on entry, each with the name of the provider whose it is."""
    county = allocation.county
    holder = {provider.provider_id: provider.provider_id for provider in county.providers}
    holder |= {each.contract_id: each.provider_id for each in county.contracts}
    holder |= {each.restriction_id: each.provider_id for each in county.restrictions}
    name = {provider.provider_id: provider.name for provider in county.providers}
    return [{**each, "provider": name.get(holder.get(each["subject"], ""), "")} for each in allocation.limits_exceeded()]


def _without_ids(since: dict[str, Any] | None) -> dict[str, Any] | None:
    """The same with packages counted."""
    return None if since is None else {**since, "packages": {kind: len(ids) for kind, ids in since["packages"].items()}}


def steps_rows(made: Reoptimisation, numbering: Numbering) -> list[dict[str, Any]]:
    """A row per change; ``unmet_after``: unmet need once its whole step has gone ahead."""
    county = made.allocation.county
    unmet = [rule.name for rule in made.allocation.rules.levels if isinstance(rule, UnmetLevel) and not rule.counted_again]
    rows = []
    for number, step in enumerate(made.steps.steps, start=1):
        for change in step.changes:
            package = county.packages[change.package]
            after = county.contracts[change.after]
            rows.append(
                {
                    "step": number,
                    **numbering.named(package.package_id),
                    "kind": "move" if change.is_move else "place",
                    "priority": package.priority,
                    "area_id": package.area_id,
                    "hours_per_week": hours(package.minutes_per_week),
                    "from": "" if change.before is None else county.provider(change.before).name,
                    "to": county.provider(change.after).name,
                    "to_contract_id": after.contract_id,
                    "tier": after.tier,
                    "unmet_after": {name: made.values[number][name] for name in unmet},
                    "reason": made.reason(number, change),
                }
            )
    return rows
