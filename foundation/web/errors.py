"""Refusals as pages: what happened, what to do next, and a reference that the log knows."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask, Response, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from werkzeug.exceptions import HTTPException

from foundation import log
from foundation.errors import (
    Conflict,
    Invalid,
    NotAllowed,
    NotFound,
    PortalError,
    Problem,
    TooOften,
    Unavailable,
)
from foundation.web import machines, watching
from foundation.web.act import SignInFirst, sign_in_page

logger = log.get(__name__)


@dataclass(frozen=True, slots=True)
class Said:
    """The words of an error page."""

    heading: str
    explanation: str
    next_step: str


BY_STATUS = {
    400: Said("这一页没有提交成功", "页面放得太久，或者提交的内容不完整。", "请返回上一页，刷新后再提交。"),
    401: Said("还不能确认您的身份", "没有令牌，或者令牌已停用、已到期。", "请在“接口令牌”页核对或新建令牌。"),
    403: Said(
        "您的账号不能办理这一项",
        "这一项由别的单位或岗位办理。",
        "需要时请联系本单位管理员，或换一个身份登录。",
    ),
    404: Said("没有找到这一页", "地址不对，或者不归您查看。", "请从首页或列表重新进入。"),
    405: Said("不能这样打开这一页", "这个地址只接受页面上的按钮。", "请返回上一页，点按钮办理。"),
    409: Said("这一步现在不能办", "可能刚被别人办过，或者还没轮到这一步。", "请刷新办件，看看现在到哪一步。"),
    413: Said("提交的内容太大", "一次提交不能超过 100 MB。", "请压缩文件或分几次上传。"),
    422: Said("有内容需要改正", "下面列出了每一处。", "请返回上一页改正后再提交。"),
    429: Said("操作太频繁", "为保护账号安全，稍等片刻。", "请过几分钟再试。"),
    500: Said(
        "没有保存成功", "系统出错，已经记录下来。", "请返回上一页再试一次；还不行，请拨 12345，说下面的编号。"
    ),
    503: Said("暂时不能办理", "系统正忙或正在维护。", "您填的内容还在上一页，请过一会儿再提交。"),
}


def init(app: Flask) -> None:
    """Give every refusal its page."""
    app.register_error_handler(SignInFirst, _sign_in_first)
    app.register_error_handler(Invalid, _invalid)
    app.register_error_handler(CSRFError, lambda error: page(400, log_as="csrf refused"))
    app.register_error_handler(NotAllowed, _refusal(403))
    app.register_error_handler(NotFound, _refusal(404))
    app.register_error_handler(Conflict, _refusal(409))
    app.register_error_handler(TooOften, _too_often)
    app.register_error_handler(Unavailable, _refusal(503))
    app.register_error_handler(IntegrityError, _guarded)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unforeseen)


def page(
    status: int, *, log_as: str, explanation: str | None = None, problems: tuple[Problem, ...] = ()
) -> Response:
    """An error page with its reference; the log line carries the same reference. Machines get it as JSON."""
    reference = watching.number()
    said = BY_STATUS.get(status, BY_STATUS[500 if status >= 500 else 400])
    logger.warning(log_as, status=status, path=request.path, method=request.method)
    if machines.asked():
        detail = explanation or f"{said.explanation}{said.next_step}"
        return machines.problem(status, said.heading, detail, reference, problems)
    body = render_template(
        "errors/error.html",
        status=status,
        heading=said.heading,
        explanation=explanation or said.explanation,
        next_step="" if explanation else said.next_step,  # a message of ours says it already
        reference=reference,
        problems=problems,
    )
    return make_response(body, status)


def _sign_in_first(error: SignInFirst) -> ResponseReturnValue:
    return page(401, log_as="no bearer") if machines.asked() else sign_in_page()


def _http(error: HTTPException) -> Response:
    response = page(error.code or 500, log_as="http refused")
    for name, value in error.get_headers():
        if name.lower() in {"allow", "retry-after"}:
            response.headers[name] = value
    return response


def _refusal(status: int) -> Callable[[PortalError], Response]:
    return lambda error: page(status, log_as="refused", explanation=error.message)


def _too_often(error: TooOften) -> Response:
    response = page(429, log_as="too often", explanation=error.message)
    response.headers["Retry-After"] = str(error.seconds)
    return response


def _invalid(error: Invalid) -> Response:
    return page(422, log_as="invalid", problems=error.problems)


def _guarded(error: IntegrityError) -> Response:
    """A constraint of the database held: somebody did the same a moment earlier. Nothing was written."""
    logger.error("constraint held", exc_info=error, path=request.path, method=request.method)
    return page(409, log_as="constraint held")


def _unforeseen(error: Exception) -> Response:
    busy = isinstance(error, OperationalError) or (
        isinstance(error, DBAPIError) and error.connection_invalidated
    )
    logger.error("unforeseen", exc_info=error, path=request.path, method=request.method)
    return page(503 if busy else 500, log_as="unforeseen")
