"""What MkDocs asks while it builds: the generated pages, the navigation to them, and the defaults that stand in texts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

from optimiser.handbook.generating import generated_pages
from optimiser.handbook.generating.documents import decisions, with_files
from optimiser.handbook.generating.settings_pages import with_defaults


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """The decisions are listed as they lie in their folder."""
    nav: list[dict[str, Any]] = list(config.nav or [])
    at = next(index for index, entry in enumerate(nav) if "How to add" in entry) + 1
    nav.insert(at, {"Decisions": [{title: address} for title, address in decisions()]})
    config.nav = nav
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """The pages that are made from the code and from documents elsewhere in the checkout."""
    for address, text in generated_pages().items():
        files.append(File.generated(config, address, content=text))
    return files


def on_page_markdown(markdown: str, **_: Any) -> str:
    """``{default:NAME}`` in a text is the setting's default as it is today, ``{file:PATH}`` the file."""
    return with_files(with_defaults(markdown))


def on_page_content(html: str, **_: Any) -> str:
    """What may be wider than the page scrolls by itself, with the keyboard too."""
    wide = '<div class="wide" role="group" aria-label="A table that scrolls" tabindex="0"><table>'
    return html.replace("<table>", wide).replace("</table>", "</table></div>").replace("<pre", '<pre tabindex="0"')


def on_post_build(config: MkDocsConfig) -> None:
    """No map for search engines: the handbook has no address that they could know."""
    for name in ("sitemap.xml", "sitemap.xml.gz"):
        (Path(config.site_dir) / name).unlink(missing_ok=True)
