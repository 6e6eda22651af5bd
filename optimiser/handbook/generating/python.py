"""The public door as a page: every name of ``optimiser`` with its signature and what it says of itself."""

from __future__ import annotations

import inspect

import optimiser

ABOUT = """# The Python door

Made from the code: every name that `import optimiser` offers. How to begin: [Notebooks and programs](../how-to/analyst.md).

"""


def python_page() -> str:
    names = sorted(name for name in optimiser.__all__ if name != "__version__")
    functions = [name for name in names if inspect.isfunction(inspect.unwrap(getattr(optimiser, name)))]
    return ABOUT + "".join(map(_function, functions)) + "".join(_class(name) for name in names if name not in functions)


def _function(name: str) -> str:
    made = getattr(optimiser, name)
    return f"## `{name}`\n\n```python\n{_signature(name, made)}\n```\n\n{_said(made)}\n\n"


def _signature(name: str, made: object) -> str:
    """As it would be written, an argument a line where there are many."""
    found = inspect.signature(inspect.unwrap(made))  # type: ignore[arg-type]
    arguments = [_argument(each) for each in found.parameters.values()]
    kinds = [each.kind for each in found.parameters.values()]
    if inspect.Parameter.KEYWORD_ONLY in kinds:
        arguments.insert(kinds.index(inspect.Parameter.KEYWORD_ONLY), "*")
    gives = found.return_annotation
    whole = f"{name}({', '.join(arguments)}) -> {gives}"
    return whole if len(whole) < 100 else f"{name}(\n" + "".join(f"    {each},\n" for each in arguments) + f") -> {gives}"


def _argument(each: inspect.Parameter) -> str:
    return f"{each.name}: {each.annotation}" + ("" if each.default is each.empty else f" = {each.default!r}")


def _class(name: str) -> str:
    made = getattr(optimiser, name)
    rows = [f"- `{member}`: {_said(part)}" for member, part in vars(made).items() if not member.startswith("_") and _said(part)]
    return f"## `{name}`\n\n{_said(made)}\n\n" + "\n".join([*rows, "", ""])


def _said(thing: object) -> str:
    """What a function, property or class says of itself, as one paragraph."""
    made = thing.__func__ if isinstance(thing, staticmethod | classmethod) else thing
    if not (callable(made) or isinstance(made, property)):
        return ""
    text = inspect.getdoc(made) or ""
    return " ".join(text.split()).replace("``", "`")
