"""co2sf connect, as a script or a person calls it: what it says and keeps, and what it says when something is wrong."""

import json
import re
import socket
import webbrowser
from datetime import UTC, datetime, timedelta

import pytest
import requests
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from person import Person, answer

from sandbox.companions import free_ports

pytestmark = pytest.mark.slow

SECRET = "sandbox-client-secret"


@pytest.fixture
def port(world):
    (port,) = free_ports(1)
    oauth(world, callbacks=[f"http://localhost:{port}/callback"])
    return port


@pytest.fixture
def person(monkeypatch):
    """Who sits before the browser; what it does with the link is for each test to say."""
    person = Person(lambda link: requests.get(answer(link), timeout=10))
    monkeypatch.setattr(webbrowser, "_tryorder", ["person"])
    monkeypatch.setattr(webbrowser, "_browsers", {"person": [None, person]})
    monkeypatch.setenv("BROWSER", "person")
    return person


@pytest.fixture
def bare(world, monkeypatch):
    """Nothing of Salesforce in the environment but what a script gives to connect."""
    for name in ("SALESFORCE_URL", "SALESFORCE_CLIENT_ID"):
        monkeypatch.delenv(name)
    return world


@pytest.fixture
def connect(co2sf, bare, port):
    """The command with the sandbox's address and key; all its output is free of secrets."""

    def call(*words):
        told = co2sf("connect", "salesforce", "--login-url", bare.salesforce_url, "--client-id", "sandbox-client-id",
                     "--port", port, *words)  # fmt: skip
        assert leaks(bare, told.out + told.err) == []
        return told

    return call


def oauth(world, **change):
    return world.salesforce("oauth", change or None)


def entries(world):
    path = world.home / "connections.json"
    return json.loads(path.read_text()) if path.exists() else {}


def leaks(world, text):
    kept = entries(world).get("salesforce", {})
    secrets = [SECRET, *(value for name, value in kept.get("tokens", {}).items() if name.endswith("_token"))]
    return [secret for secret in secrets if secret in text]


def test_a_person_logs_in_and_from_then_on_co2sf_runs_by_what_is_kept(connect, bare, person, co2sf, monkeypatch):
    pages = []
    person.does = lambda link: pages.append(requests.get(answer(link), timeout=10))

    told = connect()

    assert told.code == 0, told.err
    assert re.search(r"Callback URL  http://localhost:\d+/callback", told.out)
    assert "Manage user data via APIs (api)" in told.out
    assert "Perform requests at any time (refresh_token, offline_access)" in told.out
    assert "as loader@sandbox.example (Loader), org 00D5g0000000001, API 67.0." in told.out
    assert "connections.json: addresses and keys, consumer secret, refresh token, access token." in told.out
    assert "Salesforce has answered" in pages[0].text
    assert entries(bare)["salesforce"]["settings"]["login"] == "web"

    monkeypatch.delenv("SALESFORCE_CLIENT_SECRET")
    bare.salesforce("faults", [{"kind": "expired_session"}])
    status = co2sf("status", "--json")
    assert status.code == 0, status.out
    assert leaks(bare, status.out) == []
    found = json.loads(status.out)["salesforce"]
    assert (found["login"], found["username"]) == ("web", "loader@sandbox.example")
    assert set(found["from"].values()) == {f"file {bare.home / 'connections.json'}"}
    assert {each["sobject"] for each in found["rights"]} >= {"Account", "ChargeOver_Invoice__c"}
    assert all(each["create"] and each["edit"] for each in found["rights"])
    assert found["limits"]["DailyApiRequests"]["Max"] == 100_000
    assert oauth(bare)["refreshes"] == 1


def test_denied_consent(connect, person, bare):
    person.does = lambda link: requests.get(answer(link, "deny"), timeout=10)
    told = connect()
    assert told.code == 2
    assert "access was denied on its page ('end-user denied authorization')" in told.err
    assert "run co2sf connect salesforce again and press Allow" in told.err
    assert entries(bare) == {}


def test_wrong_secret(connect, person, monkeypatch):
    monkeypatch.setenv("SALESFORCE_CLIENT_SECRET", "mistyped-secret")
    told = connect()
    assert told.code == 2
    assert "the client secret does not belong to the client id (invalid_client: " in told.err
    assert "mistyped-secret" not in told.out + told.err


def test_expired_code(connect, person, bare):
    def slowly(link):
        sent_back = answer(link)
        bare.salesforce("clock", {"advance_seconds": 901})
        requests.get(sent_back, timeout=10)

    person.does = slowly
    told = connect()
    assert told.code == 2
    assert "the code of this login has expired or was used before (it lives 15 minutes)" in told.err
    assert "'expired authorization code'" in told.err


def test_wrong_callback(connect, person, bare):
    pages = []
    person.does = lambda link: pages.append(requests.get(link, timeout=10))
    oauth(bare, callbacks=["http://localhost:1717/callback"])
    told = connect("--wait", 1)
    assert told.code == 2
    assert "error=redirect_uri_mismatch" in pages[0].text
    assert re.search(r"no answer came to http://localhost:\d+/callback within 1 seconds; ", told.err)
    assert "redirect_uri_mismatch, enter exactly this callback URL in the app" in told.err


def test_an_answer_with_another_state_is_refused_and_the_right_one_still_taken(connect, person):
    pages = []

    def both(link):
        sent_back = answer(link)
        pages.append(requests.get(re.sub(r"state=[^&]*", "state=forged", sent_back), timeout=10))
        pages.append(requests.get(sent_back, timeout=10))

    person.does = both
    told = connect()
    assert told.code == 0, told.err
    assert "this answer belongs to another login (its state is not ours)" in told.err
    assert [page.status_code for page in pages] == [400, 200]


def test_no_api_access(connect, person, bare):
    oauth(bare, user_has_api=False)
    told = connect()
    assert told.code == 2
    assert "API_DISABLED_FOR_ORG" in told.err
    assert "give the user the right API Enabled" in told.err
    assert entries(bare) == {}


def test_an_app_that_gives_no_refresh_token(connect, person, bare):
    person.does = lambda link: requests.get(answer(link.replace("api+refresh_token", "api")), timeout=10)
    told = connect()
    assert told.code == 2
    assert "the app gave no refresh token; add the scope 'Perform requests at any time" in told.err


def test_an_api_version_that_the_org_does_not_have(connect, person, monkeypatch):
    monkeypatch.setenv("SALESFORCE_API_VERSION", "99.0")
    told = connect()
    assert (told.code, "has no API 99.0, its newest is 68.0; set SALESFORCE_API_VERSION=68.0" in told.err) == (2, True)


def test_a_port_in_use(connect, person, port):
    with socket.create_server(("127.0.0.1", port)):
        told = connect()
    assert told.code == 2
    assert f"port {port} of this machine cannot be listened on (Address already in use)" in told.err
    assert "take another by --port N and enter http://localhost:N/callback in the app" in told.err


def test_what_a_script_does_not_give_is_named(co2sf, bare):
    told = co2sf("connect", "salesforce", "--client-credentials", "--login-url", bare.salesforce_url)
    assert told.code == 2
    assert "client id is not given; set SALESFORCE_CLIENT_ID, or run this on a terminal" in told.err


def test_client_credentials_for_a_server(connect, co2sf, bare, monkeypatch):
    told = connect("--client-credentials")
    assert told.code == 0, told.err
    assert "addresses and keys, consumer secret." in told.out
    monkeypatch.delenv("SALESFORCE_CLIENT_SECRET")
    assert json.loads(co2sf("status", "--json").out)["salesforce"]["login"] == "client_credentials"

    told = co2sf("connect", "salesforce", "--client-credentials", "--login-url", "production", "--client-id", "x")
    assert "https://login.salesforce.com does not take client credentials; write your My Domain" in told.err
    told = co2sf("connect", "salesforce", "--client-credentials", "--login-url", "acme.lightning.force.com")
    assert "write https://acme.my.salesforce.com" in told.err


def test_jwt_for_a_server_and_a_clock_that_is_wrong(connect, bare, tmp_path):
    key, key_file = rsa.generate_private_key(public_exponent=65537, key_size=2048), tmp_path / "server.key"
    pem = serialization.Encoding.PEM
    key_file.write_bytes(key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    public = key.public_key().public_bytes(pem, serialization.PublicFormat.SubjectPublicKeyInfo)
    oauth(bare, public_key_pem=public.decode())
    words = ("--jwt", "--username", "loader@sandbox.example", "--private-key-file", key_file)

    told = connect(*words)
    assert told.code == 0, told.err
    assert entries(bare)["salesforce"]["settings"]["private_key_file"] == str(key_file)

    oauth(bare, assertions_by_org_clock=True)
    bare.salesforce("clock", {"now": (datetime.now(UTC) + timedelta(minutes=15)).isoformat()})
    told = connect(*words)
    assert told.code == 2
    assert "this machine's clock is 15 minutes behind Salesforce's (the Date header of its answer)" in told.err
    assert "set the clock right (NTP)" in told.err
    assert "PRIVATE KEY" not in told.err


def test_chargeover(co2sf, world, monkeypatch):
    for name in ("CHARGEOVER_URL", "CHARGEOVER_PUBLIC_KEY"):
        monkeypatch.delenv(name)
    words = ("connect", "chargeover", "--site", world.chargeover_url, "--public-key", "sandbox-public-key")

    told = co2sf(*words)
    assert told.code == 0, told.err
    assert "12 customers" in told.out
    assert "the longest page: " in told.out
    assert "sandbox-private-key" not in told.out + told.err
    monkeypatch.delenv("CHARGEOVER_PRIVATE_KEY")
    found = json.loads(co2sf("status", "--json").out)["chargeover"]
    assert (found["works"], found["customers"], found["times"]) == (True, 12, "fit")
    assert found["from"]["private_key"] == f"file {world.home / 'connections.json'}"

    monkeypatch.setenv("CHARGEOVER_PRIVATE_KEY", "mistyped")
    told = co2sf(*words)
    assert told.code == 2
    assert "HTTP 401" in told.err
    assert "run co2sf connect chargeover" in told.err
    assert "mistyped" not in told.err


def test_status_says_what_does_not_work_and_ends_with_2(co2sf, world, monkeypatch):
    told = co2sf("status")
    assert told.code == 0, told.out
    assert "may create and edit all 13 sObjects of the mappings" in told.out
    assert re.search(r"environment: .*client secret", told.out)
    assert f"sqlite:///{world.home / 'ledger.db'}" in told.out

    world.salesforce("schema", [{"sobject": "Contact", "facts": {"createable": False}}])
    world.salesforce("schema", [{"sobject": "Product2", "visible": False}])
    monkeypatch.setenv("CHARGEOVER_PRIVATE_KEY", "mistyped")
    told = co2sf("status")
    assert told.code == 2
    assert re.search(r"MISSING for .*Contact \(no create\)", told.out)
    assert "Product2 (not there, or hidden)" in told.out
    assert re.search(r"ChargeOver\n  works       NO: .*401", told.out)
