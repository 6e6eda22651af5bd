"""Pages as tagged PDF (PDF/UA-1), and the problem of a machine that makes none."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from api.http.errors import Problem, declare

NO_PDF = declare("no_pdf", 409, "This machine makes no PDF: ask for it in another form")


@contextmanager
def refusing_without_pdf() -> Iterator[None]:
    """Raises the problem ``no_pdf`` where inside of it a PDF is to be made and cannot be."""
    from optimiser.io.tagged_pdf import NoPdfError

    try:
        yield
    except NoPdfError as missing:
        raise Problem(NO_PDF, f"Here {missing}") from None
    except ModuleNotFoundError:
        told = "The service stands without the extra letters: pip install 'optimiser[letters]'."
        raise Problem(NO_PDF, told) from None


def tagged_pdf(page: str) -> bytes:
    """A page of HTML, whose ``lang`` and ``title`` it takes; the same page gives the same bytes. Raises ``no_pdf``."""
    from optimiser.io.tagged_pdf import pdf_of

    with refusing_without_pdf():
        return pdf_of(page)
