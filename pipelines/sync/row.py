"""One row on its way to Salesforce: its payload as JSON text, and the parents it needs there first."""

import json
from collections.abc import Iterator
from collections.abc import Mapping as Dictionary
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import blake2b

import pandas as pd

from pipelines.ledger.outcome import Outcome, Verdict
from pipelines.ledger.rows import Known
from pipelines.mapping.frame import values_of
from pipelines.mapping.model import Lookup, Mapping
from pipelines.mapping.slots import changed, emptied
from pipelines.sync.lag import UNKNOWN, Signs
from pipelines.sync.payload import picked

Names = frozenset[str]


@dataclass(frozen=True, slots=True)
class Row:
    """A payload as it was mapped; ``lookups`` holds each parent's external id by lookup field, None for no parent."""

    mapping: Mapping
    external_id: str
    record_id: int
    customer_id: int | None
    observed_at: datetime
    payload: str
    lookups: dict[str, str | None]
    fingerprint: str
    slots: str
    signs: Signs = UNKNOWN
    """When the record changed in ChargeOver and when that was noticed, as far as it is known."""
    only: Names | None = None
    """The fields and lookups to send; None: all."""
    origin: str = ""
    """The record and the mapping that it was made from: a digest of the one, the fingerprint of the other."""
    from_now: bool = False
    """Whether an edit of the mapping leaves it as it is until its record changes."""

    def parents(self) -> Iterator[tuple[Lookup, str]]:
        """The lookups that name a parent, with its external id."""
        for field, external_id in self.lookups.items():
            if external_id is not None:
                yield self.mapping.lookups[field], external_id

    def without(self, fields: Names) -> "Row":
        """The row with some lookups emptied, and a fingerprint that tells it from the whole one."""
        if not fields:
            return self
        lookups = {field: None if field in fields else value for field, value in self.lookups.items()}
        mark = blake2b(f"{self.fingerprint} without {sorted(fields)}".encode(), digest_size=16).hexdigest()
        slots = emptied(self.mapping.written, self.slots, fields)
        return replace(self, lookups=lookups, fingerprint=mark, slots=slots, origin="")

    def since(self, known: Known) -> "Row":
        """The row with the moment of its change only when that is new to what has landed of it."""
        return replace(self, signs=self.signs.since(known.observed_at))

    def differing(self, known: Known) -> Names | None:
        """The fields and lookups that differ from what Salesforce accepted last; None when that is not certain."""
        if not known.fingerprint or known.gone:
            return None
        found = changed(self.mapping.written, known.slots, self.slots)
        return None if found is None else frozenset(found)

    def sending(self, only: Names | None) -> "Row":
        """The row, of which only these fields and lookups are sent, and its external id."""
        return self if only == self.only else replace(self, only=only)

    def revived(self) -> "Row":
        """The row with the marks of ``on_delete`` taken back where the mapping does not set these fields itself."""
        marks = self.mapping.on_delete if isinstance(self.mapping.on_delete, Dictionary) else {}
        back = {field: (not mark if isinstance(mark, bool) else None) for field, mark in marks.items()}
        unset = {field: value for field, value in back.items() if field not in self.mapping.fields}
        return replace(self, payload=f"{self.payload[:-1]},{json.dumps(unset)[1:]}") if unset else self

    def text(self, keys: dict[str, str]) -> str:
        """The JSON object to send; ``keys`` names the external id field of each parent sObject."""
        only = self.only
        payload = self.payload if only is None else picked(self.payload, {*only, self.mapping.external_id})
        parts = [
            _lookup_text(self.mapping.lookups[field], value, keys)
            for field, value in self.lookups.items()
            if only is None or field in only
        ]
        return ",".join([payload[:-1], *parts]) + "}"

    def outcome(self, verdict: Verdict, **details: object) -> Outcome:
        """The verdict on this row."""
        return Outcome(self.mapping.to, self.external_id, self.mapping.object, self.record_id, verdict,
                       self.observed_at, self.fingerprint, slots=self.slots, origin=self.origin,
                       signal=self.signs.signal, **details)  # type: ignore[arg-type]  # fmt: skip

    def stands(self, known: Known) -> bool:
        """Whether only the mapping is another one than when Salesforce accepted it, and that changes nothing yet."""
        before, now = known.origin.split(), self.origin.split()
        return self.from_now and bool(known.fingerprint) and before[:1] == now[:1] and before[1:] != now[1:]

    def standing(self, known: Known) -> Outcome:
        """The verdict on a row that stays as Salesforce has it, though it would be another one now."""
        return replace(self, fingerprint=known.fingerprint, origin="").outcome(
            Verdict.UNCHANGED, salesforce_id=known.salesforce_id
        )


def rows_of(
    payloads: pd.DataFrame,
    mapping: Mapping,
    signs: Dictionary[int, Signs],
    digests: Dictionary[int, str | None],
    *,
    from_now: bool = False,
) -> Iterator[Row]:
    """The rows of one staged part; ``signs`` tells by record id what is known of its change, ``digests`` its digest."""
    columns = ("external_id", "record_id", "customer_id", "observed_at", "payload", "lookups", "fingerprint", "slots")
    for external_id, record_id, customer_id, observed_at, payload, lookups, fingerprint, slots in zip(
        *(values_of(payloads, name) for name in columns), strict=True
    ):
        origin = f"{digest} {mapping.fingerprint}" if (digest := digests.get(record_id)) else ""
        yield Row(mapping, external_id, record_id, customer_id, observed_at, payload, json.loads(lookups), fingerprint,
                  slots, signs.get(record_id, UNKNOWN), None, origin, from_now)  # fmt: skip


def outcomes_of(rejections: pd.DataFrame, mapping: Mapping) -> list[Outcome]:
    """The rejections of one staged part as outcomes; a row without a usable external id has an empty one."""
    columns = ("external_id", "record_id", "observed_at", "field", "message")
    return [
        Outcome(mapping.to, external_id or "", mapping.object, record_id, Verdict.REJECTED, observed_at,
                code="REJECTED", field=field or "", message=message)
        for external_id, record_id, observed_at, field, message in zip(
            *(values_of(rejections, name) for name in columns), strict=True
        )
    ]  # fmt: skip


def _lookup_text(lookup: Lookup, external_id: str | None, keys: dict[str, str]) -> str:
    if external_id is None:
        return f"{json.dumps(lookup.field)}:null"
    reference = json.dumps({keys[lookup.to]: external_id}, ensure_ascii=False)
    return f"{json.dumps(lookup.relationship)}:{reference}"
