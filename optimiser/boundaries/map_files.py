"""A map file as people have it, to a table of outlines: GeoJSON, GeoPackage or Shapefile, unpacked or in a zip.

A file is known by its first bytes, so that no other reader of the library's is ever asked: some fetch what a file names.
"""

from __future__ import annotations

import shutil
import tempfile
import warnings
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from optimiser.geography.coordinate_systems import UnknownSystemError, system_named
from optimiser.io.faults import Findings, InputRefusedError, shown
from optimiser.io.zips import DAMAGED

if TYPE_CHECKING:
    from geopandas import GeoDataFrame, GeoSeries

Outlined = TypeVar("Outlined", "GeoDataFrame", "GeoSeries")
"""Outlines, with columns or without."""
MOST_BYTES = 1_000_000_000
"""Unpacked. England's 33,755 small areas in full detail are about half of it."""
MOST_FEATURES = 100_000
SHAPEFILE = {".shp", ".shx", ".dbf", ".prj", ".cpg"}
ENDINGS = {".geojson", ".json", ".gpkg", *SHAPEFILE}
EXPECTED = (
    "a map as GeoJSON (.geojson), GeoPackage (.gpkg) or Shapefile (.shp with .shx, .dbf and .prj beside it), or a zip with one"
)
BEGINS = {b"SQLite format 3\0": "GeoPackage", b"\x00\x00\x27\x0a": "Shapefile"}
"""The first bytes of each kind but GeoJSON, which begins with a brace."""


def read_map(path: Path, layer: str | None = None, system: str | None = None) -> GeoDataFrame:
    """The features of a map with their columns, in the file's own system of coordinates, without heights.

    ``layer``: which, where a GeoPackage has several. ``system``: by its code, where the file does not say. Raises
    ``InputRefusedError``.
    """
    findings = Findings()
    with _unpacked(path, findings) as file:
        kind = _kind(file, path.name, findings) if file is not None else None
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what the library thinks of a file is no line of a command's
            found = _read(file, kind, path.name, layer, findings) if file is not None and kind is not None else None
    if found is not None:
        found = _placed(found, path.name, system, findings)
    if findings.faults or found is None:
        raise InputRefusedError(findings.faults)
    return found


@contextmanager
def _unpacked(path: Path, findings: Findings) -> Iterator[Path | None]:
    """The file itself, or the one map that a zip holds, in a folder of its own for as long as it is read."""
    try:
        if not path.is_file():
            findings.fault(path.name, 0, "", EXPECTED, "no such file")
            yield None
            return
        if not zipfile.is_zipfile(path):
            if path.stat().st_size > MOST_BYTES:
                findings.fault(path.name, 0, "", f"at most {MOST_BYTES // 10**6} MB", f"{path.stat().st_size // 10**6} MB")
                yield None
                return
            yield path
            return
    except OSError as error:
        findings.fault(path.name, 0, "", "a readable file", error.strerror or "cannot be read")
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="map-") as folder:
        yield _from_archive(path, Path(folder), findings)


def _from_archive(path: Path, folder: Path, findings: Findings) -> Path | None:
    """What a zip holds of maps, in the folder; the file to open of the only one."""
    try:
        return _one_map(path, folder, findings)
    except DAMAGED:
        findings.fault(path.name, 0, "", "a zip that can be unpacked", "a damaged or a locked one")
        return None


def _one_map(path: Path, folder: Path, findings: Findings) -> Path | None:
    with zipfile.ZipFile(path) as archive:
        wanted = [each for each in archive.infolist() if Path(each.filename).suffix.lower() in ENDINGS and not each.is_dir()]
        maps = [each for each in wanted if Path(each.filename).suffix.lower() in (".geojson", ".json", ".gpkg", ".shp")]
        if len(maps) != 1:
            named = ", ".join(sorted(Path(each.filename).name for each in maps)[:5])
            findings.fault(path.name, 0, "", "a zip with one map", named or "none")
            return None
        if sum(each.file_size for each in wanted) > MOST_BYTES:
            findings.fault(path.name, 0, "", f"at most {MOST_BYTES // 10**6} MB", "more when unpacked")
            return None
        stem = Path(maps[0].filename).stem
        for each in wanted:
            if Path(each.filename).stem != stem:
                continue
            # A name of ours: the archive's own may point anywhere.
            with archive.open(each) as packed, (folder / f"map{Path(each.filename).suffix.lower()}").open("wb") as made:
                shutil.copyfileobj(packed, made)
        return folder / f"map{Path(maps[0].filename).suffix.lower()}"


def _kind(file: Path, name: str, findings: Findings) -> str | None:
    with file.open("rb") as stream:
        first = stream.read(64)
    kind = next((kind for begins, kind in BEGINS.items() if first.startswith(begins)), None)
    if kind is None and first.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{"):
        kind = "GeoJSON"
    if kind is None:
        findings.fault(name, 0, "", EXPECTED, "another kind of file")
    lacking = [ending for ending in (".shx", ".dbf") if not file.with_suffix(ending).is_file()] if kind == "Shapefile" else []
    for ending in lacking:
        findings.fault(name, 0, "", f"the file ending in {ending} beside a Shapefile", "none")
    return None if lacking else kind


def _read(file: Path, kind: str, name: str, layer: str | None, findings: Findings) -> GeoDataFrame | None:
    import pyogrio
    from pyogrio.errors import DataLayerError, DataSourceError

    pyogrio.set_gdal_config_options({"CPL_VSIL_CURL_ALLOWED_EXTENSIONS": "{none}", "OGR_GEOJSON_MAX_OBJ_SIZE": "0"})
    try:
        layers = [str(each) for each, geometry in pyogrio.list_layers(file) if geometry]
        if layer is None and len(layers) != 1:
            findings.fault(name, 0, "layer", "the name of one (--layer)", ", ".join(layers[:10]) or "no layer with outlines")
            return None
        if layer is not None and layer not in layers:
            findings.fault(name, 0, "layer", f"one of {', '.join(layers[:10]) or 'its layers'}", layer)
            return None
        about = pyogrio.read_info(file, layer=layer or layers[0], force_feature_count=True)
        if not 1 <= about["features"] <= MOST_FEATURES:
            findings.fault(name, 0, "", f"1 to {MOST_FEATURES:,} features", f"{about['features']:,}")
            return None
        return pyogrio.read_dataframe(file, layer=layer or layers[0], force_2d=True, datetime_as_string=True)
    except (DataSourceError, DataLayerError, ValueError, UnicodeDecodeError) as error:
        findings.fault(name, 0, "", f"a {kind} that can be read", type(error).__name__)
        return None


def _placed(found: GeoDataFrame, name: str, system: str | None, findings: Findings) -> GeoDataFrame | None:
    """With a system of coordinates that is known: the file's own, or the one that was named where it has none."""
    if not hasattr(found, "crs") or not hasattr(found, "geometry"):
        findings.fault(name, 0, "", "outlines", "a table alone")
        return None
    if found.crs is None and system is None:
        findings.fault(name, 0, "", "a file that names its system of coordinates, or --crs EPSG:27700", "none")
        return None
    if found.crs is not None and system is not None:
        findings.fault(name, 0, "", "no --crs: the file names its system itself", shown(code_of(found)))
        return None
    if system is not None:
        try:
            found = found.set_crs(str(system_named(system)))
        except UnknownSystemError:
            findings.fault(name, 0, "--crs", "a system of coordinates by its code, such as EPSG:27700", system)
            return None
    if not (found.crs.is_geographic or found.crs.is_projected):
        findings.fault(name, 0, "", "a system of coordinates in a plane or on the globe", shown(code_of(found)))
        return None
    return found


def columns_of(found: GeoDataFrame) -> list[str]:
    """The names of a map's columns, without its outlines."""
    return [str(each) for each in found.columns if each != found.geometry.name]


def has_column(found: GeoDataFrame, column: str, option: str, name: str, findings: Findings) -> bool:
    """Whether a map has a column; where not, that is a fault of the option that named it."""
    there = columns_of(found)
    if column not in there:
        findings.fault(name, 0, option, f"one of its columns ({', '.join(there[:30])})", column)
    return column in there


def in_system(found: Outlined, code: int) -> Outlined:
    """The same in the system EPSG:``code``. No grid is fetched for it: the answer is the same on every machine."""
    from pyproj.network import set_network_enabled  # type: ignore[attr-defined]

    set_network_enabled(False)
    return found if found.crs.equals(f"EPSG:{code}", ignore_axis_order=True) else found.to_crs(code)


def code_of(found: GeoDataFrame) -> str:
    """A map's system by its authority and code, or else by its name."""
    code: Any = found.crs.to_authority()
    return ":".join(code) if code else str(found.crs.name)
