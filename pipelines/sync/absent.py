"""Absent records: ChargeOver no longer has them, but their rows stay in Salesforce, since ``on_delete`` says so."""

from collections.abc import Collection
from datetime import datetime

from pipelines.ledger.ledger import Ledger


def known_ids(
    ledger: Ledger, object_name: str, sobjects: Collection[str], above: int = 0, upto: int | None = None
) -> set[int]:
    """Records in a span of ids that are in Salesforce and that ChargeOver should still have."""
    known = ledger.record_ids(object_name, sobjects, above, upto)
    return known - ledger.marks(_list_of(object_name), above, upto).keys()


def count_known(ledger: Ledger, object_name: str, sobjects: Collection[str]) -> int:
    """How many there are."""
    return ledger.count_records(object_name, sobjects) - len(ledger.marks(_list_of(object_name)))


def note_absent(
    ledger: Ledger, object_name: str, sobjects: Collection[str], gone: Collection[int], at: datetime
) -> None:
    """Keep which of the records that are gone stay in Salesforce: they need not be asked for again."""
    if gone:
        stay = ledger.record_ids(object_name, sobjects, min(gone) - 1, max(gone)) & set(gone)
        ledger.remember(_list_of(object_name), dict.fromkeys(stay, "absent"), (), (), "absent", at)


def note_back(ledger: Ledger, object_name: str, seen: Collection[int], at: datetime) -> None:
    """Records that ChargeOver has shown again are not absent any more."""
    back = ledger.marks(_list_of(object_name)).keys() & set(seen)
    if back:
        ledger.remember(_list_of(object_name), {}, back, (), "absent", at)


def _list_of(object_name: str) -> str:
    return f"{object_name} absent"
