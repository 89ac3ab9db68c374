"""Logging in: credentials become a token, and a login that fails says why."""

import time
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import jwt
import requests

from pipelines.errors import Co2sfError, FixAccess, TryLater
from pipelines.salesforce.adapters import allow_plain
from pipelines.salesforce.fault import Fault, Kind
from pipelines.salesforce.oauth_faults import OAUTH_FAULTS
from pipelines.salesforce.session import BUSY, LOST, Session, is_unknown_host

ASSERTION_SECONDS = 180
"""How long a signed login is valid: Salesforce takes at most three to five minutes (OAuth help pages)."""


@dataclass(frozen=True, slots=True)
class ClientCredentials:
    """An app that logs in as itself, at the org's own My Domain address."""

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
            "aud": self.audience or self._usual_audience(),
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

    def _usual_audience(self) -> str:
        host = urlsplit(self.url).hostname or ""
        sandbox = host == "test.salesforce.com" or ".sandbox." in host
        return f"https://{'test' if sandbox else 'login'}.salesforce.com"


Credentials = ClientCredentials | JwtBearer


@dataclass(frozen=True, slots=True)
class Token:
    """Proof of a login, and the address that takes it."""

    access_token: str = field(repr=False)
    instance_url: str


def log_in(credentials: Credentials, session: Session) -> Token:
    """A new token; FixAccess with the cause when the org does not want us, TryLater when it is busy or unreachable."""
    allow_plain(credentials.url)
    url = credentials.url.rstrip("/") + "/services/oauth2/token"
    try:
        response = session.request("POST", url, data=credentials.form(), repeatable=True)
    except requests.RequestException as error:
        raise unreachable(credentials.url, error) from None
    answer = _json_object(response)
    if response.status_code == 200 and answer.get("access_token"):
        token = Token(str(answer["access_token"]), str(answer.get("instance_url") or credentials.url))
        allow_plain(token.instance_url)
        return token
    raise _refusal(credentials.url, response, answer)


def unreachable(url: str, error: Exception) -> Co2sfError:
    """The error for a host that did not answer, without the request that it carries."""
    host = urlsplit(url).netloc or url
    if is_unknown_host(error):
        return FixAccess(f"Salesforce {host}: there is no host of this name; check the address and this network's DNS")
    if isinstance(error, requests.exceptions.SSLError):
        return FixAccess(f"Salesforce {host}: its certificate is not accepted; check the address and any proxy between")
    if isinstance(error, requests.exceptions.ProxyError):
        return FixAccess(f"Salesforce {host}: the proxy does not let us through; check HTTPS_PROXY and NO_PROXY")
    if isinstance(error, requests.Timeout):
        return TryLater(f"Salesforce {host}: no answer in time; run it again, and check the network if it stays")
    if isinstance(error, LOST):
        return TryLater(
            f"Salesforce {host}: the connection was refused or lost; check the address, the network and a firewall, "
            "then run it again"
        )
    return FixAccess(f"Salesforce {url!r}: this is no address that can be called ({type(error).__name__}); check it")


def not_json(url: str, status: int) -> Co2sfError:
    """The error for an answer that is a web page, cut short or empty."""
    host = urlsplit(url).netloc or url
    text = f"Salesforce {host}: answered {status} with something that is not whole JSON"
    if status >= 500 or status in BUSY:
        return TryLater(f"{text}; it is busy or being maintained: run it again later")
    if 300 <= status < 500:
        return FixAccess(f"{text}; check that this is the address https://MYDOMAIN.my.salesforce.com of the org")
    return TryLater(
        f"{text}; a proxy or a maintenance page stands between: run it again, check the address if it stays"
    )


def _json_object(response: requests.Response) -> dict[str, object]:
    try:
        answer = response.json()
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}


def _refusal(url: str, response: requests.Response, answer: dict[str, object]) -> Co2sfError:
    host = urlsplit(url).netloc or url
    code, description = str(answer.get("error") or ""), str(answer.get("error_description") or "")
    if not code:
        return _page_instead(url, response.status_code)
    unknown = Fault(code, Kind.STOP, "the org does not accept the login", "look at the login history of the user")
    fault = next((one for one in OAUTH_FAULTS if one.fits(code, description)), unknown)
    text = f"Salesforce login at {host}: {fault.cause} ({code}: {description[:200]!r}); {fault.advice}"
    return TryLater(text) if fault.passes or response.status_code in BUSY else FixAccess(text)


def _page_instead(url: str, status: int) -> Co2sfError:
    if status in BUSY:
        return not_json(url, status)
    host = urlsplit(url).netloc or url
    return FixAccess(
        f"Salesforce login at {host}: answered {status} without a token; check that this is the address "
        "https://MYDOMAIN.my.salesforce.com of the org (Setup, My Domain), not that of its pages"
    )
