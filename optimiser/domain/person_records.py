"""What is recorded of people beside their care: how they are safe until it begins, decisions about moving them, and what they
said to a provider; with the words for it, and for how people are written to.

All of it is a named person's to record. No rule infers any of it, and what is not recorded is told as not recorded.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from optimiser.domain.records import LATER, covers

WHERE = ("home_alone", "home_with_carer", "hospital", "interim_bed", "elsewhere")
CARERS = ("none", "managing", "strained", "cannot_go_on")
"""How the unpaid carer is."""
CHOICES = ("part_of_care", "bridge", "reserve", "purchase", "direct_payment", "interim_bed")
"""What a named person may choose where nobody can be asked."""
TRANSFER, REOPTIMISE, HAND_BACK, RELIEVE = MOVES = ("transfer", "reoptimise", "hand_back", "relieve")
"""What a decision about a move is made for. It is used for no other."""
SUITABLE, NOT_SUITABLE = "suitable", "not_suitable"
YES, NO = "yes", "no"
GIVEN_BY = ("self", "attorney", "deputy", "best_interests")
ADVOCATES = ("not_needed", "offered", "accepted", "declined")
FORMATS = ("large_print", "easy_read", "plain_text", "easy_to_translate")


@dataclass(frozen=True, slots=True)
class Reads:
    """How somebody is written to, as recorded: ``formats`` out of ``FORMATS``, the language that they read, whom to write to."""

    formats: tuple[str, ...] = ()
    language: str = ""
    write_to: str = ""

    def __repr__(self) -> str:
        return "<Reads>"

    @property
    def not_recorded(self) -> tuple[str, ...]:
        """What has to be asked before a letter goes."""
        return tuple(name for name, known in (("format", self.formats), ("language", self.language)) if not known)


@dataclass(frozen=True, slots=True)
class Meanwhile:
    """How a person who waits is safe until care begins, and what a named person chose where nobody could be asked.

    ``where`` out of ``WHERE``, ``carer`` out of ``CARERS`` (empty: not recorded), ``choice`` out of ``CHOICES`` (empty: none).
    """

    package_id: str
    where: str
    holds: str
    """What holds until care begins."""
    holds_until: dt.date | None
    """The first day on which it no longer does; None: not known, so no plan until then."""
    carer: str
    checked_by: str
    """Who looks after it: a post or a name of the council's."""
    next_check: dt.date | None
    recorded_at: dt.datetime
    choice: str
    choice_until: dt.date | None
    chosen_by: str
    approved_by: str
    choice_reason: str
    approved_weekly_pence: int | None = field(default=None, metadata=LATER)
    """The price of a purchase outside the frameworks that ``approved_by`` approved."""
    wish: str = field(default="", metadata=LATER)
    """What the person said of the choice: a direct payment is theirs to want."""

    def __repr__(self) -> str:
        return f"<Meanwhile of {self.package_id}>"


@dataclass(frozen=True, slots=True)
class Decision:
    """A social worker's decision about one kind of move (out of ``MOVES``). ``to_provider_id`` empty: whoever it is to.

    It counts from ``decided_on`` until ``valid_to``, the first day on which it no longer does.
    """

    decision_id: str
    package_id: str
    move: str
    to_provider_id: str
    decision: str
    why: str
    decided_by: str
    decided_on: dt.date
    valid_to: dt.date

    def __repr__(self) -> str:
        return f"<Decision {self.decision_id}>"

    def counts(self, move: str, provider_id: str, day: dt.date) -> bool:
        """Whether it is for this move, to this provider, on this day."""
        return self.move == move and self.to_provider_id in ("", provider_id) and covers(self.decided_on, self.valid_to, day)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person, or who may speak for them (out of ``GIVEN_BY``), said to care from a provider."""

    answer_id: str
    package_id: str
    provider_id: str
    answer: str
    given_by: str
    advocate: str
    """Out of ``ADVOCATES``; empty: not recorded."""
    answered_at: dt.datetime
    reason: str

    def __repr__(self) -> str:
        return f"<Answer {self.answer_id}>"
