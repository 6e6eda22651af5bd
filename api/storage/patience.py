"""How long is waited for a database: nobody who asks for something waits for ever, whatever holds it."""

from __future__ import annotations

from dataclasses import dataclass

from api.settings import Settings


@dataclass(frozen=True)
class Patience:
    """In seconds. What each is for stands at the settings of the same names."""

    connect: int = 3
    lock: float = 10
    statement: int = 20

    @staticmethod
    def of(settings: Settings) -> Patience:
        """For requests: somebody waits for an answer."""
        return Patience(settings.database_connect_seconds, settings.database_lock_seconds, settings.database_statement_seconds)

    @staticmethod
    def long(settings: Settings) -> Patience:
        """For runs, commands and exports, which read and write a county at once."""
        return Patience(
            settings.database_connect_seconds, settings.database_long_lock_seconds, settings.database_long_statement_seconds
        )
