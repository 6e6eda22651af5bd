"""An entry of the audit trail in words."""

from __future__ import annotations

from api.pages.administration.entries_board import csv_row, entry_of
from api.settings import Settings
from api.upkeep.settings_told import service_settings


def test_an_entry_in_words() -> None:
    told_of = {
        "before": {"ends": ""},
        "ids": ["A", "B"],
        "on": "2026-11-24",
        "at": "2026-11-23T09:12:44.120000+00:00",
        "none": [],
    }
    entry = {
        "seq": 1234,
        "at": "2026-07-01T09:12:44.120000",
        "actor": "Ada",
        "role": "social_work",
        "action": "x.y",
        "about": "call_offs",
    }
    entry |= {"about": "call_offs", "subject": "C1", "details": told_of, "destroyed": False, "withheld": False, "hash": "0c"}
    row = entry_of(entry)
    assert (row.number, row.at, row.role, row.about) == ("1,234", "Wednesday 1 July 2026, 10:12am", "social work", "call offs C1")
    assert row.says == [
        "before: ends nothing",
        "ids: A, B",
        "on: 24 November 2026",
        "at: Monday 23 November 2026, 9:12am",
        "none: nothing",
    ]
    gone = entry_of({**entry, "subject": None, "details": None, "destroyed": True, "at": "damaged"})
    assert (gone.at, gone.about, gone.says) == ("damaged", "call offs", ["what was personal in it was destroyed"])
    assert csv_row({**entry, "details": None})[7:] == [None, False, False, "0c"]


def test_no_setting_tells_what_opens_anything() -> None:
    """A password in an address is left out; of what is called secret only whether it is given."""
    settings = Settings(database_url="postgresql+psycopg://ada:hush@db.example/county")
    told = {each["name"]: each["value"] for each in service_settings(settings)}
    assert told["DATABASE_URL"] == "postgresql://ada:***@db.example/county"
    assert told["OPTIMISER_PURCHASE_APPROVED_BY"] == "contracts, admin" and told["OPTIMISER_STEP_ON_AUTOMATICALLY"] == "no"
    among = Settings(database_url="postgresql+psycopg:///county?host=db.example&user=ada&password=hush&sslpassword=hush")
    assert {"name": "DATABASE_URL", "value": "postgresql:///county?host=db.example"} in service_settings(among)
    assert "hush" not in str(told)
    assert all(value in ("given", "not given") for name, value in told.items() if "SECRET" in name or "TOKEN" in name)
