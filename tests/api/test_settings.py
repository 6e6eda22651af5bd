"""The page of the service lists every setting of the service with its default, and no other."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

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
        ("OPTIMISER_OIDC_AUDIENCE", "s3cret"),
        ("DATABASE_URL", "s3cret"),
        ("DATABASE_URL", "mysql://ada:s3cret@host/county"),
        ("DATABASE_URL", "postgresql+asyncpg://ada:s3cret@host/county"),
        ("DATABASE_URL", ""),
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
    assert name in said or "oidc_issuer" in said
    assert said.count("Refused: ") == 1
    assert "s3cret" not in said


ZERO_SAYS_SOMETHING = {
    "run_workers": "none here",
    "tick_seconds": "only when somebody changes anything",
    "telling_seconds": "elsewhere",
}
IMPOSSIBLE = ("-1", "0", "nan", "inf", f"{10**30}")


@pytest.mark.parametrize("name", [name for name, field in Settings.model_fields.items() if field.annotation in (int, float)])
def test_a_number_that_cannot_be_is_refused(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for value in IMPOSSIBLE:
        monkeypatch.setenv(f"OPTIMISER_{name}".upper(), value)
        if value == "0" and name in ZERO_SAYS_SOMETHING:
            assert getattr(Settings(), name) == 0
            continue
        with pytest.raises(ValidationError) as refused:
            Settings()
        assert [each["loc"] for each in refused.value.errors()] == [(name,)], value


@pytest.mark.parametrize(
    ("name", "impossible"),
    [
        ("oidc_issuer", ("http://sign-in.example", "sign-in.example", "ftp://sign-in.example", "https://")),
        ("oidc_jwks_url", ("http://sign-in.example/keys", "file:///etc/passwd")),
        ("oidc_role_claim", ("",)),
        ("host", ("", " ")),
    ],
)
def test_an_address_or_a_name_that_cannot_be_is_refused(name: str, impossible: tuple[str, ...]) -> None:
    """Tokens and keys go over TLS, or stay on this machine."""
    sign_in: dict[str, Any] = {"oidc_issuer": "https://sign-in.example", "oidc_audience": "optimiser"}
    for value in impossible:
        with pytest.raises(ValidationError):
            Settings(**{**sign_in, name: value})
    here = Settings(**{**sign_in, "oidc_issuer": "http://127.0.0.1:8080/council"})
    assert here.oidc_issuer == "http://127.0.0.1:8080/council"
