"""Who we are in an org, and which versions of its API there are."""

from dataclasses import dataclass

from simple_salesforce.api import Salesforce

from pipelines.salesforce.connection import Connection
from pipelines.salesforce.refusals import json_object


@dataclass(frozen=True, slots=True)
class Identity:
    """The user of the login; what Salesforce does not tell is empty."""

    org_id: str
    username: str = ""
    name: str = ""


def identity(connection: Connection) -> Identity:
    """By userinfo; an app without the right scopes is refused there (403), and its user stays unnamed."""
    answer = connection.call(lambda client: _get(client, "/services/oauth2/userinfo"))
    return Identity(connection.org_id(), *(str(answer.get(name) or "") for name in ("preferred_username", "name")))


def versions(connection: Connection) -> list[str]:
    """All versions of the API, the oldest first, such as 66.0."""
    found = connection.call(lambda client: client.session.get(f"https://{client.sf_instance}/services/data").json())
    return [str(one["version"]) for one in found if isinstance(one, dict) and "version" in one]


def _get(client: Salesforce, path: str) -> dict[str, object]:
    response = client.session.get(f"https://{client.sf_instance}{path}", headers=client.headers)
    return json_object(response) if response.status_code == 200 else {}
