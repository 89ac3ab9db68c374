"""One REST call and its answer, the same for a request over HTTP and for a subrequest of a composite."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NoReturn

from sandbox.salesforce.errors import CallError, UnreadableError
from sandbox.salesforce.jsonvalue import Json


@dataclass(slots=True)
class Answer:
    """Status, JSON body (or ready bytes, or nothing) and headers; `rows` counts the rows that were written."""

    status: int
    body: Json = None
    headers: dict[str, str] = field(default_factory=dict)
    rows: int = 0


@dataclass(slots=True)
class Call:
    """What is asked: `segments` is the decoded path after the version, `version` the number in the path."""

    method: str
    segments: list[str]
    query: Mapping[str, str]
    headers: Mapping[str, str]
    version: float
    raw: bytes = b""
    parsed: Json = None
    outer_all_or_none: bool = False

    @property
    def root(self) -> str:
        """The path that resources of this API version start with."""
        return f"/services/data/v{self.version:.1f}"

    def document(self) -> Json:
        """The JSON body; broken JSON is JSON_PARSER_ERROR (verified code, text inferred), another type is 415."""
        if self.parsed is None:
            kind = self.headers.get("content-type", "application/json")
            if "json" not in kind:
                raise CallError(415, "UNSUPPORTED_MEDIA_TYPE", "Unsupported Media Type")
            self.parsed = _parse(self.raw)
        return self.parsed

    def mapping(self) -> dict[str, Json]:
        """The JSON body as an object."""
        document = self.document()
        if not isinstance(document, dict):
            raise unreadable(UnreadableError("object", document), "")
        return document

    def text(self) -> str:
        """The body as it stands, to name a line and column in."""
        return self.raw.decode("utf-8", "replace") if self.raw else json.dumps(self.parsed)


def _parse(raw: bytes) -> Json:
    try:
        return json.loads(raw, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        at = f"[line:{getattr(error, 'lineno', 1)}, column:{getattr(error, 'colno', 1)}]"
        what = getattr(error, "msg", str(error))
        raise CallError(400, "JSON_PARSER_ERROR", f"{what} at {at}") from None


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"Non-standard token '{name}': enable JsonParser.Feature.ALLOW_NON_NUMERIC_NUMBERS to allow")


TOKEN_NAMES = {
    int: "VALUE_NUMBER_INT",
    float: "VALUE_NUMBER_FLOAT",
    str: "VALUE_STRING",
    dict: "START_OBJECT",
    list: "START_ARRAY",
}


def token_name(value: Json) -> str:
    """The JSON parser's name for a value's first token."""
    if isinstance(value, bool):
        return "VALUE_TRUE" if value else "VALUE_FALSE"
    return TOKEN_NAMES.get(type(value), "VALUE_NULL")


def unreadable(error: UnreadableError, text: str) -> CallError:
    """400 JSON_PARSER_ERROR for a value of the wrong type, with its place in the body (verified text)."""
    value = error.value
    token = token_name(value)
    shown = "" if isinstance(value, dict | list) else f" value {_shown(value)}"
    line, column = _place(text, error.field, value)
    message = (
        f"Cannot deserialize instance of {error.type_name} from {token}{shown} "
        f"or request may be missing a required field at [line:{line}, column:{column}]"
    )
    return CallError(400, "JSON_PARSER_ERROR", message)


def _shown(value: Json) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _place(text: str, field_name: str, value: Json) -> tuple[int, int]:
    """Line and column of the value: the first time that the field holds it."""
    start = 0
    for literal in (json.dumps(value), json.dumps(value, ensure_ascii=False)):
        for between in (": ", ":"):
            found = text.find(f'"{field_name}"{between}{literal}')
            if found >= 0:
                start = found + len(field_name) + 2 + len(between)
                return text.count("\n", 0, start) + 1, start - text.rfind("\n", 0, start)
    return 1, start + 1
