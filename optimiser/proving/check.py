"""What of a result is proven again: each level's bound from its certificate, and whether the figures told fit each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from optimiser.county import County
from optimiser.domain.level_result import LevelResult
from optimiser.domain.plan import Plan
from optimiser.judging.checking import PlanRefusedError, verify
from optimiser.proving.certificate import CertificateError, read_certificate
from optimiser.proving.exact_bounds import LevelCertificate, Proof
from optimiser.proving.exact_rows import CountyRows, disagreements, rows_of
from optimiser.rules.base import Level
from optimiser.rules.book import RuleBook

Status = Literal["no choice changes it", "proven again", "rests on search", "open"]


@dataclass(frozen=True)
class Reproven:
    """One level: what was told of it, and what its certificate proves."""

    told: LevelResult[int]
    proves: int | None
    """No plan is below this, among plans that keep the levels before it as told; None: the rule book here has no such level."""
    status: Status

    @property
    def covered(self) -> bool:
        """Whether the best is proven here, as exactly as the settings ask."""
        return self.status in ("no choice changes it", "proven again")

    def record(self) -> dict[str, Any]:
        """For programs."""
        told = self.told
        return {"name": told.name, "best": told.best, "bound": told.bound, "proves": self.proves, "status": self.status}


@dataclass(frozen=True)
class Verification:
    """Every level, and every sentence that does not hold."""

    levels: tuple[Reproven, ...]
    faults: tuple[str, ...]

    @property
    def covered(self) -> int:
        """How many levels are proven here."""
        return sum(level.covered for level in self.levels)


def reprove(county: County, rules: RuleBook, told: Sequence[LevelResult[int]], plan: Plan, certificate: object) -> Verification:
    """A result held against the records of its snapshot. ``certificate``: as it was read from JSON."""
    rows = rows_of(county, rules)
    known = [level for level, rule in zip(told, rules.levels, strict=False) if (level.name, level.unit) == (rule.name, rule.unit)]
    faults = [*_of_plan(county, rules, told, plan), *_of_rows(rows)]
    for level, rule in zip(told, rules.levels, strict=False):
        faults += _of_figures(county, level, rule)
    try:
        certificates = read_certificate(rows, certificate)
    except CertificateError as wrong:
        return Verification((), (*faults, f"the certificate: {wrong}"))
    proof, levels = Proof(rows), []
    for index, level in enumerate(told):
        if index >= len(known) or level is not known[index]:
            known = known[:index]  # of levels behind one that is not in the book nothing is proven
            levels.append(Reproven(level, None, "rests on search" if level.proven else "open"))
            continue
        given = certificates[index] if index < len(certificates) else LevelCertificate(bound=level.bound)
        proves = proof.prove(given, level.best, level.tolerance)
        if proves < given.bound and index < len(certificates):
            faults.append(f"{level.name}: the certificate claims a bound of {given.bound:,} and proves {proves:,}")
        if proves > level.best:
            faults.append(f"{level.name}: no plan is below {proves:,}, but the best told is {level.best:,}")
        levels.append(Reproven(level, proves, _status(county, level, rules.levels[index], proves, rows.levels[index].step)))
    return Verification(tuple(levels), tuple(faults))


def _status(county: County, level: LevelResult[int], rule: Level, proves: int, step: int) -> Status:
    if not step:
        return "no choice changes it"
    if level.best - proves <= rule.proof_may_leave(county, level.best):
        return "proven again"
    return "rests on search" if level.proven else "open"


def _of_plan(county: County, rules: RuleBook, told: Sequence[LevelResult[int]], plan: Plan) -> Iterator[str]:
    """Whether the plan keeps every rule, and has the values told."""
    try:
        found = verify(county, rules, plan)
    except PlanRefusedError as refused:
        yield f"the plan breaks rules: {', '.join(sorted({each.finding.rule for each in refused.broken}))}"
        return
    units = {rule.name: rule.unit for rule in rules.levels}
    for level in told:
        if units.get(level.name) == level.unit and level.value != found.levels[level.name]:
            yield f"{level.name}: told is a value of {level.value:,}, the plan has {found.levels[level.name]:,}"


def _of_rows(rows: CountyRows) -> Iterator[str]:
    """Whether what each level charges is what its check measures: of nobody placed, and of everybody on one choice or another."""
    some = [choices for choices in rows.choices_of if choices]
    plans: list[list[int]] = [[], [choices[0] for choices in some], [choices[-1] for choices in some]]
    yield from (f"the rows of a level are not what its check measures: {each}" for each in disagreements(rows, plans))


def _of_figures(county: County, level: LevelResult[int], rule: Level) -> Iterator[str]:
    """Whether the figures of a level fit each other and the settings."""
    if (level.name, level.unit) != (rule.name, rule.unit):
        return
    if level.tolerance != rule.tolerance(county):
        yield f"{level.name}: told is a tolerance of {level.tolerance:,}, by the settings it is {rule.tolerance(county):,}"
    if not level.bound <= level.best <= level.value <= level.best + level.tolerance:
        yield f"{level.name}: bound, best and value have to rise in this order, and the value by the tolerance at most"
    if level.proven != (level.best - level.bound <= rule.proof_may_leave(county, level.best)):
        yield f"{level.name}: told is proven={str(level.proven).lower()}, which its best and bound do not say"
