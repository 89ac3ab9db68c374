"""What must be true whatever went wrong: missing 0, doubled 0, orphaned 0, each failed record named once.

Each function gives one line for each breach."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from pipelines.ledger.ledger import Ledger
from pipelines.ledger.outcome import OWED, Verdict
from pipelines.ledger.owed import Owed
from pipelines.mapping.model import Lookup
from pipelines.mapping.shelf import Shelf
from pipelines.sync.load import Loaded
from sandbox.salesforce.org import Org

Key = tuple[str, str]
Row = dict[str, Any]
Rows = dict[Key, Row]

_own = {"Id", "CreatedDate", "LastModifiedDate", "SystemModstamp", "CreatedById", "LastModifiedById", "OwnerId"}


def rows_of(org: Org, shelf: Shelf) -> Rows:
    """The rows that have an external id, by sObject and that id; lookups as the key of the row they point at."""
    found = {
        row_id: ((mapping.to, row[mapping.external_id]), row)
        for mapping in shelf.mappings
        for row_id, row in org.tables[mapping.to].rows.items()
        if row.get(mapping.external_id)
    }
    names = {row_id: key for row_id, (key, _) in found.items()}
    return {
        key: {field: names.get(value, value) if isinstance(value, str) else value
              for field, value in row.items() if field not in _own}
        for key, row in found.values()
    }  # fmt: skip


def missing(rows: Rows, right: Rows) -> Iterator[str]:
    """All rows that should be there are, no others, and every field is as it should be, money to the cent."""
    yield from (f"missing: {key}" for key in right.keys() - rows.keys())
    yield from (f"should not be there: {key}" for key in rows.keys() - right.keys())
    for key in rows.keys() & right.keys():
        for field in rows[key].keys() | right[key].keys():
            is_now, should_be = rows[key].get(field), right[key].get(field)
            if is_now != should_be:
                yield f"wrong: {key}.{field} is {is_now!r}, should be {should_be!r}"


def doubled(org: Org, shelf: Shelf) -> Iterator[str]:
    """Each external id has one row, and no row was made that is gone again."""
    for mapping in shelf.mappings:
        table = org.tables[mapping.to]
        ids = Counter(row.get(mapping.external_id) for row in table.rows.values())
        yield from (f"doubled: {mapping.to} {each}" for each, number in ids.items() if each and number > 1)
        yield from (f"made and gone: {mapping.to} {row}" for row in table.deleted)


def orphaned(rows: Rows, truth: Rows, shelf: Shelf) -> Iterator[str]:
    """Each row names the parents that it should; only those that the mapping lets go without may be left out."""
    for key, row in rows.items():
        for lookup in _lookups(shelf, key[0]):
            named, right = row.get(lookup.field), truth[key].get(lookup.field)
            if named != right and not (named is None and lookup.missing == "null"):
                yield f"orphaned: {key}.{lookup.field} is {named}, should be {right}"


def with_dependents(keys: Iterable[Key], truth: Rows, shelf: Shelf) -> set[Key]:
    """These rows, and all that must wait for one of them."""
    found = set(keys)
    while more := {key for key, row in truth.items() if key not in found and _parents(shelf, key, row) & found}:
        found |= more
    return found


def misnamed(ledger: Ledger, failed: dict[Key, str], absent: set[Key]) -> Iterator[str]:
    """The ledger names each failed row once, with its reason, and each row that waits for one, with its parent."""
    named = Counter((each.sobject, each.external_id) for each in ledger.owed())
    yield from (f"named {named[key]} times: {key}" for key in named.keys() | absent if named[key] != (key in absent))
    for each in ledger.owed():
        if not _is_named_well(each, failed, absent):
            yield f"named wrongly: {each}"


def _is_named_well(each: Owed, failed: dict[Key, str], absent: set[Key]) -> bool:
    key = each.sobject, each.external_id
    if key in failed:
        return each.verdict is Verdict.REFUSED and f"{each.code} {each.message}".startswith(failed[key])
    is_named = each.awaits in absent and each.awaits[1] in each.message and each.code
    return each.verdict is Verdict.HELD and bool(is_named)


def miscounted(loaded: dict[str, Loaded], ledger: Ledger) -> Iterator[str]:
    """Every record read has one verdict, and those that were said to be owed are."""
    for sobject, each in loaded.items():
        verdicts = each.tally.verdicts
        if each.tally.read != sum(verdicts.values()):
            yield f"{sobject}: read {each.tally.read}, and {dict(verdicts)}"
        said, owed = {one: verdicts[one] for one in OWED}, Counter(one.verdict for one in ledger.owed(sobject))
        yield from (
            f"{sobject}: {said[one]} {one} were told, {owed[one]} are" for one in OWED if said[one] != owed[one]
        )


def recorded_too_early(ledger: Ledger, rows: Rows, truth: Rows, shelf: Shelf) -> Iterator[str]:
    """The ledger takes no row for landed that is not there, none for owed that is, and no mapping for synced."""
    for mapping in shelf.mappings:
        wanted = [external_id for sobject, external_id in truth if sobject == mapping.to]
        yield from (f"recorded, but not there: {mapping.to} {each}" for each in ledger.landed(mapping.to, wanted)
                    if (mapping.to, each) not in rows)  # fmt: skip
    for each in ledger.owed():
        if each.verdict is not Verdict.HELD or (each.sobject, each.external_id) in rows or each.awaits in rows:
            yield f"owed, but not waiting for a parent: {each}"
    yield from (f"watermark moved: {each}" for each in ledger.watermarks())


def _lookups(shelf: Shelf, sobject: str) -> Iterator[Lookup]:
    for mapping in shelf.mappings:
        if mapping.to == sobject:
            yield from mapping.lookups.values()


def _parents(shelf: Shelf, key: Key, row: Row) -> set[Key | None]:
    return {row.get(lookup.field) for lookup in _lookups(shelf, key[0]) if lookup.missing == "hold"}
