"""Logging in: credentials become a token, and a login that fails says why."""

import time
from dataclasses import dataclass, field
from typing import ClassVar
from urllib.parse import urlsplit

import jwt
import requests

from pipelines.errors import FixAccess
from pipelines.salesforce.adapters import allow_plain
from pipelines.salesforce.clock import skew_seconds, skewed_text
from pipelines.salesforce.refreshing import RefreshToken
from pipelines.salesforce.refusals import fault_in, json_object, refusal, unreachable
from pipelines.salesforce.session import Session
from pipelines.salesforce.token import Token, token_of

ASSERTION_SECONDS = 180
"""How long a signed login is valid: Salesforce takes at most three to five minutes (OAuth help pages)."""

SKEW_SECONDS = 60
"""A clock that is so far off may be why a signed login is refused."""


@dataclass(frozen=True, slots=True)
class ClientCredentials:
    """An app that logs in as itself, at the org's own My Domain address."""

    logins: ClassVar[int] = 2
    """How many tokens are tried: the last one, and a new one."""
    url: str
    client_id: str
    client_secret: str = field(repr=False)

    def form(self) -> dict[str, str]:
        """What is posted to the token address (OAuth help pages)."""
        return {
            "grant_type": "client_credentials",
            "client_id": self.client_id,
            "client_secret": self.client_secret,
        }


@dataclass(frozen=True, slots=True)
class JwtBearer:
    """An app that logs in as a user with a signed assertion; the key is PEM text."""

    logins: ClassVar[int] = 2
    """How many tokens are tried: the last one, and a new one."""
    url: str
    client_id: str
    username: str
    private_key: str = field(repr=False)
    audience: str = ""
    """Empty: test for an address of a sandbox, otherwise login."""

    def form(self) -> dict[str, str]:
        """What is posted to the token address (OAuth help pages); FixAccess when the key cannot sign."""
        claims = {
            "iss": self.client_id,
            "sub": self.username,
            "aud": self.audience or self.usual_audience(),
            "exp": int(time.time()) + ASSERTION_SECONDS,
        }
        try:
            assertion = jwt.encode(claims, self.private_key, algorithm="RS256")
        except (ValueError, TypeError, jwt.PyJWTError):
            # the cause may quote the key
            raise FixAccess(
                "Salesforce private key: this is no RSA key in PEM form; it begins with '-----BEGIN PRIVATE KEY-----' "
                "or '-----BEGIN RSA PRIVATE KEY-----' and has no password"
            ) from None
        return {"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion": assertion}

    def skewed(self, response: requests.Response) -> FixAccess | None:
        """The error when an assertion is refused, for no other reason, while our clock is not Salesforce's."""
        seconds, fault = skew_seconds(response), fault_in(response)
        if fault.code != "invalid_grant" or fault.message or abs(seconds) < SKEW_SECONDS:
            return None
        return FixAccess(f"Salesforce login at {urlsplit(self.url).netloc}: {skewed_text(seconds)}")

    def usual_audience(self) -> str:
        """The audience that fits the address."""
        host = urlsplit(self.url).hostname or ""
        sandbox = host == "test.salesforce.com" or ".sandbox." in host
        return f"https://{'test' if sandbox else 'login'}.salesforce.com"


Credentials = ClientCredentials | JwtBearer | RefreshToken


def log_in(credentials: Credentials, session: Session, ended: str = "") -> Token:
    """A token other than the one that ``ended``; FixAccess with the cause when the org does not want us, TryLater when
    it is busy or unreachable."""
    allow_plain(credentials.url)
    if isinstance(credentials, RefreshToken):
        return credentials.token(session, ended)
    url = credentials.url.rstrip("/") + "/services/oauth2/token"
    try:
        response = session.request("POST", url, data=credentials.form(), repeatable=True)
    except requests.RequestException as error:
        raise unreachable(credentials.url, error) from None
    answer = json_object(response)
    if response.status_code == 200 and answer.get("access_token"):
        return token_of(answer, credentials.url)
    if isinstance(credentials, JwtBearer) and (skewed := credentials.skewed(response)):
        raise skewed
    raise refusal(credentials.url, response)
