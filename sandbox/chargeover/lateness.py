"""Rows that appear late: stored, but in no answer until a while has passed (inferred: a server that commits late)."""

from collections.abc import Mapping


class Lateness:
    """The second from which each late row is seen, by object and id; kept outside the rows."""

    def __init__(self, seen_from: Mapping[str, Mapping[int, float]] | None = None) -> None:
        self.seen_from = {kind: dict(rows) for kind, rows in (seen_from or {}).items()}

    def hide(self, kind: str, row_id: int, now: int, seconds: float) -> None:
        """Keep a row unseen for ``seconds`` from now; forget those of its kind that are seen by now."""
        waiting = {each: at for each, at in self.seen_from.get(kind, {}).items() if at > now}
        self.seen_from[kind] = waiting | {row_id: now + seconds}

    def unseen(self, kind: str, now: int) -> frozenset[int]:
        """The ids of an object's rows that are not seen yet."""
        return frozenset(row_id for row_id, at in self.seen_from.get(kind, {}).items() if at > now)
