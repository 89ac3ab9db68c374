"""A case: faults on order, the run that meets them, and the runs after it."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import requests
from proof import (
    Key,
    Rows,
    doubled,
    miscounted,
    misnamed,
    missing,
    orphaned,
    recorded_too_early,
    rows_of,
    with_dependents,
)

from pipelines.ledger.ledger import Ledger
from pipelines.sync.load import Loaded
from pipelines.sync.staged import Staged

CALLS = {
    "REST": [{"method": "POST", "path": "/composite"}],
    "Bulk": [{"method": "POST", "path": "/jobs/ingest"}, {"method": "PUT", "path": "/jobs/ingest"},
             {"method": "PATCH", "path": "/jobs/ingest"}, {"method": "GET", "path": "/jobs/ingest"}],
}  # fmt: skip
"""The calls by which rows travel."""


@dataclass
class Prologue:
    """What all cases begin with: a first run that has read and mapped everything."""

    ledger: Ledger
    folder: Path
    work: list[Staged] = field(default_factory=list)
    truth: Rows = field(default_factory=dict)
    """What Salesforce holds when nothing goes wrong."""

    def play(self, sync: object, org: object) -> None:
        """Read, map, remember the ledger as it is now, and load once without disturbance."""
        sync.extract()
        self.work = sync.map()
        _copy(self.folder / "ledger.db", self.folder / "before.db")
        sync.load(self.work)
        assert self.ledger.owed() == []
        self.truth = rows_of(org, sync.shelf())
        self.put_back()

    def put_back(self) -> None:
        """The ledger is again as it was before anything was loaded."""
        if self.work:
            _copy(self.folder / "before.db", self.folder / "ledger.db")


def _copy(ledger: Path, over: Path) -> None:
    with closing(sqlite3.connect(ledger)) as source, closing(sqlite3.connect(over)) as target:
        source.backup(target)


@dataclass
class Case:
    """One company, one org, one way for rows to travel."""

    way: str
    world: object
    sync: object
    org: object
    prologue: Prologue
    waits: list[float]
    """The seconds that the loader would have waited, in their order."""

    @property
    def truth(self) -> Rows:
        return self.prologue.truth

    @property
    def rows(self) -> Rows:
        """What Salesforce holds now."""
        return rows_of(self.org, self.sync.shelf())

    def order(self, kind: str, **more: object) -> None:
        """Order one fault."""
        self.world.salesforce("faults", [{"kind": kind, **more}])

    def disturb(self, kind: str, **more: object) -> None:
        """Order a fault for each kind of call by which rows travel."""
        self.world.salesforce("faults", [{"kind": kind, **call, **more} for call in CALLS[self.way]])

    def rule(self, **rule: object) -> None:
        """The org's administrator makes a rule."""
        self.world.salesforce("rules", [rule])

    def make_by_hand(self, sobject: str, **fields: object) -> None:
        """Somebody in Salesforce makes a row."""
        form = {"grant_type": "client_credentials"}
        credentials = ("sandbox-client-id", "sandbox-client-secret")
        url = self.world.salesforce_url
        token = requests.post(f"{url}/services/oauth2/token", data=form, auth=credentials, timeout=5).json()
        headers = {"Authorization": f"Bearer {token['access_token']}"}
        url = f"{url}/services/data/v67.0/sobjects/{sobject}"
        requests.post(url, json=fields, headers=headers, timeout=5).raise_for_status()

    def repair(self) -> None:
        """Faults and rules are gone."""
        for path in ("faults", "rules"):
            requests.delete(f"{self.world.salesforce_url}/_admin/{path}", timeout=5).raise_for_status()

    @property
    def faults_left(self) -> int:
        """How many orders were not carried out."""
        return requests.post(f"{self.world.salesforce_url}/_admin/faults", json=[], timeout=5).json()["waiting"]

    def load(self) -> dict[str, Loaded]:
        """Load what is staged: the run in which something goes wrong, or that step once more."""
        return self.sync.load(self.prologue.work)

    def read_anew(self) -> dict[str, Loaded]:
        """A whole run, from reading on."""
        self.sync.extract()
        return self.sync.load(self.sync.map())

    def later(self, minutes: int) -> None:
        """Time goes by on both sides."""
        self.sync.later += timedelta(minutes=minutes)
        self.world.chargeover("clock", {"advance_seconds": minutes * 60})

    def breaches(self, loaded: dict[str, Loaded], failed: dict[Key, str] | None = None) -> list[str]:
        """What is not as it must be after a run to the end: these rows are refused with their reasons, those that hang
        on them are held, all others are there."""
        failed, shelf, rows, ledger = failed or {}, self.sync.shelf(), self.rows, self.sync.ledger
        absent = with_dependents(failed.keys(), self.truth, shelf)
        right = {key: row for key, row in self.truth.items() if key not in absent}
        return [
            *missing(rows, right),
            *doubled(self.org, shelf),
            *orphaned(rows, self.truth, shelf),
            *misnamed(ledger, failed, absent),
            *miscounted(loaded, ledger),
        ]

    def breaches_when_stopped(self) -> list[str]:
        """What is not as it must be after a run that was stopped half way."""
        shelf, rows, ledger = self.sync.shelf(), self.rows, self.sync.ledger
        return [
            *(["nothing is left to do"] if rows.keys() == self.truth.keys() else []),
            *doubled(self.org, shelf),
            *orphaned(rows, self.truth, shelf),
            *recorded_too_early(ledger, rows, self.truth, shelf),
        ]

    def writes_once_more(self) -> int:
        """How many calls that write are made when the same is loaded once more."""
        calls = self.world.write_calls()
        self.load()
        return self.world.write_calls() - calls
