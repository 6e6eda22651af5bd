"""Steps of assessments, drawn at random: mostly the next one, sometimes another, which is for the service to refuse."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import strategies as st

from api.acts.act import Caller
from api.assessments import acts
from api.assessments.schemas import CorrectionAnswer, Draft, Fix, NewCorrection, OpenAssessment, Publish, Send, Withdraw
from api.state.stored_records import ASSESSMENTS, assessment_of
from api.storage.audit import Actor
from optimiser.domain.assessments import STATES
from optimiser.io.schema import PAMMS_RATINGS
from tests.making import days
from tests.making.drawn import mostly

ASIDE = ("correct", "answer", "withdraw", "draft", "fix")


def drawn_step(draw: st.DrawFn, by: Caller, last: str = "told") -> Callable[[], object]:
    """A step of an assessment of one of two providers, with some rating, mostly one that bars; ``last``: what follows one that is
    fixed, ``told`` or ``publish``.
    """
    state = by.store.state()
    provider_id = draw(st.sampled_from(sorted(state.stock["providers"])[:2]))
    rating, assessment_id = draw(mostly("poor", *PAMMS_RATINGS)), f"PA-{provider_id}"
    stored = state.get(ASSESSMENTS, assessment_id)
    in_order = ("open", "draft", "send", "fix", last)
    following = in_order[STATES.index(stored.body["state"]) + 1] if stored and assessment_of(stored.body).is_open else "open"
    steps: dict[str, Callable[[], object]] = {
        "open": lambda: acts.open_assessment(
            by, OpenAssessment(assessment_id=assessment_id, provider_id=provider_id, visited_on=days(-90))
        ),
        "draft": lambda: acts.draft(by, assessment_id, Draft(rating=rating, drafted_on=days(-80)), "*"),
        "send": lambda: acts.send(by, assessment_id, Send(sent_on=days(-80)), "*"),
        "correct": lambda: acts.correct(by, assessment_id, NewCorrection(statement="It is not so."), "*"),
        "answer": lambda: acts.answer(by, assessment_id, 1, CorrectionAnswer(outcome="kept", explanation="It is."), "*"),
        "fix": lambda: acts.fix(by, assessment_id, Fix(rating=rating, reason="drawn"), "*"),
        "told": lambda: acts.read_consequences(Caller(by.service, Actor("Carl Contracts", "contracts")), assessment_id),
        "publish": lambda: acts.publish(by, assessment_id, Publish(reason="drawn"), "*"),
        "withdraw": lambda: acts.withdraw(by, assessment_id, Withdraw(reason="drawn"), "*"),
    }
    return steps[draw(st.sampled_from([following] * 15 + [*ASIDE]))]
