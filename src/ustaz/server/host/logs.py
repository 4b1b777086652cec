"""The access log of a server with Ustaz in it: which address was asked, never what was asked for.

Jupyter Server writes whole addresses, with the question behind ``?`` and the page that one came
from, and at faults some headers. A search for a name would stand there.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, MutableMapping
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from tornado.log import app_log, gen_log

from ustaz.server import templates
from ustaz.server.host.tornado import Answering


def install(settings: MutableMapping[str, Any], log: logging.Logger) -> None:
    """Put our access log in the place of the host's; its other duties stay."""
    quieten(log)
    host = settings.get("log_function")
    metrics = _metrics() if _counts(host) else None
    settings["log_function"] = partial(log_request, also=metrics)


class Nameless(logging.Filter):
    """Takes addresses and messages out of what the web framework and the host say of failures.

    They quote the whole address, and a message may quote a file's name or what somebody wrote.
    Status, kind and place stay.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Change a line where it needs it; leave none out."""
        text, arguments = str(record.msg), record.args
        if text.startswith("%d %s: ") and isinstance(arguments, tuple) and len(arguments) > 1:
            method = str(arguments[1]).partition(" ")[0]
            record.msg, record.args = "%d %s", (arguments[0], method if method.isupper() else "?")
        elif text.startswith(("Uncaught exception", "Exception in ")):
            record.msg, record.args = "Uncaught exception", ()
        elif text.startswith("wrote error:"):
            record.msg, record.args = "wrote error", ()
        else:
            return True
        if record.exc_info and record.exc_info[0] is not None:
            kind, _, trace = record.exc_info
            record.msg += f": {templates.where(kind, trace)}"
        record.exc_info = record.exc_text = None
        return True


def quieten(*more: logging.Logger) -> None:
    """Install the filter, once."""
    for logger in (gen_log, app_log, *more):
        if not any(isinstance(filter_, Nameless) for filter_ in logger.filters):
            logger.addFilter(Nameless())


def _counts(host: object) -> bool:
    return bool(getattr(host, "keywords", {}).get("record_prometheus_metrics"))


def _metrics() -> Callable[[Any], None]:
    from jupyter_server.prometheus.log_functions import prometheus_log_method

    measure: Callable[[Any], None] = prometheus_log_method
    return measure


def log_request(handler: Any, also: Callable[[Any], None] | None = None) -> None:  # noqa: ANN401
    """Log status, method, address and time of one request."""
    status = handler.get_status()
    level = (
        logging.DEBUG
        if status < 300 or status == 304
        else logging.INFO
        if status < 400
        else logging.WARNING
        if status < 500
        else logging.ERROR
    )
    log = getattr(handler, "log", None) or logging.getLogger("ustaz")
    took = 1000 * handler.request.request_time()
    log.log(level, "%d %s %s %.0f ms", status, _method(handler), address(handler), took)
    if also is not None:
        also(handler)


def _method(handler: Any) -> str:  # noqa: ANN401
    method = str(handler.request.method)
    return method if method in handler.SUPPORTED_METHODS else "?"


def address(handler: Any) -> str:  # noqa: ANN401
    """Return an address as it may be logged.

    Ours are told by their pattern with the ids that fit it; of what a reader may have typed
    (paths in the book, addresses that do not exist) nothing is told; of the host's own, only the
    part: notebooks have names, and names of people get into them.
    """
    if not isinstance(handler, Answering):
        if type(handler).__module__.startswith("tornado.") or handler.get_status() == 404:
            return "/…"
        path = urlsplit(handler.request.uri or "").path
        parts = path.removeprefix(handler.settings.get("base_url", "/")).lstrip("/").split("/")
        shown = 2 if parts[0] == "api" else 1
        return "/" + "/".join([*parts[:shown], *(["…"] if len(parts) > shown else [])])
    route = getattr(handler, "route", None)
    if route is None:
        return "/…"
    kept = route.pattern
    for name, value in (handler.path_kwargs or {}).items():
        kept = _filled(kept, name, "…" if name in {"path", "name", "secret"} else value)
    kept = "…" if kept == ".*" else kept
    return f"ustaz/{'api/v1/' if route.api else ''}{kept}"


def _filled(pattern: str, name: str, value: object) -> str:
    """Put a value in the place of a pattern's named group."""
    start = pattern.find(f"(?P<{name}>")
    if start < 0:
        return pattern
    end, depth = start, 0
    for end in range(start, len(pattern)):
        depth += {"(": 1, ")": -1}.get(pattern[end], 0)
        if not depth:
            break
    return f"{pattern[:start]}{value}{pattern[end + 1 :]}"
