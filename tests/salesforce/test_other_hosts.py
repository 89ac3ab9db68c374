"""An address that is not the org's own answers in odd ways: a sentence names the host and what to check."""

import json
from collections.abc import Callable, Iterator

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from pipelines.errors import FixAccess, TryLater
from pipelines.salesforce.batch import Request as Batch
from pipelines.salesforce.login import ClientCredentials
from pipelines.salesforce.org import Org
from pipelines.salesforce.session import Patience
from sandbox.serving import serve

pytestmark = pytest.mark.slow

PAGE = Response("<html><body>Welcome</body></html>", media_type="text/html")


class Host:
    """A server whose login and API answer what a test says."""

    def __init__(self) -> None:
        self.login: Callable[[], Response] | None = None
        self.api: Callable[[], Response] = lambda: JSONResponse({})
        self.asked: list[str] = []
        self.url = ""

    async def token(self, request: Request) -> Response:
        return self.login() if self.login else JSONResponse({"access_token": "T0KEN", "instance_url": self.url})

    async def data(self, request: Request) -> Response:
        self.asked.append(f"{request.method} {request.url.path} {request.headers.get('authorization')}")
        return self.api()


@pytest.fixture
def host() -> Iterator[Host]:
    made = Host()
    routes = [
        Route("/services/oauth2/token", made.token, methods=["POST"]),
        Route("/{rest:path}", made.data, methods=["GET", "POST"]),
    ]
    with serve(Starlette(routes=routes)) as running:
        made.url = running.url
        yield made


@pytest.fixture
def failure(host, waits):
    """The error of asking that host for its limits."""

    def ask() -> Exception:
        credentials = ClientCredentials(host.url, "id", "secret")
        with (
            Org(credentials, patience=Patience(tries=2, sleep=waits.append)) as org,
            pytest.raises((FixAccess, TryLater)) as caught,
        ):
            org.limits()
        assert host.url.removeprefix("http://") in str(caught.value)
        assert "T0KEN" not in str(caught.value)
        return caught.value

    return ask


@pytest.mark.parametrize("status", [200, 401, 403, 404])
def test_a_page_instead_of_a_token_points_to_the_address(host, failure, status):
    host.login = lambda: Response("<html>", status, media_type="text/html")

    error = failure()

    assert isinstance(error, FixAccess)
    assert "without a token; check that this is the address https://MYDOMAIN.my.salesforce.com" in str(error)


def test_a_login_that_sends_us_elsewhere_is_not_followed(host, failure):
    host.login = lambda: RedirectResponse("/somewhere")

    assert "answered 307 without a token" in str(failure())
    assert host.asked == []


def test_an_api_that_sends_us_elsewhere_does_not_get_the_token_there(host, failure):
    host.api = lambda: RedirectResponse("/somewhere", 302)

    error = failure()

    assert isinstance(error, FixAccess)
    assert "sends us to another address" in str(error)
    assert len(host.asked) == 1


def test_a_page_instead_of_an_answer_is_to_be_tried_later(host, failure):
    host.api = lambda: PAGE

    error = failure()

    assert isinstance(error, TryLater)
    assert "not whole JSON; a proxy or a maintenance page stands between" in str(error)


def test_a_page_that_says_not_found_points_to_the_address(host, failure):
    host.api = lambda: Response("<html>", 404, media_type="text/html")

    assert isinstance(failure(), FixAccess)


def test_too_many_long_calls_at_once_pass_although_they_are_forbidden(host, waits):
    code, message = "REQUEST_LIMIT_EXCEEDED", "ConcurrentPerOrgLongTxn Limit exceeded."
    host.api = lambda: JSONResponse([{"errorCode": code, "message": message}], 403)

    patience = Patience(tries=3, sleep=waits.append)
    with Org(ClientCredentials(host.url, "id", "secret"), patience=patience) as org, pytest.raises(TryLater):
        org.limits()
    assert len(waits) == 2


@pytest.mark.parametrize("body", ["", "[", '{"a": 1}]'])
def test_an_answer_that_is_cut_or_empty_is_to_be_tried_later(host, failure, body):
    host.api = lambda: Response(body, media_type="application/json")

    assert isinstance(failure(), TryLater)


def test_a_login_that_is_never_accepted_in_words_that_are_no_json(host, waits):
    host.api = lambda: PlainTextResponse("Bad_OAuth_Token", 401)
    credentials = ClientCredentials(host.url, "id", "secret")

    with Org(credentials) as org, pytest.raises(FixAccess, match="the login is not accepted, even after a new one"):
        org.limits()
    assert len(host.asked) == 2


def test_a_date_to_wait_until_counts_from_the_answers_own_clock(host, failure, waits):
    headers = {"Retry-After": "Thu, 01 Jan 2026 00:00:30 GMT", "Date": "Thu, 01 Jan 2026 00:00:10 GMT"}
    host.api = lambda: Response("", 503, headers)

    assert isinstance(failure(), TryLater)
    assert waits == [20]


def test_a_composite_that_answers_with_too_few_parts_is_to_be_tried_later(host, waits, rows):
    host.api = lambda: JSONResponse({"compositeResponse": []})
    credentials = ClientCredentials(host.url, "id", "secret")

    with Org(credentials) as org, pytest.raises(TryLater, match="an answer without all its parts"):
        org.upsert(Batch([rows("Account", {"ChargeOver_Id__c": "1"})]))


def test_a_whole_call_that_fails_for_one_collection_lets_the_others_land(host, waits, rows):
    """Whether a malformed row fails its collection or the whole Composite is not known: both end the same."""
    seen: list[int] = []
    error = [{"errorCode": "JSON_PARSER_ERROR", "message": "Cannot deserialize"}]

    def answer(body: bytes) -> Response:
        seen.append(body.count(b'"attributes"'))
        if b'"BAD"' in body:
            return JSONResponse(error, 400)
        parts = json.loads(body)["compositeRequest"]
        return JSONResponse(
            {
                "compositeResponse": [
                    {
                        "httpStatusCode": 200,
                        "referenceId": part["referenceId"],
                        "body": [
                            {"id": "001", "success": True, "created": True, "errors": []}
                            for _ in part["body"]["records"]
                        ],
                    }
                    for part in parts
                ]
            }
        )

    async def api(request: Request) -> Response:
        return answer(await request.body())

    routes = [
        Route("/services/oauth2/token", host.token, methods=["POST"]),
        Route("/{rest:path}", api, methods=["POST"]),
    ]
    with serve(Starlette(routes=routes)) as running:
        host.url = running.url
        with Org(ClientCredentials(running.url, "id", "secret")) as org:
            replies = org.upsert(
                Batch(
                    [
                        rows("Account", *({"ChargeOver_Id__c": str(n)} for n in range(200))),
                        rows("Contact", *({"ChargeOver_Id__c": "BAD" if n in {7, 8} else str(n)} for n in range(200))),
                    ]
                )
            )

    assert all(reply.success for reply in replies[0])
    assert [n for n, reply in enumerate(replies[1]) if not reply.success] == [7, 8]
    assert seen[:3] == [400, 200, 200]
    assert len(seen) < 40
