"""Everything that people who need care and their families are written reads at grade 7 at most, and nothing is left out.

Grade 7 is the most for any paragraph, and in letters for any sentence of eight words and more (where a body or a law is named,
without its name). A whole letter, as plain text, in large print or to be translated, has 5 at most; easy read has 4, and short
sentences. Headings do not count: they would flatter the whole.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping

import pytest

from api.outbox.kinds import KINDS
from api.outbox.message_kind import PROVIDER, STAFF
from optimiser.domain.person_records import FORMATS, Reads
from optimiser.transferring.letters import NEXT_PAGE, large_print, plain_text
from optimiser.transferring.letters_as_asked import EASY_READ, EASY_TO_TRANSLATE, made_for, page_of_letters
from tests.explaining.reading import FEWEST_WORDS, grade, grade_of_paragraph, words
from tests.explaining.reading_pages import blocks, prose
from tests.reading import said_in_code
from tests.reading.said_in_code import kind_of, makings_of_letters, modules_that_write, words_in_commands, words_of
from tests.reading.written_for_people import NEWS, every_copy, every_letter, every_news, notes_for_providers

MOST, MOST_OF_A_LETTER, MOST_OF_EASY_READ = 7, 5, 4
LONGEST_OF_EASY_READ = 20
"""Words in a sentence."""
TO_STAFF = {"optimiser.transferring.letters": ("No letters: nobody has said whom people can call by day and night.",)}
"""What stands in such a module and is said to whoever prints letters."""


def paragraphs(text: str) -> list[str]:
    """Of a text with empty lines between its paragraphs, those that are sentences."""
    found = (" ".join(part.split()) for part in re.split(r"\n\s*\n|\f", text))
    return [part for part in found if len(words(part)) >= FEWEST_WORDS]


def articles(page: bytes) -> list[str]:
    """The letters of a page, each by itself."""
    return re.findall(r"<article.*?</article>", page.decode(), re.DOTALL)


def too_hard(parts: Mapping[str, list[str]]) -> list[tuple[str, str, float]]:
    """The paragraphs above the grade, with whose they are."""
    graded = [(name, part, grade_of_paragraph(part)) for name, found in parts.items() for part in found]
    assert len(graded) >= len(parts)
    return [each for each in graded if each[2] > MOST]


def test_every_kind_of_letter_that_the_code_makes_is_read() -> None:
    made = {kind_of(module, call) for module, call in makings_of_letters()}
    # The service shows letters that are stored: made by the same code, before.
    unknown = [module for module, call in makings_of_letters() if kind_of(module, call) is None]
    assert unknown == ["api.contract_lives.letters", "api.letters.acts", "api.letters.acts"]
    assert {letter.kind for letter in every_letter()} == made - {None}
    assert {NEWS, "change", "consultation", "stays", "correction", "new_provider", "looking", "kept"} <= made


def test_every_sentence_in_the_code_that_writes_to_people_is_read() -> None:
    """A letter, or a sentence of one, that is not made by ``written_for_people`` is found here."""
    letters = [" ".join((each.subject, *each.paragraphs)) for each in every_letter()]
    told = " ".join(" ".join([*letters, *every_news(), *every_copy(), *notes_for_providers()]).split())
    modules = modules_that_write()
    assert len(modules) >= 6
    for module in modules:
        staff = TO_STAFF.get(module, ())
        unread = [said for said in words_of(module) if said not in told and not said.startswith(staff or ("\0",))]
        assert unread == [], f"{module}: make these in written_for_people"
    assert [said for said in words_in_commands() if said not in told] == []


def test_a_new_letter_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The finder sees letters, news, copies and complaints wherever they stand, and leaves out what nobody is written."""
    source = """
from optimiser.transferring.letters import Letter
def made(name):
    '''What this is for is nobody's letter.'''
    if not name:
        raise ValueError("a name is needed here, please")
    return Letter(name, "winter", "Your care this winter", (f"Snow may hold {name} up for a day.", "{day} is the last day"))
"""
    tree = ast.parse(source)
    monkeypatch.setattr(said_in_code, "modules", lambda: {"optimiser.winter": tree})
    ((module, call),) = makings_of_letters()
    assert (module, kind_of(module, call), modules_that_write()) == ("optimiser.winter", "winter", {"optimiser.winter"})
    said = ["Your care this winter", "Snow may hold", "up for a day.", "is the last day"]
    assert list(said_in_code.prose_in(tree)) == said
    news = ast.parse("from optimiser.frost import frost_news\ndef told(record):\n    record['person'] += frost_news(record)\n")
    also = ast.parse("from optimiser.explaining.notes import complaints\n")
    monkeypatch.setattr(said_in_code, "modules", lambda: {"optimiser.cold": news, "api.ice": also})
    assert modules_that_write() == {"optimiser.frost", "api.ice"}


def test_every_letter_reads_easily_as_it_is_printed() -> None:
    """By paragraph and by sentence; and as a whole in plain text, and in large print."""
    for letter in every_letter():
        said = [sentence for part in letter.paragraphs for sentence in re.split(r"(?<=[.?!])\s+", part)]
        long = [sentence for sentence in said if len(words(sentence)) >= FEWEST_WORDS]
        assert too_hard({letter.kind: [*letter.paragraphs, *long]}) == []
    plain, large = plain_text(every_letter()).decode().split(NEXT_PAGE), articles(large_print(every_letter()))
    for letter, text, article in zip(every_letter(), plain, large, strict=True):
        for made in (paragraphs(text), prose(article)):
            assert len(made) >= sum(len(words(each)) >= FEWEST_WORDS for each in letter.paragraphs) > 0
            assert grade(" ".join(made)) <= MOST_OF_A_LETTER, letter.paragraphs


@pytest.mark.parametrize("way", FORMATS)
def test_every_letter_reads_easily_as_somebody_asked_for_it(way: str) -> None:
    """On the page that is printed, and as a terminal shows it. In easy read every sentence is short, too."""
    most = MOST_OF_EASY_READ if way == EASY_READ else MOST_OF_A_LETTER
    reads, a_line_each = Reads((way,), "Polish" * (way == EASY_TO_TRANSLATE)), way in (EASY_READ, EASY_TO_TRANSLATE)
    each_made = [made for letter in every_letter() for made in made_for(reads, letter)]
    for made, article in zip(each_made, articles(page_of_letters(each_made)), strict=True):
        page, shown = (blocks if a_line_each else prose)(article), " ".join(made.text().split())
        sentences = [each for part in made.sentences for each in part]
        assert made.made == way
        assert not a_line_each or set(sentences) <= set(page)
        assert all(each in shown for each in sentences)
        assert grade(" ".join(page)) <= most, made.letter.paragraphs
        assert grade(shown) <= most, made.letter.paragraphs
        if way == EASY_READ:
            longest = max(sentences, key=lambda each: len(words(each)))
            assert len(words(longest)) <= LONGEST_OF_EASY_READ, longest


def test_news_and_the_copy_of_what_is_held_read_easily() -> None:
    assert too_hard({"news": list(every_news()), "copy": [part for copy in every_copy() for part in paragraphs(copy)]}) == []
    for copy in every_copy():
        assert grade(" ".join(paragraphs(copy))) <= MOST_OF_A_LETTER


def test_messages_go_to_no_family_and_read_easily_all_the_same() -> None:
    """What the outbox sends goes to providers and to the council's people; what a provider may read of somebody, likewise."""
    facts = {"expires_at": "2026-11-24T12:00:00+00:00", "area": "A1", "day": "2027-03-01", "rounds": "2"}
    told = {name: " ".join(kind.words(facts).sentences) for name, kind in KINDS.items()}
    told |= {f"{name} off": " ".join(kind.words(facts | {"off": "yes"}).sentences) for name, kind in KINDS.items()}
    told["no day"] = " ".join(KINDS["go_live_moved"].words(facts | {"day": ""}).sentences)
    assert {kind.told_to for kind in KINDS.values()} == {PROVIDER, STAFF}
    assert too_hard({name: [text] for name, text in told.items()}) == []
    assert too_hard({"notes": list(notes_for_providers())}) == []
