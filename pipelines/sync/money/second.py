"""The second look: groups that do not agree are read row by row on both sides, and every row that differs is judged."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from pipelines.ledger.choice import Choice
from pipelines.ledger.ledger import Ledger
from pipelines.ledger.rows import Known
from pipelines.salesforce.org import Org
from pipelines.salesforce.totals import Held, rows_by_key, rows_in
from pipelines.sync.money.entry import Entry, entries, entries_of
from pipelines.sync.money.group import Group, Span
from pipelines.sync.money.judge import Case, Difference, judged, unlike
from pipelines.sync.money.measure import Measure
from pipelines.sync.money.sums import Scales
from pipelines.sync.source import Source

Groups = Collection[Group]


@dataclass(frozen=True, slots=True)
class Seen:
    """Both sides of some groups, row by row, and the rows on which they do not agree."""

    entries: dict[str, Entry]
    rows: dict[str, Held]
    differences: list[Difference]


class SecondLook:
    """Reads and judges; ChargeOver is read first, Salesforce then, and the ledger around the last of these reads.

    A change that lands meanwhile shows in the ledger: it is in flight, not a difference."""

    def __init__(self, source: Source, org: Org, ledger: Ledger, late_before: datetime) -> None:
        self._source, self._org, self._ledger, self._late_before = source, org, ledger, late_before

    def look(self, measure: Measure, groups: Groups | None, span: Span | None, scales: Scales) -> Seen:
        """The rows of these groups (None: of all, as far as the span goes) on both sides."""
        around = Span.around(groups) if groups is not None else span
        ours = {
            each.row.external_id: each for each in entries(self._source, measure, around) if _in(each.group, groups)
        }
        asked = measure.asked.between(around.first, around.last) if around and measure.day else measure.asked
        theirs = {each.external_id: each for each in rows_in(self._org, asked) if _in(Group.of(each), groups)}
        if groups is None and around is not None:
            ours = {key: each for key, each in ours.items() if around.holds(each.group)}
        suspects = set(_suspects(ours, theirs, measure, scales))
        if not suspects:
            return Seen(ours, theirs, [])
        cases = list(self._cases(measure, ours, suspects))
        differences = [found for case in cases if (found := judged(case, measure, scales))]
        theirs = {key: each for key, each in theirs.items() if key not in suspects}
        again = {case.external_id: case.held for case in cases if case.held and _in(Group.of(case.held), groups)}
        return Seen(ours, theirs | again, differences)

    def _cases(self, measure: Measure, ours: dict[str, Entry], suspects: set[str]) -> Iterator[Case]:
        ours = ours | self._elsewhere(measure, suspects - ours.keys())
        to = measure.mapping.to
        before = self._ledger.known(to, suspects)
        rows = {each.external_id: each for each in rows_by_key(self._org, measure.asked, suspects)}
        after, owed = self._ledger.known(to, suspects), _Owed(self._ledger, to)
        for key in sorted(suspects):
            known = (before.get(key), after.get(key))
            is_owed = owed.has(key, ours.get(key), known[1])
            yield Case(key, ours.get(key), rows.get(key), *known, is_owed, self._late_before)

    def _elsewhere(self, measure: Measure, keys: set[str]) -> dict[str, Entry]:
        """What ChargeOver holds now of rows that it has not shown among these groups: perhaps in another month."""
        known: dict[str, Known] = self._ledger.known(measure.mapping.to, keys)
        ids = {each.record_id for each in known.values() if each.object == measure.mapping.object}
        return {each.row.external_id: each for each in entries_of(self._source, measure, ids)} if ids else {}


class _Owed:
    """What is owed of an sObject, by row and by record."""

    def __init__(self, ledger: Ledger, sobject: str) -> None:
        self._records: dict[int, set[str]] = defaultdict(set)
        for each in ledger.chosen(Choice(sobject)):
            self._records[each.record_id].add(each.external_id)

    def has(self, external_id: str, entry: Entry | None, known: Known | None) -> bool:
        """Whether the row is owed, or its record with rows that have no external id yet."""
        record_id = entry.row.record_id if entry else known.record_id if known else None
        owed = self._records.get(record_id, set()) if record_id is not None else set()
        return external_id in owed or (bool(owed) and entry is None)


def _in(group: Group, groups: Groups | None) -> bool:
    return groups is None or group in groups


def _suspects(ours: dict[str, Entry], theirs: dict[str, Held], measure: Measure, scales: Scales) -> Iterable[str]:
    yield from ours.keys() ^ theirs.keys()
    for key in ours.keys() & theirs.keys():
        if unlike(ours[key], theirs[key], measure, scales):
            yield key
