"""``optimiser rules``: every rule of the book with its sentence, source, settings and effect, as Markdown and as JSON."""

from __future__ import annotations

import json
from dataclasses import fields
from typing import Any

import pytest

from optimiser.domain.policy import Policy
from optimiser.rules.base import Rule
from optimiser.rules.book import standard_rules
from tests.commands.running import run

Capture = pytest.CaptureFixture[str]
RULES = list(standard_rules())
LEVELS = [
    "unmet_urgent", "unmet_discharge", "unmet", "legacy", "principal_first", "volume_share", "disruption", "cost", "travel",
]  # fmt: skip


@pytest.fixture
def records(capsys: Capture) -> list[dict[str, Any]]:
    ran = run(capsys, "rules", "--json")
    assert (ran.code, ran.err) == (0, "")
    read: list[dict[str, Any]] = json.loads(ran.out)
    return read


@pytest.fixture
def sections(capsys: Capture) -> dict[str, str]:
    """The Markdown page by heading."""
    ran = run(capsys, "rules")
    assert (ran.code, ran.err) == (0, "")
    title, *parts = ran.out.split("\n## ")
    assert title.startswith(f"# Rule book {standard_rules().version}")
    return {part.split("\n", 1)[0]: part.split("\n", 1)[1] for part in parts}


def test_every_rule_of_the_book_is_in_the_json_in_its_order(records: list[dict[str, Any]]) -> None:
    assert [record["name"] for record in records] == [rule.name for rule in RULES]
    assert all(record.keys() == {"name", "sentence", "source", "settings", "effect"} for record in records)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_rule_says_all_of_itself(rule: Rule, records: list[dict[str, Any]], sections: dict[str, str]) -> None:
    record = next(record for record in records if record["name"] == rule.name)
    assert record["sentence"] == rule.sentence()
    assert record["sentence"].endswith(".")
    assert record["source"] == rule.source
    assert rule.source
    assert list(record["settings"]) == list(rule.settings)
    assert record["effect"].startswith(rule.effect)
    section = sections[rule.name]
    for said in (record["sentence"], f"- Source: {rule.source}", f"- Effect: {record['effect']}"):
        assert said in section
    for name, value in record["settings"].items():
        assert f"`{name}` = {value}" in section


def test_the_page_has_no_other_sections(sections: dict[str, str]) -> None:
    assert list(sections) == [rule.name for rule in RULES]


def test_the_levels_are_numbered_in_their_strict_order_with_their_units(records: list[dict[str, Any]]) -> None:
    effects = {record["name"]: record["effect"] for record in records}
    for number, name in enumerate(LEVELS, 1):
        unit = standard_rules().levels[number - 1].unit
        assert effects[name].endswith(f"(level {number}, in {unit})")


def test_settings_are_shown_with_their_defaults_as_people_write_them(records: list[dict[str, Any]]) -> None:
    shown = {name: value for record in records for name, value in record["settings"].items()}
    assert shown["principal_share_target"] == "0.7"
    assert shown["share_tolerance"] == "0.05"
    assert shown["band_limits_miles"] == "3; 6"
    assert shown["bar_cqc"] == "inadequate"
    assert shown["decline_days"] == "14"
    assert shown["person_minutes"] == "420"
    assert shown["move_pending"] == "false"


def test_every_setting_that_an_allocation_reads_belongs_to_a_rule(records: list[dict[str, Any]]) -> None:
    shown = {name for record in records for name in record["settings"]}
    of_reoptimisation_alone = {"max_moves", "step_moves", "move_charge", "moved_share_limit"}
    of_no_rule = {  # what is told, what the service asks of people, and which book of rules is used
        "largest_first_after_days", "rural_beyond_miles", "priority_review_days", "passed_over_limit",
        "answer_needed", "decision_valid_weeks",
    }  # fmt: skip
    assert {part.name for part in fields(Policy)} - of_reoptimisation_alone - of_no_rule == shown - of_reoptimisation_alone
