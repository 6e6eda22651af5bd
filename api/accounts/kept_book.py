"""What statements are made by (when periods begin, terms, incentives): kept as the files of a folder, read by their readers."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from api.http.errors import Problem, declare
from api.http.zipped_folder import HIDDEN
from api.incentives.opened_periods import with_opened
from api.state.state import State
from api.state.stored_records import ACCOUNT_BOOK
from optimiser.domain.accounts import AccountBook, AccountSettings
from optimiser.domain.snapshot import Snapshot
from optimiser.io.account_files import ACCOUNT_FILES, AMOUNTS, PERIODS, SETTINGS, read_account_book, read_incentives
from optimiser.io.leftovers import hidden_folder

BOOK = "book"
"""The id of the one record."""
NO_BOOK = declare("no_account_book", 409, "Nobody has said yet when periods of payment begin")
WHAT_IS_MISSING = (
    "Nobody has said when the council's four-week periods of payment begin: it is the council's, and has no default."
    f" Keep {SETTINGS} with periods_begin, and terms.csv with how each contract pays (/v1/accounts/book)."
)


def kept_files(state: State) -> dict[str, str]:
    """The files by name, as they were kept; none where nobody has kept any."""
    stored = state.get(ACCOUNT_BOOK, BOOK)
    return {} if stored is None else dict(stored.body["files"])


def with_sent(state: State, given: Mapping[str, bytes]) -> dict[str, str]:
    """The files with those that were sent in their place; the others stay.

    Raises ``InputRefusedError`` with every fault of them together, and a ``Problem`` for a file that is none of them.
    """
    sent = {name: content.decode("utf-8-sig", errors="replace") for name, content in given.items()}
    if other := sorted(sent.keys() - set(ACCOUNT_FILES)):
        raise Problem("refused", "1 fault(s)", faults=[f"{len(other)} file(s) are none of {', '.join(ACCOUNT_FILES)}"])
    files = kept_files(state) | sent
    with hidden_folder(HIDDEN) as folder:
        write_files(folder, files)
        read_account_book(folder, state.snapshot)
    return files


def write_files(folder: Path, files: dict[str, str]) -> None:
    """Into a folder, as they were kept."""
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")


def book_in(folder: Path, state: State, snapshot: Snapshot) -> AccountBook:
    """The kept files, written into a folder and read, with the designated periods that were opened beside them.

    Raises a ``Problem`` where nobody has said when periods begin, and ``InputRefusedError`` where the files fit the county no
    longer.
    """
    files = kept_files(state)
    if SETTINGS not in files:
        raise Problem(NO_BOOK, WHAT_IS_MISSING)
    write_files(folder, files)
    return with_opened(read_account_book(folder, snapshot)[0], state)


def incentive_book(state: State) -> AccountBook:
    """What is kept of incentives alone, with the designated periods that were opened; no amounts where nobody keeps any.

    The files are read once, whatever else of the county changes.
    """
    return state.once("incentive_book", lambda: with_opened(kept_incentives(state), state))


def kept_incentives(state: State) -> AccountBook:
    """The same by the files alone."""
    files = kept_files(state)
    if SETTINGS not in files:
        return AccountBook(AccountSettings())
    return _incentives_from(*(files.get(name, "") for name in OF_INCENTIVES))


OF_INCENTIVES = (SETTINGS, AMOUNTS, PERIODS)


@lru_cache(maxsize=4)
def _incentives_from(*texts: str) -> AccountBook:
    with hidden_folder(HIDDEN) as folder:
        write_files(folder, {name: text for name, text in zip(OF_INCENTIVES, texts, strict=True) if text})
        return read_incentives(folder)
