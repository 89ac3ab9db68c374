"""POST /services/oauth2/token: client credentials and JWT bearer, with the documented refusals (HTTP 400)."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from typing import Final
from urllib.parse import parse_qs, unquote

import jwt

from sandbox.salesforce.errors import OAuthError
from sandbox.salesforce.jsonvalue import Json
from sandbox.salesforce.org import ORGANIZATION_ID, Org

JWT_GRANT: Final = "urn:ietf:params:oauth:grant-type:jwt-bearer"
AUDIENCES: Final = ("https://login.salesforce.com", "https://test.salesforce.com")
LONGEST_ASSERTION_SECONDS: Final = 300


def grant(org: Org, body: bytes, headers: Mapping[str, str], base_url: str) -> dict[str, Json]:
    """A token answer with the keys of the documented one; issued_at is text, expires_in is absent (verified)."""
    form = {name: values[0] for name, values in parse_qs(body.decode("utf-8", "replace")).items()}
    kind = form.get("grant_type")
    if not kind:
        raise OAuthError("invalid_request", "missing required parameter: grant_type")
    if kind == "client_credentials":
        _check_client(org, form, headers)
    elif kind == JWT_GRANT:
        _check_assertion(org, form.get("assertion", ""), base_url)
    else:
        raise OAuthError("unsupported_grant_type", "grant type not supported")
    return _token(org, base_url)


def _check_client(org: Org, form: Mapping[str, str], headers: Mapping[str, str]) -> None:
    """The client's id and secret, from a Basic header or the body (verified)."""
    client_id, secret = _basic(headers.get("authorization", "")) or (form.get("client_id"), form.get("client_secret"))
    if not client_id:
        raise OAuthError("invalid_request", "missing required parameter: client_id")
    if client_id != org.settings.client_id:
        raise OAuthError("invalid_client_id", "client identifier invalid")
    if not hmac.compare_digest((secret or "").encode(), org.settings.client_secret.encode()):
        raise OAuthError("invalid_client", "invalid client credentials")
    if not org.settings.client_credentials:
        raise OAuthError("invalid_grant", "no client credentials user enabled")


def _basic(header: str) -> tuple[str, str] | None:
    kind, _, encoded = header.partition(" ")
    if kind.lower() != "basic":
        return None
    try:
        client_id, _, secret = base64.b64decode(encoded).decode().partition(":")
    except ValueError:
        return None
    return unquote(client_id), unquote(secret)


def _check_assertion(org: Org, assertion: str, base_url: str) -> None:
    """RS256 by the registered key, issuer, subject, audience, and at most five minutes to live (verified rules)."""
    if not assertion:
        raise OAuthError("invalid_request", "missing required parameter: assertion")
    claims = _claims(org, assertion)
    if claims.get("iss") != org.settings.client_id:
        raise OAuthError("invalid_client_id", "client identifier invalid")
    if str(claims.get("aud")).rstrip("/") not in (*AUDIENCES, base_url.rstrip("/")):
        raise OAuthError("invalid_grant", "audience is invalid")
    if claims.get("sub") != org.settings.username:
        raise OAuthError("invalid_grant", "user hasn't approved this consumer")
    left = _expiry(claims) - org.clock.source().timestamp()
    if not 0 < left <= LONGEST_ASSERTION_SECONDS:
        raise OAuthError("invalid_grant", "authentication failure")


def _claims(org: Org, assertion: str) -> dict[str, Json]:
    if org.settings.public_key_pem is None:
        raise OAuthError("invalid_grant", "user hasn't approved this consumer")
    try:
        claims: dict[str, Json] = jwt.decode(
            assertion,
            org.settings.public_key_pem,
            ["RS256"],
            options={"verify_exp": False, "verify_aud": False, "verify_sub": False, "verify_iss": False},
        )
    except jwt.PyJWTError:
        raise OAuthError("invalid_grant", "authentication failure") from None
    return claims


def _expiry(claims: Mapping[str, Json]) -> float:
    try:
        return float(claims["exp"])
    except (KeyError, TypeError, ValueError):
        return 0.0


def _token(org: Org, base_url: str) -> dict[str, Json]:
    token = f"{ORGANIZATION_ID[:15]}!AQ{secrets.token_urlsafe(48)}"
    org.sessions.open(token)
    identity = f"https://login.salesforce.com/id/{ORGANIZATION_ID}/{org.user_id}"
    issued_at = str(int(org.clock.now().timestamp() * 1000))
    signed = hmac.new(org.settings.client_secret.encode(), (identity + issued_at).encode(), hashlib.sha256).digest()
    return {
        "access_token": token,
        "signature": base64.b64encode(signed).decode(),
        "scope": "api",
        "instance_url": base_url.rstrip("/"),
        "id": identity,
        "token_type": "Bearer",
        "issued_at": issued_at,
    }
