"""The page of a bridge, for the named person who chooses: one offline file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from optimiser.bridging.explain import Explainer, named, summary
from optimiser.bridging.story import Bridge
from optimiser.bridging.tables import instead_rows, people_rows, told_people, trade_off_rows
from optimiser.domain.level_result import level_row
from optimiser.domain.words import date_in_words, percent
from optimiser.io.folders import page_of

TITLES = {"harm_first": "Harm first", "people_first": "People first", "whole_care": "Whole care"}


def bridge_page(bridge: Bridge, record: Mapping[str, Any], explainer: Explainer) -> bytes:
    """The page. ``record``: what ``bridge.json`` says."""
    county = bridge.case.county
    return page_of(
        __name__,
        "bridge.html.j2",
        {
            "as_of": date_in_words(county.as_of),
            "days": bridge.case.settings.bridge_days,
            "record": record,
            "titles": TITLES,
            "trade_off": trade_off_rows(bridge),
            "instead": instead_rows(bridge),
            "differ": told_people(bridge, explainer),
            "ties": [
                (TITLES[plan.name], [f"{person} in place of {' or '.join(others)}" for person, others in plan.alike.items()])
                for plan in bridge.plans
                if plan.alike
            ],
            "people": list(people_rows(bridge)),
            "plans": [
                {
                    "title": TITLES[plan.name],
                    "id": plan.name.replace("_", "-"),
                    "sentence": plan.alternative.sentence,
                    "summary": summary(bridge, plan),
                    "covered": [
                        {
                            "person_id": person.person_id,
                            "counted_as": person.counted_as,
                            "covers": plan.covers(person),
                            "visits": ". ".join((named(option.visits), *explainer.not_divisible(option))),
                            "contract_id": county.contracts[option.contract].contract_id,
                            "in_rounds": bridge.case.rounds_have(person, option.contract, option.minutes_per_week),
                        }
                        for person in bridge.case.people
                        if (option := plan.taken.get(person.person_id)) is not None
                    ],
                    "levels": [
                        {
                            **level_row(level, open_by=lambda each: f"open by {percent(each.open_part)}"),
                            "name": level.name.replace("_", " "),
                        }
                        for level in plan.levels
                    ],
                }
                for plan in bridge.plans
            ],
        },
    )
