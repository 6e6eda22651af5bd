"""Outlines of areas: read, looked over, made."""
