"""Answers that a crowded machine gives: a server that says ``busy`` and that nothing was changed has kept its promise."""

from __future__ import annotations

import httpx

from api.http.deed_outcome import Changed

MOST_AGAIN = 100
"""So often one request is sent again: who is never served is no crowd's fault."""
PAUSE_SECONDS = 0.2


def did_nothing(answer: httpx.Response) -> bool:
    """Whether it says that the request was not served, and that nothing was changed: it may be sent again as it was."""
    if answer.status_code != 503:
        return False
    told = answer.json()
    return (told.get("code"), told.get("changed")) == ("busy", Changed.NO.value)
