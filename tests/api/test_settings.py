"""The README lists every setting of the service with its default, and no other."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from api.settings import Settings

README = Path("README.md").read_text(encoding="utf-8")


def told(default: Any) -> str:
    """A default as the table shows it."""
    if default in ("", None):
        return {"": "(none)", None: "(today)"}[default]
    shown = str(default).lower() if isinstance(default, bool) else f"{default}"
    return f"`{shown}`" if not isinstance(default, frozenset) or default else "(none)"


def test_the_readme_lists_every_setting_with_its_default() -> None:
    table = README.partition("### Running it for a county")[2].partition("**Put TLS")[0]
    listed = dict(re.findall(r"^\| `([A-Z_]+)` \| (.*?) \|", table, re.MULTILINE))
    expected = {}
    for name, field in Settings.model_fields.items():
        expected[str(field.validation_alias or f"OPTIMISER_{name}").upper()] = told(field.default)
    assert listed == expected
