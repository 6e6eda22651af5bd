"""A kind of message: which entries of the trail are told to whom, in which words. One file a kind, under ``api/outbox/kinds``.

Nothing of a person ever stands in a message: whoever is told reads it on the service's pages, where it is judged who may see it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from api.state.state import State
    from api.storage.audit import Entry

EMAIL, NOTIFY, WEBHOOK = "email", "notify", "webhook"
"""Ways of sending. By e-mail alone a date comes with a message."""
PROVIDER: Literal["provider"] = "provider"
"""Told to the desk of one provider."""
STAFF: Literal["staff"] = "staff"
"""Told to the council's own people, and to its own programs."""
AT_ONCE, DAILY, OFF = "at_once", "daily", "off"
WAYS = (AT_ONCE, DAILY, OFF)
"""How a kind is told: each message by itself, all of a day in one, or not at all."""


@dataclass(frozen=True)
class Happening:
    """What one change of the county writes."""

    entries: Sequence[Entry]
    records: Mapping[tuple[str, str], Mapping[str, Any] | None]
    """The records that it writes, by kind and id."""
    before: State
    after: Callable[[], State]
    """The county that it leads to; asked for only where a kind has something to say."""

    def of(self, *actions: str) -> Iterator[Entry]:
        """Its entries of some actions."""
        return (entry for entry in self.entries if entry.action in actions)


@dataclass(frozen=True)
class Notice:
    """Something that somebody has to be told, once."""

    about: str
    """What it is about: of one kind and one thing nobody is told twice."""
    provider_id: str = ""
    """Whose desk is told; empty: the council's own people."""
    package_id: str = field(default="", repr=False)
    """Messages of one package are told in their order."""
    facts: Mapping[str, str] = field(default_factory=dict)
    """What the words need beside it: days and moments, nothing of a person."""
    diary: str = ""
    """Which date in somebody's diary it brings, moves or takes back: the same name for the same thing. Empty: it is of none."""
    takes_back: bool = False
    """Whether that date counts no more. Whoever has it from us is told, whatever else they are told of."""
    had_it_alone: bool = False
    """Whether nobody else is told."""


TAKEN_BACK = "off"
"""Under this name the facts of a day say that it counts no more."""


@dataclass(frozen=True)
class DiaryDate:
    """What goes into somebody's diary, or out of it: a moment, with its offset, or a whole day."""

    title: str
    begins: dt.datetime | dt.date
    is_off: bool = False
    """Whether it counts no more."""


@dataclass(frozen=True)
class Words:
    """A message as it is read. ``page``: where on the service it goes on."""

    subject: str
    sentences: tuple[str, ...]
    page: str
    date: DiaryDate | None = None


@dataclass(frozen=True)
class Kind:
    """A kind of message. ``usual``: how it is told as long as nobody has said otherwise."""

    name: str
    title: str
    told_to: Literal["provider", "staff"]
    usual: str
    actions: tuple[str, ...]
    """Entries of the trail that it tells of; where there is none of them in a change nothing is looked at."""
    notices: Callable[[Happening], Iterator[Notice]]
    words: Callable[[Mapping[str, str]], Words]
    records: str = ""
    """A kind of record that it tells of when one is added, for what the trail has no entry of its own of."""

    def may_say(self, happening: Happening) -> bool:
        """Whether the change holds anything of this kind."""
        added = bool(self.records) and any(kind == self.records for kind, _ in happening.records)
        return added or any(True for _ in happening.of(*self.actions))
