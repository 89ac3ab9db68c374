"""How a history ended: what must show within minutes, and what must show within a day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mirror import Key, Mirror, Rows, content, differences
from ways import sense

from pipelines.ledger import Verdict

if TYPE_CHECKING:
    from history import History

_ten_minutes, _day = 601, 86_460


def judge(history: History) -> list[str]:
    """Ten minutes and two runs after the last deed all is in Salesforce but what only a sweep shows; a day later that
    is too, and what Salesforce had to refuse in between. Runs are paced, and as many as the sensor asks for.

    Where there is something for a sweep, every other history waits for the day at once, to save time."""
    if not history.witness.later or history.plan.seed % 2:
        history.life.script.append("# ten minutes later")
        _settle(history)
        found = _compare(history, _only_swept(history))
        if found or not history.witness.later:
            return [f"after ten minutes: {each}" for each in found]
    history.life.script.append("# a day later")
    _sweep(history)
    _pay_what_is_owed(history)
    return [f"after a day: {each}" for each in _compare(history, frozenset())]


def _settle(history: History) -> None:
    """Two looks of the sensor, ten minutes after whatever happened."""
    history.wait(history.visible_from - history.time.seconds + 1)
    _wait_into_the_day(history, _ten_minutes)
    _look_twice(history)


def _wait_into_the_day(history: History, seconds: float) -> None:
    """Wait, and longer where the day would turn soon: what falls due by it shows ten minutes later."""
    history.wait(seconds)
    if history.time.now().astimezone(history.runs.settings.zone).hour in {23, 0}:
        history.wait(2 * 3600)


def _look_twice(history: History) -> None:
    sense(history)
    history.wait(5)
    sense(history)


def _sweep(history: History) -> None:
    """Until every sweep has begun and ended again."""
    began = history.time.now()
    _wait_into_the_day(history, _day)
    for _ in range(20):
        _look_twice(history)
        walks = [history.runs.ledger.walks()[name, "sweep"] for name in history.runs.objects]
        if all(walk.started_at > began and walk.ended_at for walk in walks):
            return
        history.wait(_ten_minutes)


def _pay_what_is_owed(history: History) -> None:
    """What Salesforce has refused is tried again when its time has come."""
    for _ in range(6):
        due = [each.due_at for each in history.runs.ledger.owed(verdict=Verdict.REFUSED) if each.due_at]
        if not due:
            return
        _wait_into_the_day(history, max(_ten_minutes, (max(due) - history.time.now()).total_seconds() + 1))
        _look_twice(history)


def _only_swept(history: History) -> frozenset[Key]:
    return frozenset((mapping.to, str(record_id)) for kind, record_id in history.witness.later
                     for mapping in history.runs.shelf.mappings if mapping.source == kind)  # fmt: skip


def _compare(history: History, excluded: frozenset[Key]) -> list[str]:
    """How Salesforce differs from the mirror in all rows but these and those that hang on them."""
    place, shelf = history.places.mirror, history.runs.shelf
    place.reset({})
    mirror = Mirror(shelf, place.client)
    mirror.fill(history.life, history.time.now(), history.runs.settings.zone)
    lived, right = content(history.places.lived.org, shelf), content(place.org, shelf)
    hidden = _dependents(lived, right, excluded)
    found = differences({key: row for key, row in lived.items() if key not in hidden},
                        {key: row for key, row in right.items() if key not in hidden})  # fmt: skip
    return found + [
        f"owed: {each.sobject} {each.external_id} {each.verdict}: {each.message}"
        for each in history.runs.ledger.owed()
        if (each.sobject, each.external_id) not in mirror.owed | hidden
    ]


def _dependents(lived: Rows, right: Rows, keys: frozenset[Key]) -> set[Key]:
    """These rows, and those that name one of them in a lookup."""
    found = set(keys)
    while more := {
        key
        for rows in (lived, right)
        for key, row in rows.items()
        if key not in found and any(value in found for value in row.values() if isinstance(value, tuple))
    }:
        found |= more
    return found
