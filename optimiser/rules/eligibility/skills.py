from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

import numpy as np

from optimiser.county import County, Ints
from optimiser.domain.records import DOUBLE_HANDED
from optimiser.rules.base import Blocks, Bools, EligibilityRule, Remedy
from optimiser.rules.vocabulary import Finding

IN_WORDS = {DOUBLE_HANDED: "two care workers at once"}


class Skills(EligibilityRule):
    """The provider has every skill that the care needs, two care workers at once included."""

    name = "skills"
    order = 60
    source = "events: specialist services and double-assist are called off by need"
    in_statements = "skills"
    private = True  # a skill can name a diagnosis
    change = "skill"
    obstacle = "a skill is missing"
    blocks = Blocks(
        one="needs something that the principal does not offer", many="need something that the principal does not offer"
    )
    depends_on_date = False
    fixed = True

    def passes(self, county: County, packages: Ints) -> Bools:
        known = sorted({skill for p in packages for skill in county.packages[p].skills} | {DOUBLE_HANDED})
        needed = np.array(
            [
                [
                    skill in county.packages[p].skills or (skill == DOUBLE_HANDED and county.packages[p].workers == 2)
                    for skill in known
                ]
                for p in packages
            ],
            dtype=np.int64,
        ).reshape(len(packages), len(known))
        lacking = np.array([[skill not in provider.skills for skill in known] for provider in county.providers], dtype=np.int64)
        return np.asarray((needed @ lacking.reshape(-1, len(known)).T == 0)[:, county.provider_of])

    def finding(self, county: County, package: int, contract: int) -> Finding:
        needed, provider = county.packages[package].skills_needed, county.provider(contract)
        missing = [skill for skill in needed if skill not in provider.skills]
        if missing:
            sentence = f"The care needs {_listed(missing)}, which {provider.name} does not offer."
        elif needed:
            sentence = f"{provider.name} offers all that the care needs: {_listed(needed)}."
        else:
            sentence = "The care needs no special skill."
        return Finding(
            rule=self.name,
            passed=not missing,
            measured=";".join(missing),
            limit=";".join(needed),
            unit="skills missing of those needed",
            sentence=sentence,
        )

    def smallest_change(self, county: County, package: int, contract: int) -> Iterator[Remedy]:
        provider = county.provider(contract)
        missing = [skill for skill in county.packages[package].skills_needed if skill not in provider.skills]
        if len(missing) == 1:
            trained = replace(provider, skills=tuple(sorted((*provider.skills, missing[0]))))
            yield Remedy(
                change=self.change,
                subject=provider.provider_id,
                amount=Fraction(1),
                unit="skill",
                sentence=f"{provider.name} offers one more skill: {_listed(missing)}.",
                applied=lambda county: county.changed(provider=trained),
                one_unit_less=lambda county: county,
            )


def _listed(skills: list[str] | tuple[str, ...]) -> str:
    return ", ".join(IN_WORDS.get(skill) or skill.replace("_", " ") for skill in skills)
