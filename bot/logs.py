"""What happened, one line an event: no words of people, no secrets."""

import logging
import sys
from collections.abc import Mapping, MutableMapping
from contextlib import suppress
from pathlib import Path
from typing import Any, TextIO, cast

import structlog

_secrets: list[str] = []


def hide(secret: str) -> None:
    """From now on this never appears in a log line, whoever writes it."""
    if secret and secret not in _secrets:
        _secrets.append(secret)


def configure(level: str = "INFO") -> None:
    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _where_it_broke,
        _without_secrets,
    ]
    structlog.configure(
        processors=[*shared, structlog.processors.JSONRenderer(ensure_ascii=False)],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=structlog.PrintLoggerFactory(cast("TextIO", _Stderr())),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    # Libraries speak up from WARNING on: at INFO, httpx would write whole URLs with the token in them.
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    # A tick that comes while the last one is still at work is left out on purpose, and is nothing to warn of.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)


class _Stderr:
    """The disk that is full may be the log's own: a line that cannot be written is lost, and stops nobody."""

    def write(self, line: str) -> None:
        with suppress(OSError):
            sys.stderr.write(line)

    def flush(self) -> None:
        with suppress(OSError):
            sys.stderr.flush()


def _where_it_broke(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
    """The kind of an error and the lines it came through. Its message may hold words of people and is left out."""
    info = event.pop("exc_info", None)
    error = sys.exc_info()[1] if info is True else info[1] if isinstance(info, tuple) else info
    if isinstance(error, BaseException):
        # A disk's fault has a name of its own, without which nobody knows what to do.
        event["error"] = getattr(error, "sqlite_errorname", type(error).__name__)
        event["at"] = _lines(error)
    return event


def _lines(error: BaseException) -> list[str]:
    frames = []
    trace = error.__traceback__
    while trace:
        code = trace.tb_frame.f_code
        frames.append(f"{Path(code.co_filename).name}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return frames[-6:]


def _without_secrets(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
    for key, value in event.items():
        for secret in _secrets:
            if isinstance(value, str) and secret in value:
                value = event[key] = value.replace(secret, "[hidden]")
    return event
