"""What can go wrong in reading a zip: more kinds of error than the library has a name for."""

from __future__ import annotations

import lzma
import zipfile
import zlib

DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    NotImplementedError,  # packed in a way that nobody reads
    RuntimeError,  # locked with a password
    OSError,
    ValueError,  # a name in no encoding, a place before the file's begin
)
"""Whatever a zip may raise, when it is opened or while it is read, that is damaged or no zip after all."""
