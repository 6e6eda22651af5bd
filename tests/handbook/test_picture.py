"""The picture of a result: made from it alone, small, and the one on the first page is of the bundled county."""

from __future__ import annotations

import json
import re
from xml.etree import ElementTree

from optimiser.allocating.report import result_record
from optimiser.allocating.story import allocate
from optimiser.handbook import HERE, ROOT
from optimiser.handbook.picture import Area, picture
from optimiser.io.reading import read_snapshot

SHOWN = HERE / "pages" / "files" / "demonstration.svg"


def test_a_bar_has_each_part_of_an_areas_hours() -> None:
    result = json.loads(json.dumps(result_record(allocate(read_snapshot(ROOT / "data" / "three_villages").snapshot))))
    (area,) = [Area.of(record) for record in result["areas"]]
    assert {part: int(hours) for part, hours in area.hours.items()} == {
        "principal": 220, "framework": 80, "legacy": 40, "unmet": 40, "other": 20,
    }  # fmt: skip
    made = ElementTree.fromstring(picture(result))
    widths = [float(each.attrib["width"]) for each in made if each.attrib.get("y") == "62" and each.tag.endswith("rect")]
    assert widths == [308.0, 112.0, 56.0, 56.0, 28.0]


def test_the_picture_on_the_first_page_is_of_the_bundled_county_as_it_is() -> None:
    text = SHOWN.read_text(encoding="utf-8")
    assert len(text) < 30_000
    assert not re.search(r"<script|style=|https?://(?!www\.w3\.org/2000/svg)", text)
    snapshot = read_snapshot(ROOT / "data" / "demonstration").snapshot
    assert f"<metadata>{snapshot.digest()}</metadata>" in text, "make it again: python -m optimiser.handbook.picture"
    assert all(f">{area.name.replace('&', '&amp;')}</text>" in text for area in snapshot.areas)
