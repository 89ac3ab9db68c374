"""Upserting a request: one call when all goes well, further calls for what must be repeated or found out."""

from itertools import count
from typing import Any

from simple_salesforce.api import Salesforce

from pipelines.salesforce.batch import Request
from pipelines.salesforce.chunk import PARTS, Chunk, looks_like_reference, packed, regrouped, whole
from pipelines.salesforce.composite import send_parts
from pipelines.salesforce.connection import Connection, Faulty, said
from pipelines.salesforce.fault import Kind
from pipelines.salesforce.replies import Reply, failure, reply_of
from pipelines.salesforce.session import Patience
from pipelines.salesforce.throttle import Throttle

OUTAGE = 8
"""So many whole calls that fail inside in a row are no row's fault: from 1,000 rows it takes six calls down to a bad
one (1,000, 200, 40, 8, 2, 1), and the next row may be as bad."""


class Upsert:
    """One request on its way: which rows have their reply, which are sent once more."""

    def __init__(
        self, connection: Connection, request: Request, api_version: str, patience: Patience, throttle: Throttle
    ) -> None:
        self._connection = connection
        self._request = request
        self._root = f"/services/data/v{api_version}/"
        self._patience = patience
        self._throttle = throttle
        self._replies: dict[tuple[int, int], Reply] = {}
        self._repaired: set[int] = set()
        """Collections of which not all rows were settled in the first call."""
        self._failing: list[Chunk] = []
        """What failed whole in this try, in a way that may pass."""
        self._given_up: set[tuple[int, int]] = set()
        """Rows on which a whole call failed: they do not travel with others again."""
        self._misses = 0
        """How many calls in a row brought no row an answer of its own."""

    def run(self) -> list[list[Reply]]:
        """The replies in the order of the rows; FixAccess or TryLater for a fault of the whole org."""
        self._settle(whole(self._request))
        late = self._held_by_repaired()
        if late:
            self._settle(regrouped(late, tried=0))
        return [
            [self._replies[index, position] for position in range(len(collection.rows))]
            for index, collection in enumerate(self._request.collections)
        ]

    def _settle(self, chunks: list[Chunk]) -> None:
        for tried in count(1):
            self._failing = []
            self._send_all(chunks)
            busy = {key for chunk in chunks for key in chunk.keys if self._kind(key) is Kind.RETRY} - self._given_up
            self._throttle.trouble() if busy else self._throttle.calm()
            chunks = self._once_more(busy, tried)
            if not chunks:
                return
            self._repaired |= {collection for collection, _ in busy}
            if tried < self._patience.tries:
                self._patience.wait(tried)

    def _once_more(self, busy: set[tuple[int, int]], tried: int) -> list[Chunk]:
        """What is sent again: all that was busy until the last try, and what failed whole until its bad row stands
        alone; it is not cut while a call and all its parts fail alike."""
        is_last = tried >= self._patience.tries
        may_cut = self._misses <= PARTS
        cut = [part for chunk in self._failing if may_cut and not chunk.is_one_row for part in chunk.parts()]
        if is_last:
            return cut
        left = [chunk for chunk in self._failing if chunk.is_one_row or not may_cut]
        single = busy - {key for chunk in self._failing for key in chunk.keys}
        return [*regrouped(sorted(single), tried), *cut, *left]

    def _send_all(self, chunks: list[Chunk]) -> None:
        """Send chunks, and at once the parts of those that fail whole, until each row has a reply: among smaller and
        smaller calls one soon goes well, unless none can."""
        for call in packed(self._request, chunks):
            smaller = self._send(call)
            self._repaired |= {one.collection for one in smaller}
            self._send_all(smaller)

    def _send(self, chunks: list[Chunk]) -> list[Chunk]:
        """Send one call; what must be sent again of it, cut smaller."""
        try:
            if looks_like_reference(self._request, chunks[0]):
                bodies = [(200, self._outside_composite(chunks[0]))]
            else:
                parts = send_parts(self._connection, list(map(self._part, chunks)), patient=_is_patient(chunks[0]))
                bodies = [(int(part.get("httpStatusCode") or 0), part.get("body")) for part in parts]
        except Faulty as fault:
            return self._whole_call_failed(chunks, fault)
        before = len(self._failing)
        again = [
            chunk for chunk, (status, body) in zip(chunks, bodies, strict=True) if not self._take(chunk, status, body)
        ]
        self._misses = self._misses + 1 if len(self._failing) - before == len(chunks) else 0
        return [part for chunk in again for part in chunk.parts()]

    def _part(self, chunk: Chunk) -> str:
        collection = self._request.collections[chunk.collection]
        reference = f"c{chunk.collection}_{chunk.positions[0]}"
        body = collection.body(chunk.positions)
        return f'{{"method":"PATCH","url":"{self._root}{collection.path}","referenceId":"{reference}","body":{body}}}'

    def _outside_composite(self, chunk: Chunk) -> object:
        collection = self._request.collections[chunk.collection]
        body = collection.body(chunk.positions).encode("utf-8", "replace")

        def patch(client: Salesforce) -> Any:  # noqa: ANN401 - what JSON holds
            return client.restful(
                collection.path, method="PATCH", data=body, repeatable=True, patient=_is_patient(chunk)
            )

        return self._connection.call(patch)

    def _take(self, chunk: Chunk, status: int, body: object) -> bool:
        """Take the replies of one chunk; False when it failed whole and must be cut."""
        rows = body if isinstance(body, list) else []
        if len(rows) == len(chunk.positions) and all("success" in row for row in rows):
            self._replies |= {key: reply_of(row) for key, row in zip(chunk.keys, rows, strict=True)}
            return True
        return self._failed_whole(chunk, failure(rows, status))

    def _failed_whole(self, chunk: Chunk, reply: Reply) -> bool:
        """Give the reply to all rows; False when it may be meant for some of them only."""
        kind = reply.handling.kind
        if kind is Kind.RETRY:
            self._failing.append(chunk)
        elif not chunk.is_one_row and kind not in {Kind.STOP, Kind.SOBJECT_STOP}:
            return False
        self._replies |= dict.fromkeys(chunk.keys, reply)
        return True

    def _whole_call_failed(self, chunks: list[Chunk], fault: Faulty) -> list[Chunk]:
        """What must be sent again, each in a call of its own; raises what is no row's fault."""
        kind = fault.reply.handling.kind
        crashed = fault.status == 500 and kind is not Kind.STOP
        self._misses = self._misses + 1 if crashed else 0
        if self._misses >= OUTAGE or (not crashed and (fault.status >= 500 or kind in {Kind.STOP, Kind.RETRY})):
            raise said(fault) from None
        if len(chunks) > 1:
            return [chunk.apart() for chunk in chunks]
        is_settled = self._crashed(chunks[0], fault.reply) if crashed else self._failed_whole(chunks[0], fault.reply)
        return [] if is_settled else chunks[0].apart().parts()

    def _crashed(self, chunk: Chunk, reply: Reply) -> bool:
        """Give up the row on which Salesforce failed inside; False when it is one of several."""
        if not chunk.is_one_row:
            return False
        self._replies |= dict.fromkeys(chunk.keys, reply)
        self._given_up |= set(chunk.keys)
        return True

    def _held_by_repaired(self) -> list[tuple[int, int]]:
        """Rows whose parents may have landed only after them, since the parents' collection took several calls."""
        first = min(self._repaired, default=len(self._request.collections))
        return [key for key in sorted(self._replies) if key[0] >= first and self._kind(key) is Kind.HOLD]

    def _kind(self, key: tuple[int, int]) -> Kind | None:
        reply = self._replies[key]
        return None if reply.success else reply.handling.kind


def _is_patient(chunk: Chunk) -> bool:
    """Whether a call is repeated when Salesforce fails inside: not while a bad row is sought, where the smaller calls
    that follow are repeats enough."""
    return not chunk.alone or chunk.is_one_row
