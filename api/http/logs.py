"""The service's log: JSON lines on standard error, in which nothing personal can stand.

What is logged is chosen where it is logged: route templates, counts, kinds of error. What else a library may want to say is
held back, since nobody knows what stands in it; and a member named like a personal column is dropped, whoever wrote it.
"""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Mapping, MutableMapping
from types import TracebackType
from typing import Any, TextIO

import structlog

from api.http.repeats import Repeats
from optimiser.io.schema import TABLES

REFERENCES = frozenset({"package_id", "package_ids", "offer_id", "offer_ids", "visit_id", "visit_ids", "subject", "details"})
VALUES = frozenset({"path", "url", "query", "query_string", "body", "headers", "exc_info", "exception", "stack_info", "token"})
NEVER = frozenset({each.name for table in TABLES.values() for each in table if each.personal}) | REFERENCES | VALUES
"""Members that no line has: the personal columns, references to people, and whatever holds what was asked or answered."""

OURS, AROUND_ALL = (
    ("api.", "optimiser."),
    ("api.http.observing:", "api.http.admission:", "api.http.head:", "api.http.addresses:", "api.acts.judged_first:"),
)
"""Our own code; and what every request passes through, which is no place to look for a defect."""

SPEAKS = "uvicorn"
"""The one library whose messages are logged, without what is filled into them; of others only the name and the level."""


def without_personal(_: object, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """The last line of defence."""
    return _cleaned(event)


def _cleaned(event: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _clean(value) for name, value in event.items() if name not in NEVER}


def _clean(value: Any) -> Any:
    if isinstance(value, Mapping):
        return _cleaned(value)
    if isinstance(value, list | tuple):
        return [_clean(each) for each in value]
    return value


def place_of(error: BaseException) -> str:
    """Where an exception was raised, as MODULE:LINE, after the last place of ours on the way to it; no message and no values."""
    trace, places = error.__traceback__, []
    while trace is not None:
        places.append(f"{trace.tb_frame.f_globals.get('__name__', 'unknown')}:{trace.tb_lineno}")
        trace = trace.tb_next
    ours = [place for place in places if place.startswith(OURS) and not place.startswith(AROUND_ALL)]
    return " > ".join(dict.fromkeys([*ours[-1:], *places[-1:]])) or "unknown"


class _Handler(logging.Handler):
    """What libraries log, as lines of ours, each cause once a minute."""

    def __init__(self) -> None:
        super().__init__()
        self._repeats = Repeats()

    def emit(self, record: logging.LogRecord) -> None:
        speaks = record.name.split(".")[0] == SPEAKS
        more = {}
        if record.exc_info and record.exc_info[1] is not None:
            more = {"error": type(record.exc_info[1]).__name__, "at": place_of(record.exc_info[1])}
        said = str(record.msg).strip() if speaks else "a message of a library, held back"
        unsaid = self._repeats.due(record.name, said, *more.values())
        if unsaid is not None:
            structlog.get_logger(record.name).log(record.levelno, said, **more, **unsaid)


def configure(stream: TextIO | None = None) -> None:
    """From now on everything is logged to ``stream`` (standard error), as one JSON object a line."""
    stream = stream or sys.stderr
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="at_utc"),
            without_personal,
            structlog.processors.JSONRenderer(sort_keys=True, default=lambda value: type(value).__name__),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.WriteLoggerFactory(file=stream),
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(handlers=[_Handler()], level=logging.WARNING, force=True)
    threading.excepthook = _thread_ended
    sys.excepthook = _process_ended


def _thread_ended(ended: threading.ExceptHookArgs) -> None:
    if ended.exc_value is not None:
        structlog.get_logger("api").error("a thread ended", error=ended.exc_type.__name__, at=place_of(ended.exc_value))


def _process_ended(kind: type[BaseException], error: BaseException, _: TracebackType | None) -> None:
    structlog.get_logger("api").critical("the service ended", error=kind.__name__, at=place_of(error))
