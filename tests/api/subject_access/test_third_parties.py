"""Two counties that differ in other people alone give a person the same copy: whatever it could tell of them would differ."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from api.subject_access.third_parties import of_the_person
from api.subject_access.who import Who

WHO = Who("N1", frozenset({"N1"}), frozenset({"N1", "V1"}), frozenset({"N2", "N3", "V2", "P 7"}))
Pair = tuple[Any, Any]
"""The same place in the one county and in the other."""

names = st.sampled_from(["hours", "note", "steps", "why", "place", "near", "partner"])
of_nobody = st.one_of(st.booleans(), st.integers(0, 9), st.sampled_from(["tea", "ALDER", "at 9", "N1", "V1", "N1 was asked"]))
of_others = st.one_of(st.integers(10, 99), st.sampled_from(["52.6309", "dementia", "by her son", "lives at 4 Low Road"]))
others = st.sampled_from(sorted(WHO.others))


@st.composite
def labelled(draw: st.DrawFn) -> Any:
    """What tells of another person, as it is stored here and there: an object that says whose it is, one of the same kind that
    says so in another place, a row, or something under an id.
    """
    other, said = draw(others), draw(st.lists(of_others, max_size=3))
    told: dict[str, Any] = dict(zip(("hours", "note", "place"), said, strict=False))
    inside = draw(st.booleans())
    if inside:
        told["more"] = {"rows": [said]}
    return draw(st.sampled_from([{"package_id": other, **told}, {"name": other, **told}, [other, *said], [[other, *said]]]))


def alike(pair: st.SearchStrategy[Pair]) -> st.SearchStrategy[Pair]:
    """Objects and lists that are alike in both, with such places in them, and in lists as many of others as there are."""
    more = st.lists(labelled(), max_size=2)
    lists = st.tuples(st.lists(pair, max_size=3), more, more).map(
        lambda all3: ([a for a, _ in all3[0]] + all3[1], [b for _, b in all3[0]] + all3[2])
    )
    objects = st.dictionaries(names, pair, max_size=3).map(
        lambda each: ({name: a for name, (a, _) in each.items()}, {name: b for name, (_, b) in each.items()})
    )
    return st.one_of(lists, objects, by_id(pair))


def by_id(pair: st.SearchStrategy[Pair]) -> st.SearchStrategy[Pair]:
    """Under ids: the person's the same, others' as they are here and there."""
    theirs = st.dictionaries(others, labelled(), max_size=2)
    return st.tuples(pair, theirs, theirs).map(
        lambda all3: ({"N1": {"to": all3[0][0]}, **all3[1]}, {"N1": {"to": all3[0][1]}, **all3[2]})
    )


same = of_nobody.map(lambda value: (value, value))
named = st.tuples(others, others).map(lambda both: (f"{both[0]} came first", f"{both[1]} came first"))
another = st.tuples(labelled(), labelled())
places = st.recursive(st.one_of(same, named, another), alike, max_leaves=8)


@settings(max_examples=100)
@given(st.dictionaries(names, places, min_size=1, max_size=4), st.booleans())
def test_nothing_of_others_can_be_told_from_a_persons_part(cells: dict[str, Pair], own: bool) -> None:
    here = {"package_id": "N1", **{name: a for name, (a, _) in cells.items()}}
    there = {"package_id": "N1", **{name: b for name, (_, b) in cells.items()}}
    assert of_the_person(here, WHO, own=own) == of_the_person(there, WHO, own=own)
