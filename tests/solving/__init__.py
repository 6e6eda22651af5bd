"""Tests of the strict-order solver."""
