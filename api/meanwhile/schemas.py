"""How whoever waits is safe meanwhile: what is recorded, checked and chosen, and what is shown of it."""

from __future__ import annotations

from typing import Annotated

from pydantic import ConfigDict, Field

from api.http.conversion import Cell
from api.http.strict import Answer, Query, Strict
from api.http.strict import Id as MaybeId
from api.offers.schemas import Pounds
from optimiser.domain.person_records import CHOICES, WHERE

Where = Annotated[
    str | None,
    Field(description="Null: not recorded.", json_schema_extra={"enum": [*WHERE, None]}, examples=["hospital"]),
]
Holds = Annotated[str | None, Cell("meanwhile", "holds")]
HoldsUntil = Annotated[str | None, Cell("meanwhile", "holds_until")]
Carer = Annotated[str | None, Cell("meanwhile", "carer")]
CheckedBy = Annotated[str | None, Cell("meanwhile", "checked_by")]
NextCheck = Annotated[str | None, Cell("meanwhile", "next_check")]
Chosen = Annotated[str | None, Cell("meanwhile", "choice")]
ChoiceUntil = Annotated[str | None, Cell("meanwhile", "choice_until")]
Who = Annotated[str | None, Cell("meanwhile", "chosen_by")]
ApprovedBy = Annotated[str | None, Cell("meanwhile", "approved_by")]
ApprovedPrice = Annotated[str | None, Cell("meanwhile", "approved_weekly_gbp")]
Wished = Annotated[str | None, Cell("meanwhile", "wish")]
ChoiceReason = Annotated[str | None, Cell("meanwhile", "choice_reason")]
Reason = Annotated[str, Cell("meanwhile", "choice_reason", needed=True, description="Why; kept in the audit trail.")]
Wish = Annotated[
    str | None,
    Cell("meanwhile", "wish", description="What the person said; a direct payment needs it: it is theirs to want."),
]


class Plan(Strict):
    """Where the person is, what holds until care begins and up to which day, who checks and how the unpaid carer is."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "where": "home_with_carer",
                "holds": "A daughter helps morning and evening.",
                "holds_until": "2099-12-04",
                "carer": "strained",
                "checked_by": "community desk",
            }
        }
    )

    where: Annotated[str, Cell("meanwhile", "where")]
    holds: Annotated[str, Cell("meanwhile", "holds", needed=True)]
    holds_until: HoldsUntil
    carer: Carer = None
    checked_by: Annotated[str, Cell("meanwhile", "checked_by", needed=True)]
    next_check: Annotated[
        str | None,
        Cell("meanwhile", "next_check", description="When they check next; null: as soon as the priority asks for it."),
    ] = None


class Checked(Strict):
    """Somebody has looked after the person: what they found, and how the unpaid carer is now (null: as before)."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"found": "Telephoned at ten; well, and eating.", "carer": "managing"}}
    )

    found: Annotated[str, Cell("meanwhile", "holds", needed=True, description="What they found; kept in the audit trail.")]
    carer: Carer = None


class Choice(Strict):
    """What is done where nobody can be asked, chosen by whoever signs in."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"choice": "interim_bed", "choice_until": "2099-12-18", "reason": "The carer needs rest."}}
    )

    choice: Annotated[str, Cell("meanwhile", "choice", needed=True)]
    choice_until: ChoiceUntil = None
    reason: Reason
    wish: Wish = None


class Approved(Strict):
    """The price of a purchase outside the frameworks is approved."""

    model_config = ConfigDict(json_schema_extra={"example": {"weekly_cost_gbp": 412.5, "reason": "Nobody else in thirty miles"}})

    weekly_cost_gbp: Annotated[Pounds, Field(description="Pounds a week.")]
    reason: Reason


class Approval(Answer):
    """Who approved which price: nothing else of the person is told."""

    package_id: Annotated[str, Field(examples=["N9"])]
    weekly_cost_gbp: Annotated[str, Field(description="Pounds a week.", examples=["412.50"])]
    approved_by: Annotated[str, Field(examples=["Ada Officer (k7)"])]


class Wrong(Answer):
    """Something that is wrong, in words."""

    kind: Annotated[str, Field(examples=["check_overdue"])]
    sentence: Annotated[str, Field(examples=["A check was due on 20 November 2026."])]


class MayBeChosen(Answer):
    """A choice where nobody can be asked, and what it would need."""

    choice: Annotated[str, Field(json_schema_extra={"enum": list(CHOICES)}, examples=["bridge"])]
    open: Annotated[bool, Field(description="Whether it can be chosen today.")]
    needs: Annotated[str, Field(examples=["Care for the visits that cannot wait, and the day on which it ends."])]


class Choosing(Answer):
    """Nobody can be asked: since when, by when a named person chooses, and among what."""

    nobody_since: Annotated[str, Field(examples=["2026-11-20"])]
    choose_by: Annotated[str, Field(description="The last day on which a choice is in time.", examples=["2026-11-23"])]
    overdue: bool
    choices: list[MayBeChosen]


class Standing(Answer):
    """How a person who waits is safe, and what is wrong with it."""

    wrong: Annotated[list[Wrong], Field(description="Most harm first; empty: in order.")]
    clock: Annotated[
        str | None,
        Field(
            description="Of a bridge or an interim bed: how long it lasts.",
            examples=["Interim bed until 18 December 2026: 25 days left."],
        ),
    ]
    choosing: Annotated[Choosing | None, Field(description="Where nobody can be asked and nothing that still holds was chosen.")]


class Meanwhile(Standing):
    """What is recorded of how a person is safe meanwhile; nulls where nothing is."""

    package_id: Annotated[str, Field(examples=["N9"])]
    where: Where
    holds: Holds
    holds_until: HoldsUntil
    carer: Carer
    checked_by: CheckedBy
    next_check: NextCheck
    recorded_at: Annotated[str | None, Field(description="In Europe/London.", examples=["2026-11-23T09:40:00"])]
    choice: Chosen
    choice_until: ChoiceUntil
    chosen_by: Who
    approved_by: ApprovedBy
    choice_reason: ChoiceReason
    wish: Wished
    approved_weekly_gbp: ApprovedPrice


class WhoWaits(Standing):
    """A person who waits, on the list of those to look at."""

    package_id: Annotated[str, Field(examples=["N9"])]
    area_id: Annotated[str, Field(examples=["A1"])]
    priority: Annotated[str, Cell("packages", "priority")]
    start_by: Annotated[str | None, Cell("packages", "start_by")]
    situation: Annotated[str, Field(description="waiting, pending or accepted: everybody waits until the first visit.")]
    where: Where
    holds_until: HoldsUntil
    next_check: NextCheck


class MeanwhileQuery(Query):
    """Those in an area; with `everybody=true` those, too, with whom all is in order."""

    area_id: MaybeId = None
    everybody: bool = False
