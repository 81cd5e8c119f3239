"""One number a request: in its answer, its error page, its log lines; and counters for whoever watches."""

import secrets
import time

from flask import Flask, current_app, g, request
from prometheus_client import Counter, Histogram
from werkzeug.wrappers import Response

from foundation import log

REQUESTS = Counter("portal_requests", "Requests answered.", ("endpoint", "status"))
ACTS = Histogram("portal_act_seconds", "How long an act took, its wait for locks included.", ("endpoint",))
HEADER = "X-Request-Id"
# an answer that took longer is told in the log, whatever it was
SLOW_SECONDS = 1.0

logger = log.get(__name__)


def init(app: Flask) -> None:
    """Watch every request of *app*; called before anything that may refuse one."""
    app.before_request(_begin)
    app.after_request(_end)


def number() -> str:
    """The number of this request, as an error page tells it and the log knows it."""
    if "request_number" not in g:
        g.request_number = secrets.token_hex(4).upper()
    return str(g.request_number)


def _begin() -> None:
    g.began = time.perf_counter()
    log.fresh(request=number())


def _end(response: Response) -> Response:
    endpoint, took = request.endpoint or "none", time.perf_counter() - g.get("began", time.perf_counter())
    response.headers[HEADER] = number()
    REQUESTS.labels(endpoint, response.status_code).inc()
    is_act = getattr(current_app.view_functions.get(endpoint), "acts", False)
    if is_act:
        ACTS.labels(endpoint).observe(took)
    if is_act or took > SLOW_SECONDS:
        told = "act" if is_act else "slow request"
        logger.info(told, endpoint=endpoint, status=response.status_code, ms=round(took * 1000))
    return response
