"""How an account writes datetimes: each account may choose a format (docs: datetimes); behind this it is ISO 8601."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pipelines.chargeover.catalog import CATALOG


@dataclass(frozen=True, slots=True)
class Datetimes:
    """A format as strptime has it; empty for ISO 8601, with an offset or without."""

    format: str = ""

    def normalised(self, name: str, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """The rows of an object with their datetimes, also those of their children, in ISO 8601; what does not fit
        the format stays as it is, so that the mapping names it."""
        kind = CATALOG.get(name)
        if self.format and kind:
            self._rewrite(rows, _datetimes(kind.fields.items()))
            for children in kind.children:
                for row in rows:
                    self._rewrite(row.get(children.name), _datetimes(children.fields.items()))
        return rows

    def _rewrite(self, rows: object, names: list[str]) -> None:
        for row in rows if isinstance(rows, list) else ():
            for name in names if isinstance(row, dict) else ():
                if isinstance(row.get(name), str):
                    row[name] = self._iso(row[name])

    def _iso(self, written: str) -> str:
        try:
            return datetime.strptime(written, self.format).isoformat()  # noqa: DTZ007 - zoneless means the account's
        except ValueError:
            return written


def _datetimes(fields: Iterable[tuple[str, str]]) -> list[str]:
    return [name for name, type_name in fields if type_name == "datetime"]
