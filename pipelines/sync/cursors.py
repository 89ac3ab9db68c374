"""The cursors of one object in one run: asked for beside those of other objects, taken when it is the object's turn."""

from collections.abc import Iterator
from concurrent.futures import Executor, Future
from itertools import chain

from pipelines.chargeover.object import Object
from pipelines.chargeover.records import id_of
from pipelines.chargeover.signals import Reading, Window, read_window
from pipelines.ledger.ledger import Ledger
from pipelines.sync.gathering import Gathering, always
from pipelines.sync.source import Source

Asked = tuple[Reading, Iterator[Reading]]
"""The first page of an answer, and the pages that follow, not asked for yet."""


class Cursors:
    """What the time filters of an object show in the window of the run."""

    def __init__(self, source: Source, kind: Object, ledger: Ledger, window: Window) -> None:
        self._source, self._kind, self._ledger, self._window = source, kind, ledger, window
        self._asked: dict[str, tuple[int, Future[Asked]]] = {}

    def ask(self, pool: Executor) -> None:
        """Ask for the first page of each now, while others are asked for."""
        number = self._ledger.last_hint()
        self._asked = {cursor: (number, pool.submit(self._answer, cursor)) for cursor in self._kind.cursors}

    def take(self, cursor: str, gathering: Gathering) -> None:
        """Stage what a cursor shows; raises QuestionRefused when the account does not filter by it.

        Where something was hinted at since it was asked for, it is asked again, unless it shows nothing new: its
        records may be older than what touches them, and these would be left for the next run."""
        number, asked = self._asked[cursor]
        first, rest = asked.result()
        is_news = any(id_of(self._kind, row) not in gathering.read for row in first.rows)
        if is_news and self._ledger.last_hint() != number:
            number = self._ledger.last_hint()
            first, rest = self._answer(cursor)
        for reading in chain([first], rest):
            gathering.take(reading, number, always)

    def _answer(self, cursor: str) -> Asked:
        chargeover, zone = self._source.chargeover.on_behalf_of("cursor"), self._source.zone
        pages = read_window(chargeover, self._kind, cursor, self._window, zone)
        return next(pages), pages
