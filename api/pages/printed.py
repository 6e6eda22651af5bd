"""What is printed and kept, as a tagged PDF that screen readers read in its order: by a template without the frame of pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from api.http.printing import tagged_pdf
from api.pages.frame import HEADERS, templates


def pdf_answer(name: str, template: str, title: str, values: Mapping[str, Any]) -> Response:
    """A file of a name. ``title``: its heading, and what a reader of PDFs calls it. Raises the problem ``no_pdf``."""
    content = tagged_pdf(templates().get_template(template).render({"title": title, **values}))
    headers = {**HEADERS, "Content-Disposition": f'attachment; filename="{name}.pdf"'}
    return Response(content, 200, headers, "application/pdf")
