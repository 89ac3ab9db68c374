"""A login that lasts: simple-salesforce on our session, logged in anew once when Salesforce says that it expired."""

from collections.abc import Callable
from decimal import Decimal
from threading import Lock
from typing import Any, TypeVar
from urllib.parse import urlsplit

import requests
from simple_salesforce.api import Salesforce
from simple_salesforce.exceptions import SalesforceError, SalesforceExpiredSession
from simple_salesforce.util import exception_handler

from pipelines.errors import Co2sfError, FixAccess, TryLater
from pipelines.salesforce.login import Credentials, log_in
from pipelines.salesforce.refusals import not_json, unreachable
from pipelines.salesforce.replies import Reply, failure
from pipelines.salesforce.session import BUSY, Session
from pipelines.salesforce.status import stopping
from pipelines.salesforce.token import Token

Answer = TypeVar("Answer")
Logins = dict[Credentials, Token]
"""The last login of each: connections of a process may share it one after another, since logging in takes its time."""


class Faulty(Exception):
    """A whole call failed with a status and a code of Salesforce's."""

    def __init__(self, status: int, reply: Reply) -> None:
        super().__init__(f"{status} {reply.code}")
        self.status = status
        self.reply = reply


class Connection:
    """Calls to one org, from any thread; what goes wrong with a whole call is said in plain words."""

    def __init__(
        self, credentials: Credentials, api_version: str, session: Session, logins: Logins | None = None
    ) -> None:
        self._credentials = credentials
        self._logins = {} if logins is None else logins
        self._api_version = api_version
        self._session = session
        self._client: Salesforce | None = None
        self._org_id = ""
        self._lock = Lock()

    def org_id(self) -> str:
        """Which org it is: a token begins with the org's id of 15 characters and "!" (recorded answers)."""
        self._logged_in(expired=None)
        return self._org_id

    def call(self, ask: Callable[[Salesforce], Answer]) -> Answer:
        """What the client answers; Faulty for a code of Salesforce's, else FixAccess or TryLater."""
        client = self._logged_in(expired=None)
        for _ in range(self._credentials.logins - 1):
            try:
                return self._ask(client, ask)
            except SalesforceExpiredSession:
                client = self._logged_in(expired=client)
        try:
            return self._ask(client, ask)
        except SalesforceExpiredSession as error:
            refused = failure(error.content)
            raise stopping("INVALID_SESSION_ID", refused.message) from None

    def send(self, client: Salesforce, method: str, path: str, **options: Any) -> requests.Response:  # noqa: ANN401
        """Inside of a ``call``: the answer to what is not JSON; its faults are those of the client."""
        headers = {**client.headers, **options.pop("headers", {})}
        response = self._session.request(method, client.base_url + path, headers=headers, **options)
        if response.status_code >= 300:
            exception_handler(response, name=path)
        return response

    def _ask(self, client: Salesforce, ask: Callable[[Salesforce], Answer]) -> Answer:
        url = f"https://{client.sf_instance}"
        try:
            return ask(client)
        except SalesforceExpiredSession:
            raise
        except SalesforceError as error:
            raise _fault(url, error) from None
        except requests.exceptions.JSONDecodeError:
            raise not_json(url, 200) from None
        except requests.RequestException as error:
            raise unreachable(url, error) from None

    def _logged_in(self, expired: Salesforce | None) -> Salesforce:
        with self._lock:
            # another thread may have logged in anew already
            if self._client is None or self._client is expired:
                self._client = self._new_client(self._login(expired.session_id if expired else ""))
            return self._client

    def _login(self, ended: str) -> Token:
        """The last login until it ``ended``; TryLater when the next one leads to another org, such as a sandbox that
        was refreshed: whose rows the ledger holds is looked at when a run begins."""
        if ended or self._credentials not in self._logins:
            self._logins[self._credentials] = log_in(self._credentials, self._session, ended)
        token = self._logins[self._credentials]
        before, self._org_id = self._org_id, token.access_token.partition("!")[0]
        if before not in {"", self._org_id}:
            raise TryLater(f"Salesforce: the login leads to org {self._org_id} now, and led to {before}; run it again")
        return token

    def _new_client(self, token: Token) -> Salesforce:
        if urlsplit(token.instance_url).scheme == "http":
            self._session.reach_plainly(token.instance_url)
        client = Salesforce(
            session_id=token.access_token,
            instance_url=token.instance_url,
            version=self._api_version,
            session=self._session,
            object_pairs_hook=None,
            parse_float=Decimal,  # amounts stay exact
        )
        # indented answers are a third longer
        client.headers.pop("X-PrettyPrint")
        return client


def _fault(url: str, error: SalesforceError) -> Exception:
    content: Any = error.content
    if isinstance(content, list) and content:
        return Faulty(error.status, failure(content))
    if 300 < error.status < 400:
        host = urlsplit(url).netloc
        return FixAccess(f"Salesforce {host}: it sends us to another address; check the address of the org")
    return not_json(url, error.status)


def said(fault: Faulty, *, sobject: str = "") -> Co2sfError:
    """The error for a whole call that failed with a code."""
    if fault.status in BUSY:
        return TryLater(f"Salesforce: it is busy ({fault.status} {fault.reply.code}); run it again later")
    return stopping(fault.reply.code, fault.reply.message, sobject=sobject)
