"""What is held of one person, out of what is held of several: others' parts are left out, and others' ids are covered.

What somebody wrote in words of their own may name anybody; no program can tell. It is kept, and marked to be read by a named
person before it goes out. Cells that are of somebody else by what they are for are left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api.http.forms import FORMS
from api.state.known_people import WITH_A_PERSON
from api.state.naming import WORD, says
from api.subject_access.who import Who

ANOTHER = "[another person]"
OF_SOMEBODY_ELSE = frozenset({"can_step_in", "write_to", "said_by", "telephone", "email"})
"""Cells that hold another person's data: left out, and told as left out."""
LEFT_OUT = "[held, and left out: it is of somebody else]"
DECIDED = frozenset({"decided_by", "chosen_by", "approved_by", "answered_by", "closed_by"})
"""Cells that name whoever decided about the person."""
DECIDING = frozenset(
    {"decision.record", "meanwhile.choose", "meanwhile.approve_price", "enhanced.answer", "rights.close", "package.end"}
)
"""Entries of the trail by which a named person decided about somebody."""
STAFF_SUFFIX = "_by"
STAFF_TOO = frozenset({"actor", "asked_of"})
CODES = frozenset({"given_by", "ended_by"})
"""Named like staff and not of them: the cell says in which capacity somebody spoke."""
NAMES_WHOSE = ("package_id", *WITH_A_PERSON.values())
"""Under these names an object says whose it is."""
NOT_WORDS = ("number", "numbers", "truth")
SOMEBODY = "[somebody at the council]"


def of_the_person(value: Any, who: Who, *, own: bool = False) -> Any:
    """The part of plain JSON data that is of a person; None where none is. ``own``: all of it is, but for others in it."""
    if isinstance(value, Mapping):
        return _of_object(value, who, own=own)
    if isinstance(value, list):
        return _of_list(value, who, own=own)
    if isinstance(value, str):
        return covered(value, who) if own or says(value, who.ids) else None
    return value if own else None


def _of_object(value: Mapping[str, Any], who: Who, *, own: bool) -> dict[str, Any] | None:
    whose = {each for name in NAMES_WHOSE if isinstance(each := value.get(name), str)}
    if whose & who.others and not whose & who.ids:
        own = False  # of somebody else: of it what names the person, and nothing beside it
    elif any(isinstance(each, str) and says(each, who.ids) for each in value.values()):
        own = True
    found: dict[str, Any] = {}
    for name, each in value.items():
        if name in who.others:
            continue
        if own and FORMS.get(name) and FORMS[name].shape in NOT_WORDS:
            found[name] = each  # an id may be a number, and a number is no id
            continue
        kept = of_the_person(each, who, own=(own and not _of_another(each, who)) or name in who.ids)
        if kept is not None:
            found[name] = kept
    return found or None


def _of_list(value: list[Any], who: Who, *, own: bool) -> list[Any] | None:
    found = []
    for each in value:
        if isinstance(each, str) and each in who.others:
            continue
        kept = of_the_person(each, who, own=own and not _of_another(each, who))
        if kept is not None:
            found.append(kept)
    return found or None


def _of_another(value: Any, who: Who) -> bool:
    """Whether a thing inside of another, an object or a row, is another person's: it names one, and not whom it is asked for."""
    if isinstance(value, Mapping):
        texts = [each for each in value.values() if isinstance(each, str)]
    elif isinstance(value, list) and not is_finding(value):
        texts = [each for each in value if isinstance(each, str)]
    else:
        return False
    return any(each in who.others for each in texts) and not any(says(each, who.ids) for each in texts)


def is_finding(value: list[Any]) -> bool:
    """What a rule has found, as explanations keep it: its name, whether it holds, what was compared, and the sentence."""
    return len(value) > 2 and isinstance(value[0], str) and isinstance(value[1], bool) and isinstance(value[-1], str)


def covered(text: str, who: Who) -> str:
    """A text in which no other person's id can be read."""
    if not says(text, who.others):
        return text
    made = WORD.sub(lambda word: ANOTHER if word.group() in who.others else word.group(), text)
    for each in sorted(who.others, key=lambda name: (-len(name), name)):
        if not WORD.fullmatch(each) and each in made:
            made = made.replace(each, ANOTHER)
    return made


def of_staff(name: str) -> bool:
    """Whether a cell of this name holds the name of somebody who acted for the council."""
    return name not in CODES and (name in STAFF_TOO or name.endswith(STAFF_SUFFIX)) and name not in OF_SOMEBODY_ELSE


def staff_shown(name: str, value: str, whom: str) -> str:
    """A name of the council's staff as the setting ``subject_staff_names`` has it."""
    shown = whom == "all" or (whom == "deciders" and name in DECIDED)
    return value if shown else SOMEBODY
