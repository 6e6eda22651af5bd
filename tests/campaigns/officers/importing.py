"""An officer's import: a folder of today's county without its people, with a line number of its own for every record."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from typing import Any

from optimiser.domain.records import Surgery
from optimiser.domain.snapshot import OwnColumns, Snapshot
from optimiser.io.exporting import snapshot_files
from optimiser.io.schema import OF_PEOPLE
from tests.campaigns.officers.asking import TRIES, Asking, Told

LINE = "import_line"
"""A column of the council's own: an import gives it, with a number of its own, to every record of these kinds."""
MARKED = ("contracts", "offices", "surgeries")


class Importing(Asking):
    """Imports a folder."""

    def imported(self, **headers: str) -> None:
        """A folder of today's county, its people left out, with a line number for every record and one surgery more.

        Sent only when the list of differences has that alone, and listed anew whenever the county has become another since.
        """
        reason, line = self.reason(), f"{self.name}-{self.count}"
        for _ in range(TRIES):
            body = folder_of(self._store.state().snapshot, line)
            listed, _ = self.asked("POST", "/v1/imports", content=body, params={"dry_run": True})
            if listed.status_code == 422 and "cqc_rating" in listed.text:
                continue  # a location has given its provider another rating since it was exported
            self.expect(listed, 200)
            tables = listed.json()["tables"]
            touched = [each["columns"] for table in tables for each in (*table["changed"], *table["ended"])]
            added = [each for table in tables for each in table["added"]]
            if any(columns != [LINE] for columns in touched) or added != [f"S-{line}"]:
                continue  # somebody has changed, withdrawn or closed something since it was exported
            seen = {"If-Match": listed.headers["ETag"], "Reason": reason}
            answer, again = self.asked("POST", "/v1/imports", headers | seen, content=body, params={"dry_run": False})
            headers = {}
            if answer.status_code == 412:
                there, _ = self.asked("GET", f"/v1/surgeries/S-{line}")
                if not (again and there.status_code == 200):
                    continue
            self.expect(answer, 200, answer.status_code == 412)
            self.told[reason] = Told("county.sync", 1 + len(touched) + len(added))
            return


def folder_of(county: Snapshot, line: str) -> bytes:
    """A zip of the county without its people: the line in a column of its own, and one surgery more."""
    near = county.surgeries[0]
    more = Surgery(f"S-{line}", f"Surgery {line}", near.area_id, near.latitude, near.longitude, band_centre=False)
    surgeries = (*county.surgeries, more)
    ids = {
        "contracts": [each.contract_id for each in county.contracts],
        "offices": [each.office_id for each in county.offices],
        "surgeries": [each.surgery_id for each in surgeries],
    }
    extra = {kind: OwnColumns((LINE,), {name: {LINE: line} for name in names}) for kind, names in ids.items()}
    people: dict[str, Any] = dict.fromkeys(OF_PEOPLE, ())
    kept = {kind: own for kind, own in county.extra.items() if kind not in people}
    changed = replace(county, surgeries=surgeries, extra=kept | extra, **people)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in snapshot_files(changed).items():
            archive.writestr(name, content)
    return buffer.getvalue()
