"""A county and what was worked out of it as layers of a map: tables with shapes, for QGIS and for notebooks.

geopandas and what comes with it is imported where it is used, so that nothing else waits for it.
"""
