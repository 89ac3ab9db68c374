"""Records of one object as ChargeOver shows them: whole lists by id keyset, and single ones by id."""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from hashlib import blake2b
from typing import Any
from zoneinfo import ZoneInfo

from pipelines.chargeover.client import ChargeOver, Seen, page_limit
from pipelines.chargeover.object import Object
from pipelines.chargeover.where import clause
from pipelines.errors import TryLater


def read_list(chargeover: ChargeOver, kind: Object, where: Iterable[str] = ()) -> Iterator[Seen]:
    """All records that fit, a page at a time, by ascending id above the last one seen: never by offset, which skips
    and repeats rows while the data changes."""
    last_id = 0
    while True:
        above = clause(kind.key, "GT", last_id)
        seen = chargeover.page(kind.name, [above, *where], expand=kind.expand, order=kind.key)
        ids = [id_of(kind, row) for row in seen.rows]
        _check_order(kind, ids, last_id)
        if seen.rows:
            yield Seen([_complete(chargeover, kind, row) for row in seen.rows], seen.observed_at)
        if _is_last(ids):
            return
        last_id = ids[-1]


def read_one(chargeover: ChargeOver, kind: Object, record_id: int) -> Seen:
    """One record with its children; no row when it does not exist any more."""
    seen = chargeover.get(kind.name, record_id)
    return Seen([_shallow(kind, _with_customer(kind, row)) for row in seen.rows], seen.observed_at)


def mark_of(row: dict[str, Any]) -> str:
    """What tells one state of a record from another: a short hash of its content."""
    return blake2b(json.dumps(row, sort_keys=True, default=str).encode(), digest_size=8).hexdigest()


def _complete(chargeover: ChargeOver, kind: Object, row: dict[str, Any]) -> dict[str, Any]:
    if all(_shows(row, path) for path in kind.complete):
        return _shallow(kind, row)
    whole = read_one(chargeover, kind, id_of(kind, row)).rows
    return whole[0] if whole else row


def _shows(row: dict[str, Any], path: str) -> bool:
    name, _, inner = path.partition(".")
    return name in row and (not inner or all(inner in child for child in row[name] or ()))


def _shallow(kind: Object, row: dict[str, Any]) -> dict[str, Any]:
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


def _is_last(ids: list[int]) -> bool:
    """A page shorter than asked for ends the list; one of a round length may have been cut by a smaller limit of the
    account, so it takes an empty page to end there."""
    return len(ids) < page_limit and (not ids or len(ids) % 10 != 0)


def changed_at(kind: Object, row: dict[str, Any], zone: ZoneInfo) -> datetime | None:
    """The latest moment in the record's cursor fields, None when it has none that can be read."""
    found = [_moment(row.get(cursor), zone) for cursor in kind.cursors]
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
