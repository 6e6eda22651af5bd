"""What people have said to care from a provider: of several answers to one provider the last counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from optimiser.domain.person_records import NO, Answer


def last_answers(said: Iterable[Answer]) -> Mapping[str, Answer]:
    """Of one person's answers, by provider id the one that counts; of one moment a no."""
    in_turn = sorted(said, key=lambda each: (each.answered_at, each.answer == NO, each.answer_id))
    return {answer.provider_id: answer for answer in in_turn}
