"""Where runs are killed: a company, and two moments to begin with: nothing is synced yet, or much has changed since."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from itertools import count
from pathlib import Path
from typing import Any

from archive import Archive
from choosing import Draw
from evidence import Evidence
from life import Life
from mirror import Key
from places import Place
from plan import deeds
from zygote import Ended, Zygote

import sandbox.chargeover
from pipelines.ledger.ledger import open_ledger
from pipelines.mapping.reading import Shelf
from sandbox.chargeover.generator import generate
from sandbox.serving import serve

_customers = 20
mappings = ("customers", "products", "subscriptions", "subscription_lines", "invoices", "invoice_lines",
            "transactions", "applied_payments", "credit_cards", "bank_accounts")  # fmt: skip
_changes = ("sign_up", "edit_a_customer", "edit_a_customer", "move_below_another_customer", "add_an_item",
            "delete_a_card", "edit_an_item", "add_a_card", "subscribe", "upgrade", "upgrade", "cancel", "invoice",
            "invoice", "edit_an_invoice", "void_an_open_invoice", "pay", "pay", "pay_a_part", "pay_in_advance",
            "void_a_payment", "lay_on_other_invoices")  # fmt: skip
_runs = count(1)


@dataclass(frozen=True)
class Start:
    """What a run begins with, and what an undisturbed one makes of it."""

    rows: dict[str, Any]
    """Of Salesforce."""
    ledger: str
    """The address of a ledger to copy."""
    before: Evidence
    right: Evidence
    moments: dict[str, int]
    """How many an undisturbed run has, by kind."""

    @property
    def changed(self) -> list[Key]:
        """The rows that it has to send or delete."""
        return [
            key for key in self.before.rows.keys() | self.right.rows.keys() if not self.before.is_as_in(self.right, key)
        ]


@dataclass
class Scene:
    """A company and an org behind HTTP, which stay, and the process whose copies sync them."""

    life: Life
    place: Place
    shelf: Shelf
    archive: Archive
    zygote: Zygote
    environment: dict[str, str]
    by_files: bool
    """Whether rows travel by files; else by requests."""
    _synced: str = field(init=False)
    _rows: dict[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        """Sync once, then let much change."""
        self._synced = self.begin({}, self.archive.blank)
        self._go_well(self._synced)
        self._rows = self.place.rows()
        for number, name in enumerate(_changes):
            deeds[name](self.life, Draw(7, number))

    @cached_property
    def first_load(self) -> Start:
        """Nothing is in Salesforce or known, but what ChargeOver supports: to ask for that is half of the calls."""
        account, ledger = f"{self.environment['CHARGEOVER_URL']}/", self.archive.copy(self.archive.blank)
        with open_ledger(self._synced) as synced, open_ledger(ledger) as knowing:
            knowing.learn(account, synced.capabilities(account), datetime.now(UTC))
        return self._start({}, ledger)

    @cached_property
    def incremental_sync(self) -> Start:
        """All is synced as it was before the changes."""
        return self._start(self._rows, self._synced)

    def begin(self, rows: dict[str, Any], ledger: str) -> str:
        """Salesforce with these rows only; the address of a ledger to go on with."""
        self.place.reset(rows)
        self.place.org.requests.clear()
        return self.archive.copy(ledger)

    def run(self, ledger: str, **death: Any) -> Ended:
        """One run in a process of its own."""
        return self.zygote.run(next(_runs), ledger, self.environment, **death)

    def evidence(self, ledger: str) -> Evidence:
        """What Salesforce and the ledger hold now."""
        return Evidence.of(self.place.org, self.shelf, ledger)

    def written(self) -> int:
        """How many rows were sent since this was last asked."""
        log = self.place.org.requests
        rows = sum(each.rows for each in log.latest if each.method != "GET")
        log.clear()
        return rows

    def _start(self, rows: dict[str, Any], template: str) -> Start:
        ledger = self.begin(rows, template)
        before = self.evidence(ledger)
        moments = self._go_well(ledger)
        return Start(rows, template, before, self.evidence(ledger), moments)

    def _go_well(self, ledger: str) -> dict[str, int]:
        ended = self.run(ledger)
        assert ended.moments, ended.broken
        return ended.moments


@contextmanager
def scene(folder: Path, zygote: Zygote, shelf: Shelf, archive: Archive, *, by_files: bool) -> Iterator[Scene]:
    """A scene with its ledgers in an archive."""
    company = generate(_customers, 4, seed=7, until=datetime.now(UTC))
    with serve(sandbox.chargeover.app(company)) as billing, Place() as place:
        environment = {
            "CHARGEOVER_URL": billing.url,
            "CHARGEOVER_PUBLIC_KEY": "sandbox-public-key",
            "CHARGEOVER_PRIVATE_KEY": "sandbox-private-key",
            "CHARGEOVER_CALLS_PER_MINUTE": "1000000",
            "SALESFORCE_URL": place.url,
            "SALESFORCE_CLIENT_ID": "sandbox-client-id",
            "SALESFORCE_CLIENT_SECRET": "sandbox-client-secret",
            "SALESFORCE_BULK_FROM_ROWS": "1" if by_files else "1000000",
            "CO2SF_STAGING": str(folder / "staging"),
        }
        yield Scene(Life(company), place, shelf, archive, zygote, environment, by_files)
