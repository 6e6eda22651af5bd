"""The allocation of a county: its story, and the files that it is written to."""
