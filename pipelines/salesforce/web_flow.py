"""The OAuth 2.0 web-server flow with PKCE: a person allows the app, and we get a refresh token."""

from dataclasses import dataclass, field
from hmac import compare_digest
from urllib.parse import parse_qs, urlsplit

from authlib.common.security import generate_token

from pipelines.errors import FixAccess
from pipelines.salesforce.adapters import allow_plain
from pipelines.salesforce.oauth_client import OAuthClient
from pipelines.salesforce.oauth_faults import OAUTH_FAULTS
from pipelines.salesforce.session import Session
from pipelines.salesforce.token import Token, token_of

SCOPES = {"api": "Manage user data via APIs (api)", "refresh_token": "Perform requests at any time (refresh_token, "
          "offline_access)"}  # fmt: skip
"""As Setup calls them."""


class OtherLogin(FixAccess):
    """The answer belongs to a login that we did not begin."""


@dataclass(frozen=True, slots=True)
class Granted:
    """What the person gave us."""

    token: Token
    refresh_token: str = field(repr=False)


class WebFlow:
    """One login, from the address that a browser opens to the answer that it brings back."""

    def __init__(self, login_url: str, client_id: str, secret: str | None, callback_url: str, session: Session) -> None:
        allow_plain(login_url)
        self._verifier = generate_token(64)
        self._client = OAuthClient(
            login_url, client_id, secret, session, OAUTH_FAULTS,
            scope=" ".join(SCOPES), redirect_uri=callback_url, code_challenge_method="S256",
        )  # fmt: skip
        authorize = f"{self._client.url}/services/oauth2/authorize"
        self.address, self._state = self._client.create_authorization_url(authorize, code_verifier=self._verifier)

    def check_state(self, answered: str) -> None:
        """OtherLogin unless the address with the answer holds our state."""
        if not compare_digest(_values(answered).get("state", "").encode(), self._state.encode()):
            raise OtherLogin("Salesforce: this answer belongs to another login (its state is not ours), perhaps from "
                             "an old tab; use the newest link, or run co2sf connect salesforce again")  # fmt: skip

    def finish(self, answered: str) -> Granted:
        """What the code in the address gives; FixAccess when access was denied or the code is not taken."""
        self.check_state(answered)
        _check_allowed(_values(answered))
        answer = self._client.exchanged(
            authorization_response=answered, state=self._state, code_verifier=self._verifier
        )
        if not answer.get("refresh_token"):
            raise FixAccess("Salesforce: the app gave no refresh token; add the scope "
                            f"{SCOPES['refresh_token']!r} to the app, then run co2sf connect salesforce "
                            "again")  # fmt: skip
        return Granted(token_of(answer, self._client.url), str(answer["refresh_token"]))


def _check_allowed(values: dict[str, str]) -> None:
    error, description = values.get("error", ""), values.get("error_description", "")[:200]
    if error == "access_denied":
        raise FixAccess(f"Salesforce: access was denied on its page ({description!r}); run co2sf connect salesforce "
                        "again and press Allow")  # fmt: skip
    if error:
        raise FixAccess(f"Salesforce: its login page refuses the app ({error[:80]}: {description!r}); compare scopes "
                        "and flows of the app with docs/connect.md")  # fmt: skip
    if not values.get("code"):
        raise FixAccess("Salesforce: the answer holds no code; give the whole address to which the browser was sent, "
                        "with all that follows the question mark")  # fmt: skip


def _values(answered: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(answered.strip()).query).items()}
