"""The store in the system's key ring: macOS Keychain, Secret Service, Windows Credential Locker."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import TypeVar

from pipelines.errors import FixAccess
from pipelines.store.entry import Entry, entry_of
from pipelines.store.store import Store

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class RingStore(Store):
    """Entries under the name of a service; the lock is a file in the home folder."""

    service: str
    home: Path

    @property
    def place(self) -> str:
        """The name of the service."""
        return f"key ring ({self.service})"

    @property
    def lock_path(self) -> Path:
        """In the home folder."""
        return self.home / "connections.lock"

    def read(self, name: str) -> Entry | None:
        """An entry of the key ring."""
        text = self._ask(lambda ring: ring.get_password(self.service, name))
        try:
            return entry_of(text) if text else None
        except ValueError:
            raise FixAccess(f"connections: {name} in the {self.place} is not what co2sf connect writes; remove it "
                            "there and connect again") from None  # fmt: skip

    def write(self, name: str, entry: Entry) -> None:
        """Replace an entry."""
        self._ask(lambda ring: ring.set_password(self.service, name, entry.as_json()))

    def stamp(self) -> object:
        """The entries themselves: a key ring has no cheaper sign."""
        return tuple(entry and entry.as_json() for entry in map(self.read, ("salesforce", "chargeover")))

    def _ask(self, ask: Callable[[ModuleType], Answer]) -> Answer:
        import keyring  # most never need it
        from keyring.errors import KeyringError

        try:
            return ask(keyring)
        except KeyringError as error:
            raise FixAccess(
                f"connections: the system has no key ring that can be used ({type(error).__name__}); unlock it, or set "
                "CO2SF_CONNECTIONS=file"
            ) from None
