"""Permission sets and who has them (objects PermissionSet and PermissionSetAssignment of the object reference)."""

import json
from collections.abc import Callable, Iterator
from typing import Any

from pipelines.errors import FixAccess
from pipelines.salesforce.connection import Connection, Faulty

Query = Callable[[str], Iterator[dict[str, Any]]]


def assign(connection: Connection, query: Query, name: str, user_id: str) -> bool:
    """Give a permission set to a user; False when the user had it. FixAccess when the org has no such set."""
    of_that_name = "Name = '{}'".format(name.replace("'", ""))
    found = next(query(f"SELECT Id FROM PermissionSet WHERE {of_that_name}"), None)  # noqa: S608 - SOQL, which only reads
    if found is None:
        raise FixAccess(f"Salesforce: the org shows no permission set {name!r}; deploy it, or assign it in Setup")
    body = {"PermissionSetId": found["Id"], "AssigneeId": user_id}
    had = " AND ".join(f"{field} = '{value}'" for field, value in body.items())
    if next(query(f"SELECT Id FROM PermissionSetAssignment WHERE {had}"), None):  # noqa: S608 - SOQL, which only reads
        return False
    text = json.dumps(body)
    try:
        connection.call(lambda client: client.restful("sobjects/PermissionSetAssignment", method="POST", data=text))
    except Faulty as fault:
        raise FixAccess(
            f"Salesforce: {name} could not be assigned ({fault.reply.code}); assign it in Setup, or give the user that "
            "deploys the right Assign Permission Sets"
        ) from None
    return True
