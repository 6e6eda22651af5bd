"""The pages of the handbook that nobody writes: reference made from the code, and documents that live beside it."""

from __future__ import annotations


def generated_pages() -> dict[str, str]:
    """Each page's address within the handbook, and its Markdown."""
    # Loaded here alone: ``optimiser serve --help`` needs but one of them.
    from optimiser.handbook.generating.documents import document_pages
    from optimiser.handbook.generating.http import http_pages
    from optimiser.handbook.generating.reference import columns_page, commands_page, python_page, rules_page
    from optimiser.handbook.generating.settings_pages import settings_page

    return {
        "reference/columns.md": columns_page(),
        "reference/commands.md": commands_page(),
        "reference/python.md": python_page(),
        "reference/rules.md": rules_page(),
        "reference/settings.md": settings_page(),
        **http_pages(),
        **document_pages(),
    }
