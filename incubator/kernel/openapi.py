"""What the generated OpenAPI document lacks: the bearer token, bodies that are required, and the shape of every refusal.

It describes what the web edge does for all operations alike; what one operation takes and gives stands beside its view.
"""

from collections.abc import Iterator
from typing import Any

from apiflask import APIFlask

METHODS = ("get", "post", "put", "patch", "delete")
PROBLEM = {
    "type": "object",
    "description": "A refusal: what to do next, and where it is about fields, the messages by field.",
    "properties": {
        "message": {"type": "string"},
        "fields": {"type": "object", "additionalProperties": {"type": "array", "items": {"type": "string"}}},
        "what": {"type": "object", "description": "What somebody else did first: actor, event, at, note."},
        "difference": {"type": "array", "items": {"type": "object"}, "description": "Field by field: yours, theirs."},
    },
    "required": ["message"],
}
ALWAYS = {401: "No live bearer token.", 404: "Absent, or not yours to see; a read-only token that writes is told so, too."}
WITH_INPUT = {422: "Something in the input cannot be accepted."}
WITH_BODY = {400: "The body is not JSON.", 413: "The body is too large.", 415: "The body is not declared as JSON."}
WRITING = {403: "Visible, but not yours to do.", 409: "Not possible now, or somebody else was first."}
INTRODUCTION = (
    "Bearer tokens are made on the page “API tokens” of a profile; the session cookie opens nothing here. "
    "Amounts are minor units with their currency, moments are UTC in ISO 8601, lists are paged by `cursor`."
)


FILE = {"type": "string", "format": "binary"}
FORM = {"type": "object", "properties": {"file": FILE}, "required": ["file"]}
_files: set[str] = set()


def takes_a_file(path: str) -> None:
    """Say that POST to `path` takes the bytes of a file as its body, or a form with it as `file`."""
    _files.add(path)


def install(app: APIFlask) -> None:
    app.spec_processor(complete)  # type: ignore[arg-type]  # it may also be text, which ours never is


def complete(spec: dict[str, Any]) -> dict[str, Any]:
    """The document with security, required bodies and refusals filled in."""
    spec["info"]["description"] = INTRODUCTION
    components = spec.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    for name in ("HTTPError", "ValidationError"):
        schemas.pop(name, None)
    schemas["Problem"] = PROBLEM
    components["securitySchemes"] = {"bearer": {"type": "http", "scheme": "bearer"}}
    spec["security"] = [{"bearer": []}]
    for path in _files & set(spec["paths"]):
        content = {"application/octet-stream": {"schema": FILE}, "multipart/form-data": {"schema": FORM}}
        spec["paths"][path]["post"]["requestBody"] = {"content": content}
    for method, operation in _operations(spec):
        _complete(method, operation)
    return spec


def _operations(spec: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path in spec["paths"].values():
        yield from ((method, path[method]) for method in METHODS if method in path)


def _complete(method: str, operation: dict[str, Any]) -> None:
    body = operation.get("requestBody")
    if body:
        body["required"] = True
    refusals = dict(ALWAYS)
    if body or any(p["in"] == "query" for p in operation.get("parameters", [])):
        refusals |= WITH_INPUT
    if body:
        refusals |= WITH_BODY
    if method != "get":
        refusals |= WRITING
    operation["security"] = [{"bearer": []}]
    given = {code: answer for code, answer in operation["responses"].items() if int(code) < 400}
    operation["responses"] = given | {str(code): _refusal(text) for code, text in sorted(refusals.items())}


def _refusal(text: str) -> dict[str, Any]:
    return {"description": text, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Problem"}}}}
