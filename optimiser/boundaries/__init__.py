"""Outlines of areas as geographers keep them: read from their files, looked over, and made where nobody has drawn them.

geopandas and what comes with it is imported where it is used, so that nothing else waits for it.
"""
