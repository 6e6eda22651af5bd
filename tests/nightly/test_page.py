"""The page: whole in itself, made for everybody to read, and without names unless they are asked for."""

from __future__ import annotations

import datetime as dt
import json
import re
from dataclasses import replace
from fractions import Fraction
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any

import pytest

from optimiser.domain.policy import Policy
from optimiser.nightly.area_shares import where
from optimiser.nightly.changes_since import changes_since
from optimiser.nightly.kept_facts import facts_of
from optimiser.nightly.page import nightly_page
from optimiser.nightly.report import nightly_record
from optimiser.reoptimising.story import Reoptimisation, reoptimise
from optimiser.solving.outcome import Stopped
from tests.making import (
    area,
    cap,
    days,
    framework,
    legacy,
    noon,
    offer,
    package,
    plan_meanwhile,
    principal,
    provider,
    restriction,
    snapshot,
)

MARK = "Q7Z"
"""In every package's id, and in nothing else."""


def county(more: int = 0) -> Any:
    waiting = [
        package(f"{MARK}-1", priority="discharge", start_by=days(-2), requested_at=noon(-5)),
        package(f"{MARK}-2", priority="urgent", start_by=days(-1), requested_at=noon(-3)),
        package(f"{MARK}-3", priority="standard", start_by=days(-9), requested_at=noon(-20)),
        package(f"{MARK}-4", priority="urgent", start_by=days(0), requested_at=None),
        package(f"{MARK}-5", priority="urgent", start_by=days(-4), requested_at=noon(-4)),
    ]
    return snapshot(
        [*waiting, package(f"{MARK}-R", contract_id="P-ALDER", hours=6 + more)],
        [principal("ALDER", max_hours_4w=20), framework("BRACKEN"), legacy("DOCK", ends=days(900))],
        providers=[provider("ALDER", name='Alder <b>& "Sons"')],
        offers=[offer(f"{MARK}-5", "F-BRACKEN")],
    )


@pytest.fixture(scope="module")
def made() -> Reoptimisation:
    return reoptimise(county())


def record_of(made: Reoptimisation, *, ids: bool) -> dict[str, Any]:
    before, now = (facts_of(each, {}, complete=True) for each in (county(1), county()))
    return nightly_record(made, changes_since(before, now), ids=ids, ahead_days=90)


class Page(HTMLParser):
    """What a reader by ear depends on."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.tables: list[dict[str, int]] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag == "table":
            self.tables.append({"caption": 0, "col": 0, "row": 0, "tr": 0})
        elif self.tables and tag in ("caption", "tr"):
            self.tables[-1][tag] += 1
        elif tag == "th":
            self.tables[-1][str(dict(attrs)["scope"])] += 1
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.mark.parametrize("ids", [False, True])
def test_the_structure_of_the_page(made: Reoptimisation, ids: bool) -> None:
    text = nightly_page(record_of(made, ids=ids)).decode()
    page = Page(text)
    assert page.open == []
    assert page.of("html") == [{"lang": "en-GB"}]
    assert len(page.of("h1")) == len(page.of("title")) - len(page.of("svg")) == 1
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch(r"h[1-6]", tag)]
    assert all(after <= before + 1 for before, after in pairwise(levels)), "no heading is skipped"
    assert len(page.tables) >= 6
    for table in page.tables:
        assert table["caption"] == 1
        assert table["col"] > 1
        assert table["row"] == table["tr"] - 1 > 0, "each row but the first is headed"
    assert page.of("svg")
    titles = {attributes.get("id") for attributes in page.of("title")}
    assert all(svg["role"] == "img" and svg["aria-labelledby"] in titles for svg in page.of("svg"))
    known = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(known) == len(set(known))
    assert not re.search(r"https?:|src=|@import|url\(|<script", text), "nothing is fetched"
    assert "Personal data" in text
    assert "Alder &lt;b&gt;&amp;" in text


def test_packages_are_named_only_where_it_is_asked_for(made: Reoptimisation) -> None:
    without, named = record_of(made, ids=False), record_of(made, ids=True)
    assert MARK not in nightly_page(without).decode() + json.dumps(without)
    page = nightly_page(named).decode()
    assert all(f"{MARK}-{name}" in page for name in "12345R")


def test_who_is_past_their_date_comes_first(made: Reoptimisation) -> None:
    record = record_of(made, ids=True)
    assert [(each["package_id"][-1], each["days_past_date"]) for each in record["past_their_date"]] == [
        ("5", 4), ("2", 1), ("1", 2),
    ], "urgent before discharge; standard care and today's date are not here"  # fmt: skip
    assert [(each["package_id"][-1], each["waiting_days"]) for each in record["waiting"]] == [
        ("3", 20), ("1", 5), ("2", 3), ("4", None),
    ], "the longest first, the unknown last; who is asked already is not here"  # fmt: skip
    page = nightly_page(record).decode()
    headings = [page.index(f">{words}") for words in ("Past their date", "Changes worth", "What changed", "Shares and room")]
    assert headings == sorted(headings)


def test_who_is_not_safe_until_care_begins_stands_in_the_first_table(made: Reoptimisation) -> None:
    record = record_of(made, ids=True)
    assert record["not_safe_counts"] == {"no_plan": 5}
    assert [each["package_id"][-1] for each in record["not_safe"]] == ["5", "2", "4", "1", "3"]
    page = nightly_page(record).decode()
    assert page.index("<table>") > page.index("Not safe until care begins") > 0
    assert page.index("Not safe until care begins") < page.index("Past their date: urgent care and discharges")
    assert rows_under(page, "Not safe until care begins")[0][1:4] == [
        "urgent", "Area A1", "It is not recorded how the person is safe until care begins.",
    ]  # fmt: skip
    plans = tuple(plan_meanwhile(f"{MARK}-{number}", holds_until=days(9)) for number in range(1, 6))
    safe = reoptimise(replace(county(), meanwhile=plans))
    assert record_of(safe, ids=True)["not_safe"] == []
    assert "Nobody: everybody who waits has a plan that holds" in nightly_page(record_of(safe, ids=False)).decode()
    since = nightly_record(safe, None, ids=True, ahead_days=90, nobody_since={f"{MARK}-1": days(-9)})
    (late,) = since["not_safe"]
    assert (late["kinds"], late["choose_by"]) == (["choice_overdue"], str(days(-8)))


def test_the_unmet_need_that_is_left_is_shown_for_every_step(made: Reoptimisation) -> None:
    """By hand, minutes and 420 a person, late ones twice: 720 for 4, 1,440 for 2 and 1, 2,880 for 3."""
    changes = record_of(made, ids=True)["changes"]
    assert [(each["package_id"][-1], tuple(each["unmet_after"].values())) for each in changes] == [
        ("2", (720, 1440, 2880)), ("4", (0, 1440, 2880)), ("1", (0, 0, 2880)), ("3", (0, 0, 0)),
    ]  # fmt: skip
    page = nightly_page(record_of(made, ids=False)).decode()
    assert [row[9] for row in rows_under(page, "Changes worth making")] == ["5,040", "4,320", "2,880", "0"]


@pytest.mark.parametrize(("stopped", "said"), [("no", False), ("work", False), ("wall", True), ("cancelled", True)])
def test_only_a_search_that_was_cut_short_is_said_to_be(made: Reoptimisation, stopped: Stopped, said: bool) -> None:
    cut = replace(made, allocation=replace(made.allocation, stopped=stopped))
    assert ("The search ended early" in nightly_page(record_of(cut, ids=False)).decode()) == said


def test_shares_and_thin_frameworks(made: Reoptimisation) -> None:
    record = record_of(made, ids=False)
    (area,) = record["areas"]
    assert area["share_today"] == f"{6 / 31:.4f}", "6 of 5 x 5 + 6 hours"
    assert (area["band"], area["framework_providers"], area["principal"]) == ("below", 1, 'Alder <b>& "Sons"')
    assert record["thin_frameworks"] == [{"area_id": "A1", "name": "Area A1", "framework_providers": 1}]
    (limit,) = record["limits_exceeded_on_entry"]
    assert (limit["subject"], limit["provider"][:5], limit["excess_hours_4w"]) == ("P-ALDER", "Alder", "4.00"), (
        "24 hours in four weeks of 20"
    )


def rows_under(page: str, heading: str) -> list[list[str]]:
    """The words of each row of the first table below a heading."""
    table = page.partition(f">{heading}<")[2].partition("<tbody>")[2].partition("</tbody>")[0]
    return [[re.sub(r"<[^>]+>", "", cell) for cell in re.findall(r"<t[hd].*?</t[hd]>", row)] for row in table.split("</tr>")[:-1]]


def test_gaps_and_dates_to_keep_as_they_are_printed() -> None:
    """Six framework providers and DOCK could take them, of whom five are named."""
    names = ("BRACKEN", "CLOVER", "ELDER", "GORSE", "HAZEL", "IVY")
    here = snapshot(
        [package("R1", contract_id="P-ALDER", hours=6), package("N1")],
        [
            principal("ALDER", ends=days(0)),
            *(framework(name) for name in names),
            legacy("DOCK", ends=dt.date(2029, 4, 1), regime="pcr_2015"),
        ],
        areas=[area("A2", go_live=None, go_live_planned=days(9)), area("A3", go_live=days(40))],
    )
    page = nightly_page(record_of(reoptimise(here), ids=False)).decode()
    Page(page)
    assert rows_under(page, "Days without a principal, a framework or any cover") == [
        ["2026-11-23 (already so)", "open", "Area A1", "home care", "principal", "1", "1", "11.00",
         "7: Bracken (2), Clover (2), Dock (2), Elder (2), Gorse (2) and others", "0"],
        ["2027-01-02", "2029-04-01", "Area A3", "home care", "principal, framework", "0", "0", "0.00", "0", "0"],
        ["2029-04-01", "open", "Area A2", "home care", "cover", "0", "0", "0.00", "0", "0"],
        ["2029-04-01", "open", "Area A3", "home care", "principal, framework, cover", "0", "0", "0.00", "0", "0"],
    ]  # fmt: skip
    assert f"<li>Area A2: no date for going live (first planned for {days(9)})</li>" in page
    assert "<li>Area A3: goes live on 2027-01-02</li>" in page
    assert rows_under(page, "Contracts to be bought anew: dates to keep") == [
        ["2028-03-13", "476", "the tender begins", "2029-04-01", "legacy", "county-wide", "home care", "1: Dock", "1", "0",
         "0.00", "PCR 2015"],
    ]  # fmt: skip


def test_the_band_is_judged_exactly() -> None:
    policy = Policy()
    shares = [Fraction(64_999, 100_000), Fraction(13, 20), Fraction(3, 4), Fraction(75_001, 100_000)]
    assert [where(policy, share) for share in shares] == ["below", "within", "within", "above"]


def test_who_is_barred_has_no_room_and_stands_in_the_report() -> None:
    here = replace(county(), restrictions=(restriction("ALDER", starts=days(-22)), cap("BRACKEN", 12, area_id="A1")))
    record = nightly_record(reoptimise(here), None, ids=False, ahead_days=90)
    assert [row["room"] for row in record["areas"]] == ["none: no new work since 2026-11-01"]
    told = [(row["provider_id"], row["what"], row["area_id"], row["since"]) for row in record["restrictions"]]
    assert told == [
        ("ALDER", "no new work", "", "2026-11-01"),
        ("BRACKEN", "new work up to 12 hours in four weeks", "A1", "2026-10-24"),
    ]
    page = nightly_page(record).decode()
    assert "none: no new work since 2026-11-01" in page
    assert "new work up to 12 hours in four weeks" in page


def test_whose_care_is_divided_is_counted_once() -> None:
    here = county()
    parts = [replace(p, part_of=f"{MARK}-1") if p.package_id == f"{MARK}-2" else p for p in here.packages]
    record = nightly_record(reoptimise(replace(here, packages=tuple(parts))), None, ids=False, ahead_days=90)
    assert (len(record["waiting"]), record["waiting_people"]) == (4, 3), "a row for each part"
    assert (len(record["past_their_date"]), record["past_their_date_people"], record["asked_or_accepted"]) == (3, 2, 1)
    assert f"<p>{record['past_their_date_people']} urgent or from hospital" in nightly_page(record).decode()
