"""The rule book as a page: what ``optimiser rules`` prints."""

from __future__ import annotations

from optimiser.commands.rules import book
from optimiser.rules.book import standard_rules

ABOUT = """
Made from the rules themselves, in the order in which they are asked. Each rule is one file that serves the model, the check, the
explanation and this page.

"""


def rules_page() -> str:
    heading, _, rest = book(standard_rules()).partition("\n")
    return f"{heading}\n{ABOUT}{rest.lstrip()}"
