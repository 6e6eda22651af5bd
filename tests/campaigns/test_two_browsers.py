"""The walk from asking to the start of care, without a browser: that its steps stand, and that no message tells of the person."""

from __future__ import annotations

from pathlib import Path

from api.security.keys import create_key
from api.security.roles import PROVIDER
from optimiser.io.reading import read_snapshot
from tests.api.conftest import LOADER, loaded, serving
from tests.api.outbox.ways_of_sending import receiving
from tests.campaigns.walking.asking_to_start import DESKS, FOLDER, mail_of, walk
from tests.campaigns.walking.on_paper import OnPaper
from tests.campaigns.walking.received import Received


def test_one_request_from_asking_to_the_start_of_care(tmp_path: Path) -> None:
    """With pictures, in two browsers, it is ``python -m tests.campaigns.two_browsers``."""
    with receiving(tmp_path) as at:
        given = {**at.settings, "telling_seconds": 0.1, "run_workers": 0, "tick_seconds": 0}
        with serving(loaded(tmp_path, read_snapshot(FOLDER).snapshot, **given)) as served:
            now = served.settings.clock.instant()
            desks = {
                each: create_key(served.service.store.engine, LOADER, name, [PROVIDER], now, provider_id=each)
                for each, name in DESKS.items()
            }
            served.knows_new_keys()
            received = Received(at.box, at.program, lambda _: None)
            with OnPaper(served, desks | {role: served.key(role) for role in ("admin", "planner")}) as walks:
                walk(walks, received, f"{at.program.address}/told")
    assert len(walks.told) > 15
    assert received.unread(*map(mail_of, DESKS)) == []
    for personal in (*DESKS.values(), "P-", "52.6", "0.9015", "Larkmere", "medication"):
        assert personal not in received.sentences
