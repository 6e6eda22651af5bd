"""What the holder of a key may be called: the name stands in every entry of the audit trail, in logs of others, on pages."""

from __future__ import annotations

import re

MOST = 100
LETTERS = "A-Za-zÀ-ÖØ-öø-ÿĀ-ſ"
"""Of Latin scripts, accents included, each as one sign: none that looks like another, turns the direction of a line or joins."""
PLAIN = re.compile(rf"[{LETTERS}0-9]+(?:(?:[.,]? |[.,'_@-])[{LETTERS}0-9]+)*\.?")
ALPHABET = "Latin letters, accents too, digits, and between them a blank or one of . , ' _ @ -"


def checked_name(name: str) -> str:
    """The name as it is. Raises ``ValueError`` for one that breaks a log, a page, or a line ``NAME (KEY)``."""
    if len(name) > MOST or PLAIN.fullmatch(name) is None:
        raise ValueError(f"a name: at most {MOST} signs, {ALPHABET}")
    return name


def checked_id(key_id: str) -> str:
    """The id of a key as it is: it stands beside the name. Raises ``ValueError`` for one that breaks a line."""
    if not (0 < len(key_id) <= MOST and key_id.isascii() and key_id.isalnum()):
        raise ValueError("an id of a key: letters and digits")
    return key_id


def shown(name: str) -> str:
    """A name from before they were judged, or written past the service, so that it breaks nothing either."""
    return "".join(each if each.isprintable() else "?" for each in name)[:MOST]
