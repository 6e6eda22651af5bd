"""A rule is one file: toy rules in a folder of the tests reach the model, the check, the explanations and the rule book."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import optimiser.rules
from optimiser.allocating.report import result_record
from optimiser.allocating.story import allocate
from optimiser.commands.rules import book
from optimiser.domain.snapshot import Snapshot
from optimiser.judging.candidates import judge
from optimiser.judging.checking import PlanRefusedError, verify
from optimiser.rules import eligibility
from optimiser.rules.book import book_of, records, rules_in, standard_rules
from optimiser.solving.formulation import build_model
from tests.making import SWANTON, county, framework, legacy, package, plan, provider, snapshot
from tests.rules import toy
from tests.rules.judging import choices_of, rule_named
from tests.rules.toy import few_visits

STANDARD = standard_rules()
WITH_TOYS = STANDARD.with_rules(toy)
TOYS = ["toy_few_visits", "toy_legacy_hours", "toy_unrated"]

NEW = [package("N1", visits_per_week=29), package("N2"), package("N3", hours=5.25)]
CONTRACTS = [framework("BRACKEN"), legacy("DOCK")]


def refused_by(places: dict[str, str | None]) -> list[str]:
    """The rules that refuse a plan when the toys are in the book."""
    here = county(NEW, CONTRACTS)
    try:
        verify(here, WITH_TOYS, plan(here, places))
    except PlanRefusedError as refused:
        return [broken.finding.rule for broken in refused.broken]
    return []


def test_the_book_has_the_toys_each_kind_in_its_order_and_the_standard_book_has_not() -> None:
    assert [rule.name for rule in WITH_TOYS.eligibility][-1] == "toy_few_visits"
    assert [rule.name for rule in WITH_TOYS.limits][-1] == "toy_legacy_hours"
    assert [rule.name for rule in WITH_TOYS.levels][6:9] == ["disruption", "toy_unrated", "cost"]
    assert not {rule.name for rule in STANDARD} & set(TOYS)
    assert len(list(WITH_TOYS)) == len(list(STANDARD)) + 3


def test_the_eligibility_rule_forbids_choices_in_the_model() -> None:
    here = county(NEW, CONTRACTS)
    assert judge(here, STANDARD).of(0).tolist() == [0, 1]
    assert judge(here, WITH_TOYS).of(0).tolist() == [1]
    assert judge(here, WITH_TOYS).of(1).tolist() == [0, 1]
    assert choices_of(build_model(here, WITH_TOYS), plan(here, {"N1": "F-BRACKEN"})) is None


def test_the_limit_bounds_choices_in_the_model() -> None:
    here = county(NEW, CONTRACTS)
    for places, legal in (({"N1": "L-DOCK", "N2": "L-DOCK"}, True), ({"N2": "L-DOCK", "N3": "L-DOCK"}, False)):
        chosen = plan(here, places)
        for rules, allowed in ((WITH_TOYS, legal), (STANDARD, True)):
            model = build_model(here, rules)
            choices = choices_of(model, chosen)
            assert choices is not None
            assert model.problem.is_legal(choices) is allowed


def test_the_check_refuses_a_plan_that_breaks_them() -> None:
    assert refused_by({"N1": "L-DOCK", "N2": "L-DOCK"}) == []  # exactly ten hours
    assert refused_by({"N1": "F-BRACKEN"}) == ["toy_few_visits"]
    assert refused_by({"N2": "L-DOCK", "N3": "L-DOCK"}) == ["toy_legacy_hours"]
    assert refused_by({"N1": "F-BRACKEN", "N2": "L-DOCK", "N3": "L-DOCK"}) == ["toy_few_visits", "toy_legacy_hours"]
    here = county(NEW, CONTRACTS)
    verify(here, STANDARD, plan(here, {"N1": "F-BRACKEN", "N2": "L-DOCK", "N3": "L-DOCK"}))


def two_frameworks() -> Snapshot:
    """Bracken is cheaper and not rated, Clover is rated; N1 has more visits than the toy allows."""
    contracts = [framework("BRACKEN", rates_pence=(2000, 2000, 2000)), framework("CLOVER")]
    return snapshot(
        [package("N1", SWANTON, hours=1, visits_per_week=29), package("N2", hours=1)],
        [*contracts, legacy("DOCK", max_hours_4w=Fraction(4))],
        providers=[provider("BRACKEN", cqc_rating="not_rated")],
    )


def outcome(given: Any, package_id: str) -> str:
    return str(given.explain(given.county.package_index[package_id])["contract_id"])


def test_an_allocation_keeps_the_rules_and_minimises_the_level() -> None:
    as_usual, with_toys = allocate(two_frameworks()), allocate(two_frameworks(), rules=WITH_TOYS)
    # Fair parts put one package with each; by the way and by the rule it does not matter which, by the toys it does.
    assert {outcome(as_usual, name) for name in ("N1", "N2")} == {"F-BRACKEN", "F-CLOVER"}
    # N1 may go to the legacy framework alone; N2 shuns the provider that is not rated, as far as the shares allow it.
    assert outcome(with_toys, "N1") == "L-DOCK"
    assert outcome(with_toys, "N2") == "F-CLOVER"
    assert with_toys.all_proven
    level = next(level for level in with_toys.levels if level.name == "toy_unrated")
    assert (level.value, level.unit) == (0, "minutes a week")


def test_an_explanation_names_them_with_their_figures_and_sentences() -> None:
    allocation = allocate(two_frameworks(), rules=WITH_TOYS)
    steps = {step["contract_id"]: step for step in allocation.explain(0)["contracts"]}
    findings = {name: {found[0]: found for found in step["findings"]} for name, step in steps.items()}
    sentence = "The care has 29 visits a week; a framework contract is asked for at most 28."
    assert findings["F-CLOVER"]["toy_few_visits"] == ["toy_few_visits", False, 29, 28, "visits a week", sentence]
    assert steps["F-CLOVER"]["verdict"] == "may not be asked"
    limit = findings["L-DOCK"]["toy_legacy_hours"]
    assert limit[:4] == ["toy_legacy_hours", True, 60, 600]
    assert limit[5] == "Area A1 would have 1 legacy hours a week of at most 10."
    assert "toy_legacy_hours" not in findings["F-CLOVER"]  # no legacy contract


def test_a_comparison_with_another_choice_names_the_level() -> None:
    # Bracken is asked first, being further below its part and cheaper (1 hour at £20.00, not £24.00), but it is not rated.
    contracts = [framework("BRACKEN", rates_pence=(2000, 2000, 2000)), framework("CLOVER")]
    given = snapshot([package("N1", hours=1)], contracts, providers=[provider("BRACKEN", cqc_rating="not_rated")])
    allocation = allocate(given, rules=WITH_TOYS)
    first, second = allocation.explain(0)["contracts"]
    assert (first["contract_id"], first["verdict"]) == ("F-BRACKEN", "has room")
    assert first["instead"] == {"toy_unrated": 60, "cost": -400}
    assert (second["contract_id"], second["verdict"]) == ("F-CLOVER", "chosen")


def test_a_new_rule_that_names_no_obstacle_is_told_by_its_name() -> None:
    told = [rule.in_the_way() for rule in WITH_TOYS.eligibility]
    assert told[-1] == "the rule toy_few_visits does not allow it"
    assert "a skill is missing" in told
    here = county(NEW, CONTRACTS)
    assert "the limit toy_legacy_hours" in [limit.in_short() for limit in WITH_TOYS.all_limits(here)]


def test_the_rule_book_and_the_result_list_them() -> None:
    printed = book(WITH_TOYS)
    for name in TOYS:
        assert f"## {name}\n\n{rule_named(name, WITH_TOYS).sentence()}\n" in printed
    assert "- Settings (defaults): `max_moves` = 25" in printed
    effects = {record["name"]: record["effect"] for record in records(WITH_TOYS)}
    assert effects["toy_unrated"] == "is minimised in strict order (level 8, in minutes a week)"
    assert effects["cost"].startswith("is minimised in strict order (level 9")
    told = result_record(allocate(two_frameworks(), rules=WITH_TOYS))
    assert set(TOYS) <= set(told["rules"])
    assert [level["name"] for level in told["levels"]] == [level.name for level in WITH_TOYS.levels]


def test_the_example_of_the_readme_works_as_it_stands() -> None:
    page = Path(optimiser.rules.__file__).with_name("README.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    example = example.replace('"not_too_large"', '"toy_not_too_large"')  # so that the rule itself may be in the book
    module = ModuleType("readme_example")
    imports = "from optimiser.county import *\nfrom optimiser.rules.base import *\nimport numpy as np\n"
    exec(f"from __future__ import annotations\n{imports}{example}", module.__dict__)
    rules = STANDARD.with_rules(module)
    here = county([package("N1", hours=60), package("N2", hours=60.25)], [framework("BRACKEN")])
    assert [judge(here, rules).of(index).tolist() for index in (0, 1)] == [[0], []]
    found = rules.eligibility[-1].finding(here, 1, 0)
    assert (found.rule, found.passed) == ("toy_not_too_large", False)
    assert found.sentence == "The care is 60.25 hours a week; at most 60 may go to one contract."


def test_one_module_is_enough_and_a_name_stands_once() -> None:
    assert [rule.name for rule in rules_in(few_visits)] == ["toy_few_visits"]  # not the classes that it imports
    assert "toy_few_visits" in [rule.name for rule in STANDARD.with_rules(few_visits)]
    with pytest.raises(ValueError, match="two rules share a name: toy_few_visits"):
        WITH_TOYS.with_rules(few_visits)
    with pytest.raises(ValueError, match="two rules share a name"):
        STANDARD.with_rules(eligibility)


class Twin(few_visits.ToyFewVisits):
    """Stands where another rule stands."""

    name = "toy_twin"


def test_two_rules_of_a_kind_never_share_an_order() -> None:
    with pytest.raises(ValueError, match="share the order 130: toy_few_visits, toy_twin"):
        book_of([*WITH_TOYS, Twin()])
