"""A key, a session or a token of the role provider is bound to one provider, or it opens nothing."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from api.security.keys import create_key, list_keys
from api.security.oidc import Tokens
from api.security.roles import PROVIDER, bound
from api.settings import Settings
from api.storage import table_schema
from api.storage.database import reading, writing
from optimiser import exits
from optimiser.__main__ import main
from tests.api.conftest import LOADER, Served
from tests.api.databases import ON_SQLITE


@pytest.mark.parametrize(
    ("roles", "provider_id", "kept"),
    [
        ((PROVIDER,), "CLOVER", (PROVIDER,)),
        ((PROVIDER,), "", ()),
        (("planner", PROVIDER), "CLOVER", ()),
        (("planner",), "CLOVER", ()),
        (("planner",), "", ("planner",)),
    ],
)
def test_a_role_and_a_binding_fit_or_give_nothing(roles: tuple[str, ...], provider_id: str, kept: tuple[str, ...]) -> None:
    assert bound(roles, provider_id) == kept


@ON_SQLITE
def test_a_key_without_a_binding_cannot_be_made_and_one_that_lost_it_opens_nothing(
    served: Served, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    engine, now = served.service.store.engine, served.settings.clock.instant()
    for roles, provider_id in (([PROVIDER], ""), ([PROVIDER, "planner"], "CLOVER"), (["planner"], "CLOVER")):
        with pytest.raises(ValueError, match="provider"):
            create_key(engine, LOADER, "Sam Marsh", roles, now, provider_id=provider_id)
    monkeypatch.setenv("DATABASE_URL", served.settings.database_url)
    for wrong in (["provider"], ["provider", "--provider", "NOBODY"]):
        assert main(["keys", "create", "Sam Marsh", *wrong]) == exits.REFUSED
    assert main(["keys", "create", "Sam Marsh", "provider", "--provider", "CLOVER"]) == exits.PROVEN
    assert main(["keys", "list"]) == exits.PROVEN
    assert "Sam Marsh at CLOVER" in capsys.readouterr().out
    (key,) = [each for each in list_keys(engine) if each.name == "Sam Marsh"]
    assert (key.roles, key.provider_id) == ((PROVIDER,), "CLOVER")
    with served.client_of("CLOVER", "Pat Reed") as pat:
        assert pat.get("/v1/own/offers").status_code == 200
        with writing(engine) as connection:  # past the service: the binding is taken away
            mine = table_schema.keys.c.name == "Pat Reed"
            connection.execute(update(table_schema.keys).where(mine).values(provider_id=""))
        served.knows_new_keys()
        assert pat.get("/v1/own/offers").status_code == 401


@ON_SQLITE
def test_a_binding_that_was_written_past_the_service_is_found_by_the_trail(served: Served) -> None:
    from api.storage import audit

    engine = served.service.store.engine
    served.client_of("CLOVER").close()
    with reading(engine) as connection:
        assert list(audit.check(connection).breaks) == []
    with writing(engine) as connection:
        connection.execute(update(table_schema.keys).where(table_schema.keys.c.provider_id != "").values(provider_id="BRACKEN"))
    with reading(engine) as connection:
        assert {each.table for each in audit.check(connection).breaks} == {"keys"}


def test_a_directory_names_one_provider_and_no_other_role() -> None:
    tokens = Tokens(Settings(database_url="sqlite://", oidc_issuer="https://sign-in.example", oidc_audience="brokerage"))
    claims = {"sub": "s1", "preferred_username": "sam", "roles": [PROVIDER]}
    actor = tokens._actor(claims | {"provider_id": "CLOVER"})
    assert actor is not None and (actor.role, actor.provider_id) == (PROVIDER, "CLOVER")
    for wrong in (
        {},
        {"provider_id": ""},
        {"provider_id": ["CLOVER", "DOCK"]},
        {"provider_id": "CLOVER", "roles": [PROVIDER, "admin"]},
    ):
        with pytest.raises(Exception, match="name that one provider"):
            tokens._actor(claims | wrong)
    planner = tokens._actor(claims | {"roles": ["planner"], "provider_id": "CLOVER"})
    assert planner is not None and planner.provider_id == ""  # the claim of a provider means nothing for others
