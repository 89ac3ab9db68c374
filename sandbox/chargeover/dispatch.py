"""From method, path, query and body to an answer: the whole API without HTTP.

Commands are named as in ChargeOver's own refusals: list, get, create, modify, delete. Actions come in both forms,
``POST /invoice/5?action=void`` and ``POST /invoice/5/_action/void``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from sandbox.chargeover import query
from sandbox.chargeover.aggregate import aggregate
from sandbox.chargeover.company import Company
from sandbox.chargeover.envelope import Answer, Refusal
from sandbox.chargeover.kind import Kind
from sandbox.chargeover.objects import KINDS
from sandbox.chargeover.table import Row
from sandbox.chargeover.where import clauses_of

PREFIX = "/api/v3/"
_COMMANDS = {"GET": "get", "POST": "create", "PUT": "modify", "DELETE": "delete"}


@dataclass(frozen=True, slots=True)
class Request:
    """One API request, already authorized; ``path`` is what follows /api/v3/."""

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    body: Any = None


def answer(company: Company, request: Request) -> Answer:
    """Do what a request asks; refusals come back as answers."""
    try:
        return _answer(company, request)
    except Refusal as refusal:
        return Answer.refused(refusal)


def _answer(company: Company, request: Request) -> Answer:
    name, _, rest = request.path.strip("/").partition("/")
    special = _SPECIAL.get(name)
    if special is not None and request.method == "POST":
        return Answer(200, special(company, request))
    kind = KINDS.get({"billing_package": "package"}.get(name, name))
    if kind is None:
        command = "list" if request.method == "GET" and not rest else _COMMANDS.get(request.method, request.method)
        message = f"The object type requested is not supported: {command}({name}, {rest})"
        raise Refusal(400, message)
    if not rest:
        return _on_collection(company, kind, request)
    if rest == "_count":
        where = clauses_of(request.query.get("where", ""))
        return Answer(200, sum(1 for _ in query.matching(company, kind, where)))
    key, _, action = rest.partition("/")
    if key == "_action":
        return _collection_action(company, kind, action, request)
    row = _row(company, kind, key)
    return _on_row(company, kind, row, request, action.removeprefix("_action/"))


def _row(company: Company, kind: Kind, key: str) -> Row:
    table = company.tables[kind.name]
    if key.startswith("token:"):
        found = table.rows_with("token", key.removeprefix("token:"))
        row = found[0] if found and "token" in kind.types else None
    else:
        row = table.get(int(key)) if key.isdecimal() else None
    if row is None:
        raise Refusal.gone(kind.name)
    return row


def _on_collection(company: Company, kind: Kind, request: Request) -> Answer:
    if request.method == "GET":
        page = query.page_of(company, kind, request.query)
        rows = query.rows(company, kind, page)
        return Answer(200, [kind.text(company, row, expand=page.expand) for row in rows])
    if request.method == "POST" and request.query.get("action"):
        return _collection_action(company, kind, request.query["action"], request)
    if request.method != "POST" or kind.create is None:
        raise Refusal.unsupported(_COMMANDS.get(request.method, request.method), kind.name)
    body = _object(request.body)
    if not body:
        raise Refusal.missing("No data")
    row_id = kind.create(company, body)
    return Answer(201, {"id": row_id}, headers=_location(company, kind, row_id))


def _collection_action(company: Company, kind: Kind, action: str, request: Request) -> Answer:
    act = kind.collection_actions.get(action)
    if request.method != "POST" or act is None:
        raise Refusal.unsupported(action, kind.name)
    row_id = act(company, _object(request.body))
    return Answer(201, {"id": row_id}, headers=_location(company, kind, row_id))


def _on_row(company: Company, kind: Kind, row: Row, request: Request, action: str) -> Answer:
    row_id = row[kind.key]
    if request.method == "GET" and not action:
        if row_id in company.unseen(kind.name):
            raise Refusal.gone(kind.name)
        return Answer(200, kind.shown(company, row, alone=True))
    if request.method == "PUT" and kind.update is not None:
        body = _object(request.body)
        if not body:
            raise Refusal.missing("No data")
        kind.update(company, row, body)
        return Answer(202, {"id": row_id}, headers=_location(company, kind, row_id))
    if request.method == "DELETE" and kind.delete is not None:
        kind.delete(company, row)
        return Answer(200, response=True)
    action = action or request.query.get("action", "")
    act = kind.actions.get(action)
    if request.method != "POST" or act is None:
        raise Refusal.unsupported(action or _COMMANDS.get(request.method, request.method), kind.name, row_id)
    return Answer(200, act(company, row, _object(request.body)))


def _object(body: object) -> Row:
    if body is None:
        return {}
    if not isinstance(body, dict):
        raise Refusal.invalid("body", body)
    return body


def _location(company: Company, kind: Kind, row_id: object) -> dict[str, str]:
    return {"Location": f"https://{company.settings.host}{PREFIX}{kind.name}/{row_id}"}


def _bulk(company: Company, request: Request) -> object:
    """Several requests in one [PHP SDK, Bulk.php]; each is answered for itself."""
    if not isinstance(request.body, list):
        raise Refusal.invalid("body", request.body)
    return {"_bulk": [answer(company, _part(each)).envelope() for each in request.body]}


def _part(asked: Any) -> Request:  # noqa: ANN401 -- any JSON value
    if not isinstance(asked, dict) or not str(asked.get("uri", "")).startswith(PREFIX):
        raise Refusal.invalid("uri", asked)
    path, _, parameters = str(asked["uri"]).removeprefix(PREFIX).partition("?")
    method = str(asked.get("request_method", "GET")).upper()
    return Request(method, path, dict(parse_qsl(parameters)), asked.get("payload"))


_SPECIAL: Mapping[str, Callable[[Company, Request], object]] = {
    "_bulk": _bulk,
    "_aggregate": lambda company, request: aggregate(company, _object(request.body)),
}
