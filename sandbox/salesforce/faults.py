"""Faults on order: a queue of what shall go wrong next, filled over the admin path."""

from dataclasses import dataclass, replace
from typing import Final

from sandbox.salesforce.errors import Crash, Refusal, unable_to_lock
from sandbox.salesforce.jsonvalue import Json
from sandbox.salesforce.table import Row

KINDS: Final = frozenset(
    {"429", "429_retry_after", "500", "502", "503", "html", "cut_json", "slow", "drop", "lost_answer"}
    | {"503_after_commit", "late_answer", "expired_session", "limit_exceeded", "long_limit_exceeded"}
    | {"lock", "refusal", "crash"}
    | {"job_fails", "job_aborted", "job_stalls"}
)
FOR_ROWS: Final = frozenset({"lock", "refusal", "crash"})
INSIDE: Final = "An unexpected error occurred. Please include this ErrorId if you contact support: 1-1"


@dataclass(slots=True)
class Fault:
    """One order: what goes wrong, for which calls (substrings), after how many of them, for every n-th, how often.

    `lock`, `refusal` (with its code and message) and `crash` are for rows instead: those with a value, and of these
    every n-th that a call or a job saves. A `crash` makes the collection of its row answer 500, or the `whole_call`;
    that a row can do so is inferred. A job only refuses the row (inferred). The kinds for jobs name an object: after so
    many rows (or after the last) a job fails with the message or is aborted by someone else, or it stays InProgress for
    the seconds before it ends.
    """

    kind: str
    method: str = ""
    path: str = ""
    count: int = 1
    after_calls: int = 0
    every: int = 1
    seconds: float = 1.0
    sobject: str = ""
    field: str = ""
    value: Json = None
    wrapped: bool = False
    whole_call: bool = False
    after_rows: int = 0
    code: str = ""
    message: str = "Unknown : An unexpected error occurred"
    met: int = 0

    def strikes_call(self, method: str, path: str) -> bool:
        """Whether the fault is for this call; counts those that it lets pass."""
        if self.method.upper() not in method or self.path not in path:
            return False
        self.met += 1
        return self.met > self.after_calls and (self.met - self.after_calls) % self.every == 0

    def strikes_row(self, sobject: str, row: Row) -> bool:
        """Whether the fault is for this row; counts the rows between two that it strikes."""
        if self.sobject not in ("", sobject) or (self.field and row.get(self.field) != self.value):
            return False
        self.met += 1
        return self.met % self.every == 0


class Faults:
    """The orders still open: those for calls in their order, those for rows, and those for jobs."""

    def __init__(self) -> None:
        self.calls: list[Fault] = []
        self.rows: list[Fault] = []
        self.jobs: list[Fault] = []

    def add(self, given: dict[str, Json]) -> None:
        """Takes an order from its JSON; an unknown kind or key is a ValueError."""
        try:
            fault = Fault(**(given | {"kind": str(given.get("kind"))}))
        except TypeError as error:
            raise ValueError(f"fault {given!r}: {error}") from error
        if fault.kind not in KINDS:
            raise ValueError(f"fault kind {fault.kind!r} is not known: {', '.join(sorted(KINDS))}")
        queue = self.rows if fault.kind in FOR_ROWS else self.jobs if fault.kind.startswith("job_") else self.calls
        queue.append(fault)

    def clear(self) -> None:
        """Forgets all orders."""
        self.calls.clear()
        self.rows.clear()
        self.jobs.clear()

    @property
    def waiting(self) -> int:
        """How many orders are still open."""
        return len(self.calls) + len(self.rows) + len(self.jobs)

    def take(self, method: str, path: str) -> Fault | None:
        """The next fault for a call, used up once."""
        for fault in self.calls:
            if fault.strikes_call(method, path):
                self._use(fault, self.calls)
                return fault
        return None

    def refuse(self, sobject: str, row: Row) -> Refusal | None:
        """Why an order refuses this row: with its code and message, with UNABLE_TO_LOCK_ROW (verified text), bare or
        wrapped by a trigger's error, or with a crash."""
        for fault in self.rows:
            if fault.strikes_row(sobject, row):
                self._use(fault, self.rows)
                if fault.kind == "refusal":
                    return Refusal(fault.code, fault.message)
                if fault.kind == "crash":
                    return Crash("UNKNOWN_EXCEPTION", INSIDE, whole_call=fault.whole_call)
                return _locked(row["Id"], sobject, wrapped=fault.wrapped)
        return None

    def for_job(self, sobject: str) -> list[Fault]:
        """What shall happen to a job that begins, each used up once."""
        due = [fault for fault in self.jobs if fault.sobject in ("", sobject)]
        for fault in due:
            self._use(fault, self.jobs)
        return due

    def row_orders(self) -> list[Fault]:
        """The orders for rows as they stand, for work that may be taken back."""
        return [replace(fault) for fault in self.rows]

    def order_rows(self, orders: list[Fault]) -> None:
        """Orders for rows again what work had used up that was taken back."""
        self.rows[:] = orders

    @staticmethod
    def _use(fault: Fault, queue: list[Fault]) -> None:
        fault.count -= 1
        if fault.count <= 0:
            queue.remove(fault)


def _locked(record_id: str, sobject: str, *, wrapped: bool) -> Refusal:
    bare = unable_to_lock([record_id])
    if not wrapped:
        return bare
    cause = f"System.DmlException: UNABLE_TO_LOCK_ROW, {bare.message}"
    text = f"{sobject}Trigger: execution of AfterUpdate\n\ncaused by: {cause}"
    return Refusal("CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", text)
