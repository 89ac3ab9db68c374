"""The file of an ingest job: rows gathered on disk, then written as CSV."""

import json
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Self

from pipelines.salesforce.bulk.cells import NULL, CannotTravelError, cells_of, quoted

FULL_BYTES = 95_000_000
"""When a sheet is full: a job takes 100 MB of CSV (Bulk API limits), and one more row must never be too much."""


class Sheet:
    """Rows of one sObject, each given as the text of a JSON object; no two with the same external id."""

    def __init__(self, external_id_field: str, path: Path | None = None, full_bytes: int = FULL_BYTES) -> None:
        self.external_id_field = external_id_field
        self._full_bytes = full_bytes
        self._columns: dict[str, int] = {external_id_field: 0}
        self._keys: set[str] = set()
        self._cell_bytes = 0
        self._rows: IO[str] = TemporaryFile("w+", encoding="ascii")  # noqa: SIM115 - closed with the sheet
        self._file: IO[bytes] = path.open("w+b") if path else TemporaryFile()  # noqa: SIM115
        self._written = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __len__(self) -> int:
        return len(self._keys)

    @property
    def columns(self) -> list[str]:
        """The external id field, then the columns in the order in which rows brought them."""
        return list(self._columns)

    @property
    def size_bytes(self) -> int:
        """How large the file is, or will be."""
        header = sum(len(quoted(name)) + 1 for name in self._columns)
        return header + self._cell_bytes + len(self._keys) * len(self._columns)

    @property
    def is_full(self) -> bool:
        """Whether further rows belong on another sheet."""
        return self.size_bytes >= self._full_bytes

    def add(self, text: str) -> bool:
        """Add a row; False when it must go by REST: CSV cannot carry it, or its external id is absent or here already.

        Of two rows with one external id, batches of a job that run side by side would decide which one stays.
        """
        if self._written:
            raise ValueError("a sheet that was opened takes no more rows")
        try:
            cells = cells_of(text)
        except CannotTravelError:
            return False
        key = cells.get(self.external_id_field, NULL)
        if key == NULL or key in self._keys:
            return False
        self._keys.add(key)
        for column in cells:
            self._columns.setdefault(column, len(self._columns))
        self._cell_bytes += sum(len(cell.encode()) for cell in cells.values())
        self._rows.write(json.dumps([cells.get(column, "") for column in self._columns]) + "\n")
        return True

    def open(self) -> IO[bytes]:
        """The CSV file at its beginning: UTF-8 without a byte order mark, lines that end in LF, all columns alike."""
        if not self._written:
            self._write()
            self._written = True
        self._file.seek(0)
        return self._file

    def close(self) -> None:
        """Let the rows go; a file at a path stays."""
        self._rows.close()
        self._file.close()

    def _write(self) -> None:
        self._file.write(_line([quoted(name) for name in self._columns]))
        self._rows.seek(0)
        for spooled in self._rows:
            cells = json.loads(spooled)
            self._file.write(_line(cells + [""] * (len(self._columns) - len(cells))))
        self._file.flush()


def _line(cells: list[str]) -> bytes:
    return (",".join(cells) + "\n").encode()
