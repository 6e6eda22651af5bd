"""A form with a file, as browsers send it: bytes stay bytes, and whatever is no such form is refused."""

from __future__ import annotations

import pytest

from api.http import sent_files
from api.http.errors import Problem
from api.http.sent_files import SentFile, read_parts

MARK = b"--xyz"


def part(head: str, content: bytes) -> bytes:
    return MARK + b"\r\n" + head.encode() + b"\r\n\r\n" + content + b"\r\n"


STEP = part('Content-Disposition: form-data; name="step"', b" look ")
BYTES = bytes(range(256)) + b"\r\n--xy\r\n\n\r"
FILE = part('content-disposition: form-data; name="file"; filename="a;b \\"c\\".zip"\r\nContent-Type: application/zip', BYTES)
END = MARK + b"--\r\n"


def test_fields_and_files_come_as_they_were_sent() -> None:
    found = read_parts(STEP + FILE + END, b"xyz")
    assert found.fields == {"step": "look"}
    assert found.files == {"file": SentFile('a;b "c".zip', BYTES)}
    assert "zip" in repr(found.files["file"]) and "x00" not in repr(found.files["file"]), "its content stands in no log"
    nothing = part('Content-Disposition: form-data; name="file"; filename=""', b"")
    assert read_parts(nothing + END, b"xyz").files == {"file": SentFile()}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        END,
        STEP,
        STEP + STEP + END,
        b"before" + STEP + END,
        part("X-Name: step", b"") + END,
        part('Content-Disposition: attachment; name="a"', b"") + END,
        part('Content-Disposition: form-data; filename="a"', b"") + END,
        part('Content-Disposition: form-data; name="a"', b"\xff") + END,
        part('Content-Disposition: form-data; name="a"', b"x" * 10_001) + END,
        MARK + b"\r\nContent-Disposition: form-data; name=a\r\n" + END,
        b"".join(part(f'Content-Disposition: form-data; name="a{number}"', b"") for number in range(51)) + END,
    ],
)
def test_what_is_no_such_form_is_refused(body: bytes) -> None:
    with pytest.raises(Problem) as refused:
        read_parts(body, b"xyz")
    assert refused.value.code == "malformed"


def test_a_head_that_would_take_long_to_read_is_refused_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    """How long the library takes over a parameter whose quotes do not end grows with the square of what follows."""
    longest = 'Content-Disposition: form-data; name="a"; filename="' + "\N{LATIN SMALL LETTER E WITH ACUTE}" * 255 + '"'
    assert len(read_parts(part(longest, b"") + END, b"xyz").files["a"].name) == 255, "so long are names of files"
    monkeypatch.setattr(sent_files, "Message", lambda: pytest.fail("it was read"))
    with pytest.raises(Problem):
        read_parts(part('Content-Disposition: form-data; name="' + ";" * 100_000, b"") + END, b"xyz")
