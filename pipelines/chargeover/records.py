"""Records of one object as ChargeOver shows them: whole lists by id keyset, and single ones by id."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from hashlib import blake2b
from typing import Any
from zoneinfo import ZoneInfo

from pipelines.chargeover.client import ChargeOver, Seen
from pipelines.chargeover.object import Object
from pipelines.chargeover.where import clause
from pipelines.errors import TryLater

_moves_at_most = 5
_times = ("write_datetime", "mod_datetime", "transaction_datetime")


def read_list(chargeover: ChargeOver, kind: Object, where: Iterable[str] = (), *, above: int = 0) -> Iterator[Seen]:
    """All records with a higher id that fit, a page at a time, by ascending id; the last page says so, and an empty
    list is one empty page. Paged by id where ids can be filtered, since offsets shift while the data changes."""
    pages = _pages_by_id if kind.keyset else _pages_by_offset
    for seen in pages(chargeover, kind, tuple(where), above):
        yield replace(seen, rows=[_complete(chargeover, kind, row) for row in seen.rows])


def read_one(chargeover: ChargeOver, kind: Object, record_id: int) -> Seen:
    """One record with its children; no row when it does not exist any more."""
    seen = chargeover.get(kind.name, record_id)
    return Seen([shallow(kind, _with_customer(kind, row)) for row in seen.rows], seen.observed_at)


def mark_of(row: dict[str, Any]) -> str:
    """What tells one state of a record from another: a short hash of its content."""
    return blake2b(json.dumps(row, sort_keys=True, default=str).encode(), digest_size=8).hexdigest()


def is_complete(kind: Object, row: dict[str, Any]) -> bool:
    """Whether a list row shows all that the answer for the single record would."""
    has_children = all(row.get(each.name, ()) is not None for each in kind.children)
    return has_children and all(_shows(row, path) for path in kind.complete)


def page_of(chargeover: ChargeOver, kind: Object, where: Iterable[str], *, above: int = 0, offset: int = 0) -> Seen:
    """One page of the object's records as the list shows them, ascending by id from above one on; raises TryLater
    when ChargeOver gave something else."""
    seen = chargeover.page(kind.name, where, expand=kind.expand, order=kind.key, offset=offset)
    _check_order(kind, [id_of(kind, row) for row in seen.rows], above)
    return seen


def _pages_by_id(chargeover: ChargeOver, kind: Object, where: tuple[str, ...], above: int) -> Iterator[Seen]:
    while True:
        seen = page_of(chargeover, kind, [clause(kind.key, "GT", above), *where], above=above)
        yield seen
        if seen.is_last:
            return
        above = id_of(kind, seen.rows[-1])


def _pages_by_offset(chargeover: ChargeOver, kind: Object, where: tuple[str, ...], above: int) -> Iterator[Seen]:
    """Each page begins with the last record of the one before. If it begins further on, records before it were
    deleted and others slid past: the same place is looked for further ahead. What begins at or below the last id has
    skipped nothing, so that every page can be yielded as it comes, each id once."""
    offset, moved = _offset_of(chargeover, kind, where, above), 0
    while True:
        seen = page_of(chargeover, kind, where, offset=offset)
        if offset and (not seen.rows or id_of(kind, seen.rows[0]) > above):
            moved += 1
            if moved > _moves_at_most:
                raise TryLater(f"ChargeOver {kind.name}: the list shrinks faster than it can be read after {kind.key} "
                               f"{above}; try again later")  # fmt: skip
            offset = max(0, offset - chargeover.page_limit(kind.name) * 4**moved)
            continue
        rows = [row for row in seen.rows if id_of(kind, row) > above]
        if rows or seen.is_last:
            yield replace(seen, rows=rows)
        if seen.is_last:
            return
        offset += len(seen.rows) - 1
        if rows:
            above, moved = id_of(kind, rows[-1]), 0


def _offset_of(chargeover: ChargeOver, kind: Object, where: tuple[str, ...], above: int) -> int:
    """Where a list that goes on above an id goes on: the last place that holds this id or a lower one, found by halves
    so that going on costs a few small calls however long the list."""
    lowest, highest = 0, chargeover.count(kind.name, where) if above else 0
    while highest - lowest > chargeover.page_limit(kind.name):
        middle = (lowest + highest) // 2
        rows = chargeover.page(kind.name, where, order=kind.key, offset=middle, limit=1).rows
        is_before = bool(rows) and id_of(kind, rows[0]) <= above
        lowest, highest = (middle, highest) if is_before else (lowest, middle)
    return lowest


def _complete(chargeover: ChargeOver, kind: Object, row: dict[str, Any]) -> dict[str, Any]:
    if is_complete(kind, row):
        return shallow(kind, row)
    whole = read_one(chargeover, kind, id_of(kind, row)).rows
    return whole[0] if whole else row


def _shows(row: dict[str, Any], path: str) -> bool:
    name, _, inner = path.partition(".")
    return name in row and (not inner or all(inner in child for child in row[name] or ()))


def shallow(kind: Object, row: dict[str, Any]) -> dict[str, Any]:
    """The row as every way of reading shows it: what only some ways show would look like a change."""
    for path in kind.by_id_only:
        name, _, inner = path.partition(".")
        if not inner:
            row.pop(name, None)
        for child in (row.get(name) or ()) if inner else ():
            child.pop(inner, None)
    return row


def _with_customer(kind: Object, row: dict[str, Any]) -> dict[str, Any]:
    """A contact read by id may name its customer only inside ``customers`` (recorded 2015)."""
    customers = row.get("customers")
    if kind.customer and kind.customer not in row and isinstance(customers, list) and customers:
        return row | {kind.customer: customers[0].get(kind.customer)}
    return row


def changed_at(kind: Object, row: dict[str, Any], zone: ZoneInfo) -> datetime | None:
    """The latest moment in the record's cursor fields, None when it has none that can be read."""
    found = [_moment(row.get(cursor), zone) for cursor in kind.cursors]
    return max((moment for moment in found if moment), default=None)


def noted_at(row: dict[str, Any], zone: ZoneInfo) -> datetime | None:
    """The latest moment at which the record says that it was made or edited, None when it says none."""
    found = [_moment(row.get(name), zone) for name in _times]
    return max((moment for moment in found if moment), default=None)


def _moment(written: object, zone: ZoneInfo) -> datetime | None:
    try:
        moment = datetime.fromisoformat(str(written or ""))
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def id_of(kind: Object, row: dict[str, Any]) -> int:
    """The record's id; some answers write ids as text. Raises TryLater when there is none."""
    try:
        return int(row[kind.key])
    except (KeyError, TypeError, ValueError):
        raise TryLater(f"ChargeOver {kind.name}: a record without a usable {kind.key} ({row.get(kind.key)!r}); "
                       "without it nothing can be paged or matched") from None  # fmt: skip


def _check_order(kind: Object, ids: list[int], last_id: int) -> None:
    if any(later <= earlier for earlier, later in zip([last_id, *ids], ids, strict=False)):
        raise TryLater(f"ChargeOver {kind.name}: a page repeats records or is out of order after {kind.key} {last_id}; "
                       "nothing of it was taken, try again later")  # fmt: skip
