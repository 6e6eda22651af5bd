"""A new rule is one file: rules that no other file knows are kept and told by every part that decides or explains."""

from __future__ import annotations

from fractions import Fraction

import pytest

from api.offers.eligibility import candidates
from optimiser.allocating.story import allocate
from optimiser.commands import parser
from optimiser.county import County
from optimiser.domain.snapshot import Snapshot
from optimiser.explaining.area_figures import area_figures
from optimiser.judging.checking import PlanRefusedError, verify
from optimiser.nightly.page import nightly_page
from optimiser.nightly.report import nightly_record
from optimiser.reoptimising.story import reoptimise
from optimiser.rules.book import names_to_require, records, standard_rules
from optimiser.solving.outcome import Effort
from optimiser.whatif.compare.problem import Scenario
from optimiser.whatif.compare.story import compare
from optimiser.whatif.feasible.requirement import read_requirements
from optimiser.whatif.feasible.story import Answer, answer
from optimiser.whatif.stress.story import Sweep, failure_of
from tests.api.cascade.test_cascade import state_of
from tests.making import framework, package, plan, principal, provider, snapshot

pytestmark = pytest.mark.usefixtures("toys")
SKILLED = ("double_handed", "dementia")


def small(**given: object) -> Snapshot:
    """LATE would begin too early, TWO needs two at once, which UNRATED is not to give; SHORT1 and SHORT2 are ten hours of
    short care, of which a contract may have nine: urgent, so that one of them goes to UNRATED, who had better have nobody."""
    people = [
        package("LATE", visits_per_week=29),
        package("TWO", workers=2, hours=2),
        package("SHORT1", visits_per_week=3, priority="urgent"),
        package("SHORT2", visits_per_week=3, priority="urgent"),
    ]
    holders = [
        provider("GOOD", skills=SKILLED, max_hours_4w=Fraction(4 * 12)),
        provider("UNRATED", skills=SKILLED, cqc_rating="not_rated"),
    ]
    parts = {"contracts": [principal("GOOD"), framework("UNRATED")], "providers": holders, **given}
    return snapshot(people, **parts)  # type: ignore[arg-type]


def test_allocate_keeps_every_one_of_them() -> None:
    made = allocate(small())
    where = {person.package_id: made.verified.plan.contracts[index] for index, person in enumerate(made.county.packages)}
    named = {name: None if to is None else made.county.contracts[to].contract_id for name, to in where.items()}
    assert named["LATE"] is None
    assert named["TWO"] == "P-GOOD"
    assert sorted(str(named[name]) for name in ("SHORT1", "SHORT2")) == ["F-UNRATED", "P-GOOD"]
    level = next(level for level in made.levels if level.name == "toy_strangers")
    assert (level.value, level.unit) == (1, "people")
    assert [level.name for level in made.levels].index("toy_strangers") == 2
    assert made.all_proven


def test_the_check_finds_each_of_them() -> None:
    here = County.of(small())
    wrong = {"LATE": "P-GOOD", "TWO": "F-UNRATED", "SHORT1": "F-UNRATED", "SHORT2": "F-UNRATED"}
    with pytest.raises(PlanRefusedError) as refused:
        verify(here, standard_rules(), plan(here, wrong))
    found = sorted(broken.finding.rule for broken in refused.value.broken)
    assert found == ["toy_begins_late", "toy_short_care", "toy_two_at_once"]


def test_explanations_and_the_rule_book_tell_them() -> None:
    made = allocate(small())
    record = made.explain(made.county.package_index["LATE"])
    failed = {finding[0] for step in record["contracts"] for finding in step["findings"] if not finding[1]}
    assert failed == {"toy_begins_late"}
    assert {"toy_begins_late", "toy_two_at_once", "toy_short_care", "toy_strangers"} <= {
        str(each["name"]) for each in records(standard_rules())
    }


def test_figures_of_areas_tell_no_private_rule() -> None:
    here = small(contracts=[principal("UNRATED")])
    made = allocate(here)
    (area,) = area_figures(made.county, made.rules, made.verified)
    told = " ".join(area["principal"]["why_short"])
    assert "a rule about the person does not allow it" in told
    assert "the rule toy_begins_late does not allow it" in told
    assert "toy_two" not in str(area)


def test_the_cascade_keeps_them() -> None:
    state = state_of(small())
    failed = {
        name: {each.failed[0].rule for each in candidates(state, state.county.package_index[name]) if each.failed}
        for name in ("LATE", "TWO", "SHORT1")
    }
    assert failed == {"LATE": {"toy_begins_late"}, "TWO": {"toy_two_at_once"}, "SHORT1": set()}


def test_stress_keeps_them_and_tells_their_level() -> None:
    lost = small()
    people = [*lost.packages, package("R1", contract_id="P-GOOD", workers=2, hours=2)]
    county = County.of(snapshot(people, lost.contracts, providers=lost.providers))
    sweep = Sweep(county, standard_rules())
    for stress in (sweep.everybody(), sweep.named([failure_of(county, ["GOOD"])])):
        gone = next(each for each in stress.singles if each.failure.provider_ids == ("GOOD",))
        names = [level.name for level in gone.levels]
        assert names == [rule.name for rule in standard_rules().levels]
        values = {level.name: level.value for level in gone.levels}
        assert values["toy_strangers"] == 1  # SHORT1 or SHORT2: nine hours hold one of them
        assert gone.loss.unplaced_people == 1  # R1 needs two at once


def asked(*texts: str) -> Answer:
    county, rules = County.of(small()), standard_rules()
    requirements, faults = read_requirements(texts, county, rules)
    assert faults == []
    return answer(county, rules, requirements, Effort())


def test_feasible_keeps_them_and_asks_for_their_level() -> None:
    assert asked("toy_strangers=1").verdict == "yes"
    found = asked("toy_strangers=0", "unmet_urgent=0")
    assert found.verdict == "no"
    assert any("toy_short_care P-GOOD" in member for member in found.members)
    assert "toy_strangers" in names_to_require(standard_rules())


def test_the_help_of_feasible_names_the_level(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parser().parse_args(["feasible", "--help"])
    told = " ".join(capsys.readouterr().out.split())
    assert "unmet_discharge, toy_strangers, unmet, legacy, new_legacy (without what is there already)" in told


def test_compare_has_a_line_for_the_level() -> None:
    table = compare(small(), [Scenario("the same")], Effort())
    lines = {name: (unit, values) for name, unit, values in table.rows()}
    assert lines["toy strangers"] == ("people", ("1", "1"))


@pytest.fixture
def crowded() -> Snapshot:
    """N1 can go to GOOD alone, which is full: R1 could make room, but not at UNRATED, who is not to have two at once."""
    people = [
        package("R1", contract_id="F-GOOD", transfer_decision="suitable", workers=2),
        package("R2", contract_id="F-GOOD", transfer_decision="suitable"),
        package("N1", skills=("dementia",)),
    ]
    return snapshot(
        people,
        [framework("GOOD", max_hours_4w=Fraction(40)), framework("UNRATED")],
        providers=[provider("GOOD", skills=SKILLED), provider("UNRATED", skills=("double_handed",), cqc_rating="not_rated")],
    )


def test_reoptimise_and_nightly_keep_them_in_their_order(crowded: Snapshot) -> None:
    made = reoptimise(crowded)
    # Placing N1 takes a move to UNRATED, and the toy level stands above unmet need: nobody moves.
    assert made.steps.steps == ()
    assert made.values[0]["toy_strangers"] == 0
    record = nightly_record(made, None, ids=False, ahead_days=30)
    assert "toy_strangers" in [level["name"] for level in record["levels"]]
    assert b"toy_two" not in nightly_page(record)


def test_reoptimise_moves_whom_they_let_move(crowded: Snapshot) -> None:
    contracts = [*crowded.contracts, framework("RATED")]
    made = reoptimise(snapshot(crowded.packages, contracts, providers=crowded.providers))
    moved = {made.allocation.county.packages[change.package].package_id for change in made.steps.steps[0].changes}
    assert moved == {"R2", "N1"}  # R1 needs two at once, which RATED does not offer
    assert made.allocation.all_proven
