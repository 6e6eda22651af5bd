"""How QGIS draws each layer: its style language (QML), made of a few rules. Shapes differ as colours do: none speaks alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal
from xml.etree.ElementTree import Element, SubElement, tostring

Kind = Literal["fill", "line", "marker"]
CLASSES: Mapping[Kind, str] = {"fill": "SimpleFill", "line": "SimpleLine", "marker": "SimpleMarker"}
INK = "20,24,28,255"
QGIS = "3.22.0"
"""Styles are read by this version and later ones."""


@dataclass(frozen=True)
class Rule:
    """Which features look how. ``condition``: empty for all others. ``look``: properties of the symbol, in QGIS's words."""

    label: str
    condition: str
    look: Mapping[str, str]


@dataclass(frozen=True)
class Style:
    """``labelled_by``: the column written beside each feature; empty: none."""

    kind: Kind
    rules: Sequence[Rule]
    labelled_by: str = ""


def _fill(colour: str, pattern: str = "solid", width: str = "0.3") -> dict[str, str]:
    return {"color": colour, "style": pattern, "outline_color": INK, "outline_width": width, "outline_style": "solid"}


def _marker(shape: str, colour: str, size: str = "2.4") -> dict[str, str]:
    return {"name": shape, "color": colour, "size": size, "outline_color": INK, "outline_width": "0.2"}


STYLES: Mapping[str, Style] = {
    "areas": Style(
        "fill",
        (
            Rule("No principal", '"principal" = \'\' or not "live"', _fill("240,240,240,160")),
            Rule("Principal below 65%", '"principal_share" < 0.65', _fill("253,208,162,160", "b_diagonal")),
            Rule("Principal above 75%", '"principal_share" > 0.75', _fill("158,154,200,160", "f_diagonal")),
            Rule("Principal at 65% to 75%", "", _fill("161,217,155,160")),
        ),
        "name",
    ),
    "rounds": Style("fill", (Rule("Round", "", _fill("198,219,239,70", "solid", "0.2")),)),
    "rounds_built": Style("line", (Rule("Round, on its fullest day", "", {"line_color": "11,79,138,200", "line_width": "0.4"}),)),
    "transfers": Style(
        "fill",
        (
            Rule("First wave", '"wave" = 1', _fill("11,79,138,110", "dense4", "0.5")),
            Rule("Later waves", "", _fill("106,27,154,90", "dense5", "0.5")),
        ),
        "date",
    ),
    "reach": Style("fill", (Rule("Reached within the minutes", "", _fill("0,96,107,25", "solid", "0.2")),)),
    "uncovered": Style("fill", (Rule("Reached by nobody who may be asked", "", _fill("138,28,28,200", "cross")),), "people"),
    "surgeries": Style(
        "marker",
        (
            Rule("Band centre", '"band_centre"', _marker("cross_fill", "27,94,32,255", "3")),
            Rule("Surgery", "", _marker("cross_fill", "255,255,255,255", "2")),
        ),
    ),
    "offices": Style("marker", (Rule("Office", "", _marker("square", "138,75,0,255")),)),
    "packages": Style(
        "marker",
        (
            Rule("Waiting, urgent or from hospital", "\"outcome\" in ('waiting','unmet','pending') and \"priority\" in"
                 " ('urgent','discharge')", _marker("star", "138,28,28,255", "3.4")),
            Rule("Waiting", "\"outcome\" in ('waiting','unmet','pending')", _marker("triangle", "230,120,0,255", "2.8")),
            Rule("Placed by the result", "\"outcome\" = 'placed'", _marker("diamond", "0,96,107,255", "2.4")),
            Rule("Running", "", _marker("circle", "117,117,117,180", "1.4")),
        ),
    ),
}  # fmt: skip


def qml(style: Style) -> str:
    """The style as QGIS reads it."""
    top = Element("qgis", version=QGIS, styleCategories="Symbology|Labeling", labelsEnabled="1" if style.labelled_by else "0")
    renderer = SubElement(top, "renderer-v2", type="RuleRenderer", symbollevels="0", enableorderby="0", forceraster="0")
    rules = SubElement(renderer, "rules", key="all")
    symbols = SubElement(renderer, "symbols")
    for number, rule in enumerate(style.rules):
        # The first that holds counts: each is for what none before it was for.
        before = [f"not coalesce({each.condition}, false)" for each in style.rules[:number]]
        condition = " and ".join([f"coalesce({rule.condition}, false)"] * bool(rule.condition) + before)
        made = SubElement(rules, "rule", key=f"rule-{number}", symbol=str(number), label=rule.label)
        if condition:
            made.set("filter", condition)
        symbol = SubElement(symbols, "symbol", type=style.kind, name=str(number), alpha="1", clip_to_extent="1", force_rhr="0")
        layer = SubElement(symbol, "layer", {"class": CLASSES[style.kind]}, enabled="1", locked="0")
        layer.set("pass", "0")
        options = SubElement(layer, "Option", type="Map")
        for name, value in rule.look.items():
            SubElement(options, "Option", type="QString", name=name, value=value)
            SubElement(layer, "prop", k=name, v=value)
    if style.labelled_by:
        labelling = SubElement(top, "labeling", type="simple")
        settings = SubElement(labelling, "settings", calloutType="simple")
        text = SubElement(
            settings, "text-style",
            fieldName=style.labelled_by, fontSize="8", fontSizeUnit="Point", textColor=INK, isExpression="0", fontFamily="Sans",
        )  # fmt: skip
        SubElement(text, "text-buffer", bufferDraw="1", bufferSize="0.8", bufferSizeUnits="MM", bufferColor="255,255,255,220")
        SubElement(settings, "placement", placement="0", priority="5")
        SubElement(settings, "rendering", displayAll="0", obstacle="1")
    return "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n" + tostring(top, encoding="unicode") + "\n"
