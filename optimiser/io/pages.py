"""Pages of HTML: one file each that opens offline, filled in from a template with every text escaped."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any


def page_of(package: str, template: str, values: Mapping[str, Any], **filters: Callable[..., str]) -> bytes:
    """A template that lies beside a package's modules, filled in. ``filters``: by name, how it may write a value.

    Pages extend ``page.html.j2``, which lies beside this module: one head, one style, one way to skip to the content.
    """
    from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=ChoiceLoader([PackageLoader(package, "."), PackageLoader("optimiser.io", ".")]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(filters)
    return environment.get_template(template).render(values).encode()
