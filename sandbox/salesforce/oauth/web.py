"""The OAuth addresses of an org behind HTTP."""

from email.utils import format_datetime
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from sandbox.salesforce.errors import OAuthError
from sandbox.salesforce.jsonvalue import Json
from sandbox.salesforce.oauth import token
from sandbox.salesforce.oauth.authorize import Authorizing, Screen
from sandbox.salesforce.oauth.identity import identity, revoke, user_info
from sandbox.salesforce.org import ORGANIZATION_ID, Org


def oauth_routes(org: Org) -> list[Route]:
    """Authorize, token, revoke, userinfo, and the identity of the one user."""
    desk = _Desk(org)
    return [
        Route("/services/oauth2/authorize", desk.authorize, methods=["GET", "POST"]),
        Route("/services/oauth2/token", desk.token, methods=["POST"]),
        Route("/services/oauth2/revoke", desk.revoke, methods=["POST"]),
        Route("/services/oauth2/userinfo", desk.user_info, methods=["GET"]),
        Route(f"/id/{ORGANIZATION_ID}/{org.user_id}", desk.identity, methods=["GET"]),
    ]


class _Desk:
    def __init__(self, org: Org) -> None:
        self._org = org
        self._authorizing = Authorizing(org)

    async def authorize(self, request: Request) -> Response:
        """The screens; nobody keeps them."""
        if request.method == "GET":
            screen = self._authorizing.show(request.query_params)
        else:
            screen = self._authorizing.answer(await _form(request))
        return _shown(screen)

    async def token(self, request: Request) -> Response:
        """A token answer or {error, error_description} with 400, dated by the org's clock."""
        try:
            answer = token.grant(self._org, await request.body(), request.headers, str(request.base_url))
        except OAuthError as error:
            return self._dated(error.body, 400)
        return self._dated(answer, 200)

    async def revoke(self, request: Request) -> Response:
        """200 without a body (inferred); for a token that nobody has, 400 (unknown, the stricter reading)."""
        if revoke(self._org, (await _form(request)).get("token", "")):
            return Response(status_code=200)
        return self._dated({"error": "invalid_token", "error_description": "invalid token"}, 400)

    async def user_info(self, request: Request) -> Response:
        """Who the bearer is."""
        if not self._is_known(request):
            return _bad_token()
        return self._dated(user_info(self._org, str(request.base_url)), 200)

    async def identity(self, request: Request) -> Response:
        """The same by the address in the token answer."""
        return self._dated(identity(self._org), 200) if self._is_known(request) else _bad_token()

    def _is_known(self, request: Request) -> bool:
        kind, _, given = request.headers.get("authorization", "").partition(" ")
        return kind.lower() in {"bearer", "oauth"} and self._org.sessions.use(given)

    def _dated(self, body: Json, status: int) -> Response:
        answer = JSONResponse(body, status)
        answer.headers["Date"] = format_datetime(self._org.clock.now(), usegmt=True)
        return answer


def _bad_token() -> Response:
    """403 with a text that is no JSON (inferred)."""
    return PlainTextResponse("Bad_OAuth_Token", 403)


async def _form(request: Request) -> dict[str, str]:
    return dict(parse_qsl((await request.body()).decode("utf-8", "replace"), keep_blank_values=True))


def _shown(screen: Screen) -> Response:
    if screen.location:
        return RedirectResponse(screen.location, screen.status)
    return HTMLResponse(screen.page, screen.status, {"Cache-Control": "no-store"})
