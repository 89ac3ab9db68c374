"""Who may call: the client's credentials, the tokens given out, and when they expire."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sandbox.salesforce.clock import Clock


@dataclass(frozen=True, slots=True)
class Settings:
    """What an admin of the org decided; the defaults are those of the demo."""

    client_id: str = "sandbox-client-id"
    client_secret: str = "sandbox-client-secret"  # noqa: S105 - the sandbox's published demo secret
    username: str = "loader@sandbox.example"
    public_key_pem: str | None = None
    client_credentials: bool = True
    session_seconds: int = 7200
    daily_api_requests: int = 100_000
    daily_bulk_batches: int = 15_000  # (verified)
    daily_bulk_rows: int = 150_000_000  # (verified)
    largest_upload_bytes: int = 100_000_000  # of a job's file (verified as 100 MB)
    hard_delete: bool = False  # whether the loader may
    modify_metadata: bool = True  # whether the loader may deploy
    unknown_field_fails: str = "call"  # "call" or "row": which one the vendor does is unknown


class Sessions:
    """The access tokens in use; one that was idle for the session time is expired (2 h by default, verified)."""

    def __init__(self, clock: Clock, settings: Settings) -> None:
        self._clock = clock
        self._idle = timedelta(seconds=settings.session_seconds)
        self._used_at: dict[str, datetime] = {}

    def open(self, token: str) -> None:
        """Starts a session."""
        self._used_at[token] = self._clock.now()

    def use(self, token: str) -> bool:
        """Whether the token is good; using it keeps the session alive."""
        used_at, now = self._used_at.get(token), self._clock.now()
        if used_at is None or now - used_at > self._idle:
            return False
        self._used_at[token] = now
        return True

    def end(self, token: str) -> bool:
        """Ends a session; whether there was one."""
        return self._used_at.pop(token, None) is not None

    def expire(self) -> None:
        """Ends all sessions."""
        self._used_at.clear()
