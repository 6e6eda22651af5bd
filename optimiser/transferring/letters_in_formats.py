"""Every letter once in each way that its person asked for, as usual where nothing is recorded: as tagged PDF, or plain text."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from optimiser.county import County
from optimiser.domain.person_records import Reads
from optimiser.domain.records import Package
from optimiser.io.tagged_pdf import pdf_of
from optimiser.transferring.letters import NEXT_PAGE, Letter, once_a_person, to_print
from optimiser.transferring.letters_as_asked import AsAsked, ways_of
from optimiser.transferring.templates import rendered

PDF, TEXT = "pdf", "text"
FORMS = (PDF, TEXT)
"""What letters are made as beside the pages that are made always."""
USUAL = "usual"
"""How a letter is made for whoever has asked for nothing, as far as is recorded."""
FILES = {PDF: "letters.pdf", TEXT: "letters-as-asked.txt"}
TITLE = "Letters to people"


def as_recorded(person: Package | Reads, letter: Letter) -> list[AsAsked]:
    """One letter in each way that is recorded for its person, else as usual."""
    return [AsAsked(letter, way, person.write_to, person.language) for way in ways_of(person) or (USUAL,)]


def every_as_recorded(county: County, letters: Sequence[Letter]) -> list[AsAsked]:
    """All of them, in their order."""
    return [made for letter in letters for made in as_recorded(county.packages[county.package_index[letter.package_id]], letter)]


def as_pdf(letters: Sequence[AsAsked]) -> bytes:
    """A tagged PDF, each letter on a page of its own. One letter's title is its subject.

    Raises ``optimiser.io.tagged_pdf.NoPdfError``.
    """
    subjects = {each.letter.subject for each in letters}
    title = subjects.pop() if len(subjects) == 1 else TITLE
    return pdf_of(rendered("letters_to_print.html", letters=letters, title=title).decode())


def as_text(letters: Sequence[AsAsked]) -> bytes:
    """Plain text, with whom each is for; each on a page of its own when printed."""
    return NEXT_PAGE.join(each.whole_text() for each in letters).encode()


def files_in_formats(
    county: County, letters: Sequence[Letter], forms: Collection[str], contact: str | None = None
) -> dict[str, bytes]:
    """The files of the forms that are asked for; none where there is no letter, or no number that people can call.

    ``contact``: whom they may call, in place of the environment's.
    """
    made = every_as_recorded(county, to_print(once_a_person(county, letters), contact)[0])
    if not made:
        return {}
    makers = {PDF: as_pdf, TEXT: as_text}
    return {FILES[form]: makers[form](made) for form in FORMS if form in forms}
