"""Whatever a page tells somebody who is not signed in reads at grade 7 at most, as does what somebody may do: each paragraph.

The handbook is for those who work with the engine, and is not judged here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.routing import APIRoute, iter_route_contexts
from jinja2 import Template
from starlette.routing import BaseRoute

import api.pages
import api.price_band
from api.app import create_app
from api.pages.frame import ABOUT_YOU, templates
from api.price_band import routes as price_band
from api.price_band.page import Told, page
from api.security.roles import ROLES
from tests.api.conftest import Served
from tests.api.pages.reading import Browser
from tests.explaining.reading import grade, grade_of_paragraph
from tests.explaining.reading_pages import prose, prose_of_template
from tests.geography.postcodes.test_postcode_places import NO_PLACES

MOST = 7
PAGES, PRICE_BAND = (Path(each) for package in (api.pages, api.price_band) for each in package.__path__)
HANDBOOK = "/handbook"


def too_hard(found: list[str]) -> list[tuple[str, float]]:
    return [(each, grade_of_paragraph(each)) for each in found if grade_of_paragraph(each) > MOST]


def public_pages(villages: Served, nobody: Browser) -> Iterator[tuple[str, int, str]]:
    """Every page that anybody gets without signing in, found by asking each address: its path, status and HTML."""
    app = create_app(villages.settings)
    routes: list[BaseRoute] = [each.original_route for each in iter_route_contexts(app.routes)]
    paths = {each.path for each in routes if isinstance(each, APIRoute) and "GET" in (each.methods or ())}
    app.state.service.close()
    app.state.readiness.close()
    for path in sorted(each for each in paths if not each.startswith(HANDBOOK)):
        answer = nobody.get(re.sub(r"\{[^}]*\}", "1", path))
        nobody.cookie = ""
        if answer.headers.get("content-type", "").startswith("text/html"):
            yield path, answer.status_code, answer.text


def test_every_page_that_needs_no_key_reads_easily(villages: Served, nobody: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    """As it is shown, and every branch of the templates that it is made of: those are found by what is asked for on the way."""
    used: set[str] = set()
    get = templates().get_template

    def noted(name: str, *given: Any) -> Template:
        used.add(name)
        return get(name, *given)

    monkeypatch.setattr(templates(), "get_template", noted)
    shown: dict[int, set[str]] = {}
    for path, status, html in public_pages(villages, nobody):
        shown.setdefault(status, set()).add(path)
        assert too_hard(prose(html)) == [], path
        assert grade(" ".join(prose(html))) <= MOST, path
    assert shown[200] | shown[503] == {"/accessibility", "/sign-in", "/signed-out", "/price-band", "/published/fairness"}
    assert "/waiting" in shown[401]
    assert used >= {"accessibility.html.j2", "sign_in.html.j2"}
    used -= {"components.html.j2"}  # macros: what is handed to them stands in each page
    for file in [*(PAGES / "templates" / name for name in sorted({*used, "frame.html.j2"})), *PRICE_BAND.glob("*.j2")]:
        assert too_hard(prose_of_template(file.read_text())) == [], file.name


def test_what_the_price_band_says_reads_easily() -> None:
    """The form and its answer; whatever is said when nobody can ask or nothing was asked; and whatever a postcode is not."""
    said = [text for name, text in vars(price_band).items() if name.isupper() and isinstance(text, str)]
    assert {price_band.CLOSED, price_band.TOO_MANY, price_band.NEEDED} <= set(said)
    said += [sentence for _, _, sentence in NO_PLACES]
    assert too_hard(said) == []
    told = Told(postcode="NR1 2DH", band=2, miles=3.98, centre="Larkmere Surgery", limits_miles=(3, 6))
    for each in (told, Told(limits_miles=(3, 6)), *(Told(wrong=text) for text in said), *(Told(closed=text) for text in said)):
        html = bytes(page(each).body).decode()
        assert too_hard(prose(html)) == []
        assert grade(" ".join(prose(html))) <= MOST


def test_what_somebody_may_do_reads_easily_for_every_role(villages: Served, nobody: Browser) -> None:
    assert too_hard(prose_of_template((PAGES / "templates" / "what_i_may_do.html.j2").read_text())) == []
    for role in ROLES:
        said = prose(nobody.signed_in(villages.key(role)).get(ABOUT_YOU.address).text)
        assert len(said) > 20
        assert grade(" ".join(said)) <= MOST, role
