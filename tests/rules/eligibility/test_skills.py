"""Skills that the care needs."""

from __future__ import annotations

from tests.making import county, framework, package, provider
from tests.rules.judging import finding, passes


def able(needs: tuple[str, ...], offers: tuple[str, ...], workers: int = 1) -> bool:
    person = package("N1", skills=needs, workers=workers)
    here = county([person], [framework("BRACKEN")], providers=[provider("BRACKEN", skills=offers)])
    return passes(here, "skills", "N1", "F-BRACKEN")


def test_every_skill_needed_must_be_there_and_further_ones_do_no_harm() -> None:
    assert able((), ())
    assert able(("dementia",), ("dementia", "medication"))
    assert not able(("dementia", "medication"), ("dementia",))
    assert not able(("dementia",), ("medication",))


def test_two_care_workers_need_a_provider_of_double_handed_care() -> None:
    assert not able((), (), workers=2)
    assert able((), ("double_handed",), workers=2)
    assert not able(("dementia",), ("dementia",), workers=2)
    assert able(("dementia",), ("dementia", "double_handed"), workers=2)


def test_the_skill_may_be_asked_for_by_name_too() -> None:
    assert not able(("double_handed",), (), workers=1)
    assert able(("double_handed",), ("double_handed",), workers=1)
    assert able(("double_handed",), ("double_handed",), workers=2)


def test_the_skills_missing_are_said_in_words() -> None:
    person = package("N1", skills=("end_of_life",), workers=2)
    here = county([person], [framework("BRACKEN")])
    found = finding(here, "skills", "N1", "F-BRACKEN")
    assert found.sentence == "The care needs two care workers at once, end of life, which Bracken does not offer."
    assert found.measured == "double_handed;end_of_life"
