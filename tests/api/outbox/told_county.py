"""A county of which somebody is told: ALDER's desk, and the council's own people."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from api.acts.act import Caller
from api.offers import acts as offers
from api.offers.schemas import Ask
from api.outbox.kinds import KINDS
from api.outbox.postman import Postman
from api.outbox.senders import senders_of
from api.service import Service
from api.settings import Settings
from api.state.store import Store
from api.storage.audit import Actor
from api.storage.database import reading
from api.storage.table_schema import outbox
from api.telling import acts
from api.telling.schemas import NewAddress
from optimiser.domain.snapshot import Snapshot
from tests.api.conftest import LOADER
from tests.api.databases import prepared
from tests.api.outbox.receivers import Mailbox, Notify, Program, until
from tests.api.outbox.ways_of_sending import receiving
from tests.making import AS_OF, framework, package, principal, snapshot

ADMIN = Actor("Ada Admin", "admin")


def county() -> Snapshot:
    """Two people who wait, and two providers."""
    return snapshot([package("N1"), package("N2")], [principal("ALDER"), framework("BRACKEN")])


class Told:
    """A county on a database, with every way of sending set up, a receiver for each, and a planner at work."""

    def __init__(self, settings: Settings, store: Store, box: Mailbox, program: Program, notify: Notify) -> None:
        self.settings, self.store, self.box, self.program, self.notify = settings, store, box, program, notify
        self.by = Caller(Service.of(settings, store), ADMIN)

    def tell(self, address: str = "desk@alder.example", channel: str = "email", **given: Any) -> str:
        """Somebody is told of every kind that may go there; the id of their address."""
        staff = given.get("provider_id", "ALDER") is None
        kinds = [name for name, kind in KINDS.items() if (kind.told_to == "staff") == staff]
        usual = {"provider_id": "ALDER", "name": "a desk", "channel": channel, "address": address, "kinds": kinds}
        return acts.add_address(self.by, NewAddress(**{**usual, **given})).address_id

    def ask(self, package_id: str, **given: Any) -> list[str]:
        """Providers are asked; the ids of the offers."""
        return [each.offer_id for each in offers.ask(self.by, package_id, Ask(**given)).items]

    def rows(self) -> list[dict[str, Any]]:
        """The outbox, in its order."""
        with reading(self.store.engine) as connection:
            return [dict(row) for row in connection.execute(select(outbox).order_by(outbox.c.seq)).mappings()]

    def states(self) -> list[str]:
        """What became of each message."""
        return [row["state"] for row in self.rows()]

    @contextmanager
    def postman(self, **given: Any) -> Iterator[Postman]:
        """Somebody who sends, in a thread."""
        settings = self.settings.model_copy(update={"telling_seconds": 0.02, **given})
        postman = Postman(self.store.engine, settings, senders_of(settings))
        postman.start()
        try:
            yield postman
        finally:
            postman.stop()

    def delivered(self, **given: Any) -> None:
        """Somebody sends until nothing waits."""
        with self.postman(**given):
            until(lambda: not {"waiting", "sending"} & set(self.states()))


@contextmanager
def telling(folder: Path, database_url: str, **given: Any) -> Iterator[Told]:
    """The county, and who is told."""
    with receiving(folder) as at:
        settings = Settings(database_url=database_url, as_of=AS_OF, tick_seconds=0, **at.settings, **given)
        engine = prepared(database_url)
        store = Store(engine, settings.clock)
        store.load(county(), LOADER)
        try:
            yield Told(settings, store, at.box, at.program, at.notify)
        finally:
            engine.dispose()


@pytest.fixture
def told(tmp_path: Path, database_url: str) -> Iterator[Told]:
    """On each kind of database."""
    with telling(tmp_path, database_url) as found:
        yield found


@pytest.fixture
def told_here(tmp_path: Path) -> Iterator[Told]:
    """On SQLite alone: for what does not hang on the kind of database."""
    with telling(tmp_path, f"sqlite:///{tmp_path / 'county.db'}") as found:
        yield found
