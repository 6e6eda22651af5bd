"""Every figure that shapes the demonstration county, in one place.

What a public document says is marked with the document. The rest is chosen so that the county looks like a real one on
an ordinary Monday: most care placed, a few limits tight, a handful of people whom nobody can take.
"""

from __future__ import annotations

import datetime as dt

SEED = "norfolk demonstration 3"
TITLE = "Norfolk demonstration: real places and surgeries, invented providers and people"
AS_OF = dt.date(2026, 11, 23)

# Demand. Cabinet decision of January 2024: about 5,300 people and 44,500 hours a week, 106 registered providers in 135
# offices, 86 of them on the framework. Briefing of March 2026: 6,000 to 14,000 hours an area in four weeks.
SMALLEST_AREA_HOURS_4W = 6_450
LARGEST_AREA_HOURS_4W = 13_850
NEW_PACKAGES = 180
PROVIDERS = 106
OFFICES = 135
FRAMEWORK_MEMBERS = 86

# Volumes in a live area. The briefing: principal about 70%, the framework about 30%, guarantee about 80%.
PRINCIPAL_MAX_SHARE = (0.65, 0.72)
PRINCIPAL_HEADROOM = (0.004, 0.042)
FRAMEWORK_MAX_SHARE = (0.30, 0.35)
FRAMEWORK_HEADROOM = (0.02, 0.36)
GUARANTEES = ("0.75", "0.80", "0.80", "0.80", "0.85")
FRAMEWORK_PROVIDERS = (3, 5)
SHORT_FRAMEWORKS = {"U13032": (1, 0.11), "U48652": (2, 0.21)}
"""Areas whose framework is not yet complete: how many providers it has, and what share of the hours."""

# Prices a contract charges, in pence an hour: invented, at about the level that the 2023/24 legacy rate of 24.12 had
# reached by 2026 when every year's rise is like the last ones.
PRINCIPAL_PENCE = (2300, 2425)
BLOCK_PENCE = (2250, 2400)
FRAMEWORK_PENCE = (2470, 2560)
LEGACY_PENCE = (2605, 2795)
BAND_2_PER_CENT = 104
BAND_3_PER_CENT = 110
CENTRAL_BELT = ("Norwich", "South", "North")
"""Regions where framework prices come in three bands; elsewhere there is one price."""

# Which surgeries are centres of price bands: those within reach of a town or large village.
CENTRE_INHABITANTS = 3_000

# Older block contracts: area, starts, ends, hours in four weeks, guarantee.
BLOCKS = (
    ("U13032", "2021-04-01", "2027-04-01", 760, "0.70"),
    ("U48652", "2021-04-01", "2027-04-01", 640, "0.70"),
    ("U10602", "2021-04-01", "2027-04-01", 420, "0.65"),
    ("U13032", "2021-04-01", "2025-04-01", 500, "0.70"),
    ("U10555", "2021-04-01", "2025-04-01", 480, "0.65"),
    ("U10602", "2021-04-01", "2025-04-01", 360, "0.65"),
    ("U15646", "2022-10-01", "2027-10-01", 900, "0.70"),
    ("U00000", "2022-10-01", "2027-10-01", 700, "0.70"),
)

# People and their needs: chance of each skill, and of two care workers.
SKILL_CHANCES = (
    ("medication", 0.35),
    ("dementia", 0.21),
    ("mental_health", 0.06),
    ("learning_disability", 0.037),
    ("end_of_life", 0.032),
)
DOUBLE_HANDED = 0.135
PROVIDER_SKILL_CHANCES = (
    ("double_handed", 0.90),
    ("dementia", 0.89),
    ("mental_health", 0.40),
    ("end_of_life", 0.62),
    ("learning_disability", 0.38),
    ("medication", 0.98),
)

# What a provider could take beyond its running care: a share of it, and some hours in four weeks. And how much of the
# room on its area contracts it could fill in all.
PROVIDER_SPARE_SHARE = (0.005, 0.04)
PROVIDER_SPARE_HOURS = (15, 110)
ROOM_IT_CAN_FILL = 0.5

# People waiting for whom few providers have the skills: every one of these has declined, or all but the furthest away.
HARD_TO_PLACE = 8
HARD_SKILLS = (
    ["double_handed", "mental_health", "learning_disability"],
    ["double_handed", "dementia", "mental_health", "learning_disability"],
    ["double_handed", "mental_health", "end_of_life", "medication"],
    ["double_handed", "learning_disability", "medication"],
)
