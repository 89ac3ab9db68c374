"""What a ChargeOver account really supports: asked once, since accounts differ and no page says how."""

from collections.abc import Callable, Collection, Sequence
from operator import methodcaller
from zoneinfo import ZoneInfo

from pipelines.chargeover import timekeeping
from pipelines.chargeover.catalog import CATALOG
from pipelines.chargeover.client import ChargeOver
from pipelines.chargeover.object import Object
from pipelines.chargeover.trial import Trial

_page_limits = (500, 250, 100, 50, 25, 10)


def questions() -> set[str]:
    """The names of all that is asked."""
    return {name for kind in CATALOG.values() for name in questions_of(kind)} | {"page_limit", "datetimes", "zone"}


def probe(chargeover: ChargeOver, zone: ZoneInfo, known: Collection[str] = ()) -> dict[str, str]:
    """What the account supports, as ``Object.supported`` reads it, but for what is ``known``: "yes", "no" or a text by
    name; what its records cannot show is left out. Raises TryLater.

    About 50 calls: 2 to 12 for each object, and a few more for a short page limit or times without offset."""
    chargeover = chargeover.on_behalf_of("probe")
    trials = [Trial(chargeover, kind, zone) for kind in CATALOG.values()]
    asked: dict[str, Callable[[], str | None]] = {
        "page_limit": lambda: _page_limit(chargeover, trials),
        "datetimes": lambda: timekeeping.datetimes(trials),
        "zone": lambda: timekeeping.fit_of(trials, zone, chargeover.now()),
    }
    found = {
        name: ask(trial) for trial in trials for name, ask in questions_of(trial.kind).items() if name not in known
    }
    found |= {name: ask() for name, ask in asked.items() if name not in known}
    return {name: answer for name, answer in found.items() if answer}


def questions_of(kind: Object) -> dict[str, Callable[[Trial], str | None]]:
    """What is asked about one object, by name, and how."""
    asked: dict[str, Callable[[Trial], str | None]] = {f"filter {kind.name}.{kind.key}": Trial.by_id}
    for place, field in enumerate((*kind.cursors, *kind.hoped)):
        # The first one shows all that is new or edited; what others show, such as a cancellation, few records have.
        asked[f"filter {kind.name}.{field}"] = methodcaller("by_time", field, of_all=place == 0)
    if kind.watched and kind.watched.where:
        asked[f"filter {kind.name}.{kind.watched.field}"] = methodcaller("by_state", kind.watched.where)
    for node in (*kind.expand, *kind.hoped_expand):
        asked[f"expand {kind.name}.{node}"] = methodcaller("expands", node)
    return asked


def _page_limit(chargeover: ChargeOver, trials: Sequence[Trial]) -> str | None:
    """The longest page that the account gives, whether it refuses or cuts longer ones; None when too few records tell,
    or when it answers too slowly just now."""
    trial = max(trials, key=lambda each: each.records)
    name = trial.kind.name
    for limit in (each for each in _page_limits if each <= chargeover.page_limit(name)):
        rows = trial.page(limit=limit)
        if rows is not None:
            longest = _longest(limit, len(rows), trial.records)
            return str(longest) if longest and chargeover.page_limit(name) >= limit else None
    return None


def _longest(asked: int, given: int, records: int) -> int | None:
    if given >= asked:
        return asked
    if given < records:  # cut
        return next((each for each in _page_limits if each <= given), None)
    return asked if asked < _page_limits[0] else None  # more was refused, which few records tell as well
