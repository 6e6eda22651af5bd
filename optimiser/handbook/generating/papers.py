"""The impact assessment and the transparency record: what they say of the software is made from rule book, settings, acts and
tables each time, so that neither says what is no longer so. ``{made:NAME}`` in their sources is one such part.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from api.acts.__main__ import every_act
from api.acts.act import Act
from api.acts.who_may_see import PLACES_OF_PEOPLE
from api.http.forms import FORMS
from api.security.roles import ROLES, SERVICE
from api.storage import table_schema
from api.storage.who_is_in_it import NOBODY, OF_WHOM
from api.subject_access.held_in_files import READERS
from api.subject_access.held_in_words import TITLES
from optimiser.domain.policy import Policy
from optimiser.handbook import HERE
from optimiser.handbook.generating import table
from optimiser.handbook.generating.settings_pages import all_settings, of_class
from optimiser.io.schema import OF_PEOPLE, TABLES
from optimiser.rules.book import RuleBook, records, standard_rules
from optimiser.version import SOFTWARE

MARK = re.compile(r"\{made:(\w+)\}")
KEPT = (
    "OPTIMISER_FORGET_AFTER_DAYS",
    "OPTIMISER_FORGET_RUNS_AFTER_DAYS",
    "OPTIMISER_RIGHTS_ANSWER_DAYS",
    "OPTIMISER_SMALLEST_COUNT",
    "OPTIMISER_SUBJECT_STAFF_NAMES",
)


@dataclass(frozen=True)
class Facts:
    """What the papers are made from."""

    rules: RuleBook
    acts: tuple[Act[..., object], ...]

    @staticmethod
    def of_today() -> Facts:
        return Facts(standard_rules(), tuple(every_act()))


def paper_pages(facts: Facts | None = None) -> dict[str, str]:
    """Both pages by their addresses. Raises ``KeyError`` for a part that there is not."""
    known = facts or Facts.of_today()
    return {f"papers/{file.name}": _filled(file.read_text(encoding="utf-8"), known) for file in (HERE / "papers").glob("*.md")}


def _filled(text: str, facts: Facts) -> str:
    return MARK.sub(lambda mark: PARTS[mark.group(1)](facts).rstrip("\n"), text)


def _version(facts: Facts) -> str:
    return facts.rules.version


def _columns(_: Facts) -> str:
    rows = [
        (f"`{kind}.csv`", f"`{column.name}`", FORMS[column.name].description, "yes" if column.personal else "")
        for kind in OF_PEOPLE
        for column in TABLES[f"{kind}.csv"]
    ]
    return table(("file", "column", "what it says", "marked personal"), rows)


def _own_records(_: Facts) -> str:
    return table(("kind", "what it is"), [(f"`{kind}`", title) for kind, title in TITLES.items() if kind not in OF_PEOPLE])


def _tables(_: Facts) -> str:
    rows = [
        (f"`{each.name}`", ", ".join(f"`{column}`: {whom}" for column, whom in OF_WHOM[each.name].items() if whom != NOBODY))
        for each in table_schema.metadata.sorted_tables
    ]
    return table(("table", "of whom its columns may tell"), [(name, told or "nobody") for name, told in rows])


def _files(_: Facts) -> str:
    return ", ".join(f"`{ends}`" for ends in READERS)


def _roles(facts: Facts) -> str:
    rows = []
    for role, purpose in ROLES.items():
        acts = [each for each in facts.acts if role in each.roles]
        changes = sum(each.changes for each in acts)
        place = PLACES_OF_PEOPLE.get(role, "")
        rows.append((role, purpose, len(acts) - changes, changes, place and f"yes: {place}"))
    return table(("role", "what it is for", "acts that read", "acts that change", "sees where people live"), rows)


def _of_the_service(facts: Facts) -> list[Act[..., object]]:
    return [each for each in facts.acts if SERVICE in each.roles]


def _by_itself(facts: Facts) -> str:
    rows = [(each.name, each.sentence, ", ".join(f"`{action}`" for action in each.writes)) for each in _of_the_service(facts)]
    return table(("act", "what it is", "entries that it may leave"), rows)


def _by_itself_short(facts: Facts) -> str:
    return ", ".join(f"`{action}`" for each in _of_the_service(facts) for action in each.writes)


def _keeping(_: Facts) -> str:
    known = all_settings()
    return table(
        ("setting", "today's default", "meaning"), [(f"`{each}`", known[each].default, known[each].meaning) for each in KEPT]
    )


OF_A_PERSON = "about the person: told to nobody who need not know"


def _rules(facts: Facts) -> str:
    levels, private = {each.name for each in facts.rules.levels}, facts.rules.private_names
    rules = [each for each in records(facts.rules) if each["name"] not in levels]
    rows = [(each["name"], each["sentence"], OF_A_PERSON if each["name"] in private else "") for each in rules]
    return table(("rule", "what it says", "to whom it is told"), rows)


def _levels(facts: Facts) -> str:
    rows = [(number, each.name, each.sentence(), each.unit) for number, each in enumerate(facts.rules.levels, start=1)]
    return table(("place", "level", "what it counts", "unit"), rows)


def _settings(_: Facts) -> str:
    rows = [(f"`{each.name}`", each.default, each.meaning) for each in of_class(Policy)]
    return table(("setting", "default", "meaning"), rows)


def _how_many_columns(_: Facts) -> str:
    return str(sum(len(TABLES[f"{kind}.csv"]) for kind in OF_PEOPLE))


def _how_many_sensitive(_: Facts) -> str:
    return str(sum(column.personal for kind in OF_PEOPLE for column in TABLES[f"{kind}.csv"]))


PARTS: Mapping[str, Callable[[Facts], str]] = {
    "version": _version,
    "software": lambda _: SOFTWARE,
    "columns": _columns,
    "own_records": _own_records,
    "tables": _tables,
    "files": _files,
    "roles": _roles,
    "by_itself": _by_itself,
    "by_itself_short": _by_itself_short,
    "keeping": _keeping,
    "rules": _rules,
    "levels": _levels,
    "settings": _settings,
    "how_many_columns": _how_many_columns,
    "how_many_sensitive": _how_many_sensitive,
}
"""What stands for each mark."""
