"""Deleting rows by Salesforce id, 25 in a call; what is gone already counts as done."""

from collections.abc import Sequence
from typing import Any

from pipelines.salesforce.composite import send_parts
from pipelines.salesforce.connection import Connection, Faulty, said
from pipelines.salesforce.fault import Kind
from pipelines.salesforce.replies import Reply, failure
from pipelines.salesforce.session import Patience
from pipelines.salesforce.throttle import Throttle

MOST_PARTS = 25
GONE = frozenset({"ENTITY_IS_DELETED", "NOT_FOUND"})


class Removal:
    """Rows of one sObject on their way out."""

    def __init__(
        self, connection: Connection, sobject: str, api_version: str, patience: Patience, throttle: Throttle
    ) -> None:
        self._connection = connection
        self._sobject = sobject
        self._root = f"/services/data/v{api_version}/sobjects/{sobject}/"
        self._patience = patience
        self._throttle = throttle

    def run(self, salesforce_ids: Sequence[str]) -> list[Reply]:
        """The replies in the order of the ids; FixAccess or TryLater for a fault of the whole org."""
        replies: dict[str, Reply] = {}
        waiting = list(dict.fromkeys(salesforce_ids))
        for tried in range(1, self._patience.tries + 1):
            for start in range(0, len(waiting), MOST_PARTS):
                replies |= self._delete(waiting[start : start + MOST_PARTS])
            waiting = [one for one in waiting if _is_busy(replies[one])]
            self._throttle.trouble() if waiting else self._throttle.calm()
            if not waiting or tried == self._patience.tries:
                break
            self._patience.wait(tried)
        return [replies[one] for one in salesforce_ids]

    def _delete(self, salesforce_ids: list[str]) -> dict[str, Reply]:
        parts = [
            f'{{"method":"DELETE","url":"{self._root}{one}","referenceId":"d{n}"}}'
            for n, one in enumerate(salesforce_ids)
        ]
        try:
            answers = send_parts(self._connection, parts)
        except Faulty as fault:
            raise said(fault, sobject=self._sobject) from None
        return {one: _reply(one, answer) for one, answer in zip(salesforce_ids, answers, strict=True)}


def _reply(salesforce_id: str, answer: dict[str, Any]) -> Reply:
    status = int(answer.get("httpStatusCode") or 0)
    refused = failure(answer.get("body"), status)
    if 200 <= status < 300 or refused.code in GONE:
        return Reply(success=True, id=salesforce_id)
    return refused


def _is_busy(reply: Reply) -> bool:
    return not reply.success and reply.handling.kind is Kind.RETRY
