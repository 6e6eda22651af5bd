"""The independent check, asked about plans that break rules."""
