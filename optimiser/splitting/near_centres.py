"""Which band centre everybody lives nearest to: a price is measured from it, whichever council it lies in."""

from __future__ import annotations

from collections.abc import Iterator

from optimiser.domain.snapshot import Snapshot
from optimiser.geography.grid import crow_metres, to_grid


def nearest_centres(snapshot: Snapshot) -> Iterator[tuple[str, str]]:
    """Per package its id and that of its nearest band centre, in a straight line; of several as near the first by id."""
    centres = sorted((each for each in snapshot.surgeries if each.band_centre), key=lambda each: each.surgery_id)
    at = to_grid([each.latitude for each in centres], [each.longitude for each in centres])
    homes = to_grid([each.latitude for each in snapshot.packages], [each.longitude for each in snapshot.packages])
    for package, home in zip(snapshot.packages, homes, strict=True):
        yield package.package_id, centres[int(crow_metres(home, at).argmin())].surgery_id
