"""What an outcome changes in the ledger: row state, owed rows and log, decided in memory, stored at once."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import Connection

from pipelines.ledger import log, owed, rows, waking
from pipelines.ledger.outcome import OWED, WRITTEN, Outcome, Verdict
from pipelines.ledger.owed import Owed, tried
from pipelines.ledger.rows import Known

LONGEST_ID = 255
"""Characters of an external id: no Salesforce text field that can be one is longer."""

OVERTAKEN = "OVERTAKEN"


@dataclass(slots=True)
class Recording:
    """The part of the ledger that some outcomes touch, and what they change in it."""

    run_id: str
    at: datetime
    mapping_fingerprints: Mapping[str, str]
    states: dict[tuple[str, str], Known] = field(default_factory=dict)
    owing: dict[tuple[str, int], dict[str, Owed]] = field(default_factory=lambda: defaultdict(dict))
    changed: set[tuple[str, str]] = field(default_factory=set)
    tried: dict[tuple[str, int, str], Owed] = field(default_factory=dict)
    closed: dict[tuple[str, int, str], Owed] = field(default_factory=dict)
    overtaken: list[Outcome] = field(default_factory=list)
    lines: list[Outcome] = field(default_factory=list)
    landed: dict[Verdict, set[tuple[str, str]]] = field(default_factory=lambda: defaultdict(set))
    """Rows by (sObject, external id) that were created, updated or deleted."""
    awaited: set[tuple[str, str]] = field(default_factory=set)
    """Parents for which a row waits since now."""

    def take(self, outcome: Outcome) -> None:
        """Let one outcome change what is known; nothing older changes anything newer."""
        state = self.states.get((outcome.sobject, outcome.external_id))
        older = state is not None and outcome.observed_at < state.observed_at
        if outcome.verdict in OWED:
            self._owe(outcome, superseded=older)
            if outcome.verdict is Verdict.HELD and state is not None and not older:
                # its parent is missing now: what Salesforce holds of this row may have gone with it
                self._set(outcome, replace(state, fingerprint=""))
        elif outcome.verdict in WRITTEN:
            self._written(outcome, state, older=older)
        elif state is not None and not older:
            self._unchanged(outcome, state)

    def _written(self, outcome: Outcome, state: Known | None, *, older: bool) -> None:
        gone = outcome.verdict is Verdict.DELETED
        accepted = Known(
            object=outcome.object,
            record_id=outcome.record_id,
            fingerprint="" if gone else outcome.fingerprint,
            observed_at=outcome.observed_at,
            salesforce_id=outcome.salesforce_id or (state.salesforce_id if state else None),
            gone=gone,
            slots="" if gone else outcome.slots,
            origin="" if gone else outcome.origin,
            signal=outcome.signal,
        )
        if older and state is not None:
            self.lines.append(outcome)
            if (state.fingerprint, state.gone) != (accepted.fingerprint, accepted.gone):
                self._doubt(outcome, state)
            return
        if accepted != state:
            self.lines.append(outcome)
            self._set(outcome, accepted)
        self.landed[outcome.verdict].add((outcome.sobject, outcome.external_id))
        self._settle(outcome)

    def _unchanged(self, outcome: Outcome, state: Known) -> None:
        if outcome.fingerprint and outcome.fingerprint != state.fingerprint:
            self._doubt(outcome, state)
            return
        if state.observed_at != outcome.observed_at:
            origin = outcome.origin or state.origin
            self._set(outcome, replace(state, observed_at=outcome.observed_at, origin=origin, signal=outcome.signal))
        self._settle(outcome)

    def _doubt(self, outcome: Outcome, state: Known) -> None:
        """An older write came after a newer one, or a newer read was compared with an older state: read it again.

        What Salesforce holds now is then not what the state says, so its fingerprint goes (its time stays), and the
        row is owed in the same transaction: a run that is killed now leaves the repair behind.
        """
        self.overtaken.append(outcome)
        self._set(outcome, replace(state, fingerprint=""))
        message = "overlapping runs wrote this row out of order; it is read and sent once more"
        self._owe(replace(outcome, verdict=Verdict.HELD, code=OVERTAKEN, message=message), superseded=False)

    def _set(self, outcome: Outcome, state: Known) -> None:
        key = (outcome.sobject, outcome.external_id)
        self.states[key] = state
        self.changed.add(key)

    def _settle(self, outcome: Outcome) -> None:
        """Close what was owed for this row, and what was owed for its record when its external id was not yet known."""
        family = self.owing.get((outcome.sobject, outcome.record_id), {})
        mine = family.get(outcome.external_id)
        nameless = family.get("")
        if mine is not None and mine.observed_at <= outcome.observed_at:
            self._close(mine)
        # a nameless row of the same read may be a brother that is still owed
        if nameless is not None and nameless.observed_at < outcome.observed_at:
            self._close(nameless)

    def _close(self, settled: Owed) -> None:
        del self.owing[settled.sobject, settled.record_id][settled.external_id]
        self.tried.pop(settled.key, None)
        self.closed[settled.key] = settled

    def _owe(self, outcome: Outcome, *, superseded: bool) -> None:
        family = self.owing[outcome.sobject, outcome.record_id]
        before = family.get(outcome.external_id)
        if before is not None and self._repeats(outcome, before):
            return
        if not self._is_old_news(outcome, before):
            self.lines.append(outcome)
        if superseded or (before is not None and before.observed_at > outcome.observed_at):
            return
        if outcome.awaits is not None and (before is None or before.awaits != outcome.awaits):
            self.awaited.add(outcome.awaits)
        now = tried(outcome, before, self.run_id, self.at, self.mapping_fingerprints.get(outcome.sobject, ""))
        family[outcome.external_id] = self.tried[now.key] = now

    def _is_old_news(self, outcome: Outcome, before: Owed | None) -> bool:
        """Whether it only says again that a row waits; a refusal is told each time, since each cost a call."""
        if before is None or outcome.verdict is Verdict.REFUSED:
            return False
        told = (before.verdict, before.code, before.field, before.message, before.awaits)
        return told == (outcome.verdict, outcome.code, outcome.field, outcome.message, outcome.awaits)

    def _repeats(self, outcome: Outcome, before: Owed) -> bool:
        told = (before.run_id, before.verdict, before.observed_at, before.code, before.message)
        return told == (self.run_id, outcome.verdict, outcome.observed_at, outcome.code, outcome.message)


def record(connection: Connection, recording: Recording, outcomes: Sequence[Outcome]) -> None:
    """Apply outcomes in their order to all three: states, owed rows, log; and wake what waited for them."""
    cleaned = [_storable(outcome) for outcome in outcomes]
    _load(connection, recording, cleaned)
    for outcome in cleaned:
        recording.take(outcome)
    rows.keep(connection, [(*key, recording.states[key]) for key in recording.changed])
    owed.close(connection, sorted(recording.closed))
    owed.keep(connection, list(recording.tried.values()))
    landed = recording.landed
    waking.wake(connection, landed[Verdict.CREATED], landed[Verdict.UPDATED], recording.awaited, recording.at)
    waking.rest(connection, {(each.object, each.record_id) for each in recording.closed.values()})
    log.write(connection, recording.run_id, recording.at, recording.lines)


def _load(connection: Connection, recording: Recording, outcomes: Iterable[Outcome]) -> None:
    by_sobject: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        by_sobject[outcome.sobject].append(outcome)
    for sobject, mine in by_sobject.items():
        states = rows.known(connection, sobject, (one.external_id for one in mine))
        recording.states |= {(sobject, external_id): state for external_id, state in states.items()}
        for one in owed.of_records(connection, sobject, (outcome.record_id for outcome in mine)):
            recording.owing[sobject, one.record_id][one.external_id] = one


def _storable(outcome: Outcome) -> Outcome:
    """Without what a database refuses: NUL and half characters in texts, ids of another kind of integer."""
    clean = _text(outcome.external_id)[:LONGEST_ID], _text(outcome.message), int(outcome.record_id)
    if clean == (outcome.external_id, outcome.message, outcome.record_id) and type(outcome.record_id) is int:
        return outcome
    return replace(outcome, external_id=clean[0], message=clean[1], record_id=clean[2])


def _text(value: str) -> str:
    if value.isascii() and "\0" not in value:
        return value
    return value.replace("\0", "").encode("utf-8", "replace").decode("utf-8")
