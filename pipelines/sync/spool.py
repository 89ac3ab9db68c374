"""A spool: rows of one mapping that wait on disk until they are sent, so that memory stays flat."""

import json
from collections.abc import Iterator
from datetime import datetime
from tempfile import TemporaryFile
from typing import IO

from pipelines.mapping.model import Mapping
from pipelines.sync.lag import Signs
from pipelines.sync.row import Row


class Spool:
    """Rows in the order in which they came; any of them can be had again by its number."""

    def __init__(self, mapping: Mapping) -> None:
        self.mapping = mapping
        self.size_bytes = 0
        self._starts: list[int] = []
        self._owners: list[tuple[int, str]] = []
        self._file: IO[bytes] = TemporaryFile()  # noqa: SIM115 - closed with the spool

    def __len__(self) -> int:
        return len(self._starts)

    def __bool__(self) -> bool:
        return True

    def close(self) -> None:
        """Let the rows go."""
        self._file.close()

    def add(self, row: Row) -> None:
        """Add one row."""
        parent = next((external_id for _, external_id in row.parents()), "")
        self._owners.append((row.customer_id or 0, parent))
        self._starts.append(self.size_bytes)
        only = None if row.only is None else sorted(row.only)
        changed, noticed = _told(row.signs.changed_at), _told(row.signs.noticed_at)
        line = json.dumps([row.external_id, row.record_id, row.customer_id, row.observed_at.isoformat(), row.payload,
                           row.lookups, row.fingerprint, row.slots, changed, noticed, only,
                           row.origin, row.signs.signal]).encode()  # fmt: skip
        self.size_bytes += self._file.write(line + b"\n")

    def rows(self) -> Iterator[Row]:
        """The rows with those of one customer, and of one parent, beside each other: batches of a job that run side by
        side then seldom lock the same parent (Bulk API guide)."""
        return map(self._row, sorted(range(len(self)), key=self._owners.__getitem__))

    def _row(self, number: int) -> Row:
        self._file.seek(self._starts[number])
        (
            external_id,
            record_id,
            customer_id,
            observed_at,
            payload,
            lookups,
            fingerprint,
            slots,
            changed,
            noticed,
            only,
            origin,
            signal,
        ) = json.loads(self._file.readline())
        return Row(self.mapping, external_id, record_id, customer_id, datetime.fromisoformat(observed_at), payload,
                   lookups, fingerprint, slots, Signs(_moment(changed), _moment(noticed), signal),
                   None if only is None else frozenset(only), origin)  # fmt: skip


def _told(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _moment(told: str | None) -> datetime | None:
    return datetime.fromisoformat(told) if told else None
