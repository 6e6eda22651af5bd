"""The door: who is let in, and how errors are told."""

from __future__ import annotations

import datetime as dt

import pytest

from api.security.keys import create_key, list_keys, revoke_key
from api.security.roles import ROLES
from api.storage.database import open_database
from optimiser import exits
from optimiser.__main__ import main
from tests.api.conftest import LOADER, Served


@pytest.mark.parametrize("role", ROLES)
def test_everybody_with_a_key_is_known_by_name_and_role(served: Served, role: str) -> None:
    with served.client(role) as client:
        answer = client.get("/v1/me").json()
    assert answer["roles"] == [role]
    assert answer["name"].startswith(f"a {role} (")


def test_nobody_without_a_key_is_let_in(served: Served) -> None:
    with served.client(None) as client:
        answer = client.get("/v1/me")
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"] == "Bearer"
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["code"] == "unauthenticated"
        assert client.get("/v1/me", headers={"Authorization": "Bearer optk_0_0"}).status_code == 401


def test_an_expired_or_revoked_key_opens_nothing(served: Served) -> None:
    engine = open_database(served.settings.database_url)
    now = served.settings.clock.instant()
    expired = create_key(engine, LOADER, "old", ["admin"], now - dt.timedelta(days=91))
    revoked = create_key(engine, LOADER, "gone", ["admin"], now)
    assert revoke_key(engine, LOADER, next(key.key_id for key in list_keys(engine) if key.name == "gone"), now)
    with served.client(None) as client:
        for token in (expired, revoked):
            assert client.get("/v1/me", headers={"Authorization": f"Bearer {token}"}).status_code == 401
    engine.dispose()


def test_what_is_not_there_is_a_problem_too(served: Served) -> None:
    with served.client("planner") as client:
        assert client.get("/nowhere").json()["code"] == "not_found"
        assert client.post("/v1/me").json()["code"] == "method_not_allowed"


def test_a_large_body_is_refused_before_it_is_parsed(served: Served) -> None:
    with served.client("planner") as client:
        large = b"{" * (served.settings.max_body_bytes + 1)
        told = client.post("/v1/packages", content=large, headers={"Content-Type": "application/json"})
        assert (told.status_code, told.json()["code"]) == (413, "too_large")


def test_ready_once_loaded(served: Served) -> None:
    with served.client(None) as client:
        assert client.get("/health/live").json() == {"status": "live"}
        assert client.get("/health/ready").json() == {"status": "ready"}


def test_a_key_of_several_roles_is_made_by_the_command_and_says_them(
    served: Served, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", served.settings.database_url)
    assert main(["keys", "create", "Cora Contracts", "--role", "quality", "--role", "contracts"]) == exits.PROVEN
    token = next(word for word in capsys.readouterr().out.split() if word.startswith("optk_"))
    assert main(["keys", "create", "Nobody", "gardener"]) == exits.REFUSED
    assert "one or more of viewer, planner" in capsys.readouterr().err
    assert main(["keys", "list"]) == exits.PROVEN
    assert "contracts, quality  until" in " ".join(capsys.readouterr().out.split(" "))
    served.knows_new_keys()
    with served.client(None) as client:
        told = client.get("/v1/me", headers={"Authorization": f"Bearer {token}"}).json()
    assert told["roles"] == ["contracts", "quality"]
