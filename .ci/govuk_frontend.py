"""Makes `api/pages/assets/govuk-frontend.css` of the npm package that `package-lock.json` beside it names.

    python3 .ci/govuk_frontend.py           write it
    python3 .ci/govuk_frontend.py --check   say whether it is what the package gives; exit code 1 where it is not (0, and told,
                                            where npm cannot bring the package)

For another version change package.json, then there: npm install --omit-lockfile-registry-resolved --ignore-scripts. The file is
the built stylesheet but for what may not be served here, or asks for a file: the font of GOV.UK, licensed for that domain alone,
and the royal crest. Needs npm; running the service and its tests does not.
"""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
from pathlib import Path

ASSETS = Path(__file__).parent.parent / "api" / "pages" / "assets"
FILE = ASSETS / "govuk-frontend.css"
FONT_FACES = re.compile(r"(/\*!(?:(?!\*/).)*\*/)?@font-face\{[^}]*\}", re.DOTALL)
CREST = re.compile(r"[^{}]*__copyright-logo:before\{[^}]*\}")
EMPTY = re.compile(r"@(?:supports|media)[^{}]*\{\}")
MAP = re.compile(r"/\*# sourceMappingURL=[^*]*\*/")
FONT = "GDS Transport,arial,sans-serif"
ANOTHER_PACKAGE = ("EINTEGRITY", "EUSAGE")
"""What npm says where what came, or what is asked for, is not what the lock has: that is no registry that is away."""


def cut(style: str) -> str:
    """The stylesheet without what is not served. Raises ``ValueError`` where it still names a file or the font."""
    for each in (FONT_FACES, CREST, EMPTY, MAP):
        style = each.sub("", style)
    style = style.replace(FONT, "Arial,Helvetica,sans-serif").strip() + "\n"
    if "url(" in style or "@import" in style or "GDS Transport" in style:
        raise ValueError("the stylesheet still asks for a file, or for a font that may not be served")
    return style


def headed(style: str, version: str, integrity: str) -> str:
    """With its origin, licence and digest in front."""
    digest = hashlib.sha256(style.encode()).hexdigest()
    return (
        f"/*! govuk-frontend {version}, MIT licence (govuk-frontend.LICENSE.txt), Crown Copyright (Government Digital Service).\n"
        f"npm package {integrity}, without its fonts and crest.\nsha256 of what follows {digest} */\n{style}"
    )


def made() -> str:
    """What the package of the lock gives; npm holds it to its integrity."""
    asked = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    subprocess.run(asked, cwd=ASSETS, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    locked = json.loads((ASSETS / "package-lock.json").read_text(encoding="utf-8"))["packages"]["node_modules/govuk-frontend"]
    built = ASSETS / "node_modules" / "govuk-frontend" / "dist" / "govuk" / "govuk-frontend.min.css"
    return headed(cut(built.read_text(encoding="utf-8")), locked["version"], locked["integrity"])


def main() -> int:
    check = "--check" in sys.argv[1:]
    try:
        now = made()
    except subprocess.CalledProcessError as failure:
        print(failure.stderr, file=sys.stderr, end="")
        if not check or any(f"code {each}" in failure.stderr for each in ANOTHER_PACKAGE):
            return 1
        print(f"{FILE.name} was not compared: npm could not bring the package. Its digest is held by a test.", file=sys.stderr)
        return 0
    if not check:
        FILE.write_text(now, encoding="utf-8")
        return 0
    if FILE.read_text(encoding="utf-8") == now:
        return 0
    print(f"{FILE.name} is not what the locked package gives: python3 .ci/govuk_frontend.py", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
