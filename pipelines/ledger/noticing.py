"""The part of the ledger that notices change: hints, marks, walks, and the brake."""
# ruff: noqa: A002 - an object is a word of the vocabulary

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime

from pipelines.ledger import brakes, inbox, records, rows, walks
from pipelines.ledger import marks as watched
from pipelines.ledger.database import reading, writing
from pipelines.ledger.inbox import News
from pipelines.ledger.part import Part
from pipelines.ledger.rows import Known
from pipelines.ledger.walks import Walk


class Noticing(Part):
    """What may have changed in ChargeOver, and how far lists were compared with what is known."""

    def note(self, object: str, record_ids: Collection[int], signal: str, at: datetime) -> None:
        """Keep hints that records may have changed; one that is hinted at again gets a new number."""
        if record_ids:
            with writing(self._engine) as connection:
                inbox.note(connection, object, record_ids, signal, at)

    def suspect(self, sobject: str, external_ids: Collection[str], signal: str, at: datetime) -> None:
        """Salesforce does not hold what it has accepted of these rows: forget their fingerprints, so that they are sent
        whole, and hint at their records."""
        with writing(self._engine) as connection:
            states = rows.known(connection, sobject, external_ids)
            rows.doubt(connection, sobject, states)
            for name in {state.object for state in states.values()}:
                ids = [state.record_id for state in states.values() if state.object == name]
                inbox.note(connection, name, ids, signal, at)

    def renounce(self, sobject: str, states: Mapping[str, tuple[Known, Known]], signal: str, at: datetime) -> set[str]:
        """Salesforce does not hold what it has accepted of these rows: put what is left of that in its place, where
        nothing has landed since, and hint at the records; the external ids."""
        with writing(self._engine) as connection:
            done = rows.exchange(connection, sobject, states)
            ids: dict[str, set[int]] = defaultdict(set)
            for state in (states[key][1] for key in done):
                ids[state.object].add(state.record_id)
            for name, some in ids.items():
                inbox.add(connection, name, some, signal, at)
        return done

    def take_back(self, object: str, record_ids: Collection[int], signal: str) -> None:
        """Remove the hints of a signal at these records, which have been followed."""
        with writing(self._engine) as connection:
            inbox.take_back(connection, object, record_ids, signal)

    def hints(self, object: str, after: int = 0) -> dict[int, int]:
        """The numbers above ``after`` of the object's hints, by record id."""
        with reading(self._engine) as connection:
            return inbox.hints(connection, object, after)

    def oldest_hint(self, object: str, after: int) -> datetime | None:
        """When the oldest of the object's hints with a number above ``after`` was noted; None without one."""
        with reading(self._engine) as connection:
            return inbox.oldest(connection, object, after)

    def hinted_by(self, object: str, signal: str) -> set[int]:
        """The records of the object whose last hint is of this signal, or of one that begins so."""
        with reading(self._engine) as connection:
            return inbox.hinted_by(connection, object, signal)

    def newest_hints(self) -> dict[tuple[str, str], int]:
        """The highest number of the hints that are kept, by object and signal."""
        with reading(self._engine) as connection:
            return inbox.newest(connection)

    def announced(self, object: str) -> dict[int, tuple[int, datetime]]:
        """Number and moment of the webhooks that named records of the object, where no other hint came after."""
        with reading(self._engine) as connection:
            return inbox.noted(connection, object, "webhook")

    def news(self, object: str, after: int) -> News:
        """What the inbox says of the object at one moment, of hints with a number above ``after``."""
        with reading(self._engine) as connection:
            return inbox.news(connection, object, after)

    def last_hint(self) -> int:
        """The highest number given so far, 0 if none: every hint with a number up to it can be read."""
        with reading(self._engine) as connection:
            return inbox.last_number(connection)

    def settle(self, followed: Mapping[str, int]) -> None:
        """Forget the hints of each object numbered up to there, since every mapping of it has followed them."""
        with writing(self._engine) as connection:
            inbox.settle(connection, followed)

    def forget_hints(self, but: Collection[str]) -> None:
        """Forget the hints of objects that no mapping names any more."""
        with writing(self._engine) as connection:
            inbox.forget(connection, but)

    def marks(self, object: str, above: int = 0, upto: int | None = None) -> dict[int, str]:
        """The marks of a watched list as last seen, of ids in (above, upto]."""
        with reading(self._engine) as connection:
            return watched.read(connection, object, above, upto)

    def remember(
        self,
        object: str,
        marks: Mapping[int, str],
        left: Collection[int],
        hints: Collection[int],
        signal: str,
        at: datetime,
    ) -> None:
        """Store what a part of a watched list shows, together with the hints that follow from it."""
        with writing(self._engine) as connection:
            watched.remember(connection, object, marks, left)
            inbox.note(connection, object, hints, signal, at)

    def walk(self, object: str, name: str) -> Walk | None:
        """How far a walk has come; None when it never began."""
        return self.walks().get((object, name))

    def keep_walk(self, object: str, name: str, walk: Walk) -> None:
        """Keep how far a walk has come."""
        with writing(self._engine) as connection:
            walks.keep(connection, object, name, walk)

    def walks(self) -> dict[tuple[str, str], Walk]:
        """All walks, by object and name."""
        with reading(self._engine) as connection:
            return walks.read(connection)

    def record_ids(self, object: str, sobjects: Collection[str], above: int = 0, upto: int | None = None) -> set[int]:
        """Records with a landed or an owed row in one of these sObjects, ids in (above, upto]."""
        with reading(self._engine) as connection:
            return records.ids(connection, object, sobjects, above, upto)

    def count_records(self, object: str, sobjects: Collection[str]) -> int:
        """How many records have a landed or an owed row in one of these sObjects."""
        with reading(self._engine) as connection:
            return records.count(connection, object, sobjects)

    def brake(self, object: str, message: str, at: datetime) -> None:
        """Treat nothing of the object as deleted from now on; the message says why, and what a person should do."""
        with writing(self._engine) as connection:
            brakes.pull(connection, object, message, at)

    def release(self, object: str) -> None:
        """A person agrees: deletes of the object go on."""
        with writing(self._engine) as connection:
            brakes.release(connection, object)

    def brakes(self) -> dict[str, str]:
        """The messages of the brakes that are on, by object."""
        with reading(self._engine) as connection:
            return brakes.read(connection)
