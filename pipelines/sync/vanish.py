"""Rows that ChargeOver no longer has, or that a mapping no longer wants: ``on_delete`` says what becomes of them."""

import json
from collections.abc import Mapping as Dictionary
from dataclasses import replace
from datetime import datetime

from more_itertools import chunked

from pipelines.ledger.outcome import Outcome, Verdict
from pipelines.ledger.rows import Known
from pipelines.mapping.model import Mapping
from pipelines.salesforce.batch import MOST_COLLECTIONS, MOST_ROWS, Collection, Request
from pipelines.salesforce.org import Org
from pipelines.salesforce.replies import Reply


def vanish(org: Org, mapping: Mapping, vanished: Dictionary[str, Known], observed_at: datetime) -> list[Outcome]:
    """Treat rows, by external id, as the mapping's ``on_delete`` says; one outcome for each."""
    ids = list(vanished)
    if mapping.on_delete == "ignore":
        kept = f"no longer in ChargeOver; left as it is (on_delete: ignore in {mapping.path.name})"
        return [_outcome(mapping, each, vanished[each], observed_at, Verdict.UNCHANGED, kept) for each in ids]
    replies = _delete(org, mapping, vanished) if mapping.on_delete == "delete" else _mark(org, mapping, ids)
    return [
        _replied(mapping, each, vanished[each], observed_at, reply) for each, reply in zip(ids, replies, strict=True)
    ]


def _delete(org: Org, mapping: Mapping, vanished: Dictionary[str, Known]) -> list[Reply]:
    return org.delete(mapping.to, [known.salesforce_id or "" for known in vanished.values()])


def _mark(org: Org, mapping: Mapping, ids: list[str]) -> list[Reply]:
    assert isinstance(mapping.on_delete, Dictionary)
    texts = [json.dumps({mapping.external_id: each, **mapping.on_delete}, ensure_ascii=False) for each in ids]
    collections = [Collection(mapping.to, mapping.external_id, some) for some in chunked(texts, MOST_ROWS)]
    answers = [org.upsert(Request(some)) for some in chunked(collections, MOST_COLLECTIONS)]
    replies = [reply for answer in answers for group in answer for reply in group]
    # an upsert of a row that somebody has deleted in Salesforce makes one that holds nothing but the mark
    org.delete(mapping.to, [reply.id for reply in replies if reply.created and reply.id])
    return replies


def _replied(mapping: Mapping, external_id: str, known: Known, observed_at: datetime, reply: Reply) -> Outcome:
    if reply.success:
        return _outcome(mapping, external_id, known, observed_at, Verdict.DELETED, "no longer in ChargeOver")
    refused = _outcome(mapping, external_id, known, observed_at, Verdict.REFUSED, f"on_delete: {reply.message}")
    return replace(refused, code=reply.code)


def _outcome(
    mapping: Mapping, external_id: str, known: Known, observed_at: datetime, verdict: Verdict, message: str
) -> Outcome:
    return Outcome(mapping.to, external_id, mapping.object, known.record_id, verdict, observed_at,
                   salesforce_id=known.salesforce_id, message=message)  # fmt: skip
