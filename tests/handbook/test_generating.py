"""Nothing is forgotten: every command, exit code, setting, column and rule has its place in the handbook."""

from __future__ import annotations

import re
from dataclasses import fields

import pytest

import optimiser
from api.settings import Settings
from optimiser.commands import parser
from optimiser.domain.policy import Policy, ProcurementSettings, QualitySettings, TransferPolicy
from optimiser.domain.staffing import Staffing
from optimiser.handbook import HERE
from optimiser.handbook.generating import generated_pages
from optimiser.handbook.generating.documents import address_of, page_of, with_files
from optimiser.handbook.generating.reference import commands_of
from optimiser.handbook.generating.settings_pages import all_settings, with_defaults
from optimiser.io.schema import TABLES
from optimiser.rules.book import standard_rules

PAGES = HERE / "pages"
GENERATED = generated_pages()


def written(page: str) -> str:
    return (PAGES / page).read_text(encoding="utf-8")


def test_every_command_is_on_its_page_and_under_how_to() -> None:
    how_to = "".join(file.read_text(encoding="utf-8") for file in sorted((PAGES / "how-to").glob("*.md")))
    found = [name for name, _ in commands_of(parser())]
    assert "rounds build" in found
    for name in found:
        assert f"## `optimiser {name}`\n" in GENERATED["reference/commands.md"], name
        assert f"optimiser {name.split()[0]}" in how_to, name


def test_every_argument_of_every_command_is_told() -> None:
    text = GENERATED["reference/commands.md"]
    for name, command in commands_of(parser()):
        part = text.partition(f"## `optimiser {name}`\n")[2].partition("\n## ")[0]
        for action in command._actions:
            for option in action.option_strings:
                assert option in part, (name, option)
        assert "%(" not in part, name
        assert "%%" not in part, name


def test_exit_codes_are_told_where_commands_are() -> None:
    text = written("how-to/command-line.md")
    for code in ("0 done", "2 input refused", "3 a verified plan", "4 model and check disagree", "130 interrupted"):
        assert code in text
    assert "5 the audit trail" in text


def names_of_settings() -> set[str]:
    classes = {
        part.name for kind in (Policy, TransferPolicy, ProcurementSettings, QualitySettings, Staffing) for part in fields(kind)
    }
    service = {str(field.validation_alias or f"OPTIMISER_{name.upper()}") for name, field in Settings.model_fields.items()}
    return classes | service


def test_every_setting_is_generated_with_a_meaning() -> None:
    known = all_settings()
    assert names_of_settings() <= set(known)
    text = GENERATED["reference/settings.md"]
    for name, setting in known.items():
        assert f"| `{name}` | {setting.default} |" in " ".join(text.replace("\n", "\n ").split(" ")), name


def test_every_setting_is_a_judgement_with_its_default_and_a_reason() -> None:
    rows = re.findall(r"^\| (.+?) \| `(\w+)` \| \{default:(\w+)\} \|$", written("judgements.md"), re.MULTILINE)
    assert {name for _, name, _ in rows} == set(all_settings())
    assert len(rows) == len(all_settings()), "one of them stands there twice"
    for why, name, default in rows:
        assert name == default
        assert len(why) > 7, name
    said = with_defaults(written("judgements.md"))
    assert "| `person_minutes` | 420 |" in said
    assert "| `morning` | 07:00 to 15:00 |" in said
    assert "| `blackouts` | 18 December up to 22 February |" in said
    assert "{default" not in said


def test_a_default_of_a_setting_that_there_is_not_stops_the_build() -> None:
    with pytest.raises(KeyError):
        with_defaults("{default:no_such_setting}")
    with pytest.raises(FileNotFoundError):
        with_files("{file:no/such/file.py}")


def test_every_rule_and_column_is_generated() -> None:
    for rule in standard_rules():
        assert f"## {rule.name}\n\n{rule.sentence()}" in GENERATED["reference/rules.md"]
    for file, columns in TABLES.items():
        part = GENERATED["reference/columns.md"].partition(f"## `{file}`")[2].partition("\n## ")[0]
        for column in columns:
            assert f"| `{column.name}` | {'no' if column.optional else 'yes'} | {'yes' if column.personal else ''} |" in part


def test_every_address_is_generated_with_its_roles() -> None:
    text = GENERATED["reference/http.md"]
    assert "## `GET /v1/packages/{package_id}/cascade`" in text
    part = text.partition("## `GET /health/live`")[2].partition("\n## ")[0]
    assert "Roles: anybody, without a key." in part
    records = GENERATED["reference/records.md"]
    linked = set(re.findall(r"records\.md#([\w-]+)", text))
    assert linked <= {name.lower() for name in re.findall(r"^## (\S+)$", records, re.MULTILINE)}


def test_every_name_of_the_door_is_generated_with_what_it_says() -> None:
    text = GENERATED["reference/python.md"]
    for name in set(optimiser.__all__) - {"__version__"}:
        part = text.partition(f"## `{name}`\n\n")[2].partition("\n## ")[0]
        assert len(part) > 20, name
    assert "-> Allocation\n" in text
    assert "max_moves: int | None = None" in text
    assert "travel: str = 'straight-line'" in text


def test_a_documents_links_lead_to_pages_or_become_words() -> None:
    assert address_of("optimiser/decisions/solving.md") == "decisions/solving.md"
    assert address_of("optimiser/handbook/pages/tutorial.md") == "tutorial.md"
    assert address_of("optimiser/allocating/story.py") is None
    assert "](planner.md" not in page_of("api/README.md")
    assert "](../how-to/planner.md#a-planners-morning)" in page_of("api/README.md")
