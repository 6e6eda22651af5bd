"""The pages of the handbook that nobody writes: reference made from the code, documents that live beside it, their Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def generated_pages() -> dict[str, str]:
    """Each page's address within the handbook, and its Markdown."""
    # Loaded here alone: ``optimiser serve --help`` needs but one of them.
    from optimiser.handbook.generating.documents import document_pages
    from optimiser.handbook.generating.http import http_pages
    from optimiser.handbook.generating.papers import paper_pages
    from optimiser.handbook.generating.reference import columns_page, commands_page, faults_page, python_page, rules_page
    from optimiser.handbook.generating.settings_pages import settings_page

    return {
        "reference/columns.md": columns_page(),
        "reference/commands.md": commands_page(),
        "reference/faults.md": faults_page(),
        "reference/python.md": python_page(),
        "reference/rules.md": rules_page(),
        "reference/settings.md": settings_page(),
        **http_pages(),
        **paper_pages(),
        **document_pages(),
    }


def table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table; nothing where there are no rows."""
    lines = [f"| {' | '.join(_cell(value) for value in row)} |" for row in rows]
    if not lines:
        return ""
    return "\n".join([f"| {' | '.join(header)} |", f"|{'---|' * len(header)}", *lines, "", ""])


def _cell(value: object) -> str:
    return " ".join(str(value).split()).replace("|", "\\|")


def code(text: str) -> str:
    """As it would be typed or printed."""
    return f"```text\n{text.rstrip()}\n```\n\n"
