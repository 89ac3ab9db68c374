"""Both sides of one row as they are at this moment, as far as they can be reached."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from pipelines.errors import Co2sfError
from pipelines.ledger.ledger import Ledger
from pipelines.mapping.shelf import Shelf
from pipelines.salesforce.held import Held, rows_by_id, rows_by_key
from pipelines.settings import ChargeOverSettings, read_settings
from pipelines.sync.behind import records_behind
from pipelines.sync.drift.current import Current, current_of
from pipelines.sync.drift.question import Question, question_of
from pipelines.sync.loaded_org import loaded_org
from pipelines.sync.row import Row
from pipelines.sync.source import source_of
from pipelines.sync.why.target import Target

SIGNAL = "why"
"""On whose behalf ChargeOver is asked here."""

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Ours:
    """What ChargeOver says of the record now, and the row that it becomes; ``trouble`` says why that is not known."""

    current: Current = field(default_factory=Current)
    row: Row | None = None
    record: dict[str, Any] = field(default_factory=dict)
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Theirs:
    """What Salesforce holds now: by the external id, or ``elsewhere`` by the Salesforce id under another one."""

    question: Question | None = None
    held: Held | None = None
    elsewhere: Held | None = None
    trouble: str = ""


def ours_of(target: Target, ledger: Ledger) -> Ours:
    """Ask ChargeOver."""
    if target.record_id is None:
        return Ours(trouble="which record it comes from is not known: it never landed, and nothing of it is owed")
    ids = [target.record_id]

    def ask() -> Current:
        source = source_of(read_settings(ChargeOverSettings), ledger)
        return current_of(source, ledger, target.mapping, ids, SIGNAL)

    current, trouble = _reached(ask)
    if current is None:
        return Ours(trouble=trouble)
    key = target.external_id or next(iter(current.rows), "")
    return Ours(current, current.rows.get(key), records_behind(target.mapping, current.records.values()).get(key, {}))


def theirs_of(target: Target, key: str | None, names: Sequence[str], ledger: Ledger, shelf: Shelf) -> Theirs:
    """Ask Salesforce for some fields of the row with this external id."""
    found, trouble = _reached(lambda: _asked(target, key, names, ledger, shelf))
    return Theirs(trouble=trouble) if found is None else found


def _asked(target: Target, key: str | None, names: Sequence[str], ledger: Ledger, shelf: Shelf) -> Theirs:
    with loaded_org(ledger) as (org, _):
        question = question_of(org, ledger, shelf, target.mapping, names)
        held = next(rows_by_key(org, question.asked, [key]), None) if key else None
        was = target.known.salesforce_id if target.known and held is None else None
        return Theirs(question, held, next(rows_by_id(org, question.asked, [was]), None) if was else None)


def _reached(ask: Callable[[], Answer]) -> tuple[Answer | None, str]:
    try:
        return ask(), ""
    except Co2sfError as error:
        return None, str(error)
