"""A connection to a database elsewhere that nobody checks is warned about, by every command; others are not."""

from __future__ import annotations

import pytest

from api.storage.on_the_way import is_open
from api.terminal import read_settings

AT = "postgresql+psycopg://ada:s3cret@"


@pytest.mark.parametrize(
    ("address", "warned"),
    [
        ("db.county.example/county", True),
        ("db.county.example/county?sslmode=disable", True),
        ("db.county.example/county?sslmode=prefer", True),
        ("db.county.example/county?sslmode=require", True),  # in the dark, and with whomever
        ("db.county.example/county?sslmode=verify-ca", False),
        ("db.county.example/county?sslmode=verify-full&sslrootcert=/etc/county.pem", False),
        ("/county?host=db.county.example", True),
        ("127.0.0.1,db.county.example/county", True),
        ("localhost:5433/county", False),
        ("127.0.0.1/county", False),
        ("[::1]/county", False),
        ("/county?host=/run/postgresql", False),
        ("/county", False),
    ],
)
def test_what_goes_unchecked_to_another_machine_is_warned_about(
    address: str, warned: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("PGSSLMODE", raising=False)
    monkeypatch.delenv("PGHOST", raising=False)
    monkeypatch.setenv("DATABASE_URL", AT + address)
    read_settings()
    said = capsys.readouterr().err
    assert (said.startswith("Warning: DATABASE_URL ") and "sslmode=verify-full" in said) is warned
    assert (said == "") is not warned
    assert "s3cret" not in said


def test_what_libpq_reads_itself_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGSSLMODE", "verify-full")
    assert not is_open(f"{AT}db.county.example/county")
    assert is_open(f"{AT}db.county.example/county?sslmode=prefer")
    monkeypatch.delenv("PGSSLMODE")
    monkeypatch.setenv("PGHOST", "db.county.example")
    assert is_open(f"{AT}/county")
    assert not is_open("sqlite:///county.db")
