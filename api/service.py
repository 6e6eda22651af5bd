"""What every part of the service works with: one of each, made when the app is, or by a command."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from api.security.allowances import Allowances
from api.security.code_flow import CodeFlow
from api.security.door_book import DoorBook
from api.security.key_ring import KeyRing
from api.security.keys import PREFIX
from api.security.oidc import Tokens
from api.security.sessions import Sessions
from api.settings import Settings
from api.state.reading_room import ReadingRoom
from api.state.store import Store
from api.storage.audit import Actor
from optimiser.io.postcode_index import open_index

if TYPE_CHECKING:
    from api.cascade.fitting_room import FittingRoom
    from optimiser.geography.postcodes.index import PostcodeIndex


@dataclass(frozen=True)
class Service:
    """The service of one county."""

    settings: Settings
    store: Store
    keys: KeyRing
    room: ReadingRoom
    book: DoorBook
    leaving: threading.Event = field(default_factory=threading.Event)
    """Set when the server has been told to stop: whoever streams an answer ends it."""
    tokens: Tokens | None = None
    """None: the council's sign-in service is not configured, keys alone open the door."""
    fitting: FittingRoom | None = None
    """None: no rounds are loaded."""
    allowances: Allowances | None = None
    """How much one key may ask for over HTTP; None: as much as it likes."""

    strangers: Allowances | None = None
    """How much one address may ask for without a key."""

    @cached_property
    def postcodes(self) -> PostcodeIndex | None:
        """The index that the settings name, opened when it is first asked for; None: none is named. Raises ``NoIndexError``."""
        return open_index(self.settings.postcodes) if self.settings.postcodes else None

    @cached_property
    def sessions(self) -> Sessions:
        """Who is signed in to the pages."""
        idle, longest = self.settings.session_idle_minutes, self.settings.session_hours
        told = self.settings.oidc_session_minutes if self.directory is not None else 0
        return Sessions(self.store.engine, self.keys, idle_minutes=idle, longest_hours=longest, directory_minutes=told)

    @cached_property
    def directory(self) -> CodeFlow | None:
        """The way to the council's directory for people at a browser; None: it is not set up, keys alone open the pages."""
        return CodeFlow(self.settings, self.tokens) if self.tokens is not None and self.settings.oidc_client_id else None

    @staticmethod
    def of(settings: Settings, store: Store, fitting: FittingRoom | None = None) -> Service:
        """The service on a database."""
        tokens = Tokens(settings) if settings.oidc_issuer else None
        allowances = Allowances(settings.requests_per_second, settings.requests_at_once)
        strangers = Allowances(settings.strangers_per_second, settings.strangers_at_once, "from one address")
        room, book = ReadingRoom(store), DoorBook(store.engine, settings.clock)
        keys = KeyRing(store.engine, book.used)
        return Service(
            settings, store, keys, room, book, tokens=tokens, fitting=fitting, allowances=allowances, strangers=strangers
        )

    def known_already(self, token: str) -> Actor | None:
        """Whose key it is where that is known without asking anybody; None says nothing."""
        return self.keys.known_already(token, self.settings.clock.instant())

    def sign_in(self, token: str) -> Actor | None:
        """Whose key or token it is, told apart by its shape."""
        if not token.startswith(PREFIX) and token.count(".") == 2:
            return self.tokens.sign_in(token) if self.tokens else None
        return self.keys.sign_in(token, self.settings.clock.instant())

    def holder_of(self, token: str) -> Actor | None:
        """Whose key it is or was, of one that was not let in; None where nobody knows."""
        return self.keys.holder_of(token)

    def close(self) -> None:
        self.room.close()
        self.book.close()
        self.store.engine.dispose()
