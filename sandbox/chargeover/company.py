"""The billing company: its tables, who belongs to whom, and what happened since the last answer."""

import random
from collections import deque
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sandbox.chargeover.clock import Clock
from sandbox.chargeover.envelope import Refusal
from sandbox.chargeover.lateness import Lateness
from sandbox.chargeover.settings import Settings
from sandbox.chargeover.table import Row, Table
from sandbox.chargeover.times import Times

# First ids as in the recordings of 2015, so that ids of different objects do not look alike.
FIRST_IDS = {
    "customer": 1,
    "user": 348,
    "item": 1,
    "tierset": 1,
    "package": 554,
    "invoice": 10000,
    "transaction": 65,
    "quote": 100,
    "creditcard": 66,
    "ach": 20,
    "tokenized": 1,
    "currency": 1,
    "terms": 1,
    "brand": 1,
    "admin": 1,
    "language": 1,
    "country": 1,
    "campaign": 1,
    "class": 1,
    "coupon": 1,
    "item_category": 1,
    "_customfield": 1,
    "_resthook": 1,
    "_log_system": 1,
}
FIRST_LINE_IDS = {"package": 580, "invoice": 2600, "quote": 300}
_IN_TOKENS = "abcdefghijklmnopqrstuvwxyz0123456789"


class Company:
    """All state of one ChargeOver account, in memory."""

    def __init__(self, settings: Settings | None = None, clock: Clock | None = None, seed: int = 0) -> None:
        self.settings = settings or Settings()
        self.clock = clock or Clock()
        self.times = _times(self.settings)
        self.random = random.Random(seed)  # noqa: S311 -- made-up data must be repeatable, not secret
        self.mishaps = random.Random(f"luck of {seed}")  # noqa: S311 -- as above
        self.tables = {name: Table(_key_of(name), first) for name, first in FIRST_IDS.items()}
        self.lines: dict[str, dict[int, list[Row]]] = {name: {} for name in FIRST_LINE_IDS}
        self.next_line = dict(FIRST_LINE_IDS)
        self.applied: dict[int, dict[int, Decimal]] = {}
        self.applied_on: dict[int, dict[int, Decimal]] = {}
        self.customers_of: dict[int, list[int]] = {}
        self.users_of: dict[int, list[int]] = {}
        self.quote_of: dict[str, dict[int, int]] = {"package": {}, "invoice": {}}
        self.earliest_due: dict[str, dict[int, str]] = {"customer": {}, "package": {}}
        self.lateness = Lateness()
        self._today = (-1, "")
        self.happenings: deque[tuple[str, str, Row]] = deque(maxlen=100_000)

    def configure(self, settings: Settings) -> None:
        """Switch the account to other settings."""
        self.settings = settings
        self.times = _times(settings)
        self._today = (-1, "")

    def today(self) -> str:
        """The account-local day."""
        minute = self.clock.now() // 60
        if self._today[0] != minute:
            self._today = (minute, self.times.day(minute * 60))
        return self._today[1]

    def row(self, kind: str, row_id: object, name: str | None = None) -> Row:
        """The row an id in a request names; refuses an id that is not there."""
        found = self.tables[kind].get(row_id) if isinstance(row_id, int) else None
        if found is None:
            raise Refusal.invalid(name or _key_of(kind), row_id)
        return found

    def shown(self, kind: str, row_id: int | None, field: str) -> Any:  # noqa: ANN401 -- any JSON value
        """A field of a related row, or None when there is no such row."""
        row = self.tables[kind].get(row_id)
        return None if row is None else row.get(field)

    def add(self, kind: str, row: Row) -> Row:
        """Store a new row and give it its id and token."""
        row.setdefault("token", self.token())
        row_id = self.tables[kind].add(row)
        if self.settings.appears_after_seconds:
            self.lateness.hide(kind, row_id, self.clock.now(), self.settings.appears_after_seconds)
        return row

    def unseen(self, kind: str) -> frozenset[int]:
        """The ids of rows that are stored and appear in no answer yet."""
        return self.lateness.unseen(kind, self.clock.now())

    def change(self, kind: str, row: Row, fields: Mapping[str, Any]) -> None:
        """Set fields of a row; "kind" accounts move its mod_datetime with it."""
        if self.settings.mod_datetime == "kind" and "mod_datetime" in row:
            fields = {**fields, "mod_datetime": self.clock.now()}
        self.tables[kind].change(row, fields)

    def edit(self, kind: str, row: Row, fields: Mapping[str, Any]) -> None:
        """Set fields of a row and move its mod_datetime, as every PUT does [recorded 2015, update_customer]."""
        self.tables[kind].change(row, {**fields, "mod_datetime": self.clock.now()})

    def add_line(self, kind: str, row_id: int, line: Row) -> Row:
        """Give a line the next line id; the caller puts it into ``lines``."""
        line["line_item_id"] = self.next_line[kind]
        line[_key_of(kind)] = row_id
        self.next_line[kind] += 1
        return line

    def apply(self, transaction_id: int, invoice_id: int, amount: Decimal) -> None:
        """State how much of a transaction lies on an invoice; nothing of it when ``amount`` is zero."""
        if amount:
            self.applied.setdefault(transaction_id, {})[invoice_id] = amount
            self.applied_on.setdefault(invoice_id, {})[transaction_id] = amount
        else:
            self.applied.get(transaction_id, {}).pop(invoice_id, None)
            self.applied_on.get(invoice_id, {}).pop(transaction_id, None)

    def join(self, user_id: int, customer_id: int) -> None:
        """Make a user a contact of a customer."""
        if customer_id not in self.customers_of.setdefault(user_id, []):
            self.customers_of[user_id].append(customer_id)
            self.users_of.setdefault(customer_id, []).append(user_id)

    def leave(self, user_id: int, customer_id: int) -> None:
        """End a user's being a contact of a customer."""
        self.customers_of[user_id].remove(customer_id)
        self.users_of[customer_id].remove(user_id)

    def announce(self, context: str, event: str, row: Row) -> None:
        """Note that something happened, for the webhooks."""
        self.happenings.append((context, event, row))

    def token(self) -> str:
        """Twelve lower-case letters and digits, as ChargeOver's tokens have."""
        return "".join(self.random.choices(_IN_TOKENS, k=12))


def _times(settings: Settings) -> Times:
    return Times(settings.zone, settings.datetimes, zone_aware_filters=settings.zone_aware_filters)


def _key_of(kind: str) -> str:
    return {"_log_system": "log_id", "_customfield": "customfield_id", "_resthook": "id"}.get(kind, f"{kind}_id")
