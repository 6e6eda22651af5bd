"""The rules: one file each, found by the rule book. ``README.md`` beside this file tells how to add one."""
