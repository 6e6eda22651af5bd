"""Who a person is here: one package and whatever else is their care, by what names them; and who everybody else is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Connection, select

from api.state.known_people import WITH_A_PERSON, all_ended, people, was_known
from api.state.state import State
from api.state.stored_records import ENHANCED_SUPPORT
from api.storage import table_schema

LINKS = ("part_of", "part", "goes_on_in", "new_package_id", "instead_of", "onward_of")
"""Under these names an entry of the trail says which other package is the same person's care."""
TELL_OF_LINKS = ("package.add", "package.change", "package.divide", "package.rejoin", "package.end")


@dataclass(frozen=True)
class Who:
    """``package_ids``: all of one person's care, parts and what it was asked for anew as; ``ids``: its visits and offers as well.

    ``others``: the ids of everybody else, with theirs.
    """

    package_id: str
    package_ids: frozenset[str]
    ids: frozenset[str]
    others: frozenset[str]

    def __repr__(self) -> str:
        return f"<Who with {len(self.package_ids)} package(s)>"


def who_is(connection: Connection, state: State, package_id: str) -> Who | None:
    """Whoever a package is of; None where there is no such package, or it is forgotten."""
    if not was_known(connection, package_id):
        return None
    ended = all_ended(connection)
    known = state.stock["packages"].keys() | ended.keys()
    package_ids = _reached(package_id, _links(connection, state)) & known | {package_id}
    ids = set(package_ids)
    for kind in WITH_A_PERSON:
        ids |= {each for each, stored in state.stock[kind].items() if stored.body["package_id"] in package_ids}
    for each in package_ids & ended.keys():
        ids |= ended[each].ids
    return Who(package_id, frozenset(package_ids), frozenset(ids), people(connection, state) - ids)


def _reached(start: str, links: Mapping[str, set[str]]) -> set[str]:
    found, todo = {start}, [start]
    while todo:
        for each in links.get(todo.pop(), ()):
            if each not in found:
                found.add(each)
                todo.append(each)
    return found


def _links(connection: Connection, state: State) -> Mapping[str, set[str]]:
    """Both ways between packages that are one person's."""
    links: dict[str, set[str]] = defaultdict(set)
    for one, other in (*_in_records(state), *_in_trail(connection)):
        if one and other:
            links[one].add(other)
            links[other].add(one)
    return links


def _in_records(state: State) -> Iterator[tuple[str, str]]:
    for package_id, stored in state.stock["packages"].items():
        yield package_id, stored.record.part_of
    for package_id, stored in state.stock[ENHANCED_SUPPORT].items():
        for answer in stored.body["answers"]:
            yield package_id, answer.get("onward_package_id") or ""


def _in_trail(connection: Connection) -> Iterator[tuple[str, str]]:
    entry = table_schema.audit.c
    question = select(entry.subject, entry.details).where(entry.action.in_(TELL_OF_LINKS), entry.subject.is_not(None))
    for row in connection.execute(question.execution_options(yield_per=1000)):
        if not any(f'"{name}"' in row.details for name in LINKS):
            continue
        told = orjson.loads(row.details)
        for part in (told, told.get("package"), told.get("before"), told.get("after")):
            yield from ((row.subject, each) for each in _named(part))


def _named(part: Any) -> Iterator[str]:
    if isinstance(part, Mapping):
        yield from (part[name] for name in LINKS if isinstance(part.get(name), str))
