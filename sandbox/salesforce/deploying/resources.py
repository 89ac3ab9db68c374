"""The calls about deployments: /metadata/deployRequest and what is below it."""

import json
from typing import Final

from sandbox.salesforce.call import Answer, Call
from sandbox.salesforce.deploying.archive import Archive
from sandbox.salesforce.deploying.deployments import Deployment
from sandbox.salesforce.deploying.multipart import parts_of
from sandbox.salesforce.errors import CallError
from sandbox.salesforce.jsonvalue import Json
from sandbox.salesforce.org import Org

NO_RIGHT: Final = "use of the Metadata API requires a user with the ModifyAllData or ModifyMetadata permissions"


def start(org: Org, call: Call) -> Answer:
    """POST /metadata/deployRequest: multipart with the parts json and file (verified), 201 with a Pending deployResult
    (published). The right to deploy and the text without it are published by users, status and code inferred."""
    if not org.settings.modify_metadata:
        raise CallError(403, "INSUFFICIENT_ACCESS", f"INSUFFICIENT_ACCESS: {NO_RIGHT}")
    kind = call.headers.get("content-type", "")
    if not kind.startswith("multipart/form-data"):
        raise CallError(415, "UNSUPPORTED_MEDIA_TYPE", "Unsupported Media Type")
    parts = parts_of(kind, call.raw)
    if not {"json", "file"} <= parts.keys():
        raise CallError(400, "INVALID_MULTIPART_REQUEST", "Multipart message must include parts named json and file")
    begun = org.deployments.begin(Archive.read(parts["file"]), _options(parts["json"]), org.user_id)
    return Answer(201, _told(org, begun, details=False))


def show(org: Org, call: Call) -> Answer:
    """GET /metadata/deployRequest/{id}?includeDetails=true (published)."""
    found = org.deployments.find(call.segments[2])
    return Answer(200, _told(org, found, details=call.query.get("includeDetails") == "true"))


def change(org: Org, call: Call) -> Answer:
    """PATCH {"deployResult": {"status": "Canceling"}}: 202 (published); here it is canceled at once."""
    found = org.deployments.find(call.segments[2])
    if call.mapping().get("deployResult") != {"status": "Canceling"}:
        raise CallError(400, "INVALID_FIELD", "A deployment can only be set to Canceling")
    if found.ended_at is None:
        found.end("Canceled", org.clock.now())
    return Answer(202, _told(org, found, details=False))


def _told(org: Org, deployment: Deployment, *, details: bool) -> dict[str, Json]:
    result = deployment.result(org.clock.now(), details=details)
    return {"id": deployment.id, "validatedDeployRequestId": None, "deployResult": result}


def _options(content: bytes) -> dict[str, Json]:
    try:
        options = json.loads(content).get("deployOptions", {})
    except (ValueError, AttributeError):
        raise CallError(400, "JSON_PARSER_ERROR", "The part json holds no deployOptions") from None
    return dict(options)
