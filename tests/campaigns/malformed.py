"""Bodies that nobody should send: broken JSON, wrong types, numbers beyond measure, half characters, endless nesting."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]

STRANGE: tuple[Any, ...] = (
    None, True, False, 0, -1, 1.5, 10**30, -(10**30), 1e308, 5e-324, float("nan"), float("inf"), [], {}, [[]], [None], {"": None},
    "", " ", "\x00", "\r\n", "ü" * 200, "\ud800", "a" * 20_000, "1", "true", "null", "2026-02-30", "9999-12-31", "0001-01-01",
    "24:00", "-0", "'; DROP TABLE records; --", "../../etc/passwd", "{{7*7}}", "<script>", "%00", [1] * 1000, {"a": {"b": [{}]}},
)  # fmt: skip
"""Values that a field of any type may get."""

OTHER_KINDS = ("text/plain", "application/xml", "multipart/form-data", "application/x-www-form-urlencoded", "x/y", "")


@dataclass(frozen=True)
class Sent:
    """A request: what is sent where."""

    method: str
    path: str
    body: bytes
    media_type: str


def malformed(document: Json, how_many: int, seed: int) -> Iterator[Sent]:
    """So many requests with bodies, over all operations of a document that take one; the same for the same seed."""
    chance = random.Random(seed)
    targets = [
        (method, path, media["example"])
        for path, item in sorted(document["paths"].items())
        for method, operation in sorted(item.items())
        for media in operation.get("requestBody", {}).get("content", {}).values()
    ]
    for _ in range(how_many):
        method, path, example = chance.choice(targets)
        spoil = chance.choice(SPOILING)
        media_type = chance.choice(OTHER_KINDS) if chance.random() < 0.05 else "application/json"
        yield Sent(method, path, spoil(chance, json.loads(json.dumps(example))), media_type)


def _other_value(chance: random.Random, example: Any) -> bytes:
    """One value, however deep, is another."""
    holder, key = chance.choice(list(_places(example)) or [([example], 0)])
    holder[key] = chance.choice(STRANGE)
    return _bytes(example)


def _other_name(chance: random.Random, example: Any) -> bytes:
    if not isinstance(example, dict) or not example:
        return _bytes([example])
    name = chance.choice(list(example))
    example[chance.choice(["", "__proto__", name.upper(), name + " ", "\ud800", "é" * 50])] = example.pop(name)
    return _bytes(example)


def _several(chance: random.Random, example: Any) -> bytes:
    for _ in range(chance.randint(2, 6)):
        example = json.loads(_other_value(chance, example))
    return _bytes(example)


def _whole(chance: random.Random, _: Any) -> bytes:
    return _bytes(chance.choice(STRANGE))


def _cut(chance: random.Random, example: Any) -> bytes:
    text = _bytes(example)
    return text[: chance.randrange(len(text))]


def _flipped(chance: random.Random, example: Any) -> bytes:
    text = bytearray(_bytes(example))
    for _ in range(chance.randint(1, 5)):
        text[chance.randrange(len(text))] = chance.randrange(256)
    return bytes(text)


def _nested(chance: random.Random, _: Any) -> bytes:
    depth = chance.choice([100, 1_000, 20_000, 200_000])
    return chance.choice([b"[" * depth, b"[" * depth + b"]" * depth, b'{"a":' * depth + b"1" + b"}" * depth])


def _long_number(chance: random.Random, example: Any) -> bytes:
    text = _bytes(example)
    number = chance.choice([b"9" * 5_000, b"1e999999999", b"-" + b"9" * 400, b"0." + b"1" * 5_000, b"1E400"])
    places = [at for at, char in enumerate(text) if 48 <= char <= 57] or [0]
    at = chance.choice(places)
    return text[:at] + number + text[at + 1 :]


def _twice(_: random.Random, example: Any) -> bytes:
    text = _bytes(example)
    return text[:-1] + b"," + text[1:] if text.endswith(b"}") else text + text


def _noise(chance: random.Random, _: Any) -> bytes:
    return chance.randbytes(chance.choice([0, 1, 10, 10_000]))


SPOILING: tuple[Callable[[random.Random, Any], bytes], ...] = (
    _other_value, _other_value, _other_value, _other_name, _several, _whole,
    _cut, _flipped, _nested, _long_number, _twice, _noise,
)  # fmt: skip


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every place in a JSON value that holds another: the holder, and the name or number in it."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in list(inside):
        yield value, key
        yield from _places(each)


def _bytes(value: Any) -> bytes:
    return json.dumps(value).encode()
