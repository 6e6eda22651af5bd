"""Tests of what is stored: the tables, and the audit trail."""
