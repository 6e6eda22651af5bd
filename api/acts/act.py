"""An act is one function: who may, which rules, the transaction, the audit, the answer. Routes, commands and jobs only call it.

    @act("alerts.acknowledge", only(PLANNER, ADMIN), writes=("alert.acknowledge",), changes=True)
    def acknowledge(by: Caller, alert_id: str) -> Alert:
        '''Somebody has looked at an alert.'''

The first line of its docstring is what it is. The role is judged here and nowhere else, once for each call; where a role may do
a part of it alone, the words beside the role say which, and the act itself holds it. Who has several roles acts in the first of
the act's that is theirs and may do all of it; roles are listed with those first whose work it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar

from api.http.errors import Problem
from api.http.paging import Key, Page, page_of
from api.security.roles import EVERY_ROLE
from api.service import Service
from api.settings import Settings
from api.state.state import State
from api.state.store import Change, Store
from api.storage.audit import Actor, Entry

T = TypeVar("T")


@dataclass(frozen=True)
class Caller:
    """Given to every act. What it reads and changes stands in the audit trail under the actor's name."""

    service: Service
    actor: Actor
    admitted_to: Act[..., Any] | None = None
    """The act that the actor's role has been judged for."""
    token: str = field(default="", repr=False)
    """What they signed in with over HTTP."""
    session: str = field(default="", repr=False)
    """The secret of the session of whoever reads pages in a browser."""

    @property
    def store(self) -> Store:
        return self.service.store

    @property
    def settings(self) -> Settings:
        return self.service.settings

    def would_be_let_in(self) -> bool:
        """Whether what they signed in with still opens this act; so it is as long as nobody can tell."""
        if not self.token and not self.session:
            return True
        try:
            actor = self.service.sign_in(self.token) if self.token else self._signed_in_still()
        except Problem as problem:
            return problem.code != "forbidden"
        except Exception:  # the database may be away for a while
            return True
        return actor is not None and (self.admitted_to is None or self.admitted_to.role_of(actor) is not None)

    def _signed_in_still(self) -> Actor | None:
        """Whose session it is now; a page that only listens does not keep it open."""
        return self.service.sessions.holder(self.session, self.settings.clock.instant(), noting=False)

    def change(self) -> AbstractContextManager[Change]:
        """Change something: all of it is written, entries too, or nothing."""
        return self.store.change(self.actor)

    def trial(self) -> AbstractContextManager[Change]:
        """Try a change: nothing is written."""
        return self.store.trial(self.actor)

    def read(self, action: str, kind: str, subject: str = "", details: Mapping[str, Any] | None = None) -> State:
        """The county, once it is written down that the actor sees what an entry says."""
        return self.service.room.read(self.entry(action, kind, subject, details))

    def entry(self, action: str, kind: str, subject: str = "", details: Mapping[str, Any] | None = None) -> Entry:
        return Entry(self.actor, action, kind, subject, details or {})

    def page(
        self, records: Iterable[T], key: Callable[[T], Key], limit: int | None, cursor: str | None, usual: int | None = None
    ) -> Page[T]:
        """A page of a list; of the usual size where none is asked for, which is that of the settings, or less for some lists."""
        most = self.settings.page_size
        return page_of(records, key, limit=limit, cursor=cursor, usual=most if usual is None else min(usual, most))


P = ParamSpec("P")
R = TypeVar("R")

Roles = Mapping[str, str]
"""The roles that may, each with what of it alone it may do (empty: all of it)."""


def only(*roles: str) -> Roles:
    """These roles, each for the whole of an act."""
    return dict.fromkeys(roles, "")


class Size(Enum):
    """How much an act takes at most over HTTP."""

    FORM = "what one person fills in"
    LIST = "records with what they hold, and lists of them"
    FOLDER = "a whole snapshot folder"
    VISITS = "what call monitoring recorded of very many visits"


@dataclass(frozen=True, eq=False)
class Act(Generic[P, R]):
    """A deed of the service. Called with whoever does it and what the deed needs."""

    name: str
    roles: Roles
    does: Callable[Concatenate[Caller, P], R]
    changes: bool
    """Whether it changes the county's records, runs, keys or tables; all others only read."""
    writes: tuple[str, ...]
    """The actions of the entries that it may leave in the audit trail, in its caller's name."""
    takes: Size = Size.FORM

    @property
    def sentence(self) -> str:
        return (self.does.__doc__ or "").partition("\n")[0]

    def __call__(self, by: Caller, /, *args: P.args, **kwargs: P.kwargs) -> R:
        return self.does(self.admit(by), *args, **kwargs)

    def admit(self, by: Caller) -> Caller:
        """Whoever calls, admitted to this act in a role of theirs. Raises the problem ``forbidden`` where none may do it."""
        if by.admitted_to is self:
            return by
        used = self.role_of(by.actor)
        if used is None:
            yours = f"yours is {by.actor.role}" if not by.actor.others else f"yours are {', '.join(by.actor.roles)}"
            raise Problem("forbidden", f"This needs the role {' or '.join(self.roles)}; {yours}.")
        return replace(by, actor=by.actor.using(used), admitted_to=self)

    def role_of(self, actor: Actor) -> str | None:
        """The role in which somebody does this: of several the first that may do all of it, else the first that may do a part."""
        held = [role for role in self.roles if role in actor.roles]
        return min(held, key=lambda role: bool(self.roles[role]), default=None)


ACTS: dict[str, Act[..., Any]] = {}
"""Every act by its name, as far as the modules ``acts`` of the features are imported: ``python -m api.acts`` prints all."""


def act(
    name: str, roles: Roles, *, writes: tuple[str, ...] = (), changes: bool = False, takes: Size = Size.FORM
) -> Callable[[Callable[Concatenate[Caller, P], R]], Act[P, R]]:
    """Registers the function under it as an act. ``name``: its feature, a dot, and what is done."""

    def register(does: Callable[Concatenate[Caller, P], R]) -> Act[P, R]:
        if name in ACTS:
            raise ValueError(f"two acts share the name {name}")
        if not roles or not roles.keys() <= set(EVERY_ROLE):
            raise ValueError(f"{name}: roles: {sorted(set(roles) - set(EVERY_ROLE)) or 'none named'}")
        if not (does.__doc__ or "").strip():
            raise ValueError(f"{name}: what it is, in a sentence, is missing")
        made = Act(name, roles, does, changes, writes, takes)
        ACTS[name] = made
        return made

    return register
