"""What was asked of the org: counts by method and kind of path, and the latest thousand calls."""

from collections import Counter, deque
from dataclasses import asdict, dataclass

from sandbox.salesforce.clock import Clock
from sandbox.salesforce.jsonvalue import Json

KEPT = 1000


@dataclass(slots=True)
class Entry:
    """One call; `rows` counts the rows that it wrote."""

    at: str
    method: str
    path: str
    kind: str
    status: int
    rows: int


class RequestLog:
    """The calls since the server started or was asked to forget them."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.counts: Counter[str] = Counter()
        self.latest: deque[Entry] = deque(maxlen=KEPT)

    def note(self, method: str, path: str, kind: str, status: int, rows: int) -> None:
        """Adds a call."""
        self.counts[f"{method} {kind}"] += 1
        self.latest.append(Entry(self._clock.now().isoformat(), method, path, kind, status, rows))

    def clear(self) -> None:
        """Forgets all calls."""
        self.counts.clear()
        self.latest.clear()

    def listed(self) -> dict[str, Json]:
        """Counts and calls as JSON values."""
        return {"counts": dict(self.counts), "requests": [asdict(entry) for entry in self.latest]}
