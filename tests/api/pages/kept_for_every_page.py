"""What the three villages hold so that each page of `browser/every_page.py` has something to show."""

from __future__ import annotations

from pathlib import Path

from api.service import Service
from api.settings import Settings
from tests.api.pages.kept_accounts import keep_accounts
from tests.api.pages.kept_questions import keep_questions
from tests.api.pages.kept_runs import keep_runs
from tests.api.pages.kept_statements import keep_statements


def keep_everything(settings: Settings, service: Service, folder: Path) -> None:
    """A run of each kind that has a page of its own, questions, a month's statements, and the accounts of four weeks.

    ``folder``: where files of visits may be written; it need not be there yet.
    """
    keep_runs(settings, service)
    keep_questions(service)
    keep_statements(service)
    folder.mkdir(exist_ok=True)
    keep_accounts(service, folder)
