"""The forms by which runs are asked for: one for each kind, with what it shows."""

from __future__ import annotations

from dataclasses import dataclass

SECONDS = 600


@dataclass(frozen=True)
class Asking:
    """A form to ask by. ``fields``: which parts of the template it shows."""

    kind: str
    title: str
    sentence: str
    fields: tuple[str, ...]
    section: str
    """Under which page of the navigation it stands."""


FORMS: dict[str, Asking] = {
    each.kind: each
    for each in (
        Asking(
            "allocate",
            "Allocate",
            "Who should deliver each waiting package. Running care stays.",
            ("areas", "pins", "others"),
            "plans",
        ),
        Asking(
            "reoptimise",
            "Re-optimise",
            "The same, when a few people may change provider to make room for others.",
            ("areas", "moves", "pins", "others"),
            "plans",
        ),
        Asking(
            "relieve",
            "Relieve a provider",
            "Providers can deliver only so many hours from a day on: who is kept, who moves, which visits nobody covers.",
            ("provider", "hours", "from_day", "not_recorded"),
            "plans",
        ),
        Asking(
            "hand_back",
            "Hand-back",
            "A contract is handed back: where the care of everybody on it goes, urgent people first.",
            ("contract",),
            "plans",
        ),
        Asking(
            "bridge",
            "Bridge",
            "Which visits that cannot wait can still be covered today: three alternatives, for a named person to choose from.",
            (),
            "plans",
        ),
        Asking(
            "transfer",
            "Transfer",
            "Which rounds move to the principal of their area, and when; and whether anybody need move.",
            ("principal_areas", "recut", "frontier"),
            "transfers",
        ),
        Asking(
            "nightly",
            "The report of a night",
            "Who is not safe, what is late or due, and the few changes worth making, to read in the morning.",
            ("night",),
            "night",
        ),
        Asking(
            "tonight",
            "Tonight",
            "Providers cannot come, or it snows: the next 72 hours of visits by harm if missed, and who has the minutes.",
            ("failing", "from_moment", "not_recorded"),
            "night",
        ),
        Asking(
            "stress",
            "A provider stops",
            "What if a provider stopped delivering tomorrow: every one in turn, the worst first.",
            ("worst",),
            "what-if",
        ),
        Asking(
            "compare",
            "Side by side",
            "The county as it is beside the county as it might be: another day, a provider closed, more people from hospital.",
            ("scenario",),
            "what-if",
        ),
        Asking(
            "feasible",
            "Can these hold together?",
            "Yes with a plan; or no, proven, with what is in conflict and what would have to give.",
            ("require",),
            "what-if",
        ),
        Asking(
            "frontier",
            "Other limits of transfers",
            "What share principals would reach under other limits and with other numbers of waves.",
            ("principal_areas", "recut"),
            "what-if",
        ),
    )
}
"""Every form by the last part of its address."""
