"""Which function answers which path below /services/data/vXX.X."""

from collections.abc import Callable
from typing import Final

from sandbox.salesforce import collection, describe, query, resources, single, upsert
from sandbox.salesforce.bulk import queries
from sandbox.salesforce.bulk import resources as bulk
from sandbox.salesforce.call import Answer, Call
from sandbox.salesforce.deploying import resources as deploying
from sandbox.salesforce.deploying.assigning import assign, take_away
from sandbox.salesforce.errors import CallError, not_found
from sandbox.salesforce.org import Org

Handler = Callable[[Org, Call], Answer]

# Braces stand for any part. Where several patterns fit, the first wins.
TABLE: Final[dict[str, dict[str, Handler]]] = {
    "": {"GET": resources.index},
    "limits": {"GET": resources.limits},
    "limits/recordCount": {"GET": resources.record_counts},
    "query": {"GET": query.query},
    "queryAll": {"GET": query.query},
    "query/{locator}": {"GET": query.query_more},
    "sobjects": {"GET": describe.list_objects},
    "sobjects/PermissionSetAssignment": {"GET": describe.basics, "POST": assign},
    "sobjects/PermissionSetAssignment/{id}": {"GET": single.read, "DELETE": take_away},
    "sobjects/{object}": {"GET": describe.basics, "POST": single.create},
    "sobjects/{object}/describe": {"GET": describe.describe},
    "sobjects/{object}/Id": {"POST": single.upsert_by_id, "PATCH": single.upsert_by_id},
    "sobjects/{object}/{id}": {"GET": single.read, "PATCH": single.change, "DELETE": single.erase},
    "sobjects/{object}/{field}/{value}": {
        "GET": single.read_by_key,
        "PATCH": single.upsert,
        "DELETE": single.erase_by_key,
    },
    "composite/sobjects": {"POST": collection.create, "PATCH": collection.change, "DELETE": collection.erase},
    "composite/sobjects/{object}/{field}": {"PATCH": upsert.upsert_all},
    "metadata/deployRequest": {"POST": deploying.start},
    "metadata/deployRequest/{id}": {"GET": deploying.show, "PATCH": deploying.change},
    "jobs/ingest": {"GET": bulk.show_all, "POST": bulk.create},
    "jobs/ingest/{job}": {"GET": bulk.show, "PATCH": bulk.change, "DELETE": bulk.erase},
    "jobs/ingest/{job}/batches": {"PUT": bulk.upload},
    "jobs/ingest/{job}/successfulResults": {"GET": bulk.successful},
    "jobs/ingest/{job}/failedResults": {"GET": bulk.failed},
    "jobs/ingest/{job}/unprocessedrecords": {"GET": bulk.unprocessed},
    "jobs/query": {"POST": queries.create},
    "jobs/query/{job}": {"GET": queries.show},
    "jobs/query/{job}/results": {"GET": queries.results},
}
PATTERNS: Final = [(pattern, pattern.split("/") if pattern else [], methods) for pattern, methods in TABLE.items()]


def kind_of(segments: list[str]) -> str:
    """The pattern that a path follows, for counting; unknown paths stand as they are."""
    found = _find(segments)
    return found[0] if found else "/".join(segments)


def dispatch(org: Org, call: Call) -> Answer:
    """The answer of the function for this path; 404 for an unknown path, 405 for a wrong method (verified texts)."""
    found = _find(call.segments)
    if found is None:
        raise not_found()
    handler = found[1].get(call.method)
    if handler is None:
        allowed = ",".join(sorted(found[1]))
        message = f"HTTP Method '{call.method}' not allowed. Allowed are {allowed}"
        raise CallError(405, "METHOD_NOT_ALLOWED", message)
    return handler(org, call)


def _find(segments: list[str]) -> tuple[str, dict[str, Handler]] | None:
    for pattern, parts, methods in PATTERNS:
        if len(parts) == len(segments) and all(
            part == segment or part.startswith("{") for part, segment in zip(parts, segments, strict=True)
        ):
            return pattern, methods
    return None
