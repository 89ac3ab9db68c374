"""The mirror: what Salesforce should hold, without watermark, ledger or loader: ChargeOver's records as they are now,
mapped and sent parents first into an empty org."""

import json
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
from life import Life

from pipelines.chargeover.catalog import CATALOG
from pipelines.chargeover.signals import Reading
from pipelines.mapping.model import Mapping
from pipelines.mapping.reading import Shelf
from pipelines.mapping.translate import Translation
from pipelines.salesforce.batch import MOST_ROWS, Collection, Request
from pipelines.salesforce.org import Org
from pipelines.sync.map import translation_of
from pipelines.sync.row import Row, rows_of
from pipelines.sync.stager import frames_of
from sandbox.chargeover.objects import KINDS
from sandbox.chargeover.writing import as_json
from sandbox.salesforce.org import Org as SandboxOrg

own = {"Id", "CreatedDate", "LastModifiedDate", "SystemModstamp", "CreatedById", "LastModifiedById", "OwnerId",
       "LastActivityDate"}  # fmt: skip
Key = tuple[str, str]
Rows = dict[Key, dict[str, Any]]


class Mirror:
    """A shelf's mappings, applied to all that there is."""

    def __init__(self, shelf: Shelf, org: Org) -> None:
        self._shelf, self._org = shelf, org
        self._keys = {each.to: each.external_id for each in shelf.mappings}
        self._landed: set[Key] = set()
        self.owed: set[Key] = set()
        """Rows that cannot land: rejected by their mapping, or waiting for a parent."""

    def fill(self, life: Life, at: datetime, zone: ZoneInfo) -> None:
        """Send everything."""
        frames: dict[str, pd.DataFrame] = {}
        for name in {each.object for each in self._shelf.mappings}:
            rows = list(_shown(life, name))
            if rows:
                frames |= frames_of(CATALOG[name], Reading("mirror", rows, at), zone)
        for mapping in self._shelf.mappings:
            if mapping.object in frames:
                self._send(mapping, translation_of(mapping, CATALOG[mapping.object], frames.__getitem__, zone))

    def _send(self, mapping: Mapping, translation: Translation) -> None:
        self.owed |= {(mapping.to, external_id or "") for external_id in translation.rejections["external_id"]}
        waiting = list(rows_of(translation.payloads, mapping, {}, {}))
        while ready := [row for row in waiting if not self._lacking(row)]:
            self._upsert(mapping, ready)
            waiting = [row for row in waiting if row not in ready]
        emptied = [replaced for row in waiting if (replaced := self._without(row))]
        self._upsert(mapping, emptied)
        self.owed |= {(mapping.to, row.external_id) for row in waiting} - self._landed

    def _lacking(self, row: Row) -> dict[str, str]:
        """The lookups whose parent is not there, and what is to be done then."""
        return {lookup.field: lookup.missing for lookup, external_id in row.parents()
                if (lookup.to, external_id) not in self._landed}  # fmt: skip

    def _without(self, row: Row) -> Row | None:
        lacking = self._lacking(row)
        return row.without(frozenset(lacking)) if set(lacking.values()) == {"null"} else None

    def _upsert(self, mapping: Mapping, rows: list[Row]) -> None:
        for start in range(0, len(rows), MOST_ROWS):
            some = rows[start : start + MOST_ROWS]
            texts = [row.text(self._keys) for row in some]
            replies = self._org.upsert(Request([Collection(mapping.to, mapping.external_id, texts)]))[0]
            assert all(reply.success for reply in replies), replies
            self._landed |= {(mapping.to, row.external_id) for row in some}


def _shown(life: Life, name: str) -> Iterator[dict[str, Any]]:
    """The records that are seen, each as the answer for it alone shows it."""
    kind, unseen = KINDS[name], life.company.unseen(name)
    for row_id, row in life.company.tables[name].rows.items():
        if row_id not in unseen:
            yield json.loads(as_json(kind.shown(life.company, row, alone=True)), parse_float=Decimal)


def content(org: SandboxOrg, shelf: Shelf) -> Rows:
    """The rows of all mapped tables by sObject and ChargeOver id, lookups as what they point at."""
    names = {
        row_id: (each.to, str(row[each.external_id]))
        for each in shelf.mappings
        for row_id, row in org.tables[each.to].rows.items()
    }
    return {
        names[row_id]: {field: names.get(value, value) if isinstance(value, str) else value
                        for field, value in row.items() if field not in own}
        for each in shelf.mappings
        for row_id, row in org.tables[each.to].rows.items()
    }  # fmt: skip


def differences(lived: Rows, mirror: Rows) -> list[str]:
    """What differs, a line per field."""
    lines = []
    for key in sorted(lived.keys() | mirror.keys()):
        name = " ".join(key)
        if key not in lived:
            lines.append(f"{name}: missing in Salesforce")
        elif key not in mirror:
            lines.append(f"{name}: should not be in Salesforce")
        else:
            mine, right = lived[key], mirror[key]
            lines += [
                f"{name}.{field}: {mine.get(field)!r}, should be {right.get(field)!r}"
                for field in sorted(mine.keys() | right.keys())
                if mine.get(field) != right.get(field)
            ]
    return lines
