"""What was asked of this sandbox: counts by method and kind of path, and the last 1,000 requests."""

from collections import Counter, deque


class Traffic:
    """Counts requests; ``/api/v3/customer/5`` is counted as ``/api/v3/customer/{id}``."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.last: deque[dict[str, object]] = deque(maxlen=1000)

    def note(self, method: str, path: str, query: str, status: int | str) -> None:
        """Count one request; ``status`` is the HTTP status or the name of the fault it met."""
        parts = ["{id}" if part.isdecimal() or part.startswith("token:") else part for part in path.split("/")]
        self.counts[f"{method} {'/'.join(parts)}"] += 1
        self.last.append({"method": method, "path": path, "query": query, "status": status})

    def answer(self) -> dict[str, object]:
        """All of it as a JSON object."""
        return {"total": self.counts.total(), "counts": dict(self.counts), "last": list(self.last)}
