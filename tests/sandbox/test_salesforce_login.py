"""Tokens: client credentials, JWT bearer, and the documented refusals."""

from datetime import UTC, datetime

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from sandbox.salesforce import Org, app

JWT_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"


@pytest.fixture(scope="module")
def keys():
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return private, private.public_key().public_bytes(serialization.Encoding.PEM, form).decode()


@pytest.fixture
def jwt_desk(salesforce, stage, schema_folder, keys):
    stage.app = app(Org.from_metadata(schema_folder, public_key_pem=keys[1]))
    return salesforce


def ask(salesforce, auth=None, **form):
    return salesforce.http.post(
        f"{salesforce.url}/services/oauth2/token", data=form, auth=auth, headers={"Authorization": None}
    )


def claims(salesforce, **changed):
    now = datetime.now(UTC).timestamp()
    made = {"iss": "sandbox-client-id", "sub": "loader@sandbox.example", "aud": salesforce.url, "exp": int(now + 180)}
    return made | changed


def assertion(salesforce, keys, **changed):
    return jwt.encode(claims(salesforce, **changed), keys[0], algorithm="RS256")


def test_client_credentials_come_as_basic_header_or_in_the_body(salesforce):
    answer = ask(salesforce, ("sandbox-client-id", "sandbox-client-secret"), grant_type="client_credentials")
    assert answer.status_code == 200
    body = answer.json()
    assert set(body) == {"access_token", "signature", "scope", "instance_url", "id", "token_type", "issued_at"}
    assert body["access_token"].startswith("00D")
    assert "!" in body["access_token"]
    assert body["instance_url"] == salesforce.url
    assert isinstance(body["issued_at"], str)
    assert "Sforce-Limit-Info" not in answer.headers
    inside = {"client_id": "sandbox-client-id", "client_secret": "sandbox-client-secret"}
    assert ask(salesforce, grant_type="client_credentials", **inside).status_code == 200


@pytest.mark.parametrize(
    ("form", "error", "description"),
    [
        ({}, "invalid_request", "missing required parameter: grant_type"),
        ({"grant_type": "client_credentials"}, "invalid_request", "missing required parameter: client_id"),
        ({"grant_type": "password", "username": "a"}, "unsupported_grant_type", "grant type not supported"),
        ({"grant_type": "refresh_token"}, "invalid_request", "missing required parameter: client_id"),
        ({"grant_type": JWT_GRANT}, "invalid_request", "missing required parameter: assertion"),
        ({"grant_type": JWT_GRANT, "assertion": "a.b.c"}, "invalid_grant", "user hasn't approved this consumer"),
        (
            {"grant_type": "client_credentials", "client_id": "x", "client_secret": "y"},
            "invalid_client_id",
            "client identifier invalid",
        ),
        (
            {"grant_type": "client_credentials", "client_id": "sandbox-client-id", "client_secret": "y"},
            "invalid_client",
            "invalid client credentials",
        ),
    ],
)
def test_a_bad_request_is_400_with_error_and_description(salesforce, form, error, description):
    answer = ask(salesforce, **form)
    assert answer.status_code == 400
    assert answer.json() == {"error": error, "error_description": description}


def test_without_a_run_as_user_client_credentials_are_refused(salesforce, stage, schema_folder):
    stage.app = app(Org.from_metadata(schema_folder, client_credentials=False))
    answer = ask(salesforce, ("sandbox-client-id", "sandbox-client-secret"), grant_type="client_credentials")
    assert answer.json()["error_description"] == "no client credentials user enabled"


@pytest.mark.parametrize("audience", [None, "https://login.salesforce.com", "https://test.salesforce.com"])
def test_a_signed_assertion_gives_a_token_that_works(jwt_desk, keys, audience):
    signed = assertion(jwt_desk, keys, **({"aud": audience} if audience else {}))
    answer = ask(jwt_desk, grant_type=JWT_GRANT, assertion=signed)
    assert answer.status_code == 200
    jwt_desk.http.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
    assert jwt_desk.call("GET", "limits").status_code == 200


@pytest.mark.parametrize(
    ("changed", "error", "description"),
    [
        ({"aud": "https://elsewhere.example"}, "invalid_grant", "audience is invalid"),
        ({"sub": "nobody@sandbox.example"}, "invalid_grant", "user hasn't approved this consumer"),
        ({"iss": "other"}, "invalid_client_id", "client identifier invalid"),
        ({"exp": 1}, "invalid_grant", "authentication failure"),
        ({"exp": 4102444800}, "invalid_grant", "authentication failure"),
        ({"exp": None}, "invalid_grant", "authentication failure"),
    ],
)
def test_a_wrong_claim_is_refused(jwt_desk, keys, changed, error, description):
    answer = ask(jwt_desk, grant_type=JWT_GRANT, assertion=assertion(jwt_desk, keys, **changed))
    assert answer.status_code == 400
    assert answer.json() == {"error": error, "error_description": description}


def test_another_key_or_algorithm_is_refused(jwt_desk):
    stranger = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    for signed in (
        jwt.encode(claims(jwt_desk), stranger, algorithm="RS256"),
        jwt.encode(claims(jwt_desk), "k" * 32, algorithm="HS256"),
    ):
        answer = ask(jwt_desk, grant_type=JWT_GRANT, assertion=signed)
        assert (answer.status_code, answer.json()["error_description"]) == (400, "authentication failure")


@pytest.mark.parametrize("header", [None, "Bearer nonsense", "Basic x"])
def test_without_a_good_session_every_call_is_401(salesforce, header):
    answer = salesforce.call("GET", "sobjects", headers={"Authorization": header})
    assert answer.status_code == 401
    assert answer.json() == [{"message": "Session expired or invalid", "errorCode": "INVALID_SESSION_ID"}]


def test_a_session_expires_after_two_idle_hours_and_lives_while_used(salesforce):
    for _ in range(3):
        salesforce.admin("POST", "clock", {"advance_seconds": 7000})
        assert salesforce.call("GET", "limits").status_code == 200
    salesforce.admin("POST", "clock", {"advance_seconds": 7201})
    assert salesforce.call("GET", "limits").status_code == 401
    salesforce.log_in()
    assert salesforce.call("GET", "limits").status_code == 200
