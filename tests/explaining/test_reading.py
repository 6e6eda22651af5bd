"""The measure of reading itself: syllables and grades known from elsewhere."""

from __future__ import annotations

import pytest

from tests.explaining.reading import grade, grade_of_paragraph, sentences, syllables
from tests.explaining.reading_pages import blocks, prose, prose_of_template


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("care", 1),
        ("we", 1),
        ("plan", 1),
        ("visits", 2),
        ("helped", 1),
        ("started", 2),
        ("provider", 3),
        ("council's", 2),
        ("people", 2),
        ("whole", 1),
        ("services", 3),
        ("homes", 1),
        ("complaint", 2),
        ("ombudsman", 3),
        ("government", 3),
        ("7", 1),
        ("doing", 2),
        ("area", 3),
        ("being", 2),
        ("idea", 3),
        ("diary", 3),
        ("bread", 1),
        ("priority", 4),
        ("social", 2),
        ("question", 2),
        ("earlier", 3),
        ("tier", 1),
        ("clients", 2),
        ("patient", 2),
        ("January", 4),
        ("guard", 1),
        ("anyone", 3),
        ("you", 1),
        ("whoever", 3),
        ("pages", 2),
        ("wishes", 2),
        ("tables", 2),
        ("rules", 1),
        ("settled", 2),
        ("called", 1),
        ("centres", 2),
        ("worried", 2),
        ("employed", 2),
        ("GDPR", 4),
        ("CARE", 1),
    ],
)
def test_syllables(word: str, count: int) -> None:
    assert syllables(word) == count


def test_sentences_end_with_a_stop() -> None:
    assert sentences("One. Two! Is it three? It costs 1.50 a day.") == ["One", "Two", "Is it three", "It costs 1.50 a day"]


def test_grades_tell_easy_from_hard() -> None:
    # Six words of one syllable: 0.39 x 6 + 11.8 - 15.59 = -1.45.
    assert grade("The cat sat on the mat.") == pytest.approx(-1.45)
    assert grade("Notwithstanding contractual limitations, allocation necessitates multidisciplinary deliberation.") > 20


def test_the_name_of_a_body_makes_no_paragraph_hard() -> None:
    # "The It can ask the council for it.": eight words, nine syllables.
    told = "The Information Commissioner can ask the council for it."
    assert grade_of_paragraph(told) == pytest.approx(0.39 * 8 + 11.8 * 9 / 8 - 15.59)
    assert grade(told) > grade_of_paragraph(told)


PAGE = """<title>Not read</title><style>p { color: red; }</style><h1>Where you are</h1>
<p>This is a <b>whole</b> sentence, which has<br>two lines.</p><ul><li>a point of a list that somebody may well read;</li></ul>"""


def test_a_page_is_read_block_by_block() -> None:
    assert blocks(PAGE) == [
        "Where you are.", "This is a whole sentence, which has.", "two lines.", "a point of a list that somebody may well read.",
    ]  # fmt: skip
    assert prose(PAGE) == ["a point of a list that somebody may well read."]


def test_of_a_template_every_branch_is_read_and_what_it_hands_on() -> None:
    source = """{% block style %}p { of no use to anybody who would read this }{% endblock %}
    {# not read #}{% if some %}<p>One branch is for {{ whom.else }} and it has eight words.</p>{% else %}
    <p>The other one is as long, or so it seems.</p>
    {% endif %}{{ ui.field("key", hint="Here is a hint, which is handed to a macro.", n=1) }}"""
    assert prose_of_template(source) == [
        "One branch is for it and it has eight words.",
        "The other one is as long, or so it seems.",
        "Here is a hint, which is handed to a macro.",
    ]
