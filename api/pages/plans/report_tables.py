"""Tables of a report as the service's own are: a list on a phone, in which each figure says what it is."""

from __future__ import annotations

import re

TABLE = re.compile(r"<table\b.*?</table>", re.DOTALL)
HEAD = re.compile(r"<thead\b[^>]*>\s*<tr\b[^>]*>(.*?)</tr>\s*</thead>", re.DOTALL)
ROW = re.compile(r"<tr\b([^>]*)>(.*?)</tr>", re.DOTALL)
CELL = re.compile(r"<(t[hd])\b([^>]*)>(.*?)</\1>", re.DOTALL)
SPANS = re.compile(r"<t[hd]\b[^>]*\b(?:col|row)span=")


def as_lists(part: str) -> str:
    """The same part of a page with each of its tables a list on a phone; a table whose cells span several stays as it is."""
    return TABLE.sub(lambda found: _as_list(found[0]), part)


def _as_list(table: str) -> str:
    head = HEAD.search(table)
    if head is None or "role=" in table or SPANS.search(table):
        return table
    names = [cell[3] for cell in CELL.finditer(head[1])]
    above, below = table[: head.start()], table[head.end() :]
    # Displayed as blocks a table loses what it is for whoever hears it: the roles say it.
    above = above.replace("<table", '<table role="table" class="stacked"', 1)
    heads = CELL.sub(r'<\1 role="columnheader"\2>\3</\1>', head[1])
    rows = ROW.sub(lambda row: f'<tr role="row"{row[1]}>{_cells(row[2], names)}</tr>', below)
    rows = rows.replace("<tbody", '<tbody role="rowgroup"')
    return f'{above}<thead role="rowgroup"><tr role="row">{heads}</tr></thead>{rows}'


def _cells(row: str, names: list[str]) -> str:
    column = iter(names)

    def told(cell: re.Match[str]) -> str:
        name = next(column, "")
        if cell[1] == "th":
            return f'<th role="rowheader"{cell[2]}>{cell[3]}</th>'
        return f'<td role="cell"{cell[2]}><span class="label" aria-hidden="true">{name}</span> <span>{cell[3]}</span></td>'

    return CELL.sub(told, row)
