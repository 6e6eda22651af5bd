"""A message as it goes out: the same bytes whenever it is written, so that whoever gets it twice can see that it is one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from api.outbox.diary_entries import DATES, DiaryEntry, entries_in, entry_of
from api.outbox.kinds import KINDS
from api.outbox.message_kind import PROVIDER, Words
from api.outbox.waiting_messages import DIGEST, Taken

WAITS_FOR_PROVIDERS, WAITS_FOR_STAFF = "/own/offers", "/waiting"


@dataclass(frozen=True)
class Letter:
    """``link``: the page of the service where it goes on."""

    message_id: str
    kind: str
    subject: str
    sentences: tuple[str, ...]
    link: str
    at: dt.datetime
    dates: tuple[DiaryEntry, ...] = ()
    """For a diary, or out of it."""
    about: str = field(default="", repr=False)
    attempts: int = 1

    @property
    def text(self) -> str:
        """The whole of it as plain text."""
        return "\n\n".join((*self.sentences, self.link)) + "\n"


def letter_of(taken: Taken, public_address: str) -> Letter:
    """The letter of a message. ``public_address``: where browsers find the service."""
    words = digest_words(taken.facts) if taken.kind == DIGEST else KINDS[taken.kind].words(taken.facts)
    link = public_address.rstrip("/") + words.page
    about = "" if taken.kind == DIGEST else taken.about
    dates = entries_in(taken.facts) if taken.kind == DIGEST else _dates(taken, words)
    return Letter(taken.message_id, taken.kind, words.subject, words.sentences, link, taken.at, dates, about, taken.attempts)


def _dates(taken: Taken, words: Words) -> tuple[DiaryEntry, ...]:
    """Of what was never sent there nothing is taken back."""
    if words.date is None or (words.date.is_off and not taken.has_it):
        return ()
    return (entry_of(taken.address_id, taken.diary, words.date, taken.sequence, taken.message_id),)


def digest_words(counts: Mapping[str, str]) -> Words:
    """What is told once a day: of each kind how many there were."""
    kinds = [(KINDS[name], int(count)) for name, count in counts.items() if name in KINDS and name != DATES]
    lines = tuple(f"{kind.title}: {count}" for kind, count in kinds)
    of_providers = any(kind.told_to == PROVIDER for kind, _ in kinds)
    total = sum(count for _, count in kinds)
    subject = f"{total} message{'' if total == 1 else 's'} about home care"
    return Words(subject, lines, WAITS_FOR_PROVIDERS if of_providers else WAITS_FOR_STAFF)
