"""What is staged for one mapping: its payloads, and the records that they came from."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from pipelines.chargeover.object import Object
from pipelines.errors import EditFile
from pipelines.mapping.frame import OBSERVED_AT, values_of
from pipelines.mapping.model import Mapping
from pipelines.sync.lag import Signs
from pipelines.sync.reach import Marks
from pipelines.sync.row import Row, rows_of
from pipelines.sync.stager import announced_column, changed_column, digest_column, signal_column, unread_column
from pipelines.sync.staging import Dataset, Manifest


@dataclass(frozen=True)
class Staged:
    """One mapping to load."""

    mapping: Mapping
    kind: Object
    payloads: Dataset
    records: Dataset

    @cached_property
    def manifest(self) -> Manifest:
        """What was staged of it."""
        return self.payloads.manifest()

    @property
    def waits(self) -> bool:
        """Whether this mapping is further behind than what was staged: it is loaded when it is its turn."""
        return self.mapping.to in self.manifest.waiting

    def rows(self, part: int) -> Iterator[Row]:
        """The rows of one part."""
        from_now = self.mapping.on_change == "from_now" and self.mapping.to not in self.manifest.renewing
        payloads = self.payloads.read(part, "payloads")
        return rows_of(payloads, self.mapping, self._signs(part), self._digests(part), from_now=from_now)

    def _signs(self, part: int) -> dict[int, Signs]:
        """What is known of the change of each record of a part; without a webhook it was noticed when it was read."""
        columns = (self.kind.key, changed_column, announced_column, OBSERVED_AT, signal_column)
        ahead = self.manifest.ahead
        records = self.records.read(part, self.kind.name, columns)
        return {
            record_id: Signs(changed and changed - ahead, announced or seen - ahead, signal or "")
            for record_id, changed, announced, seen, signal in zip(
                *(values_of(records, name) for name in columns), strict=True
            )
        }

    def _digests(self, part: int) -> dict[int, str | None]:
        """The digest of each record of a part."""
        records = self.records.read(part, self.kind.name, [self.kind.key, digest_column])
        return dict(zip(values_of(records, self.kind.key), values_of(records, digest_column), strict=True))

    def seen(self, part: int) -> dict[int, datetime]:
        """When each record of a part was read that showed all its rows of this mapping."""
        columns = (self.kind.key, OBSERVED_AT, unread_column)
        records = self.records.read(part, self.kind.name, columns)
        return {
            record_id: seen_at
            for record_id, seen_at, unread in zip(*(values_of(records, name) for name in columns), strict=True)
            if self.mapping.children not in (unread or "").split()
        }

    def check(self, marks: Marks) -> None:
        """Raise EditFile when this cannot be loaded: the mapping was edited since, or a gap would be skipped."""
        if self.manifest.fingerprint != self.mapping.fingerprint:
            raise EditFile(f"{self.mapping.path}: the mapping was edited after its payloads were staged; "
                           f"select mapped/{self.mapping.name} too, then run again")  # fmt: skip
        start_at, until = self.manifest.start_at, marks.get(self.mapping.to)
        if start_at is not None and (until is None or start_at > until.end_at):
            raise EditFile(
                f"{self.mapping.to}: the staged {self.mapping.object} records do not reach back to where it was synced "
                f"to; select chargeover/{self.mapping.object} and mapped/{self.mapping.name} too, then run again"
            )
