"""The templates of "how to add": valid as they stand, and once filled in they do what their page says."""

from __future__ import annotations

import datetime as dt
import importlib
import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from optimiser import commands, exits
from optimiser.__main__ import main
from optimiser.allocating.story import Allocation, allocate
from optimiser.domain.records import Visit
from optimiser.domain.snapshot import Snapshot
from optimiser.geography.travel_times.interface import Travel
from optimiser.handbook import HERE
from optimiser.judging.checking import findings
from optimiser.rounds.check import Case, check
from optimiser.rounds.story import Order, build_provider
from optimiser.rules.book import RuleBook, standard_rules
from tests.making import SWANTON, county, framework, legacy, package, plan, provider, snapshot
from tests.rules.judging import all_pairs, rule_named

TEMPLATES = HERE / "templates"
MARKED = re.compile(r"FILL.?IN|FillIn|fill_in(?!g)")

Fill = Callable[[str, dict[str, str]], ModuleType]


@pytest.fixture
def fill(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Fill:
    """Fills in a template as its page says, and imports it as a package of its own."""

    def filled(template: str, words: dict[str, str]) -> ModuleType:
        text = (TEMPLATES / template).read_text(encoding="utf-8")
        text = re.sub(r"^\"\"\".*?\"\"\"$", '"""Filled in by a test."""', text, count=1, flags=re.MULTILINE)
        for mark, word in words.items():
            assert mark in text, mark
            text = text.replace(mark, word)
        text = re.sub(r"^ *# FILL IN: .*\n(?: *# .*\n)*", "", text, flags=re.MULTILINE)
        text = re.sub(r"  # FILL IN: .*$", "", text, flags=re.MULTILINE)
        text = re.sub(r'^"""FILL IN: .*"""$', '"""The figure."""', text, flags=re.MULTILINE)
        text = re.sub(r'^    """FILL IN: its settings.*"""$', '    """The figure."""', text, flags=re.MULTILINE)
        assert not MARKED.search(text.replace("Filled in by a test", "")), MARKED.findall(text)
        name = f"filled_{template.removesuffix('.py')}"
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text("", encoding="utf-8")
        (tmp_path / name / "new.py").write_text(text, encoding="utf-8")
        monkeypatch.syspath_prepend(str(tmp_path))
        monkeypatch.delitem(sys.modules, name, raising=False)
        return importlib.import_module(name)

    return filled


def with_new(module: ModuleType) -> RuleBook:
    return standard_rules().with_rules(module)


def two_new(**first: Any) -> Snapshot:
    """N1 and N2 wait; Bracken is not rated."""
    return snapshot(
        [package("N1", SWANTON, **first), package("N2")],
        [framework("BRACKEN"), framework("CLOVER"), legacy("DOCK")],
        providers=[provider("BRACKEN", cqc_rating="not_rated")],
    )


def on(allocation: Allocation, package_id: str) -> str:
    return str(allocation.explain(allocation.county.package_index[package_id])["contract_id"])


RULE = {
    "FillInName": "NotTooLarge", "fill_in_name": "not_too_large", "FILL_IN_MOST": "MOST_MINUTES",
    "FILL IN: the sentence of the rule book, which people read.": "No contract takes on a package of more than 60 hours a week.",
    "FILL IN: the document that it comes from": "provider forum",
    "FILL IN: what stands in the way where it fails, in a few words": "the care is too large",
}  # fmt: skip


def test_a_rule_filled_in_is_kept_by_model_and_check_and_told(fill: Fill) -> None:
    rules = with_new(fill("rule.py", RULE))
    here = two_new(hours=60.25, visits_per_week=28)
    allocation = allocate(here, rules=rules)
    assert on(allocation, "N1") == ""
    assert on(allocate(here), "N1") != ""
    assert rule_named("not_too_large", rules).sentence().startswith("No contract takes on")
    told = allocation.explain(allocation.county.package_index["N1"])["contracts"][0]["findings"]
    assert ["not_too_large", False, 3615, 3600] in [found[:4] for found in told]
    broken, _ = findings(allocation.county, rules, plan(allocation.county, {"N1": "F-CLOVER"}))
    assert "not_too_large" in [each.finding.rule for each in broken]
    packages = np.arange(2, dtype=np.int64)
    judge = next(rule for rule in rules.eligibility if rule.name == "not_too_large")
    check_half = [[judge.finding(allocation.county, p, k).passed for k in range(3)] for p in range(2)]
    assert judge.passes(allocation.county, packages).tolist() == check_half == [[False] * 3, [True] * 3]


LIMIT = {
    "FillInName": "LegacyHours", "FillInLimit": "LegacyLimit", "fill_in_name": "legacy_hours", "FILL_IN_MOST": "MOST_MINUTES",
    "FILL IN: the sentence of the rule book, which people read.": "An area has at most ten hours a week on the legacy framework.",
    "FILL IN: what one of them allows.": "What one area allows.",
    "FILL IN: the document that it comes from": "invented for a test",
    "FILL IN: what it is to one of its contracts, in a few words": "the area's legacy hours",
}  # fmt: skip


def test_a_limit_filled_in_bounds_what_is_placed(fill: Fill) -> None:
    rules = with_new(fill("limit.py", LIMIT))
    here = snapshot([package("N1", hours=7), package("N2", hours=4)], [legacy("DOCK")])
    placed = [name for name in ("N1", "N2") if on(allocate(here, rules=rules), name)]
    assert placed == ["N1"]
    assert [name for name in ("N1", "N2") if on(allocate(here), name)] == ["N1", "N2"]
    now = county([package("N1", hours=7), package("N2", hours=4)], [legacy("DOCK"), framework("CLOVER")])
    packages, contracts = all_pairs(now)
    for limit in (each for each in rules.all_limits(now) if each.rule == "legacy_hours"):
        pairs = zip(packages.tolist(), contracts.tolist(), strict=True)
        assert limit.counts_many(now, packages, contracts).tolist() == [limit.counts(now, p, k) for p, k in pairs]
        assert limit.in_short() == "the area's legacy hours"


LEVEL = {
    "FILL IN: a few plain words for it, in reasons": "care with providers that are not rated",
    "FillInName": "Unrated", "fill_in_name": "unrated",
    "FILL IN: the sentence of the rule book: what there should be as little of as possible.": "As little as possible unrated.",
    "FILL IN: the document that it comes from": "invented for a test",
}  # fmt: skip


def test_a_level_filled_in_is_minimised_in_its_place_and_reported(fill: Fill) -> None:
    rules = with_new(fill("level.py", LEVEL))
    allocation = allocate(two_new(), rules=rules)
    assert [level.name for level in allocation.levels][-1] == "unrated"
    assert allocation.levels[-1].unit == "minutes a week"
    assert allocation.levels[-1].value == rules.levels[-1].value(allocation.county, allocation.verified.plan)
    assert allocation.all_proven


SOURCE = {
    "FillInName": "Cycling", "fill_in_metres_per_second": "metres_per_second", "FILL IN: a name": "by bicycle",
    "FILL IN: where the times come from, in one sentence.": "Seconds by bicycle.",
}  # fmt: skip


def test_a_travel_source_filled_in_is_what_rounds_rest_on(fill: Fill) -> None:
    module = fill("travel_source.py", SOURCE)
    travel = importlib.import_module(f"{module.__name__}.new").Cycling(metres_per_second=5.0)
    assert isinstance(travel, Travel)
    here = snapshot(
        [
            package("R1", status="active", contract_id="F-BRACKEN"),
            package("R2", SWANTON, status="active", contract_id="F-BRACKEN"),
        ],
        [framework("BRACKEN")],
        visits=[Visit(f"V{n}", f"R{n}", ("mon", "tue"), dt.time(8), dt.time(10), 30, 1) for n in (1, 2)],
    )
    places = np.array([[each.latitude, each.longitude] for each in here.packages])
    times = travel.matrix(places)
    assert times.seconds.diagonal().tolist() == [0, 0]
    assert times.seconds[0, 1] == round(times.metres[0, 1] / 5)
    order = Order(here, driving=travel)
    week = build_provider(order, "BRACKEN")
    assert "by bicycle, 5 metres a second" in week.travel
    assert check(Case(here, order.settings, (), week, travel, order.walking, ("BRACKEN",))) == []


COMMAND = {
    "fill_in_name": "waiting",
    "FILL IN: what it does, in a few words": "how many wait",
    "FILL IN: what it does, what it reads, what it writes.": "Says how many packages wait, and their hours.",
    "FILL IN: what it does. See": "Says how many wait. See",
    "FILL IN: what it reports": "how many wait",
    "FILL IN: for programs, the figures that people read.": "How many wait.",
}  # fmt: skip


def test_a_command_filled_in_parses_runs_and_refuses(
    fill: Fill, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is found among the commands by its file alone, and read, helped and run as the others are."""
    fill("command.py", COMMAND)
    (tmp_path / "found").mkdir()
    (tmp_path / "filled_command" / "new.py").rename(tmp_path / "found" / "waiting.py")
    monkeypatch.setattr(commands, "__path__", [*commands.__path__, str(tmp_path / "found")])
    monkeypatch.delitem(sys.modules, "optimiser.commands.waiting", raising=False)
    villages = str(HERE.parent.parent / "data" / "three_villages")
    with pytest.raises(SystemExit):
        main(["help", "waiting"])
    told = capsys.readouterr().out
    assert "Says how many packages wait, and their hours." in told
    assert "example:\n  optimiser waiting data/three_villages" in told
    assert main(["waiting", villages]) == exits.PROVEN
    assert capsys.readouterr().out == "7 packages wait, 45 hours a week.\n"
    assert main(["waiting", villages, "--json"]) == exits.PROVEN
    assert json.loads(capsys.readouterr().out) == {"packages": 7, "minutes_per_week": 2700}
    assert main(["waiting", str(tmp_path / "nowhere")]) == exits.REFUSED


@pytest.mark.parametrize("template", sorted(TEMPLATES.glob("*.py")), ids=lambda file: file.name)
def test_a_template_says_what_to_fill_in_and_stands_on_a_page(template: Path) -> None:
    assert MARKED.search(template.read_text(encoding="utf-8"))
    pages = [page.read_text(encoding="utf-8") for page in sorted((HERE / "pages" / "add").glob("*.md"))]
    assert any(f"{{file:../templates/{template.name}}}" in page for page in pages), template.name
    compile(template.read_text(encoding="utf-8"), template.name, "exec")


def test_no_rule_of_the_book_still_says_fill_in() -> None:
    for folder in ("commands", "rules", "travel"):
        for file in (HERE.parent / folder).rglob("*.py"):
            assert not MARKED.search(file.read_text(encoding="utf-8")), file
