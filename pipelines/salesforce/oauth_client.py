"""Authlib's OAuth 2.0 client on our session: with time limits, without redirects, and with our words for refusals."""

from collections.abc import Iterable
from typing import Any

import requests
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client.oauth2_session import OAuth2ClientAuth
from authlib.oauth2.client import OAuth2Client

from pipelines.errors import Co2sfError
from pipelines.salesforce.fault import Fault
from pipelines.salesforce.refusals import json_object, refusal, unreachable
from pipelines.salesforce.session import Session

TOKEN_PATH = "/services/oauth2/token"  # noqa: S105
_HOOKS = ("access_token_response", "refresh_token_response")


class OAuthClient(OAuth2Client):  # type: ignore[misc]
    """One app at one login address, whose token requests go through our session."""

    client_auth_class = OAuth2ClientAuth
    oauth_error_class = OAuthError
    SESSION_REQUEST_PARAMS = ("repeatable",)

    def __init__(
        self, url: str, client_id: str, secret: str | None, session: Session, faults: Iterable[Fault], **options: str
    ) -> None:
        """``secret``: None for an app that demands none (it stands in the form, as OAuth help pages have it)."""
        method = "client_secret_post" if secret else "none"
        super().__init__(session, client_id, secret, token_endpoint_auth_method=method, **options)
        self.url = url.rstrip("/")
        self._faults = tuple(faults)
        for hook in _HOOKS:
            self.register_compliance_hook(hook, self._accepted)

    def exchanged(self, **form: str) -> dict[str, Any]:
        """The answer to a code, which is sent once only."""
        try:
            return dict(self.fetch_token(self.url + TOKEN_PATH, **form))
        except requests.RequestException as error:
            raise unreachable(self.url, error) from None

    def refreshed(self, refresh_token: str) -> dict[str, Any]:
        """The answer to a refresh token; it holds a refresh token, the same one unless the app rotates it."""
        try:
            return dict(self.refresh_token(self.url + TOKEN_PATH, refresh_token, repeatable=True))
        except requests.RequestException as error:
            raise unreachable(self.url, error) from None

    def _accepted(self, response: requests.Response) -> requests.Response:
        if response.status_code == 200 and json_object(response).get("access_token"):
            return response
        raise self._refused(response)

    def _refused(self, response: requests.Response) -> Co2sfError:
        return refusal(self.url, response, self._faults)
