"""The OpenAPI document as a judge of real answers."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import yaml
from jsonschema import Draft202012Validator, FormatChecker

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "openapi.yaml"
PREFIX = "/ustaz/api/v1"


@cache
def document() -> dict[str, Any]:
    return yaml.safe_load(DOCUMENT.read_text(encoding="utf-8"))


def operation(method: str, path: str) -> dict[str, Any]:
    """Return the documented operation of a request."""
    for template, item in document()["paths"].items():
        pattern = re.sub(r"\{[a-z]+\}", "[^/]+", template)
        # `/staff/run` is a page of its own, not an action
        if re.fullmatch(pattern, path) and method in item:
            return item[method]
    raise AssertionError(f"{method} {path} is not documented")


def follow(node: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in node:
        target: Any = document()
        for part in node["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        node = target
    return node


def check(reply: httpx.Response) -> httpx.Response:
    """Assert that a real answer is what the document says, and return it."""
    request = reply.request
    path = request.url.path.partition(PREFIX)[2]
    described = operation(request.method.lower(), path)
    assert str(reply.status_code) in described["responses"], (
        f"{request.method} {path}: {reply.status_code} is not documented: {reply.text[:200]}"
    )
    content = follow(described["responses"][str(reply.status_code)]).get("content", {})
    if "application/json" in content:
        assert reply.headers["Content-Type"] == "application/json; charset=utf-8"
        schema = {
            **content["application/json"]["schema"],
            "components": document()["components"],
        }
        validator = Draft202012Validator(schema, format_checker=FormatChecker())
        problems = [
            f"{'/'.join(map(str, one.absolute_path))}: {one.message[:200]}"
            for one in validator.iter_errors(reply.json())
        ]
        assert problems == []
    return reply
