"""API calls: how many we made, and how many of the org's allowance are used."""

import re
from dataclasses import dataclass
from threading import Lock

_LIMIT_INFO = re.compile(r"(?:^|[;\s])api-usage=(\d+)/(\d+)")


@dataclass(frozen=True, slots=True)
class Usage:
    """The org's API calls of the last 24 hours as Salesforce last told them (None: not told yet), and our own."""

    used: int | None = None
    allowed: int | None = None
    calls_made: int = 0
    write_calls_made: int = 0


class Meter:
    """Counts over all threads of a session."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._usage = Usage()

    @property
    def usage(self) -> Usage:
        """The counts at this moment."""
        return self._usage

    def count(self, *, writes: bool) -> None:
        """One more call to the API."""
        with self._lock:
            now = self._usage
            self._usage = Usage(now.used, now.allowed, now.calls_made + 1, now.write_calls_made + writes)

    def read(self, limit_info: str | None) -> tuple[int, int] | None:
        """Take over the header Sforce-Limit-Info: ``api-usage=18/5000``, maybe more for the app (recorded); the two
        numbers, None without a header."""
        found = _LIMIT_INFO.search(limit_info or "")
        if found is None:
            return None
        with self._lock:
            now = self._usage
            self._usage = Usage(int(found[1]), int(found[2]), now.calls_made, now.write_calls_made)
        return int(found[1]), int(found[2])
