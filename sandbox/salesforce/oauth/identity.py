"""Who a token belongs to, and the end of one: userinfo, the identity URL, revoke."""

from sandbox.salesforce.jsonvalue import Json
from sandbox.salesforce.org import ORGANIZATION_ID, Org


def user_info(org: Org, base_url: str) -> dict[str, Json]:
    """GET /services/oauth2/userinfo: the documented keys (verified) as far as the sandbox's one user has a value."""
    user = org.tables["User"].rows[org.user_id]
    return {
        "sub": f"https://login.salesforce.com/id/{ORGANIZATION_ID}/{org.user_id}",
        "user_id": org.user_id,
        "organization_id": ORGANIZATION_ID,
        "preferred_username": user["Username"],
        "nickname": str(user["Username"]).partition("@")[0],
        "name": user["Name"],
        "email": user["Email"],
        "email_verified": True,
        "given_name": None,
        "family_name": user["LastName"],
        "zoneinfo": "GMT",
        "profile": f"{base_url.rstrip('/')}/{org.user_id}",
        "is_salesforce_integration_user": False,
        "urls": {"rest": f"{base_url.rstrip('/')}/services/data/v{{version}}/"},
        "active": True,
        "user_type": "STANDARD",
        "language": "en_US",
        "locale": "en_US",
        "utcOffset": 0,
    }


def identity(org: Org) -> dict[str, Json]:
    """GET /id/{org}/{user}, the address in a token answer's ``id`` (keys published)."""
    user = org.tables["User"].rows[org.user_id]
    named = {"username": user["Username"], "display_name": user["Name"], "email": user["Email"]}
    return {"user_id": org.user_id, "organization_id": ORGANIZATION_ID, **named, "active": True}


def revoke(org: Org, token: str) -> bool:
    """Ends a refresh token with its access tokens, or an access token alone; whether there was such a token."""
    approval = org.approvals.of(token)
    if approval is not None:
        org.approvals.end(approval)
        return True
    return org.sessions.end(token)
