"""What Salesforce and the ledger hold at one moment, and what can be wrong with it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self

from life import Life
from mirror import Key, Rows, content, differences
from sqlalchemy import select

from pipelines.ledger.ledger import Ledger, open_ledger
from pipelines.ledger.rows import Known
from pipelines.ledger.tables import rows
from pipelines.ledger.watermarks import Watermark
from pipelines.mapping.reading import Shelf
from sandbox.salesforce.org import Org


@dataclass(frozen=True)
class Evidence:
    """Both at one moment."""

    rows: Rows
    """Of Salesforce, lookups as what they point at."""
    count: int
    """How many rows it has of the sObjects concerned: more than ``rows`` when one is doubled."""
    known: dict[Key, Known]
    owed: dict[Key, datetime]
    """When a record was read of which a row is owed."""
    watermarks: dict[str, Watermark]

    @classmethod
    def of(cls, org: Org, shelf: Shelf, address: str) -> Self:
        """What they hold now."""
        with open_ledger(address) as ledger:
            owed = {(each.sobject, each.external_id): each.observed_at for each in ledger.owed()}
            watermarks = ledger.watermarks()
            known = {
                (each.to, key): state
                for each in shelf.mappings
                for key, state in ledger.known(each.to, _ids(ledger, each.to)).items()
            }
        count = sum(len(org.tables[each.to].rows) for each in shelf.mappings)
        return cls(content(org, shelf), count, known, owed, watermarks)

    def accepted(self, key: Key) -> str | None:
        """What the ledger says that Salesforce has accepted; None: no row."""
        state = self.known.get(key)
        return None if state is None or state.gone else state.fingerprint

    def is_as_in(self, right: "Evidence", key: Key) -> bool:
        """Whether Salesforce has the row as it should be."""
        return self.rows.get(key) == right.rows.get(key)


def _ids(ledger: Ledger, sobject: str) -> list[str]:
    with ledger._engine.connect() as connection:
        return list(connection.scalars(select(rows.c.external_id).where(rows.c.sobject == sobject)))


def faults(now: Evidence, right: Evidence) -> list[str]:
    """How Salesforce or the ledger differs from what an undisturbed run leaves."""
    doubled = [f"{now.count - len(now.rows)} rows are doubled"] if now.count > len(now.rows) else []
    owed = [
        f"{' '.join(key)}: {'is not owed' if key in right.owed else 'owed'}"
        for key in now.owed.keys() ^ right.owed.keys()
    ]
    unsure = [f"{' '.join(key)}: the ledger is not sure of it" for key in now.known if now.accepted(key) == ""]
    return doubled + differences(now.rows, right.rows) + owed + unsure


def ahead(now: Evidence, before: Evidence, right: Evidence, shelf: Shelf, life: Life) -> Iterator[str]:
    """Records that changed before a watermark and have no verdict, or only one on an older state."""
    for mapping in shelf.mappings:
        mark, earlier = now.watermarks.get(mapping.to), before.watermarks.get(mapping.to)
        if mark is None:
            continue
        has_moved = earlier is None or mark.end_at > earlier.end_at
        for key in (key for key in right.known.keys() | right.owed.keys() if key[0] == mapping.to):
            name, seen_at, changed_at = " ".join(key), _seen_at(now, key), _changed_at(life, right.known.get(key))
            if changed_at <= mark.end_at and (seen_at is None or seen_at < changed_at):
                yield f"{name}: changed {changed_at}, read {seen_at}, and the watermark is {mark.end_at}"
            known = now.accepted(key)
            if (
                has_moved
                and key not in now.owed
                and known != right.accepted(key)
                and known in {"", before.accepted(key)}
            ):
                yield f"{name}: no verdict on what it is like now, and the watermark has moved to {mark.end_at}"


def _seen_at(now: Evidence, key: Key) -> datetime | None:
    state = now.known.get(key)
    return state.observed_at if state else now.owed.get(key)


def _changed_at(life: Life, state: Known | None) -> datetime:
    """The last change that ChargeOver tells of; of a record that it does not tell of, the end of time."""
    row = life.company.tables[state.object].rows.get(state.record_id, {}) if state else {}
    marks = [row[name] for name in ("mod_datetime", "write_datetime", "transaction_datetime") if row.get(name)]
    return datetime.fromtimestamp(max(marks), UTC) if marks else datetime.max.replace(tzinfo=UTC)
