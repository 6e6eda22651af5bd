"""Folders to snapshots, results to folders."""
