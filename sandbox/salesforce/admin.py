"""The admin path /_admin/...: state, clock, faults, rules, schema, times, client app and request log, for tests."""

import json
from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.salesforce.jsonvalue import Json
from sandbox.salesforce.org import Org
from sandbox.salesforce.people import act
from sandbox.salesforce.schemachange import change_schema


class BadRequestError(ValueError):
    """What an admin call asks for cannot be done."""


def admin_routes(org: Org) -> list[Route]:
    """The routes of the admin path on this org."""
    desk = Desk(org)
    return [
        Route("/_admin/state", desk.state),
        Route("/_admin/state/{table}", desk.table),
        Route("/_admin/clock", desk.clock, methods=["GET", "POST"]),
        Route("/_admin/faults", desk.faults, methods=["GET", "POST", "DELETE"]),
        Route("/_admin/rules", desk.rules, methods=["GET", "POST", "DELETE"]),
        Route("/_admin/schema", desk.schema, methods=["POST"]),
        Route("/_admin/people", desk.people, methods=["POST"]),
        Route("/_admin/settings", desk.settings, methods=["GET", "POST"]),
        Route("/_admin/oauth", desk.oauth, methods=["GET", "POST", "DELETE"]),
        Route("/_admin/requests", desk.requests, methods=["GET", "DELETE"]),
    ]


class Desk:
    """Answers the admin calls."""

    def __init__(self, org: Org) -> None:
        self.org = org

    async def state(self, _: Request) -> Response:
        """How many rows each table has, live and deleted, and where clock and allowance stand."""
        tables = {
            name: {"rows": len(table.rows), "deleted": len(table.deleted)} for name, table in self.org.tables.items()
        }
        usage = {"used": self.org.allowance.used, "allowed": self.org.allowance.allowed}
        return JSONResponse({"tables": tables, "now": self.org.clock.now().isoformat(), "api_usage": usage})

    async def table(self, request: Request) -> Response:
        """All rows of a table."""
        table = self.org.tables.get(request.path_params["table"])
        if table is None:
            return _bad(f"no table {request.path_params['table']!r}: {', '.join(self.org.tables)}", 404)
        return JSONResponse({"rows": list(table.rows.values()), "deleted": list(table.deleted.values())})

    async def clock(self, request: Request) -> Response:
        """Sets the clock ({"now": iso}) or moves it on ({"advance_seconds": n})."""
        try:
            if request.method == "POST":
                self._set_clock(await _body(request))
        except ValueError as error:
            return _bad(str(error))
        return JSONResponse({"now": self.org.clock.now().isoformat()})

    def _set_clock(self, given: Json) -> None:
        match given:
            case {"now": str(text)}:
                instant = datetime.fromisoformat(text)
                self.org.clock.set(instant if instant.tzinfo else instant.replace(tzinfo=UTC))
            case {"advance_seconds": int(seconds) | float(seconds)}:
                self.org.clock.advance(seconds)
            case _:
                raise BadRequestError(f'clock: {given!r} is neither {{"now": iso}} nor {{"advance_seconds": n}}')

    async def faults(self, request: Request) -> Response:
        """Orders faults (a list), or forgets them (DELETE)."""
        if request.method == "DELETE":
            self.org.faults.clear()
        try:
            if request.method == "POST":
                for given in _listed(await _body(request)):
                    self.org.faults.add(given)
        except ValueError as error:
            return _bad(str(error))
        return JSONResponse({"waiting": self.org.faults.waiting})

    async def rules(self, request: Request) -> Response:
        """Adds validation and duplicate rules (a list), shows them, or takes them away (DELETE)."""
        if request.method == "DELETE":
            self.org.rules.clear()
        try:
            if request.method == "POST":
                for given in _listed(await _body(request)):
                    self.org.rules.add(given)
        except ValueError as error:
            return _bad(str(error))
        return JSONResponse({"rules": self.org.rules.listed()})

    async def schema(self, request: Request) -> Response:
        """Hides, changes or shows fields and objects (a list, see `schemachange`)."""
        try:
            for given in _listed(await _body(request)):
                change_schema(self.org, given)
        except (ValueError, TypeError) as error:
            return _bad(str(error))
        return JSONResponse({"changed_at": self.org.schema_changed_at.isoformat()})

    async def people(self, request: Request) -> Response:
        """Lets other users change or delete rows (a list, see `people`)."""
        try:
            for given in _listed(await _body(request)):
                act(self.org, given)
        except (ValueError, KeyError) as error:
            return _bad(str(error))
        return JSONResponse({})

    async def settings(self, request: Request) -> Response:
        """Shows the times of calls, rows, jobs and locks (see `pace`), or sets those that an object names."""
        try:
            if request.method == "POST":
                self.org.pace.change(_named(await _body(request)))
        except ValueError as error:
            return _bad(str(error))
        return JSONResponse(self.org.pace.shown())

    async def oauth(self, request: Request) -> Response:
        """Shows the client app and how many approvals and refreshes there are, sets what an object names, or revokes
        all approvals (DELETE), as an administrator does in Setup."""
        if request.method == "DELETE":
            for approval in list(self.org.approvals.standing):
                self.org.approvals.end(approval)
        try:
            if request.method == "POST":
                self.org.client_app = self.org.client_app.changed(_named(await _body(request)))
        except ValueError as error:
            return _bad(str(error))
        approvals = self.org.approvals
        counts = {"approvals": len(approvals.standing), "refreshes": approvals.refreshes}
        return JSONResponse({**self.org.client_app.shown(), **counts})

    async def requests(self, request: Request) -> Response:
        """Counts by method and kind of path, and the latest calls; DELETE forgets them."""
        if request.method == "DELETE":
            self.org.requests.clear()
        return JSONResponse(self.org.requests.listed())


async def _body(request: Request) -> Json:
    try:
        return json.loads(await request.body())
    except ValueError as error:
        raise BadRequestError(f"the body is not JSON: {error}") from error


def _listed(given: Json) -> list[dict[str, Json]]:
    items = given if isinstance(given, list) else [given]
    if not all(isinstance(item, dict) for item in items):
        raise BadRequestError("a list of objects is expected")
    return items


def _named(given: Json) -> dict[str, Json]:
    if not isinstance(given, dict):
        raise BadRequestError("an object is expected")
    return given


def _bad(message: str, status: int = 400) -> Response:
    return JSONResponse({"error": message}, status)
