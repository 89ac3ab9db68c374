"""/services/oauth2/authorize: a person logs in, is asked, and is sent back to the app with a code or a refusal."""

import hmac
import secrets
from collections.abc import Mapping
from urllib.parse import urlencode

from sandbox.salesforce.oauth.page import consent_page, error_page, login_page
from sandbox.salesforce.org import Org

ASKED = ("response_type", "client_id", "redirect_uri", "scope", "state", "code_challenge", "code_challenge_method")


class Screen:
    """What the browser is given: a page with a status, or the address that it is sent to."""

    def __init__(self, page: str = "", status: int = 200, location: str = "") -> None:
        self.page = page
        self.status = status
        self.location = location


class Authorizing:
    """The screens of one org; who has logged in is asked for consent once (real orgs skip it the next time)."""

    def __init__(self, org: Org) -> None:
        self._org = org
        self._tickets: set[str] = set()

    def show(self, given: Mapping[str, str]) -> Screen:
        """The first screen."""
        return self._wrong(given) or Screen(login_page(_asked(given)))

    def answer(self, given: Mapping[str, str]) -> Screen:
        """What follows a button."""
        wrong = self._wrong(given)
        if wrong:
            return wrong
        if given.get("step") == "login":
            return self._login(given)
        if given.get("ticket") not in self._tickets:
            return Screen(login_page(_asked(given)))
        self._tickets.discard(given["ticket"])
        return self._decided(given, allowed=given.get("step") == "allow")

    def _login(self, given: Mapping[str, str]) -> Screen:
        org = self._org
        is_known = given.get("username", "").strip() == org.settings.username
        if not is_known or not hmac.compare_digest(given.get("password", ""), org.client_app.password):
            return Screen(login_page(_asked(given), "Please check your username and password."))
        ticket = secrets.token_urlsafe(16)
        self._tickets.add(ticket)
        return Screen(consent_page({**_asked(given), "ticket": ticket}, self._scopes(given), org.settings.username))

    def _decided(self, given: Mapping[str, str], *, allowed: bool) -> Screen:
        """Back to the app: with a code, or with error=access_denied and a description (verified; its text inferred)."""
        if not allowed:
            return _back(given, error="access_denied", error_description="end-user denied authorization")
        code = self._org.approvals.give_code(
            given["redirect_uri"], given.get("code_challenge", ""), self._scopes(given)
        )
        return _back(given, code=code)

    def _scopes(self, given: Mapping[str, str]) -> tuple[str, ...]:
        """Those asked for; without any, all of the app (inferred)."""
        return tuple(given.get("scope", "").split()) or self._org.client_app.scopes

    def _wrong(self, given: Mapping[str, str]) -> Screen | None:
        """A page where the app cannot be believed, else a way back with the error (texts of the latter inferred)."""
        if given.get("client_id") != self._org.settings.client_id:
            return Screen(error_page("invalid_client_id", "client identifier invalid"), 400)
        if given.get("redirect_uri") not in self._org.client_app.callbacks:
            return Screen(error_page("redirect_uri_mismatch", "redirect_uri must match configuration"), 400)
        if given.get("response_type") != "code":
            return _back(given, error="unsupported_response_type", error_description="response type not supported")
        if given.get("code_challenge") and given.get("code_challenge_method", "plain") != "S256":
            return _back(given, error="invalid_request", error_description="code challenge method must be S256")
        if not set(self._scopes(given)) <= set(self._org.client_app.scopes):
            return _back(given, error="invalid_scope", error_description="the requested scope is not allowed")
        return None


def _asked(given: Mapping[str, str]) -> dict[str, str]:
    return {name: given[name] for name in ASKED if name in given}


def _back(given: Mapping[str, str], **answer: str) -> Screen:
    state = {"state": given["state"]} if "state" in given else {}
    return Screen(status=302, location=f"{given['redirect_uri']}?{urlencode(answer | state)}")
