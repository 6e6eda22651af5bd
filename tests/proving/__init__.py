"""Certificates, and what proves them again."""
