"""Worked examples by hand of what is settled before anything is decided: a file for each rule."""
