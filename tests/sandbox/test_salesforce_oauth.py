"""The web-server flow of the sandbox, as an OAuth client of somebody else sees it, and as ours does."""

from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from oauthlib.oauth2 import OAuth2Error
from person import answer, button
from requests_oauthlib import OAuth2Session

from pipelines.salesforce.oauth_client import OAuthClient
from pipelines.salesforce.oauth_faults import OAUTH_FAULTS
from pipelines.salesforce.session import Session

pytestmark = pytest.mark.slow

CALLBACK, APP, SECRET = "http://localhost:1717/callback", "sandbox-client-id", "sandbox-client-secret"


@pytest.fixture(autouse=True)
def plain(monkeypatch):
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")  # oauthlib takes no http else
    monkeypatch.setenv("OAUTHLIB_RELAX_TOKEN_SCOPE", "1")


@pytest.fixture
def client():
    with OAuth2Session(APP, redirect_uri=CALLBACK, scope=["api", "refresh_token"], pkce="S256") as client:
        yield client


def connect(client, salesforce):
    link, _ = client.authorization_url(f"{salesforce.url}/services/oauth2/authorize")
    return redeem(client, salesforce, answer(link))


def redeem(client, salesforce, sent_back):
    return client.fetch_token(
        f"{salesforce.url}/services/oauth2/token", authorization_response=sent_back,
        client_secret=SECRET, include_client_id=True,
    )  # fmt: skip


def refresh(client, salesforce, token):
    url = f"{salesforce.url}/services/oauth2/token"
    return client.refresh_token(url, token, client_id=APP, client_secret=SECRET)


def ours(salesforce):
    """What our client is answered for a code and for a refresh token."""
    with Session() as session:
        client = OAuthClient(salesforce.url, APP, SECRET, session, OAUTH_FAULTS, redirect_uri=CALLBACK,
                             scope="api refresh_token", code_challenge_method="S256")  # fmt: skip
        authorize = f"{salesforce.url}/services/oauth2/authorize"
        link, state = client.create_authorization_url(authorize, code_verifier="v" * 64)
        first = client.exchanged(authorization_response=answer(link), state=state, code_verifier="v" * 64)
        return first, client.refreshed(first["refresh_token"])


@pytest.mark.parametrize("rotates", [False, True])
def test_a_client_of_somebody_else_and_ours_are_answered_the_same(salesforce, client, rotates):
    salesforce.admin("POST", "oauth", {"rotates": rotates})

    first = connect(client, salesforce)
    second = refresh(client, salesforce, first["refresh_token"])
    our_first, our_second = ours(salesforce)

    assert {key for key in first if key != "expires_at"} == {key for key in our_first if key != "expires_at"}
    assert second.keys() == our_second.keys()
    for name in ("scope", "instance_url", "id", "token_type"):
        theirs = first[name] if isinstance(first[name], str) else " ".join(first[name])
        assert theirs == our_first[name] == our_second[name]
    for before, after in ((first, second), (our_first, our_second)):
        assert (before["refresh_token"] != after["refresh_token"]) is rotates
        assert before["access_token"] != after["access_token"]
    info = client.get(f"{salesforce.url}/services/oauth2/userinfo").json()
    assert info["preferred_username"] == "loader@sandbox.example"


def test_a_code_is_taken_once_within_15_minutes_and_with_its_verifier(salesforce, client):
    link, _ = client.authorization_url(f"{salesforce.url}/services/oauth2/authorize")
    sent_back = answer(link)
    redeem(client, salesforce, sent_back)
    with pytest.raises(OAuth2Error, match="expired authorization code"):
        redeem(client, salesforce, sent_back)

    link, _ = client.authorization_url(f"{salesforce.url}/services/oauth2/authorize")
    sent_back = answer(link)
    salesforce.admin("POST", "clock", {"advance_seconds": 901})
    with pytest.raises(OAuth2Error, match="expired authorization code"):
        redeem(client, salesforce, sent_back)

    link, _ = client.authorization_url(f"{salesforce.url}/services/oauth2/authorize")
    code = parse_qs(urlsplit(answer(link)).query)["code"][0]
    form = {"grant_type": "authorization_code", "code": code, "client_id": APP, "client_secret": SECRET}
    refused = requests.post(f"{salesforce.url}/services/oauth2/token", form | {"redirect_uri": CALLBACK}, timeout=5)
    assert refused.json() == {"error": "invalid_grant", "error_description": "invalid code verifier"}


def test_with_rotation_the_old_token_is_dead_at_once_and_a_revoked_one_too(salesforce, client):
    salesforce.admin("POST", "oauth", {"rotates": True})
    old = connect(client, salesforce)["refresh_token"]
    new = refresh(client, salesforce, old)["refresh_token"]
    for dead in (old, new):
        if dead == new:
            assert requests.post(f"{salesforce.url}/services/oauth2/revoke", {"token": new}, timeout=5).ok
        with pytest.raises(OAuth2Error, match="expired access/refresh token"):
            refresh(client, salesforce, dead)


def test_a_sixth_approval_ends_the_oldest(salesforce, client):
    tokens = [connect(client, salesforce)["refresh_token"] for _ in range(6)]

    assert salesforce.admin("GET", "oauth")["approvals"] == 5
    with pytest.raises(OAuth2Error, match="expired access/refresh token"):
        refresh(client, salesforce, tokens[0])
    assert refresh(client, salesforce, tokens[1])["access_token"]


def test_what_is_wrong_with_a_request_is_shown_to_the_person_or_sent_back(salesforce, client):
    link, _ = client.authorization_url(f"{salesforce.url}/services/oauth2/authorize")

    elsewhere = requests.get(link.replace("1717", "1718"), timeout=5)
    assert (elsewhere.status_code, "error=redirect_uri_mismatch" in elsewhere.text) == (400, True)
    unknown = requests.get(link.replace(APP, "nobody"), timeout=5)
    assert (unknown.status_code, "error=invalid_client_id" in unknown.text) == (400, True)
    again = button(requests.get(link, timeout=5), "login", username="loader@sandbox.example", password="wrong")
    assert "check your username and password" in again.text
    assert button(again, "allow").text.count("<form") == 1  # nobody gets past the login
    denied = parse_qs(urlsplit(answer(link, "deny")).query)
    assert denied["error"] == ["access_denied"]
    assert denied["state"] == parse_qs(urlsplit(link).query)["state"]


def test_an_app_without_a_secret_demands_none_and_takes_no_wrong_one(salesforce):
    salesforce.admin("POST", "oauth", {"demands_secret": False})
    form = {"grant_type": "refresh_token", "refresh_token": "x", "client_id": APP}
    url = f"{salesforce.url}/services/oauth2/token"

    assert requests.post(url, form, timeout=5).json()["error"] == "invalid_grant"
    assert requests.post(url, form | {"client_secret": "wrong"}, timeout=5).json()["error"] == "invalid_client"
