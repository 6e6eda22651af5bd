"""Every setting with its default and what it is for: from the classes that hold them."""

from __future__ import annotations

import ast
import datetime as dt
import inspect
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from fractions import Fraction
from typing import Any

from api.settings import Settings, exported
from optimiser.domain.accounts import AccountSettings
from optimiser.domain.policy import (
    EnhancedSettings,
    MeanwhileSettings,
    Policy,
    ProcurementSettings,
    QualitySettings,
    TransferPolicy,
)
from optimiser.domain.staffing import Shift, Staffing
from optimiser.explaining.notes import COMPLAINTS, CONTACT, DEFAULT_COMPLAINTS
from optimiser.handbook.generating import table

MARK = re.compile(r"\{default:(\w+)\}")
CONTACTS = {CONTACT: "not given", COMPLAINTS: DEFAULT_COMPLAINTS}
"""Read from the environment by everything that writes to a person."""


@dataclass(frozen=True)
class Setting:
    """One setting, as it is told."""

    name: str
    default: str
    meaning: str


def settings_page() -> str:
    parts = [f"## {title}\n\n{where}\n\n{table(HEADER, _rows(found))}" for title, where, found in _groups()]
    return "# Settings\n\nMade from the code: each name, its default, and what it is for.\n\n" + "\n".join(parts)


HEADER = ("setting", "default", "meaning")


def _rows(settings: list[Setting]) -> list[tuple[str, str, str]]:
    return [(f"`{each.name}`", each.default, each.meaning) for each in settings]


def _groups() -> list[tuple[str, str, list[Setting]]]:
    return [
        ("Of a county", "In the table `[policy]` of `snapshot.toml`.", of_class(Policy)),
        ("Of a transfer", "In the table `[transfer]` of `snapshot.toml`.", of_class(TransferPolicy)),
        ("Of procurement", "In the table `[procurement]` of `snapshot.toml`.", of_class(ProcurementSettings)),
        ("Of quality", "In the table `[quality]` of `snapshot.toml`.", of_class(QualitySettings)),
        ("Of waiting safely", "In the table `[meanwhile]` of `snapshot.toml`.", of_class(MeanwhileSettings)),
        ("Of enhanced home support", "In the table `[enhanced]` of `snapshot.toml`.", of_class(EnhancedSettings)),
        ("Of accounts", "In `account.toml`, in the county's folder.", of_class(AccountSettings)),
        ("Of rounds", "In a file that `--settings` names, for all providers or for one.", of_class(Staffing)),
        ("Of the service", "From the environment.", of_the_service()),
        (
            "What people are told",
            "From the environment, of the engine and the service alike.",
            [Setting(name, default, "") for name, default in CONTACTS.items()],
        ),
    ]


def all_settings() -> Mapping[str, Setting]:
    """Every setting by its name; those of the environment by the name that is exported."""
    return {each.name: each for _, _, found in _groups() for each in found}


def of_class(kind: type[Any]) -> list[Setting]:
    """The fields of a frozen dataclass of settings; the text below a field is its meaning."""
    made, told = kind(), _texts_below(kind)
    return [Setting(part.name, shown(getattr(made, part.name)), told.get(part.name, "")) for part in fields(kind)]


def of_the_service() -> list[Setting]:
    parts = [each for each in Settings.__mro__ if each.__module__.startswith("api.")]  # features may keep settings of their own
    told = {name: text for part in parts for name, text in _texts_below(part).items()}
    return [
        Setting(exported(name), shown(field.get_default()), told.get(name, "")) for name, field in Settings.model_fields.items()
    ]


def _texts_below(kind: type[Any]) -> dict[str, str]:
    """The string below each field of a class, which Python itself forgets."""
    body = ast.parse(inspect.getsource(kind)).body[0]
    assert isinstance(body, ast.ClassDef)
    found, last = {}, ""
    for node in body.body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            last = node.target.id
        elif last and isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            found[last] = " ".join(str(node.value.value).split()).replace("``", "`")
            last = ""
        else:
            last = ""
    return found


def shown(value: Any) -> str:
    """A default as people say it."""
    known: list[tuple[type | tuple[type, ...], Callable[[Any], str]]] = [
        (bool, lambda each: str(each).lower()),
        (Fraction, lambda each: f"{float(each):g}"),
        (int, lambda each: f"{each:,}" if each >= 10_000 else str(each)),
        (Shift, lambda each: f"{each.starts:%H:%M} to {each.ends:%H:%M}"),
        (dt.time, lambda each: f"{each:%H:%M}"),
        (tuple, _together),
        (frozenset, lambda each: _together(tuple(sorted(each)))),
    ]
    say = next((say for kind, say in known if isinstance(value, kind)), str)
    return "not given" if value in (None, "") else say(value)


def _together(values: tuple[Any, ...]) -> str:
    if values and all(isinstance(each, tuple) and len(each) == 2 and isinstance(each[0], tuple) for each in values):
        return "; ".join(f"{_day(first)} up to {_day(last)}" for first, last in values)
    return ", ".join(shown(each) for each in values) or "none"


def _day(day: tuple[int, int]) -> str:
    month, number = day
    return f"{number} {dt.date(2000, month, 1):%B}"


def with_defaults(markdown: str) -> str:
    """A text with each ``{default:NAME}`` as it is today. Raises ``KeyError`` for a setting that there is not."""
    if not MARK.search(markdown):
        return markdown
    known = all_settings()
    return MARK.sub(lambda mark: known[mark.group(1)].default, markdown)
