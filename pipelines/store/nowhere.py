"""No store: all secrets come from the environment."""

from dataclasses import dataclass
from pathlib import Path

from pipelines.errors import FixAccess
from pipelines.store.entry import Entry
from pipelines.store.store import Store


@dataclass(frozen=True, slots=True)
class Nowhere(Store):
    """Holds nothing and takes nothing."""

    home: Path

    @property
    def place(self) -> str:
        """The environment."""
        return "environment"

    @property
    def lock_path(self) -> Path:
        """In the home folder."""
        return self.home / "connections.lock"

    def read(self, name: str) -> Entry | None:  # noqa: ARG002
        """Nothing."""
        return None

    def write(self, name: str, entry: Entry) -> None:  # noqa: ARG002
        """Always FixAccess."""
        raise FixAccess(f"connections: CO2SF_CONNECTIONS=environment keeps nothing of {name}; set its variables "
                        "yourself, or CO2SF_CONNECTIONS=file")  # fmt: skip

    def stamp(self) -> object:
        """Never differs."""
        return None
