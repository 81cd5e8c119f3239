"""The OpenAPI 3.1 document, made from the routes: what is described is there, what is there is described."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from flask import Flask
from pydantic.json_schema import models_json_schema
from werkzeug.routing import Rule as Route

from foundation.web.access import rule_of
from foundation.web.machines import PROBLEM
from portal.api.answers import Answer, Refusal
from portal.api.operations import RELEASE, Operation, operation_of

Json = dict[str, Any]
MADE = "openapi"
REFERENCE = "#/components/schemas/{model}"
ABOUT = (
    "惠企政策的事项、版本和公开的办理时限，不用登录；本企业的办件和匹配结果，用本企业的令牌读取。"
    "金额单位是分，时间带时区。参数留空等于没有写。出错时答复"
    " application/problem+json，errors 逐项列出要改的参数。"
)


def document(app: Flask, address: str) -> Json:
    """The whole document of *app*, which is reached at *address*."""
    if MADE not in app.extensions:
        app.extensions[MADE] = _made(app)
    return {**app.extensions[MADE], "servers": [{"url": address}]}


def _made(app: Flask) -> Json:
    """Made once: it takes as long as fifty pages, and everybody may ask for it."""
    operations = list(_operations(app))
    models: set[type[Answer]] = {Refusal, *(each.answer for _, each, _ in operations)}
    _, schemas = models_json_schema(
        [(model, "serialization") for model in sorted(models, key=lambda model: model.__name__)],
        ref_template=REFERENCE,
        by_alias=True,
    )
    return {
        "openapi": "3.1.0",
        "info": {"title": "惠企政策一站式兑现", "version": RELEASE, "description": ABOUT},
        "paths": {
            _path(route): {"get": _described(route, each, secret)} for route, each, secret in operations
        },
        "components": {
            "schemas": schemas["$defs"],
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "description": "在“接口令牌”页新建"}
            },
        },
    }


def _operations(app: Flask) -> Iterator[tuple[Route, Operation, bool]]:
    for route in sorted(app.url_map.iter_rules(), key=lambda route: route.rule):
        view = app.view_functions[route.endpoint]
        declared = operation_of(view)
        if declared is not None:
            yield route, declared, rule_of(view).bearer


def _path(route: Route) -> str:
    return re.sub(r"<(?:\w+(?:\([^)]*\))?:)?(\w+)>", r"{\1}", route.rule)


def _described(route: Route, operation: Operation, secret: bool) -> Json:
    headers = {"ETag": {"description": "内容的标记", "schema": {"type": "string"}}}
    answer: Json = {
        "description": (operation.answer.__doc__ or "").strip(),
        "content": _json(operation.answer),
    }
    responses: Json = {"200": answer | ({"headers": headers} if operation.by_catalogue else {})}
    if operation.by_catalogue:
        responses["304"] = {"description": "和您已有的一样"}
    described: Json = {
        "operationId": route.endpoint.rpartition(".")[2],
        "summary": operation.summary,
        "parameters": [*_in_path(route), *_in_query(operation)],
        "responses": responses | dict(_refusals(secret)),
    }
    return described | ({"security": [{"token": []}]} if secret else {})


def _in_path(route: Route) -> Iterator[Json]:
    for name in sorted(route.arguments):
        number = type(route._converters[name]).__name__ == "IntegerConverter"
        schema = {"type": "integer", "minimum": 0} if number else {"type": "string", "minLength": 1}
        yield {"name": name, "in": "path", "required": True, "schema": schema}


def _in_query(operation: Operation) -> Iterator[Json]:
    schema = operation.query.model_json_schema()
    for name, found in schema.get("properties", {}).items():
        described = _inlined(found, schema.get("$defs", {}))
        about = described.pop("description", described.pop("title", name))
        yield {
            "name": name,
            "in": "query",
            "required": False,
            "description": about,
            "schema": _or_empty(described),
        }


def _or_empty(schema: Json) -> Json:
    """A parameter without a value counts as not given; what is no text anyway has to say so."""
    if schema.get("type") == "string":
        return schema
    default = {} if schema.get("default") is None else {"default": schema["default"]}
    one = {name: value for name, value in schema.items() if name != "default"}
    kinds = [each for each in one.get("anyOf", [one]) if each.get("type") != "null"]
    return {"anyOf": [*kinds, {"const": ""}], **default}


def _inlined(found: Any, definitions: Mapping[str, Any]) -> Any:
    """A schema without references and titles: a parameter stands for itself."""
    if isinstance(found, list):
        return [_inlined(each, definitions) for each in found]
    if not isinstance(found, dict):
        return found
    if "$ref" in found:
        return _inlined(definitions[found["$ref"].rpartition("/")[2]], definitions)
    return {name: _inlined(value, definitions) for name, value in found.items() if name != "title"}


def _refusals(secret: bool) -> Iterator[tuple[str, Json]]:
    said = {"404": "没有，或者不归您查看", "422": "参数不对", "429": "太频繁，请稍后再试"}
    if secret:
        said["401"] = "没有令牌，或者令牌已停用、已到期"
    for status, words in sorted(said.items()):
        yield status, {"description": words, "content": _json(Refusal, PROBLEM)}


def _json(model: type[Answer], media_type: str = "application/json") -> Json:
    return {media_type: {"schema": {"$ref": REFERENCE.format(model=model.__name__)}}}
