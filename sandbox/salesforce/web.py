"""Puts an org behind HTTP: login, versions, the REST resources, and the admin path when asked for."""

import json
from collections.abc import Awaitable, Callable
from email.utils import format_datetime
from functools import partial
from itertools import count
from time import monotonic
from urllib.parse import parse_qsl, unquote

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.salesforce.admin import admin_routes
from sandbox.salesforce.bulk.processing import resume
from sandbox.salesforce.call import Answer, Call
from sandbox.salesforce.composite import composite
from sandbox.salesforce.deploying.applying import settle
from sandbox.salesforce.errors import CallError
from sandbox.salesforce.jsonvalue import Json
from sandbox.salesforce.mishaps import LONG_LIMIT, Mishaps
from sandbox.salesforce.oauth.web import oauth_routes
from sandbox.salesforce.org import Org
from sandbox.salesforce.resources import version_of, versions
from sandbox.salesforce.routes import dispatch, kind_of
from sandbox.salesforce.transaction import transact

JSON_TYPE = "application/json;charset=UTF-8"
LONGEST_ADDRESS = 16_384
METHODS = ["GET", "POST", "PATCH", "PUT", "DELETE"]

Endpoint = Callable[[Request], Awaitable[Response]]


def app(org: Org, *, admin: bool = False) -> Starlette:
    """The org as an ASGI application; faults and state are reachable only with `admin`."""
    routes = [
        *oauth_routes(org),
        Route("/services/data", _versions_endpoint, methods=["GET"]),
        Route("/services/data/", _versions_endpoint, methods=["GET"]),
        Route("/services/data/{version}", _rest_endpoint(org), methods=METHODS),
        Route("/services/data/{version}/{rest:path}", _rest_endpoint(org), methods=METHODS),
    ]
    made = Starlette(routes=[*(admin_routes(org) if admin else []), *routes])
    made.add_middleware(Mishaps, org=org)
    return made


async def _versions_endpoint(_: Request) -> Response:
    return _json(versions(), 200)


def _rest_endpoint(org: Org) -> Endpoint:
    numbers = count(1)

    async def endpoint(request: Request) -> Response:
        raw, begun = await request.body(), monotonic()
        segments = _segments(request)
        resume(org)
        settle(org)
        answer = await _answer(org, request, segments, raw, begun)
        org.requests.note(request.method, request.url.path, kind_of(segments[1:]), answer.status, answer.rows)
        date = format_datetime(org.clock.now(), usegmt=True)
        headers = {**answer.headers, "Date": date, "X-Request-Id": f"{next(numbers):032x}"}
        if answer.status != 401:
            headers["Sforce-Limit-Info"] = org.allowance.header()
        if answer.body is None or isinstance(answer.body, bytes):
            return Response(answer.body, answer.status, headers)
        return _json(answer.body, answer.status, headers)

    return endpoint


def _segments(request: Request) -> list[str]:
    """The path below /services/data in parts, each decoded by itself: %2F stays inside its part (verified)."""
    path = request.scope.get("raw_path", request.url.path.encode()).decode("ascii", "replace").partition("?")[0]
    return [unquote(part) for part in path.split("/")[3:] if part]


async def _answer(org: Org, request: Request, segments: list[str], raw: bytes, begun: float) -> Answer:
    """The answer to a call, errors included; every call by a good session counts, refused ones too."""
    try:
        _check_session(org, request)
        _check_call(org, request)
        query = dict(parse_qsl(request.url.query, keep_blank_values=True))
        version = version_of(segments[0])
    except CallError as error:
        return Answer(error.status, error.body)
    call = Call(request.method, segments[1:], query, request.headers, version, raw)
    work = partial(_work, org, call)
    if not org.pace.calls_take_time and not org.locks.holders:
        return work()
    with org.running.one():
        return await transact(org, work, lambda answer: org.pace.last(answer.rows, begun))


def _work(org: Org, call: Call) -> Answer:
    try:
        if call.segments == ["composite"] and call.method == "POST":
            return composite(org, call)
        return dispatch(org, call)
    except CallError as error:
        return Answer(error.status, error.body)


def _check_session(org: Org, request: Request) -> None:
    kind, _, given = request.headers.get("authorization", "").partition(" ")
    if kind.lower() not in {"bearer", "oauth"} or not org.sessions.use(given):
        raise CallError(401, "INVALID_SESSION_ID", "Session expired or invalid")


def _check_call(org: Org, request: Request) -> None:
    if not org.client_app.user_has_api:
        raise CallError(403, "API_DISABLED_FOR_ORG", "API is not enabled for this Organization or Partner")
    if org.allowance.spent:
        raise CallError(403, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.")
    org.allowance.count()
    if org.running.crowded:
        raise CallError(403, *LONG_LIMIT)
    size = len(str(request.url)) + sum(len(name) + len(value) for name, value in request.headers.raw)
    if size > LONGEST_ADDRESS:
        raise CallError(414, "URI_TOO_LONG", "URI Too Long")


def _json(body: Json, status: int, headers: dict[str, str] | None = None) -> Response:
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return Response(text.encode("utf-8", "surrogatepass"), status, headers, media_type=JSON_TYPE)
