"""Ids looked at together: what a spreadsheet has taken from some shows by the others."""

from __future__ import annotations

from collections.abc import Iterable

from optimiser.tidying.ids import Id, lost_last_digits, lost_letters, lost_zeros, namespace


def ids(texts: Iterable[str]) -> list[Id]:
    return [Id(text, text.isdigit() and not text.startswith("0")) for text in texts]


def test_an_id_that_kept_its_zeros_shows_which_did_not() -> None:
    assert lost_zeros(ids(["00123", "456", "12345", "P1"])) == {"456": 5}


def test_one_that_is_shorter_than_all_others_lost_its_zero() -> None:
    assert lost_zeros(ids(["10023", "10024", "10025", "9026"])) == {"9026": 5}
    many = [str(10_000 + number) for number in range(90)] + [str(9_900 + number) for number in range(10)]
    assert len(lost_zeros(ids(many))) == 10


def test_numbers_as_they_are_counted_lost_nothing() -> None:
    assert lost_zeros(ids(map(str, range(1, 151)))) == {}
    assert lost_zeros(ids(["7", "45", "123"])) == {}
    assert lost_zeros(ids(["P-1", "P-22"])) == {}


def test_ids_with_an_e_between_figures_are_numbers_afterwards() -> None:
    assert lost_letters(ids(["4D2", "400", "4F1", "17"])) == {"400"}
    assert lost_letters(ids(["10", "200", "3000", "70000000"])) == {"70000000"}
    assert lost_letters(ids(["1000", "1001", "2000"])) == set()


def test_long_numbers_whose_ends_are_all_zeros_lost_them() -> None:
    assert lost_last_digits(ids(["4000000000000100", "4000000000000230"])) == {"4000000000000100", "4000000000000230"}
    assert lost_last_digits(ids(["4000000000000100", "4000000000000237"])) == set()


def test_ids_of_one_kind_stand_under_several_headings() -> None:
    assert namespace("part_of") == "package_id"
    assert namespace("succeeds") == namespace("previous_contract_id") == "contract_id"
    assert namespace("to_provider_id") == "provider_id"
    assert namespace("round_id") == "round_id"
