"""A snapshot folder over HTTP: listed first, then taken as it was listed; and a zip that lies or leads elsewhere is refused."""

from __future__ import annotations

import io
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.http.errors import Problem
from api.http.zipped_folder import MOST_FILES, take_away_left, unpacked
from api.settings import Settings
from api.state.store import Store
from tests.api.conftest import SMALL, Served, serving
from tests.api.packages.test_packages import trail
from tests.api.talking import code, exported
from tests.making.folders import csv_text, rows_of

IMPORTS = "/v1/imports"


def zipped(changes: dict[str, str] | None = None, prefix: str = "") -> bytes:
    """The three villages, some files changed."""
    files = {
        path.name: path.read_text(encoding="utf-8") for path in SMALL.iterdir() if path.suffix in (".csv", ".toml", ".geojson")
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in (files | (changes or {})).items():
            archive.writestr(prefix + name, text)
    return buffer.getvalue()


def dearer(pounds: str = "25.00") -> dict[str, str]:
    """Its contracts, one of them at another price, with a line of the council's own."""
    rows = rows_of((SMALL / "contracts.csv").read_text(encoding="utf-8"))
    for row in rows:
        row["our_line"] = f"={row['contract_id']}"
        row["rate_band_1"] = pounds if row["contract_id"] == "P-ALDER" else row["rate_band_1"]
    return {"contracts.csv": csv_text(rows[0], rows)}


def send(
    client: httpx.Client, body: bytes, reason: str | None = None, if_match: str | None = None, **query: Any
) -> httpx.Response:
    given = {"Content-Type": "application/zip", "Reason": reason, "If-Match": if_match}
    return client.post(IMPORTS, content=body, params=query, headers={name: value for name, value in given.items() if value})


def test_a_folder_is_listed_first_and_taken_as_it_was_listed(served: Served, store: Store, tmp_path: Path) -> None:
    with served.client("admin") as client:
        body = zipped(dearer(), prefix="county-of-april/")
        listed = send(client, body)
        tables = {table["table"]: table for table in listed.json()["tables"]}
        changed = {each["id"]: each["columns"] for each in tables["contracts"]["changed"]}
        assert changed.pop("P-ALDER")[0] == "rate_band_1"
        assert {tuple(columns) for columns in changed.values()} == {("our_line",)}
        assert tables["contracts"]["own_columns"] == ["our_line"]
        assert store.state().version == 1
        assert code(send(client, body, "uplift", dry_run=False)) == (428, "precondition_required")
        assert code(send(client, body, "", listed.headers["etag"], dry_run=False)) == (422, "import_without_reason")
        other = send(client, zipped(dearer("26.00")), "uplift", listed.headers["etag"], dry_run=False)
        assert code(other) == (412, "changed_since"), "another folder than was listed"
        wrong = {"contracts.csv": dearer()["contracts.csv"].replace("ALDER,principal", "NOBODY,principal")}
        refused = send(client, zipped(wrong))
        assert (code(refused), "a known provider_id" in refused.text) == ((422, "refused"), True)
        done = send(client, body, "Erh%C3%B6hung im April", listed.headers["etag"], dry_run=False)
        assert done.json() == listed.json() | {"dry_run": False}
        assert not send(client, body).json()["writes"]
    whole = next(details for subject, details in trail(store, "county.sync") if not subject)
    assert (whole["reason"], whole["tables"]["contracts"]["changed"]) == ("Erhöhung im April", len(changed) + 1)
    assert len(trail(store, "county.compare")) == 2
    after = exported(store, tmp_path / "out")
    assert next(each for each in after.contracts if each.contract_id == "P-ALDER").rates_pence[0] == 2500
    assert after.extra["contracts"].cells["P-ALDER"] == {"our_line": "=P-ALDER"}


def test_a_contract_officer_takes_what_contract_officers_keep(served: Served, store: Store) -> None:
    providers = rows_of((SMALL / "providers.csv").read_text(encoding="utf-8"))
    rated = [row | {"cqc_rating": "good" if row["cqc_rating"] != "good" else "outstanding"} for row in providers]
    both = dearer() | {"providers.csv": csv_text(rated[0], rated)}
    with served.client("contracts") as client:
        listed = send(client, zipped(both))
        refused = send(client, zipped(both), "uplift", listed.headers["etag"], dry_run=False)
        assert (code(refused), "providers' cqc_rating" in refused.text) == ((403, "forbidden"), True)
        listed = send(client, zipped(dearer()))
        assert send(client, zipped(dearer()), "uplift", listed.headers["etag"], dry_run=False).status_code == 200
        assert code(send(client, zipped(), decisions=True)) == (403, "forbidden")
    assert next(each for each in store.state().snapshot.contracts if each.contract_id == "P-ALDER").rates_pence[0] == 2500


@pytest.mark.parametrize("role", ["viewer", "planner", "quality", None])
def test_it_is_judged_who_calls_before_anything_is_read(served: Served, role: str | None) -> None:
    expected = (401, "unauthenticated") if role is None else (403, "forbidden")
    with served.client(role) as client:
        assert code(send(client, b"PK" * 1_000_000)) == expected


def test_a_large_body_is_refused_once_the_key_is_judged(store: Store) -> None:
    address = store.engine.url.render_as_string(hide_password=False)
    given = Settings(database_url=address, max_import_bytes=500, max_body_bytes=100)
    with serving(given) as small:
        with small.client("admin") as client:
            assert code(send(client, b"x" * 501)) == (413, "too_large")
            assert code(client.post(IMPORTS, content=iter([b"x" * 300] * 2), headers={"Content-Type": "application/zip"})) == (
                413,
                "too_large",
            ), "that tells no size"
            assert code(send(client, b"x" * 499)) == (422, "not_a_folder")
        with small.client("viewer") as client:
            assert code(send(client, b"x" * 501)) == (403, "forbidden")


def archive(fill: Callable[[zipfile.ZipFile], object]) -> io.BytesIO:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        fill(made)
    buffer.seek(0)
    return buffer


def link() -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo("packages.csv")
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    return entry


def several(made: zipfile.ZipFile, *names: str) -> None:
    for name in names:
        made.writestr(name, "")


WRONG: dict[str, Callable[[zipfile.ZipFile], object]] = {
    "one up": lambda z: z.writestr("../packages.csv", ""),
    "an absolute name": lambda z: z.writestr("/tmp/packages.csv", ""),
    "a name of Windows": lambda z: z.writestr("..\\packages.csv", ""),
    "a drive": lambda z: z.writestr("C:packages.csv", ""),
    "too deep": lambda z: z.writestr("a/b/packages.csv", ""),
    "two folders": lambda z: several(z, "a/a.csv", "b/b.csv"),
    "a name twice": lambda z: several(z, "a.csv", "A.csv"),
    "a link": lambda z: z.writestr(link(), "/etc/hostname"),
    "nothing": lambda _: None,
    "many files": lambda z: several(z, *(f"{n}.csv" for n in range(MOST_FILES + 1))),
    "a bomb": lambda z: z.writestr("packages.csv", "0" * 5000),
    "packed in a rare way": lambda z: z.writestr("packages.csv", "0", compress_type=zipfile.ZIP_LZMA),
}


@pytest.mark.parametrize("fill", WRONG.values(), ids=WRONG)
def test_a_zip_that_leads_elsewhere_or_is_too_much_is_refused(fill: Callable[[zipfile.ZipFile], object]) -> None:
    with pytest.raises(Problem, match="not_a_folder"), unpacked(archive(fill), 1000):
        pass


def test_what_a_killed_server_left_of_a_folder_is_taken_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    (tmp_path / "optimiser-import-abcd1234").mkdir()
    (tmp_path / "import-abcd1234").mkdir()
    whole = archive(lambda z: z.writestr("packages.csv", "0"))
    with unpacked(whole, 1000) as folder:
        assert folder.parent == tmp_path
        assert take_away_left() == ["optimiser-import-abcd1234"], "and not what is unpacked just now"
        assert (folder / "packages.csv").is_file()
    assert [each.name for each in tmp_path.iterdir()] == ["import-abcd1234"]


def test_a_zip_that_lies_is_refused_and_leaves_nothing() -> None:
    whole = archive(lambda z: z.writestr("packages.csv", "0" * 3000)).getvalue()
    for lie in (whole[:-30], whole.replace((3000).to_bytes(4, "little"), (30).to_bytes(4, "little")), b"PK\x03\x04" + b"\0" * 50):
        with pytest.raises(Problem, match="not_a_folder"), unpacked(io.BytesIO(lie), 1000):
            pass
    with unpacked(io.BytesIO(whole), 1000) as folder:
        assert [(path.name, path.stat().st_size) for path in folder.iterdir()] == [("packages.csv", 3000)]
        assert folder.stat().st_mode & 0o777 == 0o700
    assert not folder.exists()
