"""How to reach Salesforce."""

from pathlib import Path
from typing import Literal

from pydantic import AnyHttpUrl, Field, SecretStr, ValidationInfo, field_validator
from pydantic_settings import SettingsConfigDict

from pipelines.settings.reading import Connected
from pipelines.settings.source import WRITTEN

_NO_PASSWORDS = (
    "a password is not taken: Salesforce has the username-password flow off in new orgs, and SOAP login is not in its "
    "API from 65.0 on and ends with Summer '27; unset it, and set SALESFORCE_CLIENT_SECRET (client credentials) or "
    "SALESFORCE_USERNAME and SALESFORCE_PRIVATE_KEY_FILE (JWT bearer)"
)
"""OAuth help pages; SOAP API guide, login(); help article 005132110."""


class SalesforceSettings(Connected):
    """How to reach Salesforce; unless the login is named, a refresh token means the web-server flow, a client secret
    client credentials, a user and a private key JWT bearer."""

    model_config = WRITTEN | SettingsConfigDict(env_prefix="SALESFORCE_")
    url: AnyHttpUrl
    """Your My Domain address."""
    client_id: str
    """Consumer key of an External Client App or Connected App."""
    login: Literal["web", "jwt", "client_credentials"] | None = None
    """``web`` (a refresh token), ``jwt`` or ``client_credentials``; if not set, what the other settings are for."""
    client_secret: SecretStr | None = None
    """For the client-credentials flow; for the web-server flow if the app demands it."""
    refresh_token: SecretStr | None = None
    """For the web-server flow, of an app that does not rotate it; ``co2sf connect salesforce`` keeps one itself."""
    login_url: AnyHttpUrl | None = None
    """For the web-server flow: where the login was, such as ``https://login.salesforce.com``, if not at the address."""
    username: str | None = None
    """For the JWT bearer flow: the user to log in as."""
    private_key_file: Path | None = None
    """For the JWT bearer flow: a PEM file."""
    audience: str = "https://login.salesforce.com"
    """For the JWT bearer flow; ``https://test.salesforce.com`` for a sandbox."""
    writers: int = Field(default=8, ge=1, le=64)
    """How many requests are under way at once, at most; each writer has customers of its own."""
    bulk_from_rows: int = Field(default=50_000, ge=1)
    """From so many rows of one mapping on they go as files (Bulk API 2.0) instead of requests."""
    partial_updates: bool = True
    """Whether an update sends only the fields that differ from what Salesforce accepted last."""
    calls_share_percent: int = Field(default=50, ge=1, le=100)
    """The share of the org's API calls of any 24 hours that co2sf may make; from four fifths of it on it slows down."""
    calls_reserve_percent: int = Field(default=10, ge=0, le=99)
    """The share of the org's API calls that stays for others: co2sf stops while all apps have used the rest."""
    backfill_share_percent: int = Field(default=50, ge=1, le=100)
    """The share of co2sf's own calls that full syncs and backfills may make, so that live syncs keep the rest."""
    api_version: str = Field(default="67.0", pattern=r"^\d\d\.0$")
    """Of Salesforce's REST API."""
    describe_every_seconds: int = Field(default=300, ge=0)
    """How long until a run asks whether the objects of the org have changed; what stops a mapping is always asked."""
    password: SecretStr | None = None
    """Not taken: logins by password are being retired; an error says what to set instead."""
    security_token: SecretStr | None = None
    """Not taken, as the password that it belongs to."""

    @field_validator("password", "security_token")
    @classmethod
    def _is_not_taken(cls, written: SecretStr | None, about: ValidationInfo) -> SecretStr | None:
        """A blank one is none."""
        if written is not None and written.get_secret_value():
            raise ValueError(_NO_PASSWORDS if about.field_name == "password" else "it belongs to a password; unset it")
        return None
