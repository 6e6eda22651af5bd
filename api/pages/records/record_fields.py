"""Each column of a record as a field of a form: what it is called, how it is filled in, and what is read from it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from api.http.forms import FORMS
from api.pages.filled_form import FilledForm
from api.pages.page_words import dates_in_words, in_plain
from optimiser.domain.words import REGIME_NAMES

FieldKind = Literal["text", "number", "date", "choice", "several", "lines", "truth", "long"]
Pairs = Sequence[tuple[str, str]]
LABELS = {
    "provider_id": "Provider's id",
    "contract_id": "Contract's id",
    "restriction_id": "Restriction's id",
    "office_id": "Office's id",
    "location_id": "Location that CQC rates",
    "name": "Name",
    "cqc_rating": "CQC rating",
    "cqc_rated": "When CQC published it",
    "pamms_rating": "PAMMS rating",
    "pamms_published": "When the PAMMS rating was published",
    "skills": "What it can do",
    "max_hours_4w": "Most hours in four weeks",
    "max_distance_miles": "Furthest from an office, in miles",
    "telephone": "Telephone",
    "email": "E-mail",
    "notice_days": "Notice, in days",
    "subcontractors": "Subcontractors",
    "tier": "Tier",
    "area_id": "Area",
    "starts": "First day",
    "ends": "First day that is no longer covered",
    "guarantee": "Guaranteed share of the maximum",
    "rate_band_1": "Price an hour, band 1",
    "rate_band_2": "Price an hour, band 2",
    "rate_band_3": "Price an hour, band 3",
    "bands": "Bands served",
    "billing_increment_minutes": "Billed in steps of so many minutes",
    "succeeds": "Takes over from",
    "service": "Service",
    "regime": "Law that it was bought under",
    "extension_until": "May be extended to",
    "kind": "What it restricts",
    "new_hours_4w": "New hours allowed in four weeks",
    "reason": "Reason",
    "review_on": "To be looked at again on",
    "owner": "Post that looks after it",
    "improvement_plan": "Improvement plan",
    "postcode": "Postcode",
    "latitude": "Latitude",
    "longitude": "Longitude",
}
HINTS = {
    "skills": "One on a line, such as medication.",
    "subcontractors": "Who delivers care in the provider's name, one on a line.",
    "guarantee": "As a part of one: 0.8 is paid for 80%, whatever is delivered.",
    "max_hours_4w": "Of care workers. Leave empty for no limit; 0 is closed.",
    "bands": "None: all.",
    "ends": "Leave empty where no end is known.",
    "starts": "Leave empty for always.",
    "reason": "Kept in the audit trail. It names no person.",
    "owner": "A post, never a person.",
    "cqc_rating": "",
    "postcode": "In place of latitude and longitude.",
    "service": "Leave empty for home care.",
    "rate_band_1": "Pounds an hour.",
    "rate_band_2": "Pounds an hour. Leave empty where it is that of band 1.",
    "rate_band_3": "Pounds an hour. Leave empty where it is that of band 1.",
}
NOTHING_NAMED = {"area_id": "The whole county", "location_id": "The worst of its locations"}
"""What it means that a column names no record."""
POUNDS = ("rate_band_1", "rate_band_2", "rate_band_3")
LONG = ("improvement_plan", "reason")


@dataclass(frozen=True)
class Field:
    """A column on a form. ``options``: of a choice, pairs of a value and what is said."""

    name: str
    label: str
    kind: FieldKind
    options: Pairs = ()
    hint: str = ""
    before: str = ""

    def shown(self, value: Any) -> Any:
        """A value of the service's as the field begins with."""
        if value is None:
            return None if self.kind == "date" else ""
        if self.kind == "date":
            return dt.date.fromisoformat(value)
        if self.kind in ("several", "lines"):
            return [str(each) for each in value] if self.kind == "several" else "\n".join(value)
        if self.kind == "truth":
            return "yes" if value else "no"
        return f"{value:g}" if isinstance(value, float) else str(value)

    def read(self, form: FilledForm) -> Any:
        """The value that was entered, as the service has it. Raises ``ValueError`` with a sentence."""
        if self.kind == "date":
            try:
                day = form.date(self.name)
            except ValueError:
                raise ValueError(f"{self.label}: enter a day that there is, such as 27 3 2027") from None
            return None if day is None else str(day)
        if self.kind == "several":
            return sorted(int(each) if each.isdecimal() else each for each in form.chosen(self.name))
        entered = form.value(self.name).strip()
        if self.kind == "lines":
            return [line.strip() for line in entered.splitlines() if line.strip()]
        if not entered:
            return None
        if self.kind == "number":
            return _number(entered, self.label)
        return entered == "yes" if self.kind == "truth" else entered

    def in_words(self, value: Any) -> str:
        """A value as a line says it."""
        if value is None or value == []:
            return "not given"
        if isinstance(value, list):
            return ", ".join(in_plain(str(each)) for each in value)
        said = dict(self.options).get(str(value), "") or (f"{value:,.2f}" if self.before else "")
        return f"{self.before}{said or dates_in_words(str(value))}"


def _number(entered: str, label: str) -> int | float:
    plain = entered.replace(",", "").removeprefix("£")
    try:
        return int(plain) if plain.lstrip("-").isdecimal() else float(plain)
    except ValueError:
        raise ValueError(f"{label}: enter a number, such as 240 or 12.5") from None


def _plain_hint(description: str) -> str:
    """What programs are told of a column, for people: what they leave out is an empty field."""
    return description.replace("`", "").replace("; null: ", ". Empty: ").replace("null: ", "Empty: ")


def field_of(name: str, references: Mapping[str, Pairs]) -> Field:
    """The field of a column. ``references``: columns that name other records, each with those that may be named."""
    label = LABELS.get(name, in_plain(name).capitalize())
    hint = HINTS.get(name, _plain_hint(FORMS[name].description) if name in FORMS else "")
    before = "£" if name in POUNDS else ""
    if name in references:
        return Field(name, label, "choice", [("", NOTHING_NAMED.get(name, "None")), *references[name]], hint, before)
    form = FORMS.get(name)
    if form is None:
        return Field(name, label, "text", (), hint)
    if form.shape == "numbers":
        return Field(name, label, "several", [(str(each), f"Band {each}") for each in form.schema["items"]["enum"]], hint)
    if form.shape == "truth":
        return Field(name, label, "truth", (("yes", "Yes"), ("no", "No")), hint)
    if "enum" in form.schema:
        options = [(each, REGIME_NAMES.get(each) or in_plain(each).capitalize()) for each in form.schema["enum"] if each]
        return Field(name, label, "choice", [("", "Not given"), *options], hint)
    kinds: dict[str, FieldKind] = {"number": "number", "list": "lines"}
    kind: FieldKind = "date" if form.schema.get("format") == "date" else kinds.get(form.shape, "text")
    return Field(name, label, "long" if name in LONG else kind, (), hint, before)
