"""Repair: what differs is hinted at, so that the next sync reads its records again and sends their rows whole."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime

from pipelines.ledger.ledger import Ledger
from pipelines.sync.money.compared import Compared
from pipelines.sync.money.entry import SIGNAL
from pipelines.sync.money.judge import Difference, Why

RESENT = frozenset({Why.MISSING, Why.CHANGED})
"""Salesforce has accepted these rows before: they are sent again as if it had not."""
READ_AGAIN = frozenset({Why.LATE, Why.IN_FLIGHT})

ADVICE: Mapping[Why, str] = {
    Why.MISSING: "co2sf money --repair sends it again",
    Why.CHANGED: "co2sf money --repair sends it again; if it comes back, find out who writes to this field",
    Why.LATE: "co2sf money --repair reads and sends it; see also the check `fresh`",
    Why.EXTRA: "no record of ChargeOver makes this row: delete it in Salesforce, or take its external id away",
    Why.OWED: "co2sf owed says why and what to do",
    Why.IN_FLIGHT: "nothing: a sync brings it",
    Why.KEPT: "nothing: ChargeOver no longer has it, and on_delete says ignore",
    Why.PARENT: "nothing here: the row itself is right, see its parent",
}
"""What to do about each difference."""


def repair(ledger: Ledger, compared: Iterable[Compared], at: datetime) -> int:
    """Hint at the records of rows that can be put right by a sync; how many rows."""
    return sum(_repaired(ledger, each, at) for each in compared)


def remind(ledger: Ledger, compared: Iterable[Compared], at: datetime) -> None:
    """Hint at the records of rows that have not landed yet: what no signal has shown so far is not left to a sweep."""
    for each in compared:
        _hint(ledger, [one for one in each.differences if one.why in READ_AGAIN], at)


def _repaired(ledger: Ledger, compared: Compared, at: datetime) -> int:
    resent = [each for each in compared.differences if each.why in RESENT]
    again = [each for each in compared.differences if each.why in READ_AGAIN]
    ledger.suspect(compared.measure.mapping.to, [each.external_id for each in resent], SIGNAL, at)
    _hint(ledger, again, at)
    return len(resent) + len(again)


def _hint(ledger: Ledger, differences: Iterable[Difference], at: datetime) -> None:
    ids: dict[str, set[int]] = defaultdict(set)
    for each in differences:
        if each.record_id is not None:
            ids[each.object].add(each.record_id)
    for name, some in ids.items():
        ledger.note(name, some, SIGNAL, at)
