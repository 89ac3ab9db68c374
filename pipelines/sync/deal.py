"""Dealing: the rows of a mapping, cut into the shares of all writers once, however many read them."""

from collections.abc import Iterator
from functools import lru_cache
from threading import Lock

from pipelines.mapping.model import Mapping
from pipelines.sync.row import Row
from pipelines.sync.staged import Staged

_parts_kept = 3  # a writer that is further behind has its part read again


class Deal:
    """One mapping for several writers; a writer owns customers, so nobody locks another's parents."""

    def __init__(self, staged: Staged, writers: int) -> None:
        self.staged = staged
        self._writers = writers
        self._lock = Lock()
        self._cut = lru_cache(maxsize=_parts_kept)(self._shares)

    @property
    def mapping(self) -> Mapping:
        """What is loaded."""
        return self.staged.mapping

    def rows(self, writer: int) -> Iterator[list[Row]]:
        """The rows of each part that are this writer's; rows of no customer are the first one's."""
        for part in self.staged.payloads.parts():
            with self._lock:
                shares = self._cut(part)
            yield shares[writer]

    def _shares(self, part: int) -> list[list[Row]]:
        shares: list[list[Row]] = [[] for _ in range(self._writers)]
        for row in self.staged.rows(part):
            shares[(row.customer_id or 0) % self._writers].append(row)
        return shares
