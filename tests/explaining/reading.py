"""How hard a text is to read: the Flesch-Kincaid grade, with a syllable counter that is good enough for plain English.

Where the counter errs, it mostly counts a syllable too many (everybody, sideways): a text is hardly ever harder than it says.
"""

from __future__ import annotations

import re

VOWELS = re.compile(r"[aeiouy]+")
SILENT = re.compile(r"(?:(?:[^lraeiouy]|[aeiouy][lr])e|[^tdlaeiouy]ed|[aeiouy]l?led|[^sxzcghlraeiouy]es|[aeiouy](?:l?l|r)es)$")
"""Endings whose e is not heard: care, whole, helped, called, homes, rules (but not: little, centre, visited, changes)."""
APART = re.compile(
    r"[aeiouy](?=ings?$)"  # doing
    r"|(?<=.[rd])e(?=as?$)|(?<=cr)e(?=at)"  # area, create
    r"|(?<![tcsglaeou])i(?=[ao])"  # media, priority (but not: social, question)
    r"|(?<=[aeiouy][^aeiouy])i(?=ers?$|est$)|(?<=[aeiouy][^aeiouy]{2})i(?=ers?$|est$)"  # easier, earliest (but not: tier)
    r"|(?<![tc])i(?=ent|enc|ety)"  # client, society (but not: patient)
    r"|(?<![qg])u(?=a[lr])"  # annual, January
    r"|(?<=[a-z])y(?=o)|o(?=ev)"  # anyone, whoever
)
"""Vowels that stand together and are heard apart."""


def syllables(word: str) -> int:
    """The syllables of a word, counted by groups of vowels; at least one. Capitals without a vowel are read letter by letter."""
    own = word.removesuffix("'s").removesuffix("’s")
    plain = re.sub(r"[^a-z]", "", own.lower())
    if own.isupper() and not VOWELS.search(plain):
        return len(plain)
    count = len(VOWELS.findall(plain)) + len(APART.findall(plain))
    if count > 1 and SILENT.search(plain):
        count -= 1
    return max(1, count)


FEWEST_WORDS = 8
"""Of what is graded by itself: of a shorter heading or label the figure says nothing."""
NAMES = (
    "Local Government and Social Care Ombudsman",
    "Information Commissioner",
    "Equality and Human Rights Commission",
    "Equality Advisory and Support Service",
    "Public Sector Bodies (Websites and Mobile Applications) (No. 2) Accessibility Regulations 2018",
    "Web Content Accessibility Guidelines 2.2, level AA",
    "Care Act 2014",
    "UK GDPR, article 15",
)
"""Bodies and laws that are called what they are called."""


def words(text: str) -> list[str]:
    return re.findall(r"[A-Za-z0-9'’]+", text)


def sentences(text: str) -> list[str]:
    return [sentence for sentence in re.split(r"[.!?]+(?:\s|$)", text) if sentence.strip()]


def grade(text: str) -> float:
    """0.39 x words in a sentence + 11.8 x syllables in a word - 15.59: years of school."""
    found = words(text)
    return 0.39 * len(found) / len(sentences(text)) + 11.8 * sum(map(syllables, found)) / len(found) - 15.59


def grade_of_paragraph(text: str) -> float:
    """The same of a few sentences, in which the name of a body or a law counts as one short word."""
    for name in NAMES:
        text = text.replace(name, "It")
    return grade(text)
