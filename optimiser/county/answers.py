"""What people have said to providers, and whom they have refused: of several answers to one provider the last counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from optimiser.domain.person_records import NO, Answer
from optimiser.domain.records import Package


@dataclass(frozen=True)
class AnswersOfPeople:
    """By package_id a person's answers, by id; whoever was not asked yet is in neither."""

    by_person: Mapping[str, tuple[Answer, ...]]
    refused: Mapping[str, frozenset[str]]
    """By package_id the providers that the person does not want: excluded on their record, or refused when they were asked."""

    def __repr__(self) -> str:
        return f"<AnswersOfPeople of {len(self.by_person)} people>"

    @staticmethod
    def of(packages: Iterable[Package], answers: Iterable[Answer]) -> AnswersOfPeople:
        """Answers and exclusions as a snapshot holds them."""
        found: dict[str, tuple[Answer, ...]] = {}
        for answer in answers:
            found[answer.package_id] = (*found.get(answer.package_id, ()), answer)
        refused = {each.package_id: {*each.excluded_provider_ids} for each in packages if each.excluded_provider_ids}
        for package_id, said in found.items():
            if to := {provider_id for provider_id, answer in _last_of(said).items() if answer.answer == NO}:
                refused.setdefault(package_id, set()).update(to)
        return AnswersOfPeople(found, {package_id: frozenset(to) for package_id, to in refused.items()})

    def of_person(self, package_id: str) -> tuple[Answer, ...]:
        """What a person has said, by id."""
        return self.by_person.get(package_id, ())

    def last(self, package_id: str, provider_id: str) -> Answer | None:
        """The answer that counts of a person to a provider."""
        return _last_of(self.of_person(package_id)).get(provider_id)


def _last_of(said: Iterable[Answer]) -> Mapping[str, Answer]:
    """Of one person's answers, by provider id the one that counts; of one moment a no."""
    in_turn = sorted(said, key=lambda each: (each.answered_at, each.answer == NO, each.answer_id))
    return {answer.provider_id: answer for answer in in_turn}
