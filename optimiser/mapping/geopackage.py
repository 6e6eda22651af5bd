"""Layers as one GeoPackage (OGC), with a style for each that QGIS finds by itself. The same layers give the same bytes."""

from __future__ import annotations

import datetime as dt
import sqlite3
import tempfile
import warnings
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from optimiser.mapping.styles import STYLES, qml

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

KINDS = {"areas": "MultiPolygon", "rounds": "Polygon", "rounds_built": "Unknown", "transfers": "Polygon", "surgeries": "Point",
         "offices": "Point", "packages": "Point", "reach": "MultiPolygon", "uncovered": "Polygon"}  # fmt: skip
STYLES_TABLE = """
CREATE TABLE layer_styles (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256), f_table_schema TEXT(256), f_table_name TEXT(256),
  f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT, styleSLD TEXT, useAsDefault BOOLEAN, description TEXT,
  owner TEXT(30), ui TEXT(30), update_time DATETIME
)"""
"""Where QGIS keeps styles in a GeoPackage."""


def geopackage(layers: Mapping[str, GeoDataFrame], as_of: dt.date, note: str) -> bytes:
    """``as_of``: the day that the file says it was made on, so that equal input gives an equal file. ``note``: said of each."""
    import pyogrio

    moment = f"{as_of.isoformat()}T00:00:00.000Z"
    with tempfile.TemporaryDirectory(prefix="map-") as folder:
        path = Path(folder) / "map.gpkg"
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": moment})
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # a layer without rows has no kinds of columns: it says so itself
                for name, layer in layers.items():
                    pyogrio.write_dataframe(
                        layer,
                        path,
                        layer=name,
                        driver="GPKG",
                        geometry_type=KINDS[name],
                        promote_to_multi=KINDS[name].startswith("Multi"),
                        append=path.exists(),
                        dataset_options={} if path.exists() else {"VERSION": "1.3"},
                        layer_options={"DESCRIPTION": note, "FID": "fid", "GEOMETRY_NAME": "geom"},
                    )
        finally:
            pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})
        _add_styles(path, list(layers), moment)
        return path.read_bytes()


def _add_styles(path: Path, names: list[str], moment: str) -> None:
    with closing(sqlite3.connect(path)) as database, database:
        database.execute(STYLES_TABLE)
        database.execute(
            "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, last_change)"
            " VALUES ('layer_styles', 'attributes', 'layer_styles', '', ?)",
            (moment,),
        )
        database.executemany(
            "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName, styleQML,"
            " styleSLD, useAsDefault, description, owner, ui, update_time)"
            " VALUES ('', '', ?, 'geom', ?, ?, '', 1, '', '', NULL, ?)",
            [(name, name, qml(STYLES[name]), moment) for name in names],
        )
