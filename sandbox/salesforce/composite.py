"""POST /composite: up to 25 subrequests in one call, with references between them."""

from collections.abc import Mapping
from typing import Final
from urllib.parse import parse_qsl, unquote, urlsplit

from sandbox.salesforce.call import Answer, Call, unreadable
from sandbox.salesforce.errors import CallError, CrashError, UnreadableError
from sandbox.salesforce.jsonvalue import Json
from sandbox.salesforce.org import Org
from sandbox.salesforce.placeholders import NoValueError, check_reference_id, filled
from sandbox.salesforce.resources import version_of
from sandbox.salesforce.routes import dispatch

MOST_SUBREQUESTS: Final = 25
MOST_COLLECTIONS: Final = 5
HALTED: Final = [
    {
        "errorCode": "PROCESSING_HALTED",
        "message": "The transaction was rolled back since another operation in the same transaction failed.",
    }
]


def composite(org: Org, call: Call) -> Answer:
    """{compositeResponse: [{body, httpHeaders, httpStatusCode, referenceId}]}, outer status 200 (verified)."""
    body = call.mapping()
    requests = body.get("compositeRequest")
    if not isinstance(requests, list) or not all(isinstance(one, dict) for one in requests):
        raise unreadable(UnreadableError("list", requests), call.text())
    _check(requests)
    all_or_none = body.get("allOrNone") is True
    mark = org.journal.begin()
    try:
        results = _run(org, call, requests, all_or_none=all_or_none)
        if all_or_none and any(map(_failed, results)):
            org.journal.undo(mark)
            results = [one if _failed(one) else Answer(400, HALTED) for one in results]
            results += [Answer(400, HALTED)] * (len(requests) - len(results))
    except CrashError:
        org.journal.undo(mark)
        raise
    finally:
        org.journal.end()
    shown = [_shown(one, request["referenceId"]) for one, request in zip(results, requests, strict=True)]
    return Answer(200, {"compositeResponse": shown}, rows=sum(one.rows for one in results))


def _run(org: Org, call: Call, requests: list[dict[str, Json]], *, all_or_none: bool) -> list[Answer]:
    results: list[Answer] = []
    known: dict[str, Json] = {}
    for request in requests:
        result = _answer(org, call, request, known, all_or_none=all_or_none)
        results.append(result)
        if result.status < 300:
            known[request["referenceId"]] = result.body
        if all_or_none and _failed(result):
            break
    return results


def _answer(org: Org, call: Call, request: dict[str, Json], known: Mapping[str, Json], *, all_or_none: bool) -> Answer:
    try:
        return dispatch(org, _subcall(call, filled(request, known), all_or_none=all_or_none))
    except NoValueError as error:
        return Answer(400, [{"errorCode": "PROCESSING_HALTED", "message": str(error)}])
    except CallError as error:
        if isinstance(error, CrashError) and error.whole_call:
            raise
        return Answer(error.status, error.body)


def _subcall(call: Call, request: dict[str, Json], *, all_or_none: bool) -> Call:
    parts = urlsplit(request["url"])
    segments = [unquote(part) for part in parts.path.split("/")[1:]]
    if segments[:2] != ["services", "data"] or len(segments) < 4 or segments[3] == "jobs":  # no jobs (published)
        raise CallError(404, "NOT_FOUND", "The requested resource does not exist")
    headers = {str(name).lower(): str(value) for name, value in (request.get("httpHeaders") or {}).items()}
    inherited = {name: call.headers[name] for name in ("sforce-duplicate-rule-header",) if name in call.headers}
    return Call(
        method=request["method"].upper(),
        segments=[segment for segment in segments[3:] if segment],
        query=dict(parse_qsl(parts.query, keep_blank_values=True)),
        headers=inherited | headers,
        version=version_of(segments[2]),
        parsed=request.get("body"),
        outer_all_or_none=all_or_none,
    )


def _check(requests: list[dict[str, Json]]) -> None:
    """At most 25 subrequests, at most 5 of them collections or queries (verified; codes and texts inferred)."""
    if len(requests) > MOST_SUBREQUESTS:
        raise _too_many(f"Limit exceeded: a composite takes {MOST_SUBREQUESTS} subrequests at most")
    seen: set[str] = set()
    for request in requests:
        for key in ("method", "url", "referenceId"):
            if not isinstance(request.get(key), str):
                raise CallError(400, "INVALID_INPUT", f"Each subrequest needs a {key}")
        check_reference_id(request["referenceId"], seen)
    heavy = sum(1 for request in requests if "/composite/sobjects" in request["url"] or "/query" in request["url"])
    if heavy > MOST_COLLECTIONS:
        raise _too_many(f"Limit exceeded: {MOST_COLLECTIONS} subrequests at most may be collections or queries")


def _too_many(message: str) -> CallError:
    return CallError(400, "LIMIT_EXCEEDED", message)


def _failed(answer: Answer) -> bool:
    """A subrequest failed: by its status, or a collection in which a row did (with the outer allOrNone all do)."""
    if answer.status >= 300 and answer.status != 304:
        return True
    body = answer.body
    return isinstance(body, list) and any(isinstance(row, dict) and row.get("success") is False for row in body)


def _shown(answer: Answer, reference_id: str) -> dict[str, Json]:
    return {
        "body": answer.body,
        "httpHeaders": answer.headers,
        "httpStatusCode": answer.status,
        "referenceId": reference_id,
    }
