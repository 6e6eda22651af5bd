"""Walks through the pages as people go: each step says what is done and what must be seen, and takes its pictures."""
