"""What became of records that a person asked to be read again."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pipelines.ledger.choice import Choice
from pipelines.ledger.excerpt import FORGOTTEN
from pipelines.ledger.ledger import Ledger
from pipelines.ledger.outcome import Verdict
from pipelines.ledger.owed import Owed
from pipelines.mapping.shelf import Shelf
from pipelines.sync.retried import NOT_TRIED

Record = tuple[str, int]
Seen = Mapping[Record, Mapping[tuple[str, str], datetime]]
"""When the rows of each record, by sObject and external id, were last seen in ChargeOver."""


@dataclass(frozen=True, slots=True)
class Gone:
    """Of one object: the records that ChargeOver no longer has, and why they are not believed to be gone."""

    ids: Collection[int] = ()
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class Resynced:
    """One record: counts of verdicts by sObject, and what is owed of it."""

    record: str
    is_gone: bool
    counts: Mapping[str, Counter[str]]
    owed: list[Owed] = field(default_factory=list)
    doubt: str = ""

    def lines(self) -> Iterator[dict[str, Any]]:
        """A line for each sObject; one without counts when Salesforce has nothing of the record."""
        said = {"record": self.record, "ChargeOver": "gone" if self.is_gone else ""}
        for sobject, counts in (self.counts or {"no row": Counter[str]()}).items():
            yield {**said, "sObject": sobject, **{str(name): counts[name] for name in (*Verdict, FORGOTTEN, NOT_TRIED)}}


def seen_of(ledger: Ledger, shelf: Shelf, records: Mapping[str, Collection[int]]) -> Seen:
    """The rows that these records have in Salesforce now."""
    seen: dict[Record, dict[tuple[str, str], datetime]] = {
        (name, each): {} for name, ids in records.items() for each in sorted(ids)
    }
    for mapping in shelf.mappings:
        ids = records.get(mapping.object, ())
        for external_id, known in ledger.family(mapping.to, mapping.object, ids).items():
            seen[mapping.object, known.record_id][mapping.to, external_id] = known.observed_at
    return seen


def became_of(ledger: Ledger, shelf: Shelf, before: Seen, run_id: str, gone: Mapping[str, Gone]) -> list[Resynced]:
    """Compare the records' rows before a run with those now, with what is owed, and with what the run has logged."""
    records: dict[str, set[int]] = {}
    for name, record_id in before:
        records.setdefault(name, set()).add(record_id)
    now, logged = seen_of(ledger, shelf, records), ledger.log(run_id, limit=None)
    written: dict[Record, dict[tuple[str, str], str]] = {}
    for line in logged:
        written.setdefault((line.object, line.record_id), {})[line.sobject, line.external_id] = str(line.verdict)
    found = []
    for (name, record_id), rows in before.items():
        owed = ledger.chosen(Choice(object=name, record_id=record_id))
        verdicts = {key: _same(at, rows.get(key)) for key, at in now[name, record_id].items()}
        verdicts |= {(each.sobject, each.external_id): _owed(each, run_id) for each in owed}
        verdicts |= written.get((name, record_id), {})
        there = gone.get(name, Gone())
        found.append(Resynced(f"{name}:{record_id}", record_id in there.ids, _counts(verdicts), owed, there.doubt))
    return found


def _same(now: datetime, before: datetime | None) -> str:
    """A row that the run did not log is as it was; unless the run did not come to it, its time has moved."""
    return NOT_TRIED if now == before else str(Verdict.UNCHANGED)


def _owed(row: Owed, run_id: str) -> str:
    return str(row.verdict) if row.run_id == run_id else NOT_TRIED


def _counts(verdicts: Mapping[tuple[str, str], str]) -> dict[str, Counter[str]]:
    counts: dict[str, Counter[str]] = {}
    for (sobject, _), verdict in verdicts.items():
        counts.setdefault(sobject, Counter())[verdict] += 1
    return counts
