"""A Composite call: several subrequests in one, each with its own status and body."""

from collections.abc import Sequence
from typing import Any

from simple_salesforce.api import Salesforce

from pipelines.errors import FixAccess
from pipelines.salesforce.connection import Connection, Faulty
from pipelines.salesforce.replies import Reply


def send_parts(connection: Connection, parts: Sequence[str], *, patient: bool = True) -> list[dict[str, Any]]:
    """The answers to the parts, given as JSON texts, in their order; Faulty when the whole call failed.

    A call that is not ``patient`` is not repeated when Salesforce fails inside."""
    text = '{"allOrNone":false,"compositeRequest":[' + ",".join(parts) + "]}"
    body = text.encode("utf-8", "replace")

    def post(client: Salesforce) -> Any:  # noqa: ANN401 - what JSON holds
        return client.restful("composite", method="POST", data=body, repeatable=True, patient=patient)

    try:
        answer = connection.call(post)
    except Faulty as fault:
        if fault.status in {404, 410}:
            raise FixAccess(
                "Salesforce: the org has no Composite at this version of the API; set an API version that it has "
                "(its address with /services/data lists them)"
            ) from None
        raise
    answers = answer.get("compositeResponse", []) if isinstance(answer, dict) else []
    if len(answers) != len(parts):
        raise Faulty(200, Reply(success=False, code="UNKNOWN_EXCEPTION", message="an answer without all its parts"))
    return list(answers)
