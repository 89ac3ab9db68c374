"""Permission sets that are given to the user, or taken away: from then on the user sees other fields."""

from sandbox.salesforce import single
from sandbox.salesforce.call import Answer, Call
from sandbox.salesforce.deploying.applying import regrant
from sandbox.salesforce.errors import CallError
from sandbox.salesforce.org import Org


def assign(org: Org, call: Call) -> Answer:
    """POST /sobjects/PermissionSetAssignment; the same twice is refused (code published, text inferred)."""
    asked = call.mapping()
    for row in org.tables["PermissionSetAssignment"].rows.values():
        if all(row[name] == asked.get(name) for name in ("AssigneeId", "PermissionSetId")):
            raise CallError(400, "DUPLICATE_VALUE", "Duplicate PermissionSetAssignment", ())
    answer = single.create(org, call)
    regrant(org)
    return answer


def take_away(org: Org, call: Call) -> Answer:
    """DELETE /sobjects/PermissionSetAssignment/{id}."""
    answer = single.erase(org, call)
    regrant(org)
    return answer
