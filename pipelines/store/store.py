"""A place for entries, and the lock under which they change."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from pipelines.errors import FixAccess, TryLater
from pipelines.store.entry import Entry

LOCK_SECONDS = 180
"""Longer than a login that is tried again and again."""


class Store(ABC):
    """Entries by connection: ``salesforce`` and ``chargeover``."""

    @property
    @abstractmethod
    def place(self) -> str:
        """Where it is, for people."""

    @property
    @abstractmethod
    def lock_path(self) -> Path:
        """The file that all processes of this machine lock."""

    @abstractmethod
    def read(self, name: str) -> Entry | None:
        """An entry, None when there is none; FixAccess when the store cannot be read, or others can read it."""

    @abstractmethod
    def write(self, name: str, entry: Entry) -> None:
        """Keep an entry, at once and whole; who writes holds the lock."""

    @abstractmethod
    def stamp(self) -> object:
        """What differs when the entries may differ."""

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Nobody else changes an entry inside; TryLater when another process does so for minutes."""
        try:
            self.lock_path.parent.mkdir(parents=True, exist_ok=True)
            with FileLock(self.lock_path, timeout=LOCK_SECONDS, mode=0o600):
                yield
        except Timeout:
            raise TryLater(
                f"connections: another process has held {self.lock_path} for {LOCK_SECONDS} seconds; run it again"
            ) from None
        except OSError as error:
            if error.filename is None:  # not of the lock
                raise
            raise FixAccess(f"connections: {error.filename} cannot be used: {error.strerror}") from None
