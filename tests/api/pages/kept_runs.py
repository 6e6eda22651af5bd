"""Runs of the three villages whose ids are known beforehand, so that the addresses of their pages are."""

from __future__ import annotations

import threading
from typing import Any
from unittest import mock

from api.acts.act import Caller
from api.runs import acts, queue
from api.runs.leases import Leases
from api.runs.schemas import RunRequest
from api.runs.solve import work
from api.service import Service
from api.settings import Settings
from api.storage.audit import Actor

ADA = Actor("Ada Planner", "planner")
ASKED: dict[str, dict[str, Any]] = {
    "allocate": {"kind": "allocate"},
    "reoptimise": {"kind": "reoptimise"},
    "nightly": {"kind": "nightly"},
    "tonight": {"kind": "tonight", "settings": {"tonight": {"provider_ids": ["ALDER"], "from_moment": "2026-11-23T18:00"}}},
    "bridge": {"kind": "bridge"},
    "stress": {"kind": "stress"},
    "relieve": {
        "kind": "relieve",
        "settings": {"relieve": {"losses": [{"provider_id": "CLOVER", "hours_4w": 10}], "from_day": "2026-12-07"}},
    },
    "compare": {
        "kind": "compare",
        "settings": {"compare": {"scenarios": [{"title": "Alder closed", "restrict": [{"provider_id": "ALDER"}]}]}},
    },
    "feasible": {"kind": "feasible", "settings": {"feasible": {"require": ["legacy=0", "unmet=0"]}}},
    "hand_back": {"kind": "transfer", "settings": {"transfer": {"hand_back_of": "F-CLOVER"}}},
}
"""By a name each request of a run that is worked on; one more waits."""


def id_of(name: str) -> str:
    """The id of the run of that name."""
    return name.encode().hex().ljust(32, "0")[:32]


WAITS = id_of("waits")


def keep_runs(settings: Settings, service: Service) -> None:
    """Every run of ``ASKED`` is worked on here, and another is left waiting."""
    by = Caller(service, ADA)
    for name, asked in ASKED.items():
        _ask(by, name, asked)
        claim = queue.claim_next(service.store.engine, settings.clock.instant(), Leases(60), 3)
        assert claim is not None and claim.run_id == id_of(name)
        work(claim, settings, threading.Event())
        made = acts.read(by, claim.run_id).run
        assert made.plan_digest is not None, (name, made.problem)
    _ask(by, "waits", {"kind": "allocate"})


def _ask(by: Caller, name: str, asked: dict[str, Any]) -> None:
    with mock.patch("secrets.token_hex", return_value=id_of(name)):
        acts.start(by, f"kept {name}", RunRequest.model_validate(asked))
