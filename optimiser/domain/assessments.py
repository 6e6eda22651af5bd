"""An assessment of a provider by the council (PAMMS) as a process: which step comes next, by when, and whose it is once late.

Source: ``pamms``: a draft within two weeks of a visit, two weeks for the provider to correct facts, about two weeks to publish;
who may be turned to. A draft never counts: rules read the provider's published rating and nothing of what stands here.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from optimiser.domain.dates import days_after
from optimiser.domain.policy import QualitySettings

VISITED, DRAFTED, WITH_PROVIDER, FIXED, PUBLISHED, WITHDRAWN = (
    "visited", "drafted", "with_provider", "fixed", "published", "withdrawn",
)  # fmt: skip
STATES = (VISITED, DRAFTED, WITH_PROVIDER, FIXED, PUBLISHED, WITHDRAWN)
"""In their order; it may be withdrawn from any state before it is published."""
OPEN = (VISITED, DRAFTED, WITH_PROVIDER, FIXED)

NEXT_STEPS = {
    VISITED: "the draft report is written",
    DRAFTED: "the draft is sent to the provider",
    WITH_PROVIDER: "every correction is answered and the rating is fixed",
    FIXED: "the report is published",
}


@dataclass(frozen=True, slots=True)
class Assessment:
    """What is known of one, but for its rating and the words of its corrections. ``sent_on``: once it is with the provider."""

    assessment_id: str
    provider_id: str
    state: str
    visited_on: dt.date
    sent_on: dt.date | None = None
    unanswered: int = 0
    """Corrections of the provider that nobody has answered yet."""

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    def corrections_until(self, settings: QualitySettings) -> dt.date | None:
        """The last day on which a correction comes in time; None: the draft has not been sent."""
        return None if self.sent_on is None else days_after(self.sent_on, settings.correction_days)

    def due_on(self, settings: QualitySettings) -> dt.date | None:
        """The last day on which the next step is in time; None: there is none."""
        if not self.is_open:
            return None
        until = self.corrections_until(settings)
        if until is None:
            return days_after(self.visited_on, settings.draft_days)
        return days_after(until, settings.publish_days)

    def days_overdue(self, settings: QualitySettings, today: dt.date) -> int:
        """For how many days the next step has been late; 0: it is not."""
        due = self.due_on(settings)
        return 0 if due is None else max((today - due).days, 0)


def post_for(days_overdue: int, settings: QualitySettings) -> str:
    """The post that something late is for: the first at once, the next for every ``escalation_days``, the last from then on."""
    further = days_overdue // settings.escalation_days
    return settings.escalation_posts[min(further, len(settings.escalation_posts) - 1)]
