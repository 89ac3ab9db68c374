"""Upserting a request: one call when all goes well, further calls for what must be repeated or found out."""

from typing import Any

from simple_salesforce.api import Salesforce

from pipelines.salesforce.batch import Request
from pipelines.salesforce.chunk import Chunk, looks_like_reference, packed, regrouped, whole
from pipelines.salesforce.composite import send_parts
from pipelines.salesforce.connection import Connection, Faulty, said
from pipelines.salesforce.fault import Kind
from pipelines.salesforce.replies import Reply, failure, reply_of
from pipelines.salesforce.session import Patience
from pipelines.salesforce.throttle import Throttle


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
        for tried in range(1, self._patience.tries + 1):
            self._send_all(chunks)
            busy = [key for chunk in chunks for key in chunk.keys if self._kind(key) is Kind.RETRY]
            self._throttle.trouble() if busy else self._throttle.calm()
            if not busy or tried == self._patience.tries:
                return
            self._repaired |= {collection for collection, _ in busy}
            self._patience.wait(tried)
            chunks = regrouped(busy, tried)

    def _send_all(self, chunks: list[Chunk]) -> None:
        """Send chunks, and the parts of those that fail whole, until each row has a reply."""
        while chunks:
            chunks = [smaller for call in packed(self._request, chunks) for smaller in self._send(call)]
            self._repaired |= {one.collection for one in chunks}

    def _send(self, chunks: list[Chunk]) -> list[Chunk]:
        """Send one call; what must be sent again of it, cut smaller."""
        try:
            if looks_like_reference(self._request, chunks[0]):
                bodies = [(200, self._outside_composite(chunks[0]))]
            else:
                parts = send_parts(self._connection, [self._part(chunk) for chunk in chunks])
                bodies = [(int(part.get("httpStatusCode") or 0), part.get("body")) for part in parts]
        except Faulty as fault:
            return self._whole_call_failed(chunks, fault)
        again = [
            chunk for chunk, (status, body) in zip(chunks, bodies, strict=True) if not self._take(chunk, status, body)
        ]
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
            return client.restful(collection.path, method="PATCH", data=body, repeatable=True)

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
        concerns_all = reply.handling.kind in {Kind.RETRY, Kind.STOP, Kind.SOBJECT_STOP}
        if len(chunk.positions) > 1 and not concerns_all:
            return False
        self._replies |= dict.fromkeys(chunk.keys, reply)
        return True

    def _whole_call_failed(self, chunks: list[Chunk], fault: Faulty) -> list[Chunk]:
        if fault.status >= 500 or fault.reply.handling.kind in {Kind.STOP, Kind.RETRY}:
            raise said(fault) from None
        if len(chunks) > 1:
            return [chunk.apart() for chunk in chunks]
        return [] if self._failed_whole(chunks[0], fault.reply) else chunks[0].apart().parts()

    def _held_by_repaired(self) -> list[tuple[int, int]]:
        """Rows whose parents may have landed only after them, since the parents' collection took several calls."""
        first = min(self._repaired, default=len(self._request.collections))
        return [key for key in sorted(self._replies) if key[0] >= first and self._kind(key) is Kind.HOLD]

    def _kind(self, key: tuple[int, int]) -> Kind | None:
        reply = self._replies[key]
        return None if reply.success else reply.handling.kind
