"""Lists that are told a page at a time, from their first page to their last."""

from __future__ import annotations

from api.http.paging import Page
from api.http.strict import Query
from api.http.whole_lists import every, parts

PAGES = {None: Page([b'{"n":1}', b'{"n":2}'], "a"), "a": Page([b'{"n":3}'], "b"), "b": Page[bytes]([], None)}


def test_every_page_is_asked_for_by_the_cursor_of_the_one_before() -> None:
    asked: list[str | None] = []

    def read(query: Query) -> Page[bytes]:
        asked.append(query.cursor)
        return PAGES[query.cursor]

    assert every(read) == [{"n": 1}, {"n": 2}, {"n": 3}]
    assert asked == [None, "a", "b"]
    assert [len(part.items) for part in parts(PAGES.__getitem__)] == [2, 1, 0]
