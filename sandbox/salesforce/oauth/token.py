"""POST /services/oauth2/token: codes, refresh tokens, client credentials, JWT bearer; and the refusals."""

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
from sandbox.salesforce.oauth.approvals import Approval, Code
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
    if kind == "authorization_code":
        return _of_approval(org, _redeem(org, form, headers), base_url)
    if kind == "refresh_token":
        return _refreshed(org, form, headers, base_url)
    if kind == "client_credentials":
        _check_client(org, form, headers)
    elif kind == JWT_GRANT:
        _check_assertion(org, form.get("assertion", ""), base_url)
    else:
        raise OAuthError("unsupported_grant_type", "grant type not supported")
    return _token(org, base_url)


def _redeem(org: Org, form: Mapping[str, str], headers: Mapping[str, str]) -> tuple[Approval, bool]:
    """The approval that a code stands for, and whether it has a refresh token; a code is spent even when the rest of
    the request is wrong (unknown, the stricter reading)."""
    _check_identity(org, form, headers, demands_secret=org.client_app.demands_secret)
    if not form.get("code"):
        raise OAuthError("invalid_request", "missing required parameter: code")
    code = org.approvals.take_code(form["code"], org.client_app.code_seconds)
    if form.get("redirect_uri") != code.redirect_uri:
        raise OAuthError("redirect_uri_mismatch", "redirect_uri must match configuration")
    _check_verifier(code, form.get("code_verifier", ""))
    if {"refresh_token", "offline_access"} & set(code.scopes):
        return org.approvals.begin(code.scopes), True
    return Approval(code.scopes), False


def _check_verifier(code: Code, verifier: str) -> None:
    """Missing, malformed and wrong are all invalid_grant here (inferred; orgs also say invalid_request)."""
    digest = hashlib.sha256(verifier.encode()).digest()
    if code.challenge and base64.urlsafe_b64encode(digest).decode().rstrip("=") != code.challenge:
        raise OAuthError("invalid_grant", "invalid code verifier")


def _refreshed(org: Org, form: Mapping[str, str], headers: Mapping[str, str], base_url: str) -> dict[str, Json]:
    """No refresh token in the answer unless rotation is on; then the old one is dead at once (verified)."""
    _check_identity(org, form, headers, demands_secret=org.client_app.demands_secret)
    if not form.get("refresh_token"):
        raise OAuthError("invalid_request", "missing required parameter: refresh_token")
    approval = org.approvals.of(form["refresh_token"])
    if approval is None:
        raise OAuthError("invalid_grant", "expired access/refresh token")
    org.approvals.refreshed(approval, rotates=org.client_app.rotates)
    return _of_approval(org, (approval, org.client_app.rotates), base_url)


def _of_approval(org: Org, given: tuple[Approval, bool], base_url: str) -> dict[str, Json]:
    approval, shows_refresh_token = given
    answer = _token(org, base_url) | {"scope": " ".join(approval.scopes)}
    approval.access_tokens.append(answer["access_token"])
    return answer | ({"refresh_token": approval.refresh_token} if shows_refresh_token else {})


def _check_client(org: Org, form: Mapping[str, str], headers: Mapping[str, str]) -> None:
    _check_identity(org, form, headers, demands_secret=True)
    if not org.settings.client_credentials:
        raise OAuthError("invalid_grant", "no client credentials user enabled")


def _check_identity(org: Org, form: Mapping[str, str], headers: Mapping[str, str], *, demands_secret: bool) -> None:
    """The client's id and secret, from a Basic header or the body (verified); a secret that is given must be right."""
    client_id, secret = _basic(headers.get("authorization", "")) or (form.get("client_id"), form.get("client_secret"))
    if not client_id:
        raise OAuthError("invalid_request", "missing required parameter: client_id")
    if client_id != org.settings.client_id:
        raise OAuthError("invalid_client_id", "client identifier invalid")
    is_right = hmac.compare_digest((secret or "").encode(), org.settings.client_secret.encode())
    if not is_right and (secret or demands_secret):
        raise OAuthError("invalid_client", "invalid client credentials")


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
    now = org.clock.now() if org.client_app.assertions_by_org_clock else org.clock.source()
    left = _expiry(claims) - now.timestamp()
    if not 0 < left <= LONGEST_ASSERTION_SECONDS:
        raise OAuthError("invalid_grant", "authentication failure")


def _claims(org: Org, assertion: str) -> dict[str, Json]:
    if not org.client_app.public_key_pem:
        raise OAuthError("invalid_grant", "user hasn't approved this consumer")
    try:
        claims: dict[str, Json] = jwt.decode(
            assertion,
            org.client_app.public_key_pem,
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
