"""A login that a person gave once: its refresh token gives new access tokens, one process at a time."""

from dataclasses import dataclass, field
from typing import Any, ClassVar

from pipelines.salesforce.fault import Fault, Kind
from pipelines.salesforce.oauth_faults import OAUTH_FAULTS
from pipelines.salesforce.session import Session
from pipelines.salesforce.token import Token, token_of
from pipelines.store.vault import Tokens, Vault, moment

_REVOKED = Fault(
    "invalid_grant", Kind.STOP, "the refresh token is not taken any more: it was revoked or has expired",
    "run co2sf connect salesforce",
)  # fmt: skip
_OF_HOSTS = ("not supported on this", "ip restricted")
REFRESH_FAULTS = (*(one for one in OAUTH_FAULTS if one.code != "invalid_grant" or one.message in _OF_HOSTS), _REVOKED)
"""Whatever else is said of a grant, a person must log in again."""


@dataclass(frozen=True, slots=True)
class RefreshToken:
    """An app that a user has approved; where the refresh token lives, the access token of all processes does."""

    logins: ClassVar[int] = 3
    """How many tokens are tried: the last one, that of another process, which may be as old, and a new one."""
    url: str
    client_id: str
    client_secret: str | None = field(repr=False)
    vault: Vault = field(repr=False)

    def token(self, session: Session, ended: str) -> Token:
        """The token that the processes share, or, when that is the one which ``ended``, a new one."""
        with self.vault.locked():
            kept = self.vault.read()
            if kept.access_token and kept.access_token != ended:
                return Token(kept.access_token, kept.instance_url)
            answer = self._refreshed(session, kept.refresh_token)
            token = token_of(answer, self.url)
            self.vault.write(Tokens(answer["refresh_token"], token.access_token, token.instance_url, moment()))
        return token

    def _refreshed(self, session: Session, refresh_token: str) -> dict[str, Any]:
        # Authlib takes a quarter of a second, and few runs need it
        from pipelines.salesforce.oauth_client import OAuthClient

        client = OAuthClient(self.url, self.client_id, self.client_secret, session, REFRESH_FAULTS)
        return client.refreshed(refresh_token)
