"""Statements of what is owed to each contract for four weeks: drafted, questioned, closed by a named person, never rewritten."""
