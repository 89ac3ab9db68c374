"""The ASGI app of a ChargeOver account."""

import json
from decimal import Decimal
from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request as HttpRequest
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from sandbox.chargeover import authorization, dispatch
from sandbox.chargeover.admin import admin_routes
from sandbox.chargeover.company import Company
from sandbox.chargeover.envelope import Answer, Refusal
from sandbox.chargeover.faults import Faults
from sandbox.chargeover.switches import checked
from sandbox.chargeover.traffic import Traffic
from sandbox.chargeover.webhooks import Webhooks

_METHODS = ["GET", "POST", "PUT", "DELETE", "PATCH"]


def app(company: Company, *, admin: bool = False) -> Starlette:
    """The server of one account; ``admin`` opens /_admin/ (state, clock, faults, requests, settings).

    ValueError when its settings make no sense.
    """
    checked(company.settings)
    traffic, webhooks = Traffic(), Webhooks(company)
    faults = Faults(_nowhere, traffic, company.clock)

    async def api(http: HttpRequest) -> Response:
        answer = await _serve(company, http)
        if http.scope.get("sandbox.fault") == "empty":
            answer = answer.emptied(http.path_params["path"].partition("/")[0])
        traffic.note(http.method, http.url.path, http.url.query, http.scope.get("sandbox.fault", answer.code))
        webhooks.take(company.happenings, quiet=http.query_params.get("_flag_webhooks") == "0")
        return _response(company, answer)

    routes = [Route("/api/v3/{path:path}", api, methods=_METHODS)]
    if admin:
        routes += admin_routes(company, traffic, faults)
    server = Starlette(routes=routes, middleware=[Middleware(_around, faults=faults)], lifespan=webhooks.lifespan)
    server.state.company = company
    return server


async def _nowhere(*_: object) -> None:
    """Stands in until Starlette hands the inner app over."""


def _around(inner: ASGIApp, faults: Faults) -> ASGIApp:
    faults.app = inner
    return faults


async def _serve(company: Company, http: HttpRequest) -> Answer:
    try:
        authorization.check(company.settings, http.headers.get("authorization"))
        body = _parsed(await http.body())
    except Refusal as refusal:
        return Answer.refused(refusal)
    return dispatch.answer(company, dispatch.Request(http.method, http.path_params["path"], http.query_params, body))


def _parsed(body: bytes) -> Any:  # noqa: ANN401 -- any JSON value
    if not body.strip():
        return None
    try:
        return json.loads(body, parse_float=Decimal, parse_constant=_refuse)
    except ValueError:
        raise Refusal(400, "Missing or invalid parameter.") from None


def _refuse(name: str) -> object:
    raise ValueError(f"{name} is not JSON")


def _response(company: Company, answer: Answer) -> Response:
    headers = {"Date": company.clock.http_date(), **answer.headers}
    return Response(answer.body(), answer.code, headers, media_type="application/json")
