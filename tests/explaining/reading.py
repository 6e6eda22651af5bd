"""How hard a text is to read: the Flesch-Kincaid grade, with a syllable counter that is good enough for plain English."""

from __future__ import annotations

import re

VOWELS = re.compile(r"[aeiouy]+")
SILENT = re.compile(r"(?:[^laeiouy]e|[aeiouy]le|[^td]ed|[^sxzc]es)$")
"""Endings whose e is not heard: care, whole, helped, homes (but not: little, visited, services)."""


def syllables(word: str) -> int:
    """The syllables of a word, counted by groups of vowels; at least one."""
    plain = re.sub(r"[^a-z]", "", word.lower().removesuffix("'s"))
    count = len(VOWELS.findall(plain))
    if count > 1 and SILENT.search(plain):
        count -= 1
    return max(1, count)


def words(text: str) -> list[str]:
    return re.findall(r"[A-Za-z0-9'’]+", text)


def sentences(text: str) -> list[str]:
    return [sentence for sentence in re.split(r"[.!?]+(?:\s|$)", text) if sentence.strip()]


def grade(text: str) -> float:
    """0.39 x words in a sentence + 11.8 x syllables in a word - 15.59: years of school."""
    found = words(text)
    return 0.39 * len(found) / len(sentences(text)) + 11.8 * sum(map(syllables, found)) / len(found) - 15.59
