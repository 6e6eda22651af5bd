"""The page of the service lists every setting of the service with its default, and no other."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from api.settings import Settings
from api.terminal import read_settings
from optimiser import exits

README = Path("api/README.md").read_text(encoding="utf-8")


def told(default: Any) -> str:
    """A default as the table shows it."""
    if default in ("", None):
        return {"": "(none)", None: "(today)"}[default]
    if isinstance(default, tuple):
        return f"`{json.dumps(default)}`"
    shown = str(default).lower() if isinstance(default, bool) else f"{default}"
    return f"`{shown}`" if not isinstance(default, frozenset) or default else "(none)"


def test_the_readme_lists_every_setting_with_its_default() -> None:
    table = README.partition("## Running it for a county")[2].partition("**Put TLS")[0]
    listed = dict(re.findall(r"^\| `([A-Z_]+)` \| (.*?) \|", table, re.MULTILINE))
    expected = {}
    for name, field in Settings.model_fields.items():
        expected[str(field.validation_alias or f"OPTIMISER_{name}").upper()] = told(field.default)
    assert listed == expected


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("OPTIMISER_PORT", "many-s3cret"),
        ("OPTIMISER_FRAMEWORK_ASKED", "s3cret"),
        ("OPTIMISER_OIDC_ISSUER", "https://s3cret.example"),
    ],
)
def test_a_wrong_setting_is_refused_by_name_and_its_value_not_shown(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit) as ended:
        read_settings()
    assert ended.value.code == exits.REFUSED
    said = capsys.readouterr().err
    assert name in said or "oidc_issuer needs oidc_audience" in said
    assert "s3cret" not in said
