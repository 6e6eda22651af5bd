"""Who does an act, and with what: the service, and a named person or job in a role."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from api.http.paging import Key, Page, page_of
from api.service import Service
from api.settings import Settings
from api.state.state import State
from api.state.store import Change, Store
from api.storage.audit import Actor, Entry

if TYPE_CHECKING:
    from api.acts.act import Act

T = TypeVar("T")


@dataclass(frozen=True)
class Caller:
    """Given to every act. What it reads and changes stands in the audit trail under the actor's name."""

    service: Service
    actor: Actor
    admitted_to: Act[..., Any] | None = None
    """The act that the actor's role has been judged for."""

    @property
    def store(self) -> Store:
        return self.service.store

    @property
    def settings(self) -> Settings:
        return self.service.settings

    def change(self) -> AbstractContextManager[Change]:
        """Change something: all of it is written, entries too, or nothing."""
        return self.store.change(self.actor)

    def read(self, action: str, kind: str, subject: str = "", details: Mapping[str, Any] | None = None) -> State:
        """The county, once it is written down that the actor sees what an entry says."""
        return self.service.room.read(self.entry(action, kind, subject, details))

    def entry(self, action: str, kind: str, subject: str = "", details: Mapping[str, Any] | None = None) -> Entry:
        return Entry(self.actor, action, kind, subject, details or {})

    def page(self, records: Iterable[T], key: Callable[[T], Key], limit: int | None, cursor: str | None) -> Page[T]:
        """A page of a list, of the usual size where none is asked for."""
        return page_of(records, key, limit=limit, cursor=cursor, usual=self.settings.page_size)
