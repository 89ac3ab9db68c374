"""The admin path: look into the company, move its clock, order faults, count requests, switch settings."""

import json
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.chargeover.company import Company
from sandbox.chargeover.faults import Faults, fault_of
from sandbox.chargeover.objects import KINDS
from sandbox.chargeover.switches import shown, switched
from sandbox.chargeover.traffic import Traffic
from sandbox.chargeover.writing import as_json


def admin_routes(company: Company, traffic: Traffic, faults: Faults) -> list[Route]:
    """The routes below /_admin/, all JSON."""

    def state(_: Any) -> object:  # noqa: ANN401 -- no body
        counts: dict[str, object] = {name: len(table) for name, table in company.tables.items()}
        lines = {f"{name}.line_items": sum(map(len, held.values())) for name, held in company.lines.items()}
        applied = sum(map(len, company.applied.values()))
        return {**counts, **lines, "transaction.applied_to": applied, "now": company.clock.moment().isoformat()}

    def set_clock(asked: Any) -> object:  # noqa: ANN401 -- any JSON value
        if "now" in asked:
            company.clock.set(datetime.fromisoformat(asked["now"]).astimezone())
        company.clock.advance(float(asked.get("advance_seconds", 0)))
        return {"now": company.clock.moment().isoformat()}

    def order_faults(asked: Any) -> object:  # noqa: ANN401 -- any JSON value
        faults.queue.extend(fault_of(each) for each in asked)
        return {"waiting": len(faults.queue)}

    def clear_faults(_: Any) -> object:  # noqa: ANN401 -- no body
        faults.queue.clear()
        return {"waiting": 0}

    def settings(asked: Any) -> object:  # noqa: ANN401 -- any JSON value
        company.configure(switched(company.settings, asked))
        return shown(company.settings)

    return [
        Route("/_admin/state", _json(state)),
        Route("/_admin/state/{table}", _table_of(company)),
        Route("/_admin/clock", _json(set_clock), methods=["POST"]),
        Route("/_admin/faults", _json(order_faults), methods=["POST"]),
        Route("/_admin/faults", _json(clear_faults), methods=["DELETE"]),
        Route("/_admin/settings", _json(settings), methods=["POST"]),
        Route("/_admin/requests", _json(lambda _: traffic.answer())),
    ]


def _table_of(company: Company) -> Callable[[Request], Awaitable[Response]]:
    async def table(request: Request) -> Response:
        """A whole table, each row as GET by id shows it."""
        kind = KINDS.get(request.path_params["table"])
        if kind is None:
            return _answer({"error": f"no table {request.path_params['table']!r}; there are {', '.join(KINDS)}"}, 404)
        return _answer([kind.shown(company, row, alone=True) for row in company.tables[kind.name]])

    return table


def _json(do: Callable[[Any], object]) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        try:
            body = await request.body()
            return _answer(do(json.loads(body) if body else {}))
        except (ValueError, TypeError, KeyError) as problem:
            return _answer({"error": str(problem)}, 400)

    return endpoint


def _answer(value: object, status: int = 200) -> Response:
    return Response(as_json(value), status, media_type="application/json")
