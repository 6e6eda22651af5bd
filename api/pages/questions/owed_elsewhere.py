"""What is owed to providers beside the questions of the log, with its days: answers about lines of their monthly statements, and
decisions about lines of their accounts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import orjson

from api.accounts import acts as accounts
from api.acts.act import Caller
from api.http.whole_lists import every
from api.pages.page_words import counted, day_in_words
from api.statements import acts as statements
from api.statements.schemas import QueriesQuery


@dataclass(frozen=True)
class OwedLine:
    """One provider's. ``said``: how many lines it asks about, and by when the first answer is owed."""

    provider_id: str
    provider: str
    said: str
    is_late: bool


def owed_elsewhere(by: Caller, names: Mapping[str, str]) -> list[OwedLine]:
    """To whom answers are owed, the first due first; nothing for whoever may not read what is asked. ``names``: of providers."""
    if statements.list_queries.role_of(by.actor) is None:
        return []
    open_ones = partial(QueriesQuery, open=True)
    asked = every(lambda query: statements.list_queries(by, open_ones(cursor=query.cursor)))
    by_provider: dict[str, list[dict[str, Any]]] = {}
    for each in sorted(asked, key=lambda query: (query["answer_by"], query["provider_id"])):
        by_provider.setdefault(each["provider_id"], []).append(each)
    return [_line(provider_id, names.get(provider_id, provider_id), mine) for provider_id, mine in by_provider.items()]


def owed_of_accounts(by: Caller, names: Mapping[str, str]) -> list[OwedLine]:
    """To whom decisions about lines of accounts are owed, likewise."""
    if accounts.list_owed.role_of(by.actor) is None:
        return []
    return [
        OwedLine(
            each["provider_id"],
            names.get(each["provider_id"], each["provider_id"]),
            f"{counted(each['lines'], 'line')}. The first decision is owed by {day_in_words(each['answer_by'])}",
            each["late"] > 0,
        )
        for each in orjson.loads(accounts.list_owed(by).body)["items"]
    ]


def _line(provider_id: str, name: str, asked: Sequence[Mapping[str, Any]]) -> OwedLine:
    first = day_in_words(asked[0]["answer_by"])
    said = f"{counted(len(asked), 'line')} of its statements. The first answer is owed by {first}"
    return OwedLine(provider_id, name, said, bool(asked[0]["is_late"]))
