"""What a forecast takes for granted, in the order of the STRESS guideline for discrete-event simulation (Monks and others 2019,
"Strengthening the reporting of empirical simulation"
" studies"): objectives, logic, data, experimentation, implementation, code access.
"""

from __future__ import annotations

from optimiser.domain.words import MONTHS
from optimiser.forecasting.drivers import FACTOR
from optimiser.forecasting.fan import BY_NAME, ENOUGH_DRAWS, quantiles
from optimiser.forecasting.many_draws import CASCADE
from optimiser.forecasting.presets import PRESETS
from optimiser.forecasting.rates_given import Given, Season
from optimiser.forecasting.story import BASE, Forecast
from optimiser.version import SOFTWARE

Sheet = list[tuple[str, list[str]]]


def sheet(made: Forecast) -> Sheet:
    """Sections in order, each with its sentences."""
    return [
        ("Objectives", _objectives(made)),
        ("Logic", _logic(made)),
        ("Data", _data(made)),
        ("Experimentation", _experimentation(made)),
        ("Implementation", _implementation()),
        (
            "Code access",
            ["The program is the council's own installation; what it does is described in its handbook and can be read there."],
        ),
    ]


def _objectives(made: Forecast) -> list[str]:
    said = [
        "To say within which bounds unmet need, waits, shares, legacy hours, cost and unused guarantees will lie, area by area"
        " and week by"
        " week, if rates stay as they are given and nothing else is decided. It foretells no person and no provider."
    ]
    if made.preset:
        said.append(f"The question: {PRESETS[made.preset].question} {PRESETS[made.preset].said}")
    return said


def _logic(made: Forecast) -> list[str]:
    given = made.course.given
    decides = (
        "Whoever waits is then taken one at a time: by priority, the day by which care is to start, and a neutral hash. For"
        " each the"
        f" providers are asked in the published order, every rule applied, up to {given.asks_per_week} offers a week."
        if made.course.decide == CASCADE
        else "Whoever waits is then allocated by the engine, all together; each proposal is one offer."
    )
    return [
        "Time goes by weeks. In each, contracts carry over and prices change by their dates; providers fail or are barred;"
        " needs end or"
        " change, people go to hospital and come back; new people are asked for.",
        decides,
        "A yes counts as care from that week on, although its first day may be later. A no stands as long as the settings say.",
        "Nobody who has care is moved, and nobody's care ends but by a drawn end. Care under a contract that ends with none"
        " that follows"
        " stays where it is, and is counted.",
        "Where needs grow, the hours are added once the provider has room; until then they count as unmet.",
        f"In hospital the place is kept for {given.hold_weeks} weeks and counts as care and as cost; whoever stays longer is"
        f" sought a place"
        " anew on the way home.",
        "The first day is played as it stands: whoever has said yes delivers, offers without an answer are let go.",
    ]


def _data(made: Forecast) -> list[str]:
    given, answers = made.course.given, made.course.answers
    per_week = sum(line.per_week for line in given.arrivals)
    said = [
        f"The county: {len(made.course.snapshot.packages)} packages on {made.course.snapshot.as_of}. A part of divided care"
        f" counts as a"
        " package of its own.",
        f"{per_week:g} people are asked for in a week on average, by a Poisson law"
        + (f" ({given.from_counts})" if given.from_counts else " (given)")
        + ". Each is like somebody of the same area, source and need who has care or waits today, drawn evenly: home, hours,"
        " skills and"
        " priority are theirs; nobody asked for refuses a provider or is protected.",
        f"{given.ends_per_week:.2%} of people need care no longer after a week, however long they have had it.",
    ]
    if answers.since is None:
        said.append("How often providers decline is given.")
    else:
        said.append(
            f"How often a provider declines is its own record since {answers.since}: packages declined, beside care that began."
            f" The county's"
            f" record counts as {given.record_weight:g} answers beside it. Records of declines go when care ends, so the truth"
            f" may be higher."
        )
    said += [_rate(text, value) for text, value in _rates(given)]
    for season in given.seasons:
        said.append(_season(season))
    for _, own in sorted(given.providers.items()):
        if own.fails_on is not None:
            said.append(f"One provider is taken to stop on {own.fails_on}.")
    return said


def _rates(given: Given) -> list[tuple[str, float]]:
    return [
        (f"of people with care have other needs after a week, by {given.change_part:.0%} of their hours, {given.changes_up:.0%}"
         f" of them more",
         given.changes_per_week),
        (f"of people with care go to hospital in a week, for {given.hospital_weeks:g} weeks on average;"
         f" {given.hospital_returns:.0%} need care"
         " again", given.hospital_per_week),
        ("of providers stop within a year", given.fails_per_year),
        (f"of providers are barred from new work within a year, for {given.restricted_weeks} weeks", given.restricted_per_year),
    ]  # fmt: skip


def _rate(text: str, value: float) -> str:
    return f"{value:.2%} {text}." if value else f"Not played, since no rate is given: what part {text}."


def _season(season: Season) -> str:
    since, until = (f"{day} {MONTHS[month - 1]}" for month, day in (season.since, season.until))
    return (
        f"From {since} up to {until} of each year: {season.arrivals:g} times as many asked for, {season.hospital:g} times as"
        f" many to hospital,"
        f" {season.decline:g} times as many declines."
    )


def _experimentation(made: Forecast) -> list[str]:
    draws = len(made.draws.of(BASE))
    said = [
        f"{draws} draws of {made.course.weeks} weeks with the seed {made.course.seed}; no warm-up, since it begins with the"
        f" county as it is.",
        "A band of 80% holds the middle four fifths of the draws, week by week: no single draw follows it.",
    ]
    if draws < ENOUGH_DRAWS:
        said.append(f"With fewer than {ENOUGH_DRAWS} draws the 95% band is too narrow.")
    if made.drivers:
        said.append(f"What drives it: each rate is made {FACTOR:g} times as high, alone, with the same draws.")
    said.append(
        f"The first draw was checked: {made.draws.events_checked} events replayed against the rules by code that decides"
        f" nothing; all hold."
        if made.draws.events_checked
        else "No draw was checked."
    )
    return said


def _implementation() -> list[str]:
    return [
        f"Software {SOFTWARE}. Chances are keyed by what they are for, so that the same seed gives the same result, byte for"
        f" byte, on any"
        " number of processes."
    ]


def headline(made: Forecast) -> list[str]:
    """What a reader should know first."""
    said = []
    for name in ("people_waiting", "unmet", "legacy"):
        told = BY_NAME[name]
        values = told.of(made.figures)[:, :, -1]
        first, last = int(values[0, 0]), quantiles(values[:, -1])
        scale = 60 if told.unit == "minutes" else 1
        said.append(
            f"{told.words}: {first // scale:,} in the first week; in the last {int(last['median']) // scale:,}, in four of five"
            f" draws between"
            f" {int(last['low_80']) // scale:,} and {int(last['high_80']) // scale:,}."
        )
    return said
