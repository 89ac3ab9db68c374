"""Watch: a list whose records change without a sign is compared with how it was, and what differs is hinted at."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from pipelines.chargeover.answer import QuestionRefused
from pipelines.chargeover.client import Seen
from pipelines.chargeover.object import Object, Watched
from pipelines.chargeover.records import id_of, mark_of, read_list
from pipelines.chargeover.signals import TOUCHED_BY, touched_by
from pipelines.ledger.ledger import Ledger
from pipelines.ledger.walks import Walk
from pipelines.sync.source import Source
from pipelines.sync.walking import calls_left, going_on, is_due

name = "watch"
_longest_mark = 80

BACKFILL = "backfill"
"""The signal of records that are read for a backfill."""
_whole = frozenset({"cursor", "sweep", "everything"})
"""Signals by which records come in lists, and of which a run that dies reads all again."""


def watch(source: Source, kind: Object, ledger: Ledger, *, now: bool, hint: bool) -> None:
    """Walk over the object's watched list if it is its turn, as far as the budget goes; ``now`` walks all of it.

    Marks and hints of a page are one transaction: a run that is killed forgets no change. Without ``hint`` only the
    marks are kept, for the first load, which reads everything anyway."""
    if kind.watched is None:
        return
    walk, at = ledger.walk(kind.name, name), source.chargeover.now()
    if not (now or is_due(walk, source.pace.watch_every, at)):
        return
    most = None if now else calls_left(ledger, source.account, name, source.pace.watch_calls_per_minute)
    try:
        _walk(source, kind, kind.watched, ledger, going_on(None if now else walk, at), most_calls=most, hint=hint)
    except QuestionRefused:
        if not kind.watched.field:
            raise
        ledger.learn(source.account, {f"filter {kind.name}.{kind.watched.field}": "no"}, at)
        watch(source, replace(kind, watched=Watched()), ledger, now=now, hint=hint)


def _walk(
    source: Source, kind: Object, watched: Watched, ledger: Ledger, walk: Walk, *, most_calls: int | None, hint: bool
) -> None:
    chargeover = source.chargeover.on_behalf_of(name)
    before = chargeover.own_calls(kind.name)
    where = watched.clauses(walk.started_at, source.zone)
    shallow = replace(kind, complete=())  # a list is compared with a list: what it does not show needs no call
    if most_calls is not None and most_calls <= 0:
        return
    for seen in read_list(chargeover, shallow, where, above=walk.position):
        walk = _compare(kind, ledger, walk, seen, source.chargeover.now(), hint=hint)
        ledger.keep_walk(kind.name, name, walk)
        if most_calls is not None and chargeover.own_calls(kind.name) - before >= most_calls:
            return


def _compare(kind: Object, ledger: Ledger, walk: Walk, seen: Seen, at: datetime, *, hint: bool) -> Walk:
    """One page against the marks of the same span of ids."""
    marks = {id_of(kind, row): _mark(kind, row) for row in seen.rows}
    upto = None if seen.is_last else max(marks)
    before = ledger.marks(kind.name, walk.position, upto)
    differ = {record_id: mark for record_id, mark in marks.items() if before.get(record_id) != mark}
    left = before.keys() - marks.keys()
    ledger.remember(kind.name, differ, left, differ.keys() | left if hint else (), name, at)
    for touched, ids in _touched(before[each] for each in left if hint).items():
        ledger.note(touched, ids, f"{TOUCHED_BY} {kind.name}", at)
    return replace(walk, position=upto or 0, seen=walk.seen + len(marks), ended_at=at if seen.is_last else None)


def move_marks(ledger: Ledger, kind: Object, signal: str, rows: Sequence[dict[str, Any]], at: datetime) -> None:
    """What was read of a watched list is what its next walk must be compared with, not what the walk before showed:
    else a payment that is voided before the next walk would leave the list as it was, and what we read between wrong.

    What was read by id looks unlike any list, so the next walk reads it once more; not after its own hints, since it
    would go round for ever; so is what a backfill finds to differ from the walk before, since it may die. Lists that
    show records only in part are passed over: a sweep would mark them all anew."""
    is_list = signal in _whole | {BACKFILL}
    if kind.watched is None or signal == name or (is_list and not set(kind.complete) <= set(kind.expand)):
        return
    own = {id_of(kind, row): _mark(kind, row) for row in rows if kind.watched.has(row)}
    before = ledger.marks(kind.name, min(own) - 1, max(own)) if own else {}
    moved = {
        each: mark if signal in _whole or before.get(each) == mark else " ".join(("read", *mark.split()[1:]))
        for each, mark in own.items()
        if each in before or signal == "cursor"
    }
    differ = {each: mark for each, mark in moved.items() if before.get(each) != mark}
    if differ:
        ledger.remember(kind.name, differ, (), (), signal, at)


def _mark(kind: Object, row: dict[str, Any]) -> str:
    """What the record is like, and what it touches: once it is deleted nothing else tells whose it was."""
    touched = (f"{name}:{each}" for name, ids in touched_by(kind, [row]).items() for each in sorted(ids)[:1])
    return " ".join((mark_of(row), *touched))[:_longest_mark]


def _touched(marks: Iterable[str]) -> dict[str, set[int]]:
    found: dict[str, set[int]] = {}
    for mark in marks:
        for name, _, each in (word.partition(":") for word in mark.split()[1:]):
            if each.isdigit():
                found.setdefault(name, set()).add(int(each))
    return found
