"""Backfill: records by the months in which ChargeOver created them, staged whatever changed since.

It says nothing of what is new: no watermark moves, no hint counts as followed, and nothing counts as deleted."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pipelines.chargeover.answer import QuestionRefused
from pipelines.chargeover.client import Seen
from pipelines.chargeover.months import Span, month_of
from pipelines.chargeover.object import Object
from pipelines.chargeover.records import id_of, read_list
from pipelines.chargeover.signals import Reading, Window
from pipelines.ledger.ledger import Ledger
from pipelines.sync.absent import note_back
from pipelines.sync.source import Source
from pipelines.sync.stager import Stager
from pipelines.sync.staging import Manifest
from pipelines.sync.wanted import Wanted
from pipelines.sync.watch import BACKFILL, move_marks

NO_MONTH = ""
"""Where records are counted of objects that have no month of creation."""


@dataclass(frozen=True, slots=True)
class ReadBack:
    """What was staged, and how many records of each month."""

    manifest: Manifest
    months: Counter[str]


def read_back(
    source: Source, wanted: Wanted, ledger: Ledger, span: Span, progress: Callable[[int], None] = lambda _: None
) -> ReadBack:
    """Stage the records of these months, page by page; ``progress`` hears how many came."""
    kind, months, now = wanted.kind, Counter[str](), source.chargeover.now()
    stager = Stager(kind, wanted.dataset.open(), source.zone)
    for seen in _pages(source, kind, span, ledger):
        rows = [
            row for row in seen.rows if not kind.created or span.holds(month_of(row.get(kind.created), source.zone))
        ]
        months.update(_month(source, kind, row) for row in rows)
        move_marks(ledger, kind, BACKFILL, rows, seen.observed_at)
        note_back(ledger, kind.name, [id_of(kind, row) for row in rows], seen.observed_at)
        stager.add(Reading(BACKFILL, rows, seen.observed_at))
        progress(len(rows))
    calls = {BACKFILL: source.chargeover.on_behalf_of(BACKFILL).own_calls(kind.name)}
    renewing = tuple(each.to for each in wanted.mappings)
    return ReadBack(stager.close(Window(None, now), calls=calls, renewing=renewing), months)


def _pages(source: Source, kind: Object, span: Span, ledger: Ledger) -> Iterator[Seen]:
    """The pages that hold the records of these months; where the account does not filter by creation, all there are."""
    chargeover, question = source.chargeover.on_behalf_of(BACKFILL), f"filter {kind.name}.{kind.created}"
    can_ask = kind.created and source.capabilities.get(question) != "no"
    where = span.where(kind.created, source.zone) if can_ask else []
    try:
        yield from read_list(chargeover, kind, where)
    except QuestionRefused:
        if not where:
            raise
        ledger.learn(source.account, {question: "no"}, chargeover.now())
        yield from read_list(chargeover, kind)


def _month(source: Source, kind: Object, row: dict[str, object]) -> str:
    return month_of(row.get(kind.created), source.zone) or NO_MONTH if kind.created else NO_MONTH
