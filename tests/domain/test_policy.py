"""The defaults of a snapshot's settings: class, reader, documents and the page of judgements agree field by field."""

from __future__ import annotations

import re
import tomllib
from dataclasses import fields
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from optimiser.domain.policy import Policy, TransferPolicy
from optimiser.handbook import HERE
from optimiser.handbook.generating.settings_pages import all_settings, shown, with_defaults
from optimiser.io import policy_settings, transfer_settings
from optimiser.io.toml import Parsers

DATA = (Path(__file__).parents[2] / "data" / "README.md").read_text("utf-8")
JUDGEMENTS = (HERE / "pages" / "judgements.md").read_text("utf-8")
ROW = re.compile(r"^\| `(\w+)` \| (.+?) \|", re.MULTILINE)
WRITTEN = {"direct_payment_rate_pence": transfer_settings.RATE}
"""A setting that people give in pounds, and that is kept in pence."""
SAID = {"none": None, "`moved_share_limit`": None}
"""Defaults that no value stands for: nothing is given, or another setting counts."""


def documented(heading: str) -> dict[str, str]:
    """The defaults of a table of ``data/README.md``, as it says them."""
    table = DATA.partition(heading)[2].partition("| setting | default |")[2].partition("\n\n")[0]
    return dict(ROW.findall(table))


def read(parsers: Parsers, name: str, default: str) -> Any:
    """A default of the documents, as the reader of the file understands it."""
    if default in SAID:
        return SAID[default]
    return parsers[name](tomllib.loads(f"it = {default}", parse_float=Decimal)["it"])


KINDS = [
    pytest.param(Policy, policy_settings.PARSERS, "### `snapshot.toml`", id="policy"),
    pytest.param(TransferPolicy, transfer_settings.PARSERS, "### Settings of a transfer", id="transfer"),
]


@pytest.mark.parametrize(("kind", "parsers", "heading"), KINDS)
def test_the_documents_name_each_setting_with_its_default(kind: type[Any], parsers: Parsers, heading: str) -> None:
    said = documented(heading)
    names = [WRITTEN.get(part.name, part.name) for part in fields(kind)]
    assert sorted(said) == sorted(names) == sorted(parsers)
    for part in fields(kind):
        name = WRITTEN.get(part.name, part.name)
        assert read(parsers, name, said[name]) == getattr(kind(), part.name), name


@pytest.mark.parametrize("kind", [Policy, TransferPolicy])
def test_the_page_of_judgements_has_each_setting_with_its_default(kind: type[Any]) -> None:
    told = dict(re.findall(r"\| `(\w+)` \| (.+?) \|$", with_defaults(JUDGEMENTS), re.MULTILINE))
    for part in fields(kind):
        assert told[part.name] == all_settings()[part.name].default == shown(getattr(kind(), part.name)), part.name
