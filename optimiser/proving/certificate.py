"""A certificate as it is written beside a result: rows by their ids, prices in whole numbers over a common denominator."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from optimiser.proving.exact_bounds import Case, CutPrice, LevelCertificate, Prices, Split
from optimiser.proving.exact_rows import CountyRows

MOST_CASES_DEEP = 200


class CertificateError(Exception):
    """A certificate that cannot be read; says where and what was expected. It names nobody."""


def certificate_record(rows: CountyRows, levels: Sequence[LevelCertificate]) -> dict[str, Any]:
    """Of the levels in the strict order."""
    writer = _Writer(rows)
    told = [writer.level(index, level) for index, level in enumerate(levels)]
    return {"cuts": list(writer.cuts.values()), "levels": told}


def read_certificate(rows: CountyRows, record: object) -> tuple[LevelCertificate, ...]:
    """The levels that a certificate holds, in the strict order. Raises ``CertificateError``."""
    return _Reader(rows).levels(record)


class _Writer:
    def __init__(self, rows: CountyRows) -> None:
        self._rows = rows
        self._levels = [level.rule.name for level in rows.levels]
        self.cuts: dict[Any, dict[str, Any]] = {}
        """Each once: prices name it by its place."""
        self._place: dict[Any, int] = {}

    def level(self, index: int, level: LevelCertificate) -> dict[str, Any]:
        below = {} if level.below is None else {"none_below": self._case(level.below)}
        return {
            "name": self._levels[index],
            "bound": level.bound,
            "prices": [self._prices(each) for each in level.prices],
        } | below

    def _prices(self, prices: Prices) -> dict[str, Any]:
        record: dict[str, Any] = {"denominator": prices.denominator}
        record["limits"] = [[*self._limit(limit), price] for limit, price in sorted(prices.limits.items())]
        record["parts"] = [[self._levels[level], part, price] for (level, part), price in sorted(prices.parts.items())]
        record["levels"] = [[self._levels[level], price] for level, price in sorted(prices.levels.items())]
        record["cuts"] = [[self._cut(cut), cut.price] for cut in prices.cuts]
        return {name: value for name, value in record.items() if value}

    def _cut(self, cut: CutPrice) -> int:
        amounts = sorted(cut.amounts.items())
        told = {"limit": self._limit(cut.limit), "amounts": [[self._package(item), amount] for item, amount in amounts]}
        key = (cut.limit, tuple(amounts))
        self.cuts.setdefault(key, told)
        return self._place.setdefault(key, len(self._place))

    def _case(self, case: Case) -> dict[str, Any]:
        record: dict[str, Any] = {"prices": [self._prices(each) for each in case.prices]}
        if case.split is not None:
            record["package_id"] = self._package(case.split.item)
            contracts = (self._rows.choices[choice][1] for choice in sorted(case.split.choices))
            record["contract_ids"] = [self._rows.county.contracts[contract].contract_id for contract in contracts]
            record["on_one_of_them"] = self._case(case.split.taken)
            record["on_none_of_them"] = self._case(case.split.not_taken)
        return record

    def _limit(self, limit: int) -> list[str]:
        return [self._rows.limits[limit].rule, self._rows.limits[limit].subject]

    def _package(self, item: int) -> str:
        """The first of those that are placed together."""
        return self._rows.county.packages[self._rows.items[item][0]].package_id


class _Reader:
    """Whatever is read is known to be of the kind expected: a certificate is nobody's word for anything."""

    def __init__(self, rows: CountyRows) -> None:
        county = rows.county
        self._rows = rows
        self._cuts: list[CutPrice] = []
        self._limits = {(limit.rule, limit.subject): index for index, limit in enumerate(rows.limits)}
        self._levels = {level.rule.name: index for index, level in enumerate(rows.levels)}
        self._items = {county.packages[members[0]].package_id: item for item, members in enumerate(rows.items)}
        self._choices = [
            {county.contracts[rows.choices[choice][1]].contract_id: choice for choice in choices} for choices in rows.choices_of
        ]

    def levels(self, record: object) -> tuple[LevelCertificate, ...]:
        self._cuts = [self._cut(each) for each in _list(_get(record, "cuts"), "cuts")]
        found = [self._level(index, each) for index, each in enumerate(_list(_get(record, "levels"), "levels"))]
        if len(found) > len(self._rows.levels):
            raise CertificateError(f"levels: {len(found)}, but the rule book has {len(self._rows.levels)}")
        return tuple(found)

    def _level(self, index: int, record: object) -> LevelCertificate:
        if self._levels.get(_text(_get(record, "name"), "name")) != index:
            raise CertificateError(f"levels: the name of number {index + 1} is not that of this level in the strict order")
        prices = tuple(self._prices(each, index) for each in _list(_get(record, "prices"), "prices"))
        below = _get(record, "none_below", None)
        case = None if below is None else self._case(below, index, MOST_CASES_DEEP)
        return LevelCertificate(_whole(_get(record, "bound"), "bound"), prices, case)

    def _prices(self, record: object, index: int) -> Prices:
        denominator = _whole(_get(record, "denominator"), "denominator")
        if denominator < 1:
            raise CertificateError("denominator: expected a whole number from 1 on")
        limits = {self._limit(row[:2]): _whole(row[2], "limits") for row in _rows(record, "limits", 3)}
        parts = {self._part(row[0], row[1], index): _whole(row[2], "parts") for row in _rows(record, "parts", 3)}
        levels = {self._earlier(row[0], index - 1): _whole(row[1], "levels") for row in _rows(record, "levels", 2)}
        cuts = tuple(self._priced(row[0], _whole(row[1], "cuts")) for row in _rows(record, "cuts", 2))
        return Prices(denominator, limits, parts, levels, cuts)

    def _priced(self, number: object, price: int) -> CutPrice:
        if not 0 <= (place := _whole(number, "cuts")) < len(self._cuts):
            raise CertificateError("cuts: a number that the certificate does not have")
        return replace(self._cuts[place], price=price)

    def _cut(self, record: object) -> CutPrice:
        """Without its price."""
        amounts = {self._item(row[0]): _whole(row[1], "amounts") for row in _rows(record, "amounts", 2)}
        if any(amount < 0 for amount in amounts.values()):
            raise CertificateError("amounts: expected whole numbers from 0 on")
        return CutPrice(self._limit(_list(_get(record, "limit"), "limit")), amounts, price=0)

    def _case(self, record: object, index: int, deep: int) -> Case:
        if not deep:
            raise CertificateError(f"none_below: cases within cases, more than {MOST_CASES_DEEP} deep")
        prices = tuple(self._prices(each, index) for each in _list(_get(record, "prices"), "prices"))
        package = _get(record, "package_id", None)
        if package is None:
            return Case(prices)
        item = self._item(package)
        choices = (
            _known(self._choices[item], each, "contract_ids") for each in _list(_get(record, "contract_ids"), "contract_ids")
        )
        taken, other = (self._case(_get(record, name), index, deep - 1) for name in ("on_one_of_them", "on_none_of_them"))
        return Case(prices, Split(item, frozenset(choices), taken, other))

    def _limit(self, names: Sequence[object]) -> int:
        if len(names) != 2:
            raise CertificateError("limit: expected a rule and a subject")
        return _known(self._limits, (_text(names[0], "limit"), _text(names[1], "limit")), "limits")

    def _item(self, name: object) -> int:
        return _known(self._items, _text(name, "package_id"), "package_id")

    def _part(self, name: object, number: object, index: int) -> tuple[int, int]:
        level, part = self._earlier(name, index), _whole(number, "parts")
        if not 0 <= part < len(self._rows.levels[level].parts):
            raise CertificateError("parts: a number that the level does not have")
        return level, part

    def _earlier(self, name: object, last: int) -> int:
        """A level up to one."""
        level = _known(self._levels, _text(name, "levels"), "levels")
        if level > last:
            raise CertificateError("levels: a price of a level that comes later")
        return level


def _get(record: object, name: str, *otherwise: Any) -> Any:
    if not isinstance(record, dict):
        raise CertificateError(f"{name}: expected an object that holds it")
    if name not in record and not otherwise:
        raise CertificateError(f"{name}: missing")
    return record.get(name, *otherwise)


def _list(value: object, name: str) -> list[Any]:
    if not isinstance(value, list):
        raise CertificateError(f"{name}: expected a list")
    return value


def _rows(record: object, name: str, length: int) -> list[list[Any]]:
    rows = _list(_get(record, name, []), name)
    if any(not isinstance(row, list) or len(row) != length for row in rows):
        raise CertificateError(f"{name}: expected lists of {length}")
    return rows


def _whole(value: object, name: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise CertificateError(f"{name}: expected a whole number")
    return value


def _text(value: object, name: str) -> str:
    if not isinstance(value, str):
        raise CertificateError(f"{name}: expected text")
    return value


def _known(found: Mapping[Any, int], value: object, name: str) -> int:
    if not isinstance(value, str | tuple) or value not in found:
        raise CertificateError(f"{name}: one that this snapshot does not have, or that is not open in it")
    return found[value]
