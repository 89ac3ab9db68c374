"""Which store it is, as CO2SF_CONNECTIONS says."""

from difflib import get_close_matches
from pathlib import Path

from pipelines.errors import FixAccess
from pipelines.store.file import FileStore
from pipelines.store.nowhere import Nowhere
from pipelines.store.ring import RingStore
from pipelines.store.store import Store

_words = ("file", "keyring", "environment")


def store_of(written: str, home: Path) -> Store:
    """``file`` (connections.json in the home folder), the path of a file, ``keyring``, ``keyring:NAME`` or
    ``environment``; FixAccess for anything else."""
    word, _, name = written.partition(":")
    if word == "keyring":
        return RingStore(name or "co2sf", home)
    if written == "environment":
        return Nowhere(home)
    if written in {"", "file"}:
        return FileStore(home / "connections.json")
    if "/" in written or written.endswith(".json"):
        return FileStore(Path(written).expanduser().resolve())
    near = "".join(f"; did you mean {each}?" for each in get_close_matches(written, _words, n=1))
    raise FixAccess(f"environment: CO2SF_CONNECTIONS {written!r} is no place for connections{near}; write file, "
                    "keyring, environment, or the path of a .json file")  # fmt: skip
