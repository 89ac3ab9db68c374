"""Whose turn it is: objects that ChargeOver shows to have changed, that are hinted at, whose owed rows or whose list
are due."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from pipelines.chargeover.answer import QuestionRefused
from pipelines.chargeover.catalog import CATALOG
from pipelines.chargeover.object import Object
from pipelines.chargeover.where import clause, lower, upper
from pipelines.ledger.ledger import Ledger
from pipelines.ledger.watermarks import Watermark
from pipelines.mapping.shelf import Shelf
from pipelines.sync.source import Source
from pipelines.sync.walking import calls_left, is_due


def objects_with_news(source: Source, ledger: Ledger, shelf: Shelf, *, polls: bool, again: bool) -> set[str]:
    """The names of the objects that a run should read now; ``polls`` asks ChargeOver too, ``again`` after a run has
    failed."""
    ledger.recall(source.chargeover.now())
    watermarks, found = ledger.watermarks(), set()
    for kind in CATALOG.values():
        known = {each.to: watermarks.get(each.to) for each in shelf.mappings if each.object == kind.name}
        if known and _has_news(source, ledger, kind.supported(source.capabilities), known, polls=polls, again=again):
            found.add(kind.name)
    return found


def _has_news(
    source: Source, ledger: Ledger, kind: Object, known: Mapping[str, Watermark | None], *, polls: bool, again: bool
) -> bool:
    """Asked from the newest watermark of an object, and from the oldest after a failed run: a mapping that does not fit
    the org keeps an old one, and would start run after run."""
    ends = [each for each in known.values() if each]
    if not ends:  # now and then, not at each turn: perhaps its mapping does not fit the org
        return is_due(ledger.walk(kind.name, "sweep"), source.pace.watch_every, source.chargeover.now())
    pick = min if again else max
    if ledger.hints(kind.name, after=pick(each.hint for each in ends)) or _is_due(source, ledger, kind):
        return True
    end_at = pick(each.end_at for each in ends)
    return ledger.came_due(known, end_at, source.chargeover.now()) or (polls and _has_changed(source, kind, end_at))


def _is_due(source: Source, ledger: Ledger, kind: Object) -> bool:
    """A watched list whenever it is its turn, a sweep whenever ten minutes' worth of its calls have come together."""
    now, pace = source.chargeover.now(), source.pace
    if kind.watched and is_due(ledger.walk(kind.name, "watch"), pace.watch_every, now):
        return calls_left(ledger, source.account, "watch", pace.watch_calls_per_minute) > 0
    if not is_due(ledger.walk(kind.name, "sweep"), pace.sweep_every, now):
        return False
    per_minute = pace.sweep_calls_per_minute
    return calls_left(ledger, source.account, "sweep", per_minute) >= 10 * per_minute


def _has_changed(source: Source, kind: Object, since: datetime) -> bool:
    """Only times up to now count, as in a run's window: one that lies ahead would ask for run after run."""
    chargeover = source.chargeover.on_behalf_of("cursor")
    until = chargeover.now() + timedelta(seconds=1)
    spans = (
        [clause(cursor, "GTE", lower(since, source.zone)), clause(cursor, "LTE", upper(until, source.zone))]
        for cursor in kind.cursors
    )
    try:
        return any(chargeover.count(kind.name, span) for span in spans)
    except QuestionRefused:
        return True  # the run is refused too, remembers it, and reads everything
