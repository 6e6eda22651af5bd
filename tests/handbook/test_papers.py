"""The papers say what is so: tests they name exist, hazards are held, and each point of the security standard is met once."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from api.security.roles import ROLES
from api.state.stored_records import (
    ACCOUNT_BOOK,
    ASSESSMENTS,
    CAPACITY_ASKS,
    CAPACITY_RETURNS,
    COLUMNS,
    FIRST_ASKINGS,
    INCENTIVE_PERIODS,
    ON_CALL,
    OWN_KINDS,
    PERIOD_FIGURES,
    RELEASED_TRANSFERS,
    STATEMENT_QUERIES,
    STATEMENTS,
)
from api.storage import table_schema
from api.storage.who_is_in_it import people_in
from optimiser.handbook import HERE, ROOT
from optimiser.handbook.generating.papers import MARK, OF_A_PERSON, PARTS, Facts, _filled, paper_pages
from optimiser.io.schema import OF_PEOPLE, TABLES
from tests.rules import toy

PAPERS = HERE / "pages" / "papers"
WRITTEN = sorted([*PAPERS.glob("*.md"), *(HERE / "papers").glob("*.md"), ROOT / "SECURITY.md"])
NAMED = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+))?`")


@cache
def names_in(file: str) -> frozenset[str]:
    return frozenset(re.findall(r"^def (test_\w+)\(", (ROOT / file).read_text(encoding="utf-8"), re.MULTILINE))


@pytest.mark.parametrize("paper", WRITTEN, ids=lambda path: path.name)
def test_every_test_that_a_paper_names_exists(paper: Path) -> None:
    for file, name in NAMED.findall(paper.read_text(encoding="utf-8")):
        assert (ROOT / file).is_file(), file
        assert not name or name in names_in(file), f"{file}::{name}"


def rows(paper: str) -> list[list[str]]:
    text = (PAPERS / paper).read_text(encoding="utf-8")
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line.startswith("| ")]


def test_every_hazard_has_a_test_and_a_duty_that_holds_it() -> None:
    hazards = [row for row in rows("hazards.md") if re.fullmatch(r"[WPMTDS]\d+", row[0])]
    assert len(hazards) >= 30
    assert len({row[0] for row in hazards}) == len(hazards)
    for identity, what, how, held, duty in hazards:
        assert NAMED.search(held), identity
        assert what, identity
        assert how, identity
        assert len(duty.split()) > 3, f"{identity}: whose duty stays, and what it is"


def test_every_threat_is_held_by_something() -> None:
    threats = [row for row in rows("threat-model.md") if re.fullmatch(r"[A-H]\d", row[0])]
    assert len(threats) >= 20
    assert all(NAMED.search(row[2]) for row in threats)


LEVELS = {
    "1": {"1": "22", "2": "1111122223", "3": "112222222223", "4": "222", "5": "123"},
    "2": {"1": "122", "2": "112", "3": "12223", "4": "23"},
    "3": {"1": "3", "2": "113", "3": "12223", "4": "11222233", "5": "11122333", "6": "3", "7": "22333"},
    "4": {"1": "12233", "2": "23333", "3": "22", "4": "1222"},
    "5": {"1": "2", "2": "112333", "3": "113", "4": "222"},
    "6": {"1": "122", "2": "111111112222", "3": "11223333", "4": "112233", "5": "22222333", "6": "2223", "7": "33", "8": "2222"},
    "7": {"1": "222", "2": "1111", "3": "22", "4": "11222", "5": "223", "6": "22"},
    "8": {"1": "1233", "2": "1123", "3": "133", "4": "23"},
    "9": {"1": "111", "2": "1222"},
    "10": {"1": "22", "2": "223", "3": "22223", "4": "1111122222233333", "5": "22222", "6": "22", "7": "222"},
    "11": {"1": "2233", "2": "22233", "3": "11233", "4": "1222", "5": "23", "6": "23", "7": "33"},
    "12": {"1": "12233", "2": "11", "3": "22223"},
    "13": {"1": "2333", "2": "222223", "3": "2233", "4": "1222233"},
    "14": {"1": "22", "2": "12223333", "3": "122"},
    "15": {"1": "12233", "2": "12233", "3": "1222222", "4": "3333"},
    "16": {"1": "2", "2": "22222", "3": "2222", "4": "222", "5": "2223"},
    "17": {"1": "23", "2": "22223333", "3": "22"},
}
"""The standard, version 5.0.0: by chapter and section the level of each point, in order."""


def points(levels: str) -> set[str]:
    return {
        f"{chapter}.{section}.{number}"
        for chapter, sections in LEVELS.items()
        for section, each in sections.items()
        for number, level in enumerate(each, start=1)
        if level in levels
    }


def test_each_point_of_both_levels_of_the_security_standard_stands_once() -> None:
    told = [row for row in rows("asvs.md") if re.match(r"\d", row[0])]
    listed = [point for row in told for point in row[0].split(", ")]
    assert sorted(listed) == sorted(points("12"))
    assert all(row[-1] for row in told)
    held = [row for row in told if len(row) == 3]
    assert sum(bool(NAMED.search(row[2])) for row in held) > len(held) / 2


def test_the_impact_assessment_tells_every_column_table_role_and_deed_of_the_service() -> None:
    text = paper_pages()["papers/dpia.md"]
    for kind in OF_PEOPLE:
        for column in TABLES[f"{kind}.csv"]:
            assert f"| `{kind}.csv` | `{column.name}` |" in text, (kind, column.name)
    of_providers = {
        ASSESSMENTS,
        CAPACITY_RETURNS,
        CAPACITY_ASKS,
        ON_CALL,
        FIRST_ASKINGS,
        STATEMENT_QUERIES,
        RELEASED_TRANSFERS,
        ACCOUNT_BOOK,
        STATEMENTS,
        PERIOD_FIGURES,
        INCENTIVE_PERIODS,
    }
    for kind in set(OWN_KINDS) - {COLUMNS} - of_providers:
        assert f"| `{kind}` |" in text, kind
    for each in table_schema.metadata.sorted_tables:
        for named in people_in(each):
            assert re.search(rf"^\| `{each.name}` \|.*`{named}`: people", text, re.MULTILINE), (each.name, named)
    for role in ROLES:
        assert re.search(rf"^\| {role} \|", text, re.MULTILINE), role
    assert "| offers.lapse |" in text
    assert "{made:" not in text


def test_the_transparency_record_is_made_of_the_rules_and_settings_as_they_are() -> None:
    facts = Facts.of_today()
    text = paper_pages(facts)["papers/atrs.md"]
    for level in facts.rules.levels:
        assert f"| {level.name} | {table_cell(level.sentence())} | {level.unit} |" in text
    for rule in facts.rules.eligibility:
        said = f"| {rule.name} | {table_cell(rule.sentence())} | {OF_A_PERSON if rule.private else ''} |"
        assert said in text
    assert re.search(r"^\| `person_minutes` \| 420 \|", text, re.MULTILINE)
    other = Facts(facts.rules.with_rules(toy), facts.acts[:1])
    added = {each.name for each in other.rules} - {each.name for each in facts.rules}
    assert added
    assert all(f"| {name} |" in paper_pages(other)["papers/atrs.md"] for name in added), "a rule that comes in is told"
    assert "| offers.lapse |" not in paper_pages(other)["papers/dpia.md"], "and so is a deed"


def test_each_part_is_used_and_one_that_there_is_not_stops_the_build() -> None:
    used = {name for paper in (HERE / "papers").glob("*.md") for name in MARK.findall(paper.read_text(encoding="utf-8"))}
    assert used == PARTS.keys()
    with pytest.raises(KeyError):
        _filled("{made:no_such_part}", Facts.of_today())


def table_cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
