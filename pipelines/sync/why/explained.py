"""One row explained: what is known of it on all sides, and each of its fields."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipelines.ledger.choice import Choice
from pipelines.ledger.ledger import Ledger
from pipelines.ledger.log import LogEntry
from pipelines.ledger.outcome import WRITTEN
from pipelines.ledger.owed import Owed
from pipelines.ledger.rows import Known
from pipelines.mapping.model import Mapping
from pipelines.mapping.shelf import Shelf
from pipelines.mapping.slots import by_field
from pipelines.sync.drift.current import Becomes, becomes_of
from pipelines.sync.drift.judge import Found, Standing, judged
from pipelines.sync.why.sides import Ours, Theirs, ours_of, theirs_of
from pipelines.sync.why.target import Target, fields_of

_FIRST = (Standing.DRIFT, Standing.PENDING, Standing.UNKNOWN, Standing.AGREES, Standing.NOT_SENT)


@dataclass(frozen=True, slots=True)
class Explained:
    """One row and its fields, those that differ first; ``sent`` is the last line of the log that says it was written,
    ``owed`` what has not landed of it."""

    target: Target
    ours: Ours
    theirs: Theirs
    owed: Owed | None
    sent: LogEntry | None
    fields: list[Found]

    @property
    def mapping(self) -> Mapping:
        """The mapping that writes it."""
        return self.target.mapping

    @property
    def known(self) -> Known | None:
        """What was accepted of it."""
        return self.target.known

    @property
    def external_id(self) -> str:
        """Its external id, empty when that is not known."""
        return self.target.external_id or (self.ours.row.external_id if self.ours.row else "")

    @property
    def stands(self) -> bool:
        """Whether only the mapping was edited since it landed, and ``on_change`` leaves it as it is."""
        return bool(self.ours.row and self.known and self.ours.row.stands(self.known))

    @property
    def is_missing(self) -> bool:
        """Whether Salesforce has lost the row that it once accepted."""
        has_landed = self.known is not None and not self.known.gone
        return has_landed and not self.theirs.trouble and self.theirs.held is None


def explain(target: Target, names: tuple[str, ...], ledger: Ledger, shelf: Shelf) -> Explained:
    """Read both sides now, and judge the fields with these names, or all."""
    wanted = fields_of(target.mapping, names)
    ours = ours_of(target, ledger)
    key = target.external_id or (ours.row.external_id if ours.row else None)
    if target.external_id is None and key is not None:
        target = replace(target, external_id=key, known=ledger.known(target.mapping.to, [key]).get(key))
    theirs = theirs_of(target, key, wanted, ledger, shelf)
    owed, sent = _owed(target, ledger), _sent(target, ledger)
    explained = Explained(target, ours, theirs, owed, sent, [])
    found = sorted(_fields(explained, wanted), key=lambda each: _FIRST.index(each.standing))
    return replace(explained, fields=found)


def _fields(row: Explained, names: Sequence[str]) -> list[Found]:
    known, mapping = row.known, row.mapping
    accepted = by_field(mapping.written, known.slots) if known and not known.gone else {}
    becomes = becomes_of(row.ours.row) if row.ours.row else None
    if row.theirs.held is None or row.theirs.question is None:
        return [_unheld(name, accepted.get(name), becomes) for name in names]
    settled = None if row.stands else becomes
    found = {each.name: each for each in judged(row.theirs.question, accepted, settled, row.theirs.held.values)}
    told = [found[name] for name in names if name in found]
    # an edited mapping does not say how it stands, but what it would become
    return [replace(each, becomes=becomes[each.name]) for each in told] if row.stands and becomes else told


def _unheld(name: str, accepted: str | None, becomes: dict[str, Becomes] | None) -> Found:
    """A field of a row that Salesforce does not hold, or that it cannot be asked for."""
    one = becomes[name] if becomes else None
    return Found(
        name, Standing.UNKNOWN if one is None or one.slot == accepted else Standing.PENDING, None, one, accepted
    )


def _owed(target: Target, ledger: Ledger) -> Owed | None:
    if target.record_id is None:
        return None
    mine = Choice(target.mapping.to, target.mapping.object, target.record_id)
    return next((each for each in ledger.chosen(mine) if each.external_id in {"", target.external_id or ""}), None)


def _sent(target: Target, ledger: Ledger) -> LogEntry | None:
    if target.record_id is None:
        return None
    written = [
        line
        for line in ledger.history(target.mapping.object, target.record_id)
        if (line.sobject, line.external_id) == (target.mapping.to, target.external_id) and line.verdict in WRITTEN
    ]
    return written[-1] if written else None
