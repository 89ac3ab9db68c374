"""The store in a file that only its owner may read."""

import json
import os
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

from pipelines.errors import FixAccess
from pipelines.store.entry import Entry, entry_of
from pipelines.store.store import Store


@dataclass(frozen=True, slots=True)
class FileStore(Store):
    """A JSON file, mode 0600, replaced as a whole whenever an entry changes."""

    path: Path

    @property
    def place(self) -> str:
        """The file's name."""
        return f"file {self.path}"

    @property
    def lock_path(self) -> Path:
        """Beside the file."""
        return self.path.with_name(f"{self.path.name}.lock")

    def read(self, name: str) -> Entry | None:
        """An entry of the file."""
        written = self._entries().get(name)
        return entry_of(json.dumps(written)) if written is not None else None

    def write(self, name: str, entry: Entry) -> None:
        """Replace the file: a reader sees the old one or the new one, also after a crash."""
        text = json.dumps(self._entries() | {name: json.loads(entry.as_json())}, indent=1)
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._replace(text)
        except OSError as error:
            raise FixAccess(f"connections: {self.path} cannot be written: {error.strerror}") from None

    def stamp(self) -> object:
        """Of the file, None when there is none."""
        try:
            found = self.path.stat()
        except OSError:
            return None
        return found.st_ino, found.st_mtime_ns, found.st_size, found.st_mode

    def _entries(self) -> dict[str, object]:
        try:
            with self.path.open(encoding="utf-8") as file:
                self._check_mode(os.fstat(file.fileno()).st_mode)
                written = json.load(file)
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise FixAccess(f"connections: {self.path} cannot be read: {error.strerror}") from None
        except ValueError:
            written = None  # the cause would quote the file
        if not isinstance(written, dict):
            raise FixAccess(f"connections: {self.path} is not what co2sf connect writes; delete it and connect again")
        return written

    def _check_mode(self, mode: int) -> None:
        if os.name == "posix" and mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise FixAccess(
                f"connections: others can read {self.path} (mode {stat.S_IMODE(mode):o}); run chmod 600 {self.path}, "
                "and connect again with new secrets if others may have read it"
            )

    def _replace(self, text: str) -> None:
        # mkstemp makes a file that only its owner may read
        handle, name = tempfile.mkstemp(prefix=f".{self.path.name}.", dir=self.path.parent)
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(self.path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
