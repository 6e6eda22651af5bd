"""The macros of the pages: every field has its label, its hint and its fault, and keeps what was entered."""

from __future__ import annotations

import datetime as dt

import httpx
import pytest
from pydantic import BaseModel, ValidationError

from api.pages.filled_form import FilledForm, faults_of
from api.pages.frame import templates
from tests.api.pages.reading import Read


def drawn(text: str, **values: object) -> Read:
    body = templates().from_string('{% import "components.html.j2" as ui %}' + text).render(values)
    return Read(httpx.Response(200, text=body, headers={"content-type": "text/html; charset=utf-8"}))


FIELDS = """
{{ ui.text_input("why", "Why", form=form, hint="In a sentence") }}{{ ui.textarea("note", "Note", form=form) }}
{{ ui.text_input("cost", "Cost", form=form, before="£", unit="a week", width=10) }}
{{ ui.date_input("start", "When", form=form, value=day) }}
{{ ui.select("area", "Area", [("A1", "Larkmere"), ("A2", "Fen & Mill")], form=form, value="A2") }}
{{ ui.radios("answer", "What did they say?", [("yes", "Yes"), ("no", "No", "Ask why")], form=form, columns=true) }}
{{ ui.checkboxes("whom", "Whom", [("C1", "First"), ("C2", "Second")], form=form, values=["C2"]) }}
"""
SENT = FilledForm(
    {"why": ['a "reason" <b>'], "note": ["said\nso"], "start-day": ["31"], "start-month": ["2"], "start-year": ["2027"]}
    | {"area": ["A1"], "answer": ["no"], "whom": ["C1"]},
    {"start": "The start must be a real date", "answer": "Choose an answer", "": "Nothing was done"},
    prefix="p1-",
    is_sent=True,
)


def boxes(page: Read) -> dict[str, dict[str, str]]:
    return {each["id"]: each for tag in ("input", "select", "textarea") for each in page.all(tag)}


def test_before_it_is_sent_a_form_shows_what_it_was_given() -> None:
    page = drawn(FIELDS, form=FilledForm(), day=dt.date(2027, 3, 9))
    found = boxes(page)
    assert [found[each]["value"] for each in ("start", "start-month", "start-year")] == ["9", "3", "2027"]
    assert [each["value"] for each in page.all("option") if "selected" in each] == ["A2"]
    assert [each["value"] for each in page.all("input") if "checked" in each] == ["C2"]
    assert page.all("p") and not [each for each in page.all("p") if each["class"] == "govuk-error-message"]


def test_a_form_that_is_refused_keeps_all_entries_and_tells_each_fault_at_its_field() -> None:
    page = drawn(FIELDS + "{{ ui.error_summary(form.summary) }}", form=SENT, day=dt.date(2027, 3, 9))
    found = boxes(page)
    assert {each["for"] for each in page.all("label")} == set(found)
    assert found["p1-why"]["value"] == 'a "reason" <b>' and page.said("textarea") == ["said so"]
    assert [found[each]["value"] for each in ("p1-start", "p1-start-month", "p1-start-year")] == ["31", "2", "2027"]
    assert [found[each].get("aria-invalid") for each in ("p1-start", "p1-why")] == ["true", None]
    assert [each["value"] for each in page.all("option") if "selected" in each] == ["A1"]
    assert [each["value"] for each in page.all("input") if "checked" in each] == ["no", "C1"]
    assert page.said("legend") == ["When", "What did they say?", "Whom"]
    told = [each["aria-describedby"] for each in page.all("fieldset") if "aria-describedby" in each]
    assert told == ["p1-start-hint p1-start-error", "p1-answer-error"]
    ids = {each["id"] for _, each in page.elements if "id" in each}
    assert {name for each in told for name in each.split()} <= ids and len(ids) == len([1 for _, e in page.elements if "id" in e])
    assert [(each["href"], said) for each, said in zip(page.all("a"), page.said("a"), strict=True)] == [
        ("#p1-start", "The start must be a real date"),
        ("#p1-answer", "Choose an answer"),
    ]
    assert {each["href"][1:] for each in page.all("a")} <= ids
    assert page.said("li")[2] == "Nothing was done"


def test_dates_are_read_from_three_boxes() -> None:
    def date(day: str, month: str, year: str) -> dt.date | None:
        return FilledForm({"on-day": [day], "on-month": [month], "on-year": [year]}, is_sent=True).date("on")

    assert date("9", "03", "2027") == dt.date(2027, 3, 9) and date("", "", "") is None
    for wrong in (("31", "2", "2027"), ("9", "", "2027"), ("9", "3", "27"), ("٩", "3", "2027"), ("-9", "3", "2027")):
        with pytest.raises(ValueError):
            date(*wrong)


def test_tables_say_on_a_phone_what_each_figure_is() -> None:
    simple = drawn('{{ ui.table("Prices", ["Band", ["Rate", "n"]], [["1", "£20.00"]]) }}')
    assert simple.rows == [["Band", "Rate"], ["1", "Rate £20.00"]]
    blocks = drawn(
        '{% call(row) ui.table("Prices", ["Band", ["Rate", "n"]], groups=[("North", rows)], hide_caption=true) %}'
        "{% call ui.head() %}{{ row.band }}{% endcall %}{% call ui.cell('Rate', n=true) %}{{ row.rate }}{% endcall %}"
        "{% endcall %}",
        rows=[{"band": "<1", "rate": "£20.00"}],
    )
    assert blocks.rows == [["Band", "Rate"], ["North"], ["<1", "Rate £20.00"]]
    for page in (simple, blocks):
        assert [each["role"] for tag in ("table", "thead", "tbody", "td") for each in page.all(tag)] == [
            "table",
            "rowgroup",
            "rowgroup",
            "cell",
        ]
        assert all(each["scope"] in ("col", "row", "rowgroup") and each["role"] for each in page.all("th"))


def test_what_stands_around_lists() -> None:
    page = drawn(
        '{{ ui.figures([("7", "late", true), ("3", "asked", false, "/waiting?where=pending")]) }}'
        '{{ ui.facts([("Care", "3 hours")], "list") }}{{ ui.pager("/a", "/b", said="2 of 3") }}{{ ui.pager() }}'
        '{{ ui.tabs([("One", "/a"), ("Two", "/b")], "/b", "Of it") }}{{ ui.done("Done", "It is.") }}'
        '{{ ui.button("End", "warning") }}'
        '{% call ui.details("2 more") %}<p>x</p>{% endcall %}{{ ui.box_in_row("whom", "C1", "Choose First", "whom-C1", true) }}'
    )
    assert [each["href"] for each in page.all("a")] == ["/waiting?where=pending", "/a", "/b", "/a", "/b"]
    assert [each.get("aria-current") for each in page.all("a")][3:] == [None, "page"]
    assert len(page.all("nav")) == 2 and page.said("dd") == ["3 hours"] and page.said("summary") == ["2 more"]
    assert page.all("button") == [{"type": "submit", "class": "govuk-button govuk-button--warning"}]
    assert page.said("label") == ["Choose First"] and "checked" in page.all("input")[0]


def test_what_a_schema_refuses_is_told_at_its_field_and_never_with_its_value() -> None:
    class Asked(BaseModel):
        start_on: dt.date
        hours: int

    with pytest.raises(ValidationError) as refused:
        Asked.model_validate({"start_on": "secret", "hours": "secret"})
    told = faults_of(refused.value, {"start_on": "Enter a date"}, {"start_on": "start"})
    assert told == {"start": "Enter a date", "hours": "Look at hours again"}
    form = SENT.wrong(told)
    assert form.fault("start") == "Enter a date" and form.fault("answer") == "Choose an answer" and "secret" not in repr(form)
