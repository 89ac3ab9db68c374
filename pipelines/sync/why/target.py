"""Which row a person means: by sObject and external id, by record, or by its Salesforce id."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pipelines.chargeover.catalog import CATALOG
from pipelines.errors import EditFile
from pipelines.ledger.choice import Choice
from pipelines.ledger.ledger import Ledger
from pipelines.ledger.rows import Known
from pipelines.mapping.model import Mapping
from pipelines.mapping.problem import near_miss
from pipelines.mapping.shelf import Shelf
from pipelines.sync.asked import mapping_of, records_of

_ID = re.compile(r"[A-Za-z0-9]{15}([A-Za-z0-9]{3})?")


@dataclass(frozen=True, slots=True)
class Target:
    """One row; the external id is None while only its record is known, the record id when it is not known either."""

    mapping: Mapping
    external_id: str | None
    record_id: int | None
    known: Known | None


def targets_of(word: str, ledger: Ledger, shelf: Shelf) -> list[Target]:
    """The rows that are meant; EditFile when there can be none."""
    if "/" in word:
        name, _, external_id = word.partition("/")
        return [_named(mapping_of(name, shelf), external_id, ledger)]
    if ":" in word:
        return list(_of_record(word, ledger, shelf))
    if _ID.fullmatch(word):
        return _with_id(word, ledger, shelf)
    raise EditFile(f"{word!r} names no row; write ChargeOver_Invoice__c/10041, invoice:10041, or a Salesforce id")


def fields_of(mapping: Mapping, names: tuple[str, ...]) -> list[str]:
    """The fields and lookups with these names in any case, all for none; EditFile for one that is not written."""
    folded = {each.casefold(): each for each in mapping.written}
    for name in names:
        if name.casefold() not in folded:
            near, every = near_miss(name, mapping.written), ", ".join(mapping.written)
            raise EditFile(f"{mapping.shown} writes no field {name!r} of {mapping.to}{near}; it writes {every}")
    return [folded[name.casefold()] for name in names] or list(mapping.written)


def _named(mapping: Mapping, external_id: str, ledger: Ledger) -> Target:
    known = ledger.known(mapping.to, [external_id]).get(external_id)
    record_id = known.record_id if known else _record_of(mapping, external_id, ledger)
    return Target(mapping, external_id, record_id, known)


def _record_of(mapping: Mapping, external_id: str, ledger: Ledger) -> int | None:
    """The record of a row that never landed: what is owed names it, else its external id may hold its id."""
    for owed in ledger.chosen(Choice(mapping.to)):
        if owed.external_id == external_id:
            return owed.record_id
    rule, key = mapping.fields[mapping.external_id], CATALOG[mapping.object].key
    parts = external_id.split(rule.join) if rule.join else [external_id]
    wanted = f"{mapping.object}.{key}" if mapping.children else key
    named = dict(zip(rule.sources, parts, strict=False)).get(wanted, "")
    return int(named) if named.isascii() and named.isdecimal() else None


def _of_record(word: str, ledger: Ledger, shelf: Shelf) -> Iterator[Target]:
    """The record's own rows; those of its children when no mapping makes a row of itself."""
    ((name, ids),) = records_of([word], shelf).items()
    mappings = [each for each in shelf.mappings if each.object == name]
    own = [each for each in mappings if not each.children] or mappings
    (record_id,) = ids
    for mapping in own:
        landed = ledger.family(mapping.to, name, ids)
        yield from (Target(mapping, key, record_id, known) for key, known in landed.items())
        if not landed:
            yield Target(mapping, None, record_id, None)


def _with_id(word: str, ledger: Ledger, shelf: Shelf) -> list[Target]:
    found = [(shelf.for_sobject(sobject), key) for sobject, key in ledger.rows_with_id(word)]
    targets = [_named(mapping, key, ledger) for mapping, key in found if mapping is not None]
    if not targets:
        raise EditFile(f"the ledger knows no row with the Salesforce id {word!r}; write its sObject and external id, "
                       "such as ChargeOver_Invoice__c/10041")  # fmt: skip
    return targets
