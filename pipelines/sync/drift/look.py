"""Comparing one mapping: by hashes first, which asks only Salesforce; then, row by row, what does not look the same."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from math import ceil

from more_itertools import chunked

from pipelines.errors import Co2sfError
from pipelines.ledger.ledger import Ledger
from pipelines.ledger.rows import Known
from pipelines.ledger.walks import Walk
from pipelines.mapping.model import Mapping
from pipelines.mapping.shelf import Shelf
from pipelines.mapping.slots import by_field
from pipelines.salesforce.held import Held, all_rows, rows_by_key
from pipelines.salesforce.org import Org
from pipelines.sync.comparing import Calls
from pipelines.sync.drift import SIGNAL
from pipelines.sync.drift.found import Compared
from pipelines.sync.drift.judge import seems_unlike
from pipelines.sync.drift.question import Question, question_of
from pipelines.sync.drift.second import SecondLook
from pipelines.sync.source import Source

_at_once = 2_000
_in_memory = 50_000
_walk = "drift"


@dataclass(slots=True)
class _First:
    """What the first look has come to."""

    rows: int = 0
    uncertain: int = 0

    def take(self, question: Question, known: dict[str, Known], held: dict[str, Held]) -> Iterator[str]:
        """The external ids of rows that are missing or do not look as they were accepted."""
        for key, state in known.items():
            accepted = by_field(question.mapping.written, state.slots)
            if not state.fingerprint or not accepted:
                self.uncertain += 1
                continue
            self.rows += 1
            if key not in held or seems_unlike(question, accepted, held[key].values):
                yield key


@dataclass(frozen=True, slots=True)
class Looking:
    """How mappings are compared: all rows, or as many as a sample has, those that were not looked at for longest."""

    source: Source
    org: Org
    ledger: Ledger
    shelf: Shelf
    sample_rows: int
    by_job_from: int
    whole: bool = False

    def at(self, mappings: Iterable[Mapping]) -> Iterator[Compared]:
        """Compare mappings, but those of which nothing is to be looked at; one that cannot be compared stops only
        itself."""
        for mapping in mappings:
            names = [name for name in mapping.written if mapping.drift_of(name) != "leave"]
            names = [name for name in names if name != mapping.external_id]
            if names:
                yield self._compared(mapping, names)

    def _compared(self, mapping: Mapping, names: Collection[str]) -> Compared:
        before = self._calls()
        try:
            found = self._found(mapping, names)
        except Co2sfError as error:
            found = Compared(mapping, trouble=str(error))
        after = self._calls()
        spent = Calls(after.chargeover - before.chargeover, after.salesforce - before.salesforce)
        return replace(found, calls=spent)

    def _calls(self) -> Calls:
        return Calls(self.source.chargeover.calls_by_signal.get(SIGNAL, 0), self.org.usage.calls_made)

    def _found(self, mapping: Mapping, names: Collection[str]) -> Compared:
        first, number = _First(), self.ledger.counts(mapping.to)
        if not number:
            return Compared(mapping)
        question = question_of(self.org, self.ledger, self.shelf, mapping, names)
        walk = self._turn(mapping, number)
        suspects = list(self._all(question, first, number) if self.whole else self._some(question, first, walk))
        second = SecondLook(self.source, self.org, self.ledger, question)
        seen = [second.look(some) for some in chunked(suspects, _at_once)]
        if not self.whole:
            self._keep(mapping, walk)
        return Compared(
            mapping,
            first.rows,
            number,
            "all" if self.whole else f"{walk.position + 1} of {walk.seen}",
            [each for one in seen for each in one.drifted],
            first.uncertain + sum(one.uncertain for one in seen),
            sum(one.unknown for one in seen),
        )

    def _all(self, question: Question, first: _First, number: int) -> Iterator[str]:
        """All rows that Salesforce has; what is missing among them is found by all that the ledger knows."""
        sobject, seen = question.mapping.to, set[str]()
        for rows in chunked(all_rows(self.org, question.asked, by_job=number >= self.by_job_from), _at_once):
            held = {each.external_id: each for each in rows}
            seen |= held.keys()
            known = {key: each for key, each in self.ledger.known(sobject, held).items() if not each.gone}
            yield from first.take(question, known, held)
        parts = ceil(number / _in_memory)
        for part in range(parts):
            rest = self.ledger.part(sobject, part, parts)
            yield from first.take(question, {key: each for key, each in rest.items() if key not in seen}, {})

    def _some(self, question: Question, first: _First, walk: Walk) -> Iterator[str]:
        """The rows of one part."""
        known = self.ledger.part(question.mapping.to, walk.position, walk.seen)
        held = {each.external_id: each for each in rows_by_key(self.org, question.asked, known)}
        yield from first.take(question, known, held)

    def _turn(self, mapping: Mapping, number: int) -> Walk:
        """The round under way, with the part whose turn it is; ``seen`` says how many parts it has."""
        walk = self.ledger.walk(mapping.to[:64], _walk)
        if walk is not None and walk.ended_at is None:
            return walk
        return Walk(0, self.source.chargeover.now(), None, max(1, ceil(number / self.sample_rows)), 0)

    def _keep(self, mapping: Mapping, walk: Walk) -> None:
        done = walk.position + 1
        ended_at = self.source.chargeover.now() if done >= walk.seen else None
        self.ledger.keep_walk(mapping.to[:64], _walk, replace(walk, position=done, ended_at=ended_at))
