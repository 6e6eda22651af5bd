"""Spreadsheets over HTTP: listed like any folder, with how each column was understood; refused like any, bombs too."""

from __future__ import annotations

import io
import zipfile

import httpx
import pytest

from optimiser.io.reading import read_snapshot
from optimiser.tidying.workbook_to_fill import filled
from tests.api.conftest import SMALL, Served
from tests.api.imports.test_imports import dearer, send, zipped
from tests.api.talking import code

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""What is understood is the same whatever the kind of database."""


def with_semicolons(**others: str) -> bytes:
    """The three villages with dearer contracts, as a program of another country wrote them."""
    table = dearer()["contracts.csv"].replace(",", ";").replace("2026-04-01", "01/04/2026").replace("2032-04-01", "01/04/2032")
    return zipped({"contracts.csv": f"Contracts of November\n\n{table}"} | others)


def in_a_workbook() -> bytes:
    """The same county unchanged, its tables in a workbook."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in ("snapshot.toml", "areas.geojson"):
            archive.write(SMALL / name, name)
        archive.writestr("county.xlsx", filled(read_snapshot(SMALL).snapshot))
    return buffer.getvalue()


def workbook_alone(client: httpx.Client, body: bytes, **query: object) -> httpx.Response:
    return client.post("/v1/imports", content=body, params=query, headers={"Content-Type": XLSX})  # type: ignore[arg-type]


def test_spreadsheets_are_understood_where_that_is_asked_for(served: Served) -> None:
    with served.client("admin") as client:
        assert code(send(client, with_semicolons())) == (422, "refused")
        doubtful = send(client, with_semicolons(), tidy=True)
        assert (code(doubtful), "say --day-first" in doubtful.text) == ((422, "refused"), True)
        listed = send(client, with_semicolons(), tidy=True, day_first=True)
        assert listed.status_code == 200, listed.text
        answer = listed.json()
        changed = {each["id"]: each["columns"] for table in answer["tables"] for each in table["changed"]}
        assert changed["P-ALDER"][0] == "rate_band_1"
        assert "starts" not in changed["P-ALDER"]
        assert any("contracts.csv: starts, headed 'starts': the day first" in note for note in answer["notes"])
        taken = send(client, with_semicolons(), "uplift", listed.headers["etag"], tidy=True, day_first=True, dry_run=False)
        assert taken.status_code == 200, taken.text
        mapped = send(client, with_semicolons(**{"map.toml": "day_first = true\n"}), tidy=True)
        assert mapped.status_code == 200, mapped.text
        wrong = send(client, with_semicolons(**{"map.toml": "day_first = 1\n"}), tidy=True)
        assert (code(wrong), "map.toml, day_first" in wrong.text) == ((422, "refused"), True)
        unchanged = send(client, in_a_workbook(), tidy=True)
        assert unchanged.status_code == 200, unchanged.text


def test_a_workbook_alone_is_taken_with_tidy_and_a_bomb_never(served: Served) -> None:
    with served.client("admin") as client:
        assert code(workbook_alone(client, b"x")) == (415, "unsupported_media_type")
        broken = workbook_alone(client, b"x", tidy=True)
        assert (code(broken), "sent.xlsx: expected a workbook that can be opened" in broken.text) == ((422, "refused"), True)
        bomb = io.BytesIO()
        with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("xl/workbook.xml", b" " * (300 * 1024 * 1024))
        assert len(bomb.getvalue()) < 1024 * 1024
        refused = workbook_alone(client, bomb.getvalue(), tidy=True)
        assert (code(refused), "256 MB unpacked" in refused.text) == ((422, "refused"), True)
    with served.client("viewer") as client:
        assert code(workbook_alone(client, bomb.getvalue(), tidy=True))[0] == 403
    with httpx.Client(base_url=str(client.base_url)) as nobody:
        assert code(workbook_alone(nobody, bomb.getvalue(), tidy=True))[0] == 401
