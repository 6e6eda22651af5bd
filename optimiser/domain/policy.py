"""The settings of the model, of a transfer plan, of buying anew, of quality, of waiting safely and of enhanced home support, each
with its cautious default: six tables of a snapshot.

Source: ``data/README.md``, "Settings", "Settings of a transfer", "Settings of procurement", "Settings of quality", "Settings of
meanwhile" and "Settings of enhanced home support". Decimals are exact fractions, never binary floats.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass, field
from fractions import Fraction
from typing import Any

LATER = {"later": True}
"""Marks a setting that there was not always: where it has its default, a county has the digest that it had."""


@dataclass(frozen=True, slots=True)
class Policy:
    """Every setting; an input may override any of them by name."""

    principal_share_target: Fraction = Fraction(7, 10)
    """The part of an area's hours that its principal should deliver."""
    share_tolerance: Fraction = Fraction(1, 20)
    """How far from the target counts as on target."""
    person_minutes: int = 420
    """What each person waiting adds to their own minutes a week, so that people count as well as hours."""
    overdue_factor: Fraction = Fraction(2)
    """How many times a person past their start date counts."""
    overdue_weeks: int = 4
    """A person past their start date counts once more for every so many weeks; 0: no more as time goes by."""
    band_limits_miles: tuple[Fraction, Fraction] = (Fraction(3), Fraction(6))
    """Price bands: up to and including the first is band 1, the second band 2, beyond it band 3."""
    decline_days: int = 14
    """How long a decline for a passing reason stands."""
    expired_days: int = 1
    """How long an offer that ran out stands as a decline."""
    max_moves: int = 25
    """Re-optimisation only: how many people may change provider."""
    step_moves: int = 4
    """Re-optimisation only: how many people one step may move; every provider in it has to accept before it goes ahead."""
    move_charge: int = 720
    """Re-optimisation only: what a move must be worth, in minutes of unmet need."""
    move_pending: bool = False
    """Whether running care may move while its social work decision is pending."""
    rest_days: int = 84
    """How many days care that has begun stays where it is, so that nobody is moved twice in a few weeks."""
    moved_share_limit: Fraction = Fraction(3, 20)
    """Re-optimisation with a history: the part of a provider's hours that may be moved from it within twelve months."""
    bar_cqc: tuple[str, ...] = ("inadequate",)
    """CQC ratings that bar new work."""
    bar_pamms: tuple[str, ...] = ("poor",)
    """Published PAMMS ratings that bar new work."""
    tolerance_minutes_divisor: int = 400
    """The shares may give away the waiting minutes divided by this."""
    tolerance_pence_divisor: int = 10
    """The cost may give away, in pence, the waiting minutes divided by this."""
    proof_pence_divisor: int = 50
    """The cost is proven when its gap in pence is at most the waiting minutes divided by this."""
    largest_first_after_days: int = field(default=0, metadata=LATER)
    """Whoever has waited so many days comes before newcomers on the same level of unmet need, by hours alone; 0: off."""
    rural_beyond_miles: Fraction = field(default=Fraction(6), metadata=LATER)
    """Figures alone: whoever lives further than this from the nearest band centre, in a straight line, is told as rural."""
    passed_over_limit: int = field(default=7, metadata=LATER)
    """After so many nights on which somebody could have been placed and was not, the nightly report asks for a decision."""
    priority_review_days: int = field(default=28, metadata=LATER)
    """A priority set so many days ago is to be looked at again by a person; 0: it is not asked for."""
    decision_valid_weeks: int = field(default=26, metadata=LATER)
    """How many weeks a social work decision about a move counts, where it is recorded without an earlier end."""
    answer_needed: bool = field(default=True, metadata=LATER)
    """Whether care may begin only once the person, or who may speak for them, has said yes to the provider."""

    @property
    def share_low(self) -> Fraction:
        return self.principal_share_target - self.share_tolerance

    @property
    def share_high(self) -> Fraction:
        return self.principal_share_target + self.share_tolerance


WINTER = ((12, 18), (2, 22))
"""Christmas to the end of February half-term, as months and days: from the first, up to but not including the second."""

Blackout = tuple[tuple[int, int], tuple[int, int]]
"""A part of every year in which nothing moves: (month, day) from, (month, day) up to but not including."""


def is_blacked_out(day: dt.date, blackouts: tuple[Blackout, ...]) -> bool:
    """Whether a day lies in a part of the year in which nothing moves; a part may run over New Year."""
    today = (day.month, day.day)
    return any((first <= today < last) if first < last else (today >= first or today < last) for first, last in blackouts)


@dataclass(frozen=True, slots=True)
class TransferPolicy:
    """Every setting; an input may override any of them by name."""

    destabilisation_limit: Fraction | None = None
    """A transfer's own ``moved_share_limit``, where it is not the snapshot's."""
    destabilisation_warning: Fraction = Fraction(1, 10)
    """From this part on, a talk with the provider about its viability is called for."""
    lead_months: int = 3
    """Calendar months from the day of the snapshot to the first wave, at least."""
    weeks_between_waves: int = 4
    max_waves: int = 0
    """The most waves that a plan may use; 0: as many as the horizon holds."""
    horizon_months: int = 12
    """How far a plan reaches, from its first wave."""
    wave_weekday: str = "mon"
    """The day of the week on which waves begin; empty: any."""
    blackouts: tuple[Blackout, ...] = (WINTER,)
    """Parts of every year in which no wave begins."""
    extra_holidays: tuple[dt.date, ...] = ()
    """Days without work beside weekends and England's bank holidays, which are worked out."""
    reviews_per_wave: int = 60
    """How many people may move in a wave: each needs a social work decision."""
    plan_pending: bool = True
    """Whether people whose social work decision is pending may be planned; they are marked."""
    framework_rounds: bool = False
    """Whether framework rounds may move too, never below that provider's part of the framework's share."""
    capped_principal: bool = False
    """Whether a principal whose new work is capped may take rounds, within its cap."""
    provider_limit_binds: bool = False
    """Whether the principal's own limit binds although the staff come with the round."""
    stay_alone: bool = False
    """Whether a person with a recorded wish for a direct payment may stay behind alone."""
    consultation_weeks: int = 8
    """The consultation letter goes out this long before the wave, at the latest."""
    reply_weeks: int = 6
    """Whoever disagrees is asked to say so this long before the wave."""
    review_weeks: int = 5
    """Social work decisions are due this long before the wave."""
    employee_information_days: int = 28
    """Information on the employees is due this long before the wave, at the latest."""
    stay_reply_days: int = 28
    """Whoever stays and disagrees is asked to say so within this many days of the snapshot."""
    direct_payment_rate_pence: int | None = None
    """The direct payment rate an hour; without it no figure is given."""
    turnover_months: int = 12
    """Turnover is told by the care that began in so many months before the snapshot."""
    turnover_share_per_month: Fraction | None = None
    """The part of an area's care that ends in a month, where as much begins; none: told by the care that began lately."""
    least_hours_gained_per_letter: Fraction = Fraction(1)
    """Hours a week that moving must bring a principal, beyond new care and turnover, for each person who is written to: a plan
    that brings less says so first. 0: it never does."""
    letters_to_stayers: bool = False
    """Whether people whom a plan leaves as they are get a letter too, where nothing else was planned for them before."""
    replan_changes: int = 0
    """How many rounds that nobody refused may change in a re-plan."""
    handback_wave_days: int = 7
    """Days between two waves when a contract is handed back."""
    handback_staff_come: bool = False
    """Whether staff are taken to come with a returned round that goes whole: the new provider's own limit is then no bar."""
    relieve_not_recorded: str = "red"
    """Partial failure: what a person counts as whose harm from a missed visit is not recorded."""
    relieve_protected_covered_first: bool = True
    """Partial failure: whether, of plans that leave equally many minutes uncovered, those come first that leave fewest protected
    people without care."""
    recut_gap_metres: int = 2000
    """Re-cutting: who stays is not left further than this from the next person who stays with the provider."""
    recut_group_metres: int = 4000
    """Re-cutting: how far from their middle those who go may live, and those who stay, unless the round was wider before."""
    recut_run_tolerance: Fraction = Fraction(1, 4)
    """Re-cutting: how far the hours of each care worker, of those who go and of those who stay, may be from the round's own."""
    recut_agreement_weeks: int = 4
    """Re-cutting: how long the present provider has to agree before it runs the new grouping through the lead time."""
    recut_staff_hours: Fraction = Fraction(25)
    """Re-cutting: the weekly hours of care of one care worker, for rounds whose staff are not known."""

    def moved_share_limit(self, policy: Policy) -> Fraction:
        """The largest part of a provider's county-wide hours that may move away from it in any twelve months."""
        return policy.moved_share_limit if self.destabilisation_limit is None else self.destabilisation_limit


@dataclass(frozen=True, slots=True)
class ProcurementSettings:
    """How long it takes to buy care anew, and how far ahead that is told; an input may override any of them by name."""

    gap_months: int = 18
    """How many calendar months ahead the nightly report tells gaps, and dates by which buying anew must have got somewhere."""
    regime: str = "procurement_act_2023"
    """The regime of contracts that name none: `pcr_2015` or `procurement_act_2023`."""
    tender_days: int = 270
    """Days from the beginning of a tender to the decision to award."""
    key_decision_clear_days: int = 28
    """Clear days between the publication of a key decision notice and the decision: neither of the two is counted."""
    call_in_working_days: int = 5
    """Whole working days between the decision and the award notice, in which the decision may be called in."""
    standstill_working_days: int = 8
    """Procurement Act 2023: working days of standstill, the day of the award notice the first of them."""
    standstill_days: int = 10
    """PCR 2015: days of standstill after the day of the award notice, up to the next working day where the last is none."""
    tupe_days: int = 91
    """Days before a contract's end on which the staff must have been told, where their employment may go over with the work."""
    notice_days: int = field(default=91, metadata=LATER)
    """Days of notice before an early end, where neither the contract nor its provider's record says how many."""
    capacity_return_days: int = field(default=14, metadata=LATER)
    """Days for which the free hours that a provider has told count as told; then it is asked again."""


@dataclass(frozen=True, slots=True)
class QualitySettings:
    """How long the steps of an assessment (PAMMS) may take, when restrictions are looked at again, and which posts are turned to;
    an input may override any of them by name.
    """

    draft_days: int = 14
    """Days from a visit to its draft report, and to sending that to the provider."""
    correction_days: int = 14
    """Days that the provider has to correct facts, from the day on which the draft was sent."""
    publish_days: int = 14
    """Days after those in which every correction is answered, the rating is fixed and the report published."""
    review_days: int = 91
    """Days after which a new restriction is looked at again, where nobody names a day."""
    review_ahead_days: int = 28
    """How many days ahead the nightly report tells that a restriction is to be looked at again."""
    escalation_posts: tuple[str, ...] = (
        "Quality Monitoring Officer",
        "Senior Quality Monitoring Officer",
        "Assistant Director, Brokerage and Quality",
        "Head of Service",
    )
    """Whom to turn to, one after the other: posts, never people. The first looks after a new restriction that names no other."""
    escalation_days: int = 7
    """A step that is overdue is the next post's for every so many days."""


@dataclass(frozen=True, slots=True)
class MeanwhileSettings:
    """How often whoever waits is checked, and how soon somebody chooses where nobody can be asked; by priority, and an input may
    override any of them by name.
    """

    urgent_check_days: int = 1
    """Urgent care: days from one check of how a person is until care begins to the next."""
    discharge_check_days: int = 1
    """The same for discharges."""
    standard_check_days: int = 7
    """The same for standard care."""
    planned_check_days: int = 14
    """The same for planned care."""
    urgent_choose_days: int = 0
    """Urgent care: days in which a named person chooses what is done once nobody can be asked; 0: on the same day."""
    discharge_choose_days: int = 1
    """The same for discharges."""
    standard_choose_days: int = 3
    """The same for standard care."""
    planned_choose_days: int = 7
    """The same for planned care."""
    bridge_days: int = field(default=14, metadata=LATER)
    """A bridge, care for the visits that cannot wait, ends after so many days; a named person may renew it."""
    bridge_ahead_days: int = field(default=1, metadata=LATER)
    """Whoever's care is due within so many days may have a bridge; for whoever is due later there is time to look as usual."""
    bridge_needs: tuple[str, ...] = field(default=("medication", "getting_up", "meals", "bed"), metadata=LATER)
    """What visits cannot wait for. Of as many of somebody's visits that take as long, those for the foremost are chosen."""
    bridge_unrecorded_visits: bool = field(default=True, metadata=LATER)
    """Whether a visit that does not say what it is for counts as one that cannot wait."""
    bridge_not_recorded: str = field(default="red", metadata=LATER)
    """What a person counts as in a bridge whose harm from a missed visit is not recorded."""
    first_visit_hours: int = field(default=4, metadata=LATER)
    """Hours after a first visit was due in which its provider confirms that somebody came; then it is alerted."""
    first_visit_agreed_days: int = field(default=28, metadata=LATER)
    """A later handover may be agreed for so many days ahead: the provider before it comes until then."""
    first_visit_agreed_days_alone: int = field(default=1, metadata=LATER)
    """The same where no provider comes until then: care has started, or goes on after a stay in hospital."""

    def check_days(self, priority: str) -> int:
        """Days between two checks of a person of this priority."""
        return int(getattr(self, f"{priority}_check_days"))

    def choose_days(self, priority: str) -> int:
        """Days in which to choose for a person of this priority."""
        return int(getattr(self, f"{priority}_choose_days"))

    def of_bridges(self) -> dict[str, Any]:
        """Those that a bridge is made by, as plain JSON data."""
        found = {setting: value for setting, value in asdict(self).items() if setting.startswith("bridge_")}
        return found | {"bridge_needs": list(self.bridge_needs)}


@dataclass(frozen=True, slots=True)
class EnhancedSettings:
    """The clock of enhanced home support, in hours of real time from the first visit; an input may override any by name."""

    first_question_hours: int = 24
    """After so many hours a named person is asked whether care is still needed, with a draft of the onward request."""
    second_question_hours: int = 48
    """After so many hours the same is asked again."""
    alert_hours: int = 66
    """After so many hours it is alerted that the support is about to end."""
    limit_hours: int = 72
    """How long the support lasts at most: what runs on after so many hours is not decided."""
