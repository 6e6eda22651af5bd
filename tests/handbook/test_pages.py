"""What is built: still pages that load nothing from elsewhere, that everybody can read, on light, dark and paper."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest

from api.http.handbook import KINDS
from optimiser.handbook import HERE

CSS = (HERE / "theme" / "css" / "handbook.css").read_text(encoding="utf-8")


VOID = {"meta", "link", "br", "hr", "img", "input", "wbr"}


class Elements(HTMLParser):
    """Every element with its attributes, in order, and the title. Each is ended where it should be."""

    def __init__(self, page: Path) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.title = ""
        self.wrongly_ended: list[str] = []
        self._open: list[str] = []
        self.feed(page.read_text(encoding="utf-8"))
        self.wrongly_ended += self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID and (not self._open or self._open.pop() != tag):
            self.wrongly_ended.append(tag)

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] == "title":
            self.title += data

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.found if name == tag]


def pages(site: Path) -> list[tuple[Path, Elements]]:
    return [(page, Elements(page)) for page in sorted(site.rglob("*.html"))]


def test_it_is_built_without_a_warning_and_with_every_part(site: Path) -> None:
    built = {str(page.relative_to(site)) for page in site.rglob("*.html")}
    assert {"index.html", "tutorial.html", "judgements.html", "glossary.html", "404.html", "reference/http.html"} <= built
    assert {f"how-to/{name}.html" for name in ("planner", "transition", "night", "commissioner", "analyst")} <= built
    assert {f"add/{name}.html" for name in ("rule", "level", "limit", "travel-source", "command", "kind-of-run", "act")} <= built
    assert {f"reference/{name}.html" for name in ("columns", "rules", "settings", "http", "commands")} <= built
    decisions = {f"decisions/{file.stem.replace('README', 'index')}.html" for file in (HERE.parent / "decisions").glob("*.md")}
    assert decisions <= built


def test_no_page_has_a_script_or_style_of_its_own_or_loads_from_another_host(site: Path) -> None:
    for page, elements in pages(site):
        for tag, attributes in elements.found:
            assert tag not in ("script", "style", "iframe", "object", "embed", "form", "base"), page
            assert not [name for name in attributes if name == "style" or name.startswith("on")], (page, tag, attributes)
            for name in ("src", "srcset", "data", "poster"):
                assert not re.match(r"[a-z]*:?//|data:", attributes.get(name) or ""), (page, attributes)
        for link in elements.of("link"):
            assert link["rel"] == "stylesheet", page
            assert re.fullmatch(r"(\.\./|\./|/handbook/)*css/handbook\.css", link["href"] or ""), (page, link)
    assert "url(" not in CSS
    assert "@import" not in CSS


def test_the_service_knows_what_each_file_is(site: Path) -> None:
    assert {file.suffix for file in site.rglob("*") if file.is_file()} == set(KINDS)


def test_every_link_leads_to_a_file_of_the_handbook(site: Path) -> None:
    for page, elements in pages(site):
        if page.name == "404.html":
            continue
        for link in elements.of("a"):
            address = (link.get("href") or "").partition("#")[0]
            assert not re.match(r"[a-z]+:|/", address), (page, address)
            assert not address or (page.parent / address).resolve().is_file(), (page, address)


def test_every_page_can_be_read_by_everybody(site: Path) -> None:
    for page, elements in pages(site):
        assert elements.of("html") == [{"lang": "en-GB"}], page
        assert len(elements.of("title")) == len(elements.of("main")) == len(elements.of("h1")) == 1, page
        assert all(image.get("alt") for image in elements.of("img")), page
        levels = [int(tag[1]) for tag, _ in elements.found if re.fullmatch(r"h[1-6]", tag)]
        assert all(after <= before + 1 for before, after in pairwise(levels)), (page, levels)
        first = next(attributes for tag, attributes in elements.found if tag == "a")
        assert first == {"class": "skip", "href": "#content"}, page
        ids = [attributes["id"] for _, attributes in elements.found if "id" in attributes]
        assert len(ids) == len(set(ids)), page
        wide = [attributes for tag, attributes in elements.found if tag == "pre" or attributes.get("class") == "wide"]
        assert all(attributes.get("tabindex") == "0" for attributes in wide), page


def colours(block: str) -> dict[str, str]:
    return dict(re.findall(r"--(\w+): (#[0-9a-f]{6});", block))


LIGHT = colours(CSS.partition("}")[0])
DARK = LIGHT | colours(CSS.partition("prefers-color-scheme: dark")[2].partition("* {")[0])


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
def test_text_and_lines_stand_out_enough(scheme: dict[str, str]) -> None:
    assert set(scheme) == {"ground", "text", "quiet", "line", "link", "code", "mark"}
    for text in ("text", "quiet", "link"):
        for behind in ("ground", "code"):
            assert contrast(scheme[text], scheme[behind]) >= 4.5, (text, behind)
    for part in ("line", "mark"):
        assert contrast(scheme[part], scheme["ground"]) >= 3, part
    assert scheme["ground"] != (DARK if scheme is LIGHT else LIGHT)["ground"]


def test_elements_are_ended_where_they_should_be_and_every_title_is_its_own(site: Path) -> None:
    found = pages(site)
    assert {str(page): elements.wrongly_ended for page, elements in found if elements.wrongly_ended} == {}
    titles = [elements.title for _, elements in found]
    assert len(titles) == len(set(titles))


def test_paper_has_the_text_alone() -> None:
    printed = CSS.partition("@media print")[2]
    assert re.search(r"nav, .*header, footer \{ display: none; \}", printed)
