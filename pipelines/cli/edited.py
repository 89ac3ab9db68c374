"""What an edit of the mappings folder means, in words: the files that changed, what is broken, what follows."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pipelines.chargeover.catalog import vocabulary
from pipelines.mapping.model import Mapping as MappingFile
from pipelines.mapping.reading import Shelf, read_mappings
from pipelines.mapping.written_conversions import FILE

_follows = {
    "resync": "its old rows follow by themselves (on_change: resync)",
    "from_now": "each row follows when its record changes (on_change: from_now)",
}


@dataclass(frozen=True, slots=True)
class Folder:
    """The mappings folder at one moment."""

    contents: Mapping[str, bytes]
    shelf: Shelf


@dataclass(frozen=True, slots=True)
class Edited:
    """What became of a folder from one moment to another."""

    before: Folder
    after: Folder

    @property
    def files(self) -> dict[str, str]:
        """What happened to each file that is not as it was."""
        old, new = self.before.contents, self.after.contents
        happened = {name: "added" if name not in old else "removed" if name not in new else "edited"
                    for name in {*old, *new}}  # fmt: skip
        return {name: happened[name] for name in sorted(happened) if old.get(name) != new.get(name)}

    @property
    def problems(self) -> list[str]:
        """All that is wrong now, each with its file:line:column."""
        return [str(problem) for problem in self.after.shelf.problems]

    def words(self) -> str:
        """One line."""
        files = ", ".join(f"{name} {what}" for name, what in self.files.items()) or "nothing changed"
        return "; ".join([files, *self._consequences()])

    def _consequences(self) -> Iterator[str]:
        old = {each.path.name: each for each in self.before.shelf.mappings}
        others = [each for each in self.after.shelf.mappings if _is_other(old.get(each.path.name), each)]
        yield from (_meaning(each, was_good=each.path.name in old) for each in others)
        broken = len(self.after.shelf.broken)
        if broken:
            yield f"{broken} file{'s are' if broken > 1 else ' is'} broken, everything else runs on"
        elif not others and "removed" not in self.files.values():
            yield "only comments or layout, nothing follows"


def read_folder(folder: Path) -> Folder:
    """The folder as it stands."""
    return Folder(contents_of(folder), read_mappings(folder, vocabulary()))


def contents_of(folder: Path) -> dict[str, bytes]:
    """What stands in the files that count; a file or folder that is gone, or cannot be read, holds nothing."""
    found: dict[str, bytes] = {}
    try:
        paths = [each for each in folder.iterdir() if each.suffix in {".yaml", ".yml"} or each.name == FILE]
        for path in paths:
            found[path.name] = path.read_bytes()
    except OSError:
        return found
    return found


def _is_other(before: MappingFile | None, now: MappingFile) -> bool:
    return before is None or before.fingerprint != now.fingerprint


def _meaning(mapping: MappingFile, *, was_good: bool) -> str:
    if not was_good:
        return f"{mapping.name} is in order, its first sync or what it missed follows by itself"
    return f"{mapping.name} is Unsynced, {_follows[mapping.on_change]}"
