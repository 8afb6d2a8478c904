"""Errors as HTTP: the one place where a status code is chosen (RFC 9457 problem documents)."""

from __future__ import annotations

import logging
from http import HTTPStatus

from fastapi import APIRouter, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException

from errors import (
    BadQuestion,
    StoreError,
    UnknownConversation,
    UnknownPolicy,
    UserError,
    WenceError,
    explain,
)
from web.schemas import Problem

_log = logging.getLogger("wence")

_STATUS: tuple[tuple[type[WenceError], HTTPStatus], ...] = (
    (UnknownPolicy, HTTPStatus.NOT_FOUND),
    (UnknownConversation, HTTPStatus.NOT_FOUND),
    (BadQuestion, HTTPStatus.UNPROCESSABLE_ENTITY),
    (UserError, HTTPStatus.BAD_REQUEST),
    (StoreError, HTTPStatus.SERVICE_UNAVAILABLE),
    (WenceError, HTTPStatus.INTERNAL_SERVER_ERROR),
)
_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]


def problem(request: Request, status: HTTPStatus | int, detail: str) -> JSONResponse:
    """A problem document for one request."""
    status = HTTPStatus(status)
    body = Problem(
        title=status.phrase, status=status.value, detail=detail, instance=request.url.path
    )
    return JSONResponse(
        body.model_dump(), status_code=status.value, media_type="application/problem+json"
    )


def unknown_addresses(api: APIRouter) -> APIRouter:
    """The addresses under `/api` that its routes do not take: 405 for a wrong method, else 404."""
    routes = APIRouter(include_in_schema=False)
    known = [route for route in api.routes if isinstance(route, APIRoute)]

    @routes.api_route("/api/{rest:path}", methods=_METHODS)
    async def unknown(request: Request, rest: str) -> JSONResponse:
        there = [route for route in known if route.path_regex.match(request.url.path)]
        if there:
            allowed = "、".join(
                sorted({method for route in there for method in route.methods or ()})
            )
            return problem(request, 405, f"这个地址只接受 {allowed} 请求")
        return problem(request, 404, f"没有 /api/{rest} 这个接口；接口列表见 /docs")

    return routes


def install(app: FastAPI) -> None:
    """Answer every error of an app with a problem document."""

    @app.exception_handler(WenceError)
    async def _ours(request: Request, error: WenceError) -> JSONResponse:
        status = next(status for kind, status in _STATUS if isinstance(error, kind))
        return problem(request, status, str(error))

    @app.exception_handler(RequestValidationError)
    async def _bad_request(request: Request, error: RequestValidationError) -> JSONResponse:
        first = error.errors()[0]
        if first["type"] == "json_invalid":
            reason = first.get("ctx", {}).get("error", "")
            return problem(request, 400, f"请求体不是合法的 JSON({reason})，请检查引号和括号")
        place = ".".join(str(part) for part in first["loc"] if part != "body") or "请求体"
        reason = explain(first["type"], str(first["msg"]))
        return problem(request, 422, f"{place}：{reason}")

    @app.exception_handler(HTTPException)
    async def _http(request: Request, error: HTTPException) -> JSONResponse:
        detail = "没有这个地址；接口列表见 /docs" if error.status_code == 404 else str(error.detail)
        return problem(request, error.status_code, detail)

    @app.exception_handler(Exception)
    async def _unforeseen(request: Request, error: Exception) -> JSONResponse:
        _log.error("unforeseen error on %s", request.url.path, exc_info=error)
        return problem(request, 500, "服务出错了，请稍后再试；详情见服务日志")
