"""What the user has approved: codes that wait to be redeemed, and refresh tokens with the access tokens they gave."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sandbox.salesforce.clock import Clock
from sandbox.salesforce.errors import OAuthError
from sandbox.salesforce.sessions import Sessions

MOST_APPROVALS = 5
"""Per user and app: a further one ends the oldest refresh token (verified)."""


@dataclass(frozen=True, slots=True)
class Code:
    """An authorization code as it was asked for."""

    redirect_uri: str
    challenge: str
    scopes: tuple[str, ...]
    made_at: datetime


@dataclass(slots=True)
class Approval:
    """A refresh token, and the access tokens that came with it or by it."""

    scopes: tuple[str, ...]
    refresh_token: str = field(default_factory=lambda: f"5Aep{secrets.token_urlsafe(48)}")
    access_tokens: list[str] = field(default_factory=list)


class Approvals:
    """Of the one user for the one app, the oldest first."""

    def __init__(self, clock: Clock, sessions: Sessions) -> None:
        self._clock = clock
        self._sessions = sessions
        self._codes: dict[str, Code] = {}
        self.standing: list[Approval] = []
        self.refreshes = 0

    def give_code(self, redirect_uri: str, challenge: str, scopes: tuple[str, ...]) -> str:
        """A code for one use."""
        code = f"aPrx{secrets.token_urlsafe(32)}"
        self._codes[code] = Code(redirect_uri, challenge, scopes, self._clock.now())
        return code

    def take_code(self, code: str, seconds: int) -> Code:
        """What was asked for with the code; a used, unknown or old one is an expired one (inferred)."""
        taken = self._codes.pop(code, None)
        if taken is None or self._clock.now() - taken.made_at > timedelta(seconds=seconds):
            raise OAuthError("invalid_grant", "expired authorization code")
        return taken

    def begin(self, scopes: tuple[str, ...]) -> Approval:
        """One more approval."""
        while len(self.standing) >= MOST_APPROVALS:
            self.end(self.standing[0])
        self.standing.append(Approval(scopes))
        return self.standing[-1]

    def of(self, refresh_token: str) -> Approval | None:
        """The approval of a refresh token that still stands."""
        return next((each for each in self.standing if each.refresh_token == refresh_token), None)

    def refreshed(self, approval: Approval, *, rotates: bool) -> None:
        """Counts a refresh; with rotation the approval has another token from now on."""
        self.refreshes += 1
        if rotates:
            approval.refresh_token = Approval(approval.scopes).refresh_token

    def end(self, approval: Approval) -> None:
        """Ends a refresh token and its access tokens (the latter inferred)."""
        self.standing.remove(approval)
        for token in approval.access_tokens:
            self._sessions.end(token)

    def dump(self) -> list[list[str]]:
        """Refresh tokens and their scopes: what outlives a restart."""
        return [[each.refresh_token, *each.scopes] for each in self.standing]

    def load(self, kept: list[list[str]]) -> None:
        """Takes over what `dump` gave."""
        self.standing = [Approval(tuple(scopes), token) for token, *scopes in kept]
