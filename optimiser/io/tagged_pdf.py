"""A page as a tagged PDF that screen readers read in its order, to PDF/UA-1: language, title, headings and paragraphs are in it.

Set by WeasyPrint (the extra ``letters``) on the system's Pango, which are loaded when they are first needed. Nothing is fetched,
and the same page gives the same bytes on a machine: no moment of its making and no number drawn by chance is in it.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import logging
import warnings
from typing import Any

VARIANT = "pdf/ua-1"
NO_PANGO = (
    "PDFs need the system's libraries Pango and HarfBuzz: apt-get install libpango-1.0-0 libpangoft2-1.0-0"
    " libharfbuzz-subset0. Pages and plain text need nothing."
)


class NoPdfError(Exception):
    """This machine makes no PDF; says what to install."""


def refuse_without_pdf() -> None:
    """Raises ``NoPdfError`` where the system's libraries are missing, and ``ModuleNotFoundError`` where the extra is."""
    _weasyprint()


def pdf_of(page: str) -> bytes:
    """A page of HTML, whose ``lang`` and ``title`` it takes. Raises as ``refuse_without_pdf`` does."""
    weasyprint = _weasyprint()
    identity = hashlib.sha256(page.encode()).hexdigest()[:32].encode()
    nothing = weasyprint.URLFetcher(allowed_protocols=(), fail_on_errors=True)
    found: bytes = weasyprint.HTML(string=page, url_fetcher=nothing).write_pdf(
        pdf_variant=VARIANT, pdf_identifier=identity, custom_metadata=False
    )
    return found


def _weasyprint() -> Any:
    """The module. It tells of a library that is missing on the output stream, where a program's answer may stand: unsaid here."""
    with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
        warnings.simplefilter("error", DeprecationWarning)  # of a library that it will need, and that gives other bytes
        try:
            import weasyprint
        except (OSError, DeprecationWarning) as missing:
            raise NoPdfError(NO_PANGO) from missing
    logging.getLogger("weasyprint").setLevel(logging.ERROR)
    return weasyprint
