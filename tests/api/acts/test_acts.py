"""Every deed of the service is an act: routes only call one each, the roles are judged there, and who may do what is agreed."""

from __future__ import annotations

import ast
import inspect
import re
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from fastapi.routing import APIRoute

import api
from api.acts.__main__ import every_act, table
from api.acts.act import ACTS, Act, Caller, act, only
from api.acts.signing_in import acts_of
from api.app import routes
from api.http.errors import Problem
from api.security.roles import EVERY_ROLE, PLANNER, ROLES, VIEWER
from api.service import Service
from api.settings import Settings
from api.state.store import Store
from api.storage.audit import Actor
from api.storage.database import open_database

OF_NO_ACT = {"key.refused", "records.write"}
"""Entries beside every act: the door's, of whom it did not let in, and the digests of what a change has written."""
AGREED = Path(__file__).parent / "role_x_act.txt"
"""What ``python -m api.acts`` prints. A line that changes here is a decision about who may do what."""
WITHOUT_ACTS = {"/health/live", "/health/ready", "/price-band", "/v1/price-band"}
"""What a load balancer asks, who is nobody, and what anybody may; the OpenAPI document is FastAPI's own route."""
SOURCE = Path(api.__path__[0])
NOT_IN_ROUTES = r"api\.(storage|state|security|service|runs\.(queue|stored_runs|applying)|offers\.(asking|recording|lapsing))"


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    settings = Settings(database_url=f"sqlite:///{tmp_path / 'county.db'}")
    service = Service.of(settings, Store(open_database(settings.database_url), settings.clock))
    yield service
    service.close()


def every_route() -> list[APIRoute]:
    return [route for module in routes() for route in module.router.routes if isinstance(route, APIRoute)]


def called_in(route: APIRoute) -> list[object]:
    """What a route calls of its module ``acts``."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(route.endpoint)))
    calls = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)]
    names = [func.attr for func in calls if isinstance(func.value, ast.Name) and func.value.id == "acts"]
    within = [name for name in names if name not in ("admit",)]
    module = sys.modules[route.endpoint.__module__]
    held = inspect.getclosurevars(route.endpoint).nonlocals
    if "deeds" in held:  # made for each kind of record
        return [
            getattr(held["deeds"], func.attr) for func in calls if isinstance(func.value, ast.Name) and func.value.id == "deeds"
        ]
    return [getattr(module.acts, name) for name in within if isinstance(getattr(module.acts, name), Act)]


def test_who_may_do_what_is_as_agreed() -> None:
    assert table(every_act()) == AGREED.read_text(encoding="utf-8")


def test_the_table_is_printed() -> None:
    printed = subprocess.run([sys.executable, "-m", "api.acts"], capture_output=True, text=True, check=True)
    assert printed.stdout == AGREED.read_text(encoding="utf-8")


def test_every_route_does_one_act_and_is_let_in_for_it() -> None:
    found = every_route()
    assert len(found) > 30
    for route in found:
        admitted, called = acts_of(route), called_in(route)
        expected = 0 if route.path in WITHOUT_ACTS else 1
        assert len(admitted) == expected, route.path
        assert called == admitted, route.path


def test_every_act_of_people_is_reached_over_http_by_a_page_or_by_a_command() -> None:
    over_http = {each.name for route in every_route() for each in acts_of(route)}
    commands = "\n".join(path.read_text(encoding="utf-8") for path in Path("optimiser/commands").rglob("*.py"))
    inside = {"offers.lapse", "statements.keep", "bands.limits"}  # the clock's, and the public page's
    pages = "\n".join(path.read_text(encoding="utf-8") for path in (SOURCE / "pages").rglob("*.py"))
    elsewhere = commands + pages + (SOURCE / "terminal.py").read_text(encoding="utf-8")
    for each in every_act():
        called = re.search(rf"\b(acts|overview)\.{each.does.__name__}\b", elsewhere)
        assert each.name in over_http | inside or called, each.name


def test_routes_know_acts_and_nothing_beneath_them() -> None:
    """And no route looks at a role: what is narrower than a role is the act's to hold."""
    for path in sorted(SOURCE.glob("*/routes.py")):
        text = path.read_text(encoding="utf-8")
        assert not re.search(rf"^\s*(from|import) {NOT_IN_ROUTES}\b", text, re.MULTILINE), path
        assert ".role" not in text, path


def test_nobody_does_what_their_role_may_not_whoever_calls_and_however(service: Service) -> None:
    for each in every_act():
        for role in EVERY_ROLE:
            by = Caller(service, Actor("somebody", role))
            if role in each.roles:
                assert each.admit(by).admitted_to is each
            else:
                with pytest.raises(Problem) as refused:
                    each(by)  # judged before anything that it needs is looked at
                assert refused.value.code == "forbidden"
                assert refused.value.detail == f"This needs the role {' or '.join(each.roles)}; yours is {role}."


def test_who_is_let_in_for_one_act_is_judged_again_for_another(service: Service) -> None:
    every_act()
    by = ACTS["rules.read"].admit(Caller(service, Actor("somebody", VIEWER)))
    with pytest.raises(Problem):
        ACTS["packages.list"].admit(by)


def test_every_entry_of_the_audit_trail_is_some_acts() -> None:
    """Whatever is written into the trail is named by an act; and no act names what nobody writes."""
    written: set[str] = set()
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                written |= entries_of(node, path)
    named = {action for each in every_act() for action in each.writes}
    patterns = {re.compile(re.escape(each).replace(r"\*", r"[\w.]+")) for each in written}
    unnamed = {each for each in written if "*" not in each} - named
    assert unnamed == OF_NO_ACT
    assert all(any(pattern.fullmatch(each) for pattern in patterns) for each in named - {"audit.forget"})


def entries_of(call: ast.Call, path: Path) -> set[str]:
    """The actions that a call writes, ``*`` for a part that is worked out; a name that is written in capitals is looked up."""
    name = call.func.attr if isinstance(call.func, ast.Attribute) else call.func.id if isinstance(call.func, ast.Name) else ""
    place = {"remember": 0, "read": 0, "entry": 0, "Entry": 1, "_write": 4}.get(name)
    if place is None or len(call.args) <= place:
        return set()
    told = call.args[place]
    if isinstance(told, ast.JoinedStr):
        return {"".join(str(part.value) if isinstance(part, ast.Constant) else "*" for part in told.values)}
    if isinstance(told, ast.Name) and told.id.isupper():
        module = ".".join(path.relative_to(SOURCE.parent).with_suffix("").parts)
        said = getattr(import_module(module), told.id)
        return {said} if isinstance(said, str) else set()
    return {told.value} if isinstance(told, ast.Constant) and isinstance(told.value, str) else set()


def test_an_act_says_who_may_and_what_it_is() -> None:
    with pytest.raises(ValueError, match="roles"):
        act("toys.play", only("gardener"))(_play)
    with pytest.raises(ValueError, match="sentence"):
        act("toys.play", only(PLANNER))(_silent)
    with pytest.raises(ValueError, match="share the name"):
        act(every_act()[0].name, only(PLANNER))(_play)
    assert "toys.play" not in ACTS
    assert set(ROLES) < set(EVERY_ROLE)


def _play(by: Caller) -> None:
    """Somebody plays."""


def _silent(by: Caller) -> None:
    pass
