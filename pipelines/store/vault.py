"""Where the refresh token of a login lives, and the access token that processes share."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from pipelines.errors import FixAccess
from pipelines.store.store import Store


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a login gave last."""

    refresh_token: str = field(repr=False)
    access_token: str = field(default="", repr=False)
    instance_url: str = ""
    refreshed_at: str = ""
    """ISO 8601, UTC."""


class Vault(ABC):
    """The tokens of one login."""

    @abstractmethod
    def locked(self) -> AbstractContextManager[None]:
        """Only one process at a time refreshes."""

    @abstractmethod
    def read(self) -> Tokens:
        """The tokens as they are now; FixAccess when there are none."""

    @abstractmethod
    def write(self, tokens: Tokens) -> None:
        """Keep these from now on."""


@dataclass(frozen=True, slots=True)
class StoreVault(Vault):
    """In the store's entry of Salesforce, as long as that is of this app."""

    store: Store
    client_id: str
    url: str

    def locked(self) -> AbstractContextManager[None]:
        """The lock of the store."""
        return self.store.locked()

    def read(self) -> Tokens:
        """Of the entry."""
        entry = self.store.read("salesforce")
        told: Mapping[str, object] = {"client_id": self.client_id, "url": self.url}
        if entry is None or not entry.is_of(told) or not entry.tokens.get("refresh_token"):
            raise FixAccess(f"Salesforce: no refresh token of this app is kept in {self.store.place}; run co2sf "
                            "connect salesforce")  # fmt: skip
        return Tokens(**{name: entry.tokens.get(name, "") for name in Tokens.__dataclass_fields__})

    def write(self, tokens: Tokens) -> None:
        """Into the entry, whose settings stay; who writes holds the lock."""
        entry = self.store.read("salesforce")
        if entry is not None:
            self.store.write("salesforce", replace(entry, tokens=tokens_dict(tokens)))


@dataclass(frozen=True, slots=True)
class EnvironmentVault(Vault):
    """SALESFORCE_REFRESH_TOKEN, which we cannot change."""

    refresh_token: str = field(repr=False)

    def locked(self) -> AbstractContextManager[None]:
        """Nothing is shared."""
        return nullcontext()

    def read(self) -> Tokens:
        """The refresh token alone."""
        return Tokens(self.refresh_token)

    def write(self, tokens: Tokens) -> None:
        """Nothing, but FixAccess when the token was rotated."""
        if tokens.refresh_token != self.refresh_token:
            raise FixAccess(
                "Salesforce: the app rotates refresh tokens, so the one in SALESFORCE_REFRESH_TOKEN is used up and the "
                "next one has no place; turn rotation off in the app, or unset it and run co2sf connect salesforce"
            )


def tokens_dict(tokens: Tokens) -> dict[str, str]:
    """As an entry holds them."""
    return {name: getattr(tokens, name) for name in Tokens.__dataclass_fields__}


def moment() -> str:
    """Now, as tokens are dated."""
    return datetime.now(UTC).isoformat(timespec="seconds")
