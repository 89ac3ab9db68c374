"""Other people who work in the org: what they change bears their name."""

from sandbox.salesforce.errors import UnreadableError
from sandbox.salesforce.jsonvalue import Json
from sandbox.salesforce.org import Org
from sandbox.salesforce.removing import take_away
from sandbox.salesforce.saving import update


def act(org: Org, given: dict[str, Json]) -> None:
    """Changes fields of a row, or deletes it, as another user: {"by", "sobject", "id", "fields" or "delete": true}.

    A user is made when there is none of that name; a refused change is a ValueError."""
    entity = org.entity(str(given["sobject"]))
    ours, org.user_id = org.user_id, _user(org, str(given["by"]))
    try:
        if given.get("delete"):
            refusals = take_away(org, entity.table.shape.name, str(given["id"])).refusals
        else:
            refusals = update(org, entity, str(given["id"]), entity.reader.read(given["fields"])).refusals
    except UnreadableError as error:
        raise ValueError(str(error)) from None
    finally:
        org.user_id = ours
    if refusals:
        raise ValueError("; ".join(f"{each.code}: {each.message}" for each in refusals))


def _user(org: Org, name: str) -> str:
    users, stamp = org.tables["User"], org.clock.stamp()
    for row in users.rows.values():
        if row["Name"] == name:
            return str(row["Id"])
    mail = f"{name.lower().replace(' ', '.')}@sandbox.example"
    person = {"Username": mail, "Email": mail, "LastName": name, "Name": name, "IsActive": True, "IsDeleted": False}
    row = {
        "Id": users.next_id(),
        **person,
        **dict.fromkeys(("CreatedDate", "LastModifiedDate", "SystemModstamp"), stamp),
    }
    users.insert(row)
    return str(row["Id"])
