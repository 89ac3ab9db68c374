"""Logging in works both ways, says plainly why it does not, and never shows a secret."""

import logging
import re
import traceback

import pytest

from pipelines.errors import FixAccess, TryLater
from pipelines.salesforce.login import ClientCredentials, JwtBearer, Token, log_in
from pipelines.salesforce.org import Org
from pipelines.salesforce.session import Patience, Session

pytestmark = pytest.mark.slow


@pytest.fixture
def settings(public_key: str) -> dict[str, object]:
    return {"public_key_pem": public_key}


@pytest.fixture
def attempt(waits):
    """The error of a login."""

    def make(credentials: object) -> Exception:
        with Session(patience=Patience(sleep=waits.append)) as session, pytest.raises((FixAccess, TryLater)) as caught:
            log_in(credentials, session)
        return caught.value

    return make


def test_an_app_logs_in_as_itself(org):
    assert "DailyApiRequests" in org.limits()


def test_an_app_logs_in_as_a_user_with_a_signed_assertion(vendor, private_key):
    with Org(JwtBearer(vendor.url, "sandbox-client-id", "loader@sandbox.example", private_key)) as org:
        assert "DailyApiRequests" in org.limits()


def test_the_audience_is_test_for_the_address_of_a_sandbox():
    bearer = [JwtBearer(f"https://{host}", "", "", "") for host in ("a.my.salesforce.com", "test.salesforce.com")]
    bearer.append(JwtBearer("https://a--dev.sandbox.my.salesforce.com", "", "", ""))

    assert [one.usual_audience().split("//")[1].split(".")[0] for one in bearer] == ["login", "test", "test"]


def test_each_refusal_has_its_cause_and_what_to_do(vendor, attempt, private_key):
    def bearer(**changes: str) -> JwtBearer:
        usual = {"client_id": "sandbox-client-id", "username": "loader@sandbox.example", "private_key": private_key}
        return JwtBearer(vendor.url, **{**usual, **changes})

    causes = {
        ClientCredentials(vendor.url, "wrong", "x"): "knows no app with this client id.*copy the consumer key",
        ClientCredentials(vendor.url, "sandbox-client-id", "x"): "secret does not belong to the client id",
        ClientCredentials(vendor.url, "", "x"): "check that client id, secret or key are all set",
        bearer(username="nobody@sandbox.example"): "nobody has approved the app for this user.*permission set",
        bearer(audience="https://example.com"): "audience of the login is wrong.*set the audience",
        bearer(private_key="no key"): "no RSA key in PEM form",
    }
    for credentials, cause in causes.items():
        error = attempt(credentials)
        assert isinstance(error, FixAccess)
        assert re.search(cause, str(error))


def test_an_app_without_a_user_to_run_as_is_told_so(attempt, vendor):
    from dataclasses import replace

    vendor.org.settings = replace(vendor.org.settings, client_credentials=False)

    assert "no user to run as" in str(
        attempt(ClientCredentials(vendor.url, "sandbox-client-id", "sandbox-client-secret"))
    )


@pytest.mark.parametrize("kind", ["503", "429", "drop", "502", "html"])
def test_a_login_while_salesforce_is_busy_is_to_be_tried_later(vendor, attempt, kind, waits):
    vendor.fault(kind, count=100)

    assert isinstance(attempt(ClientCredentials(vendor.url, "a", "b")), TryLater)
    assert len(waits) == 4


def test_no_secret_stands_in_any_text_repr_log_or_trace(vendor, credentials, private_key, waits, caplog):
    caplog.set_level(logging.DEBUG)
    texts = [repr(credentials), repr(JwtBearer(vendor.url, "id", "user", private_key))]
    org = Org(credentials, patience=Patience(sleep=waits.append))
    org.limits()
    (token,) = vendor.org.sessions._used_at
    texts += [repr(org), repr(org._connection), repr(org._connection._client)]
    for kind in ("503", "html", "drop", "limit_exceeded", "expired_session", "cut_json"):
        vendor.fault(kind, path="limits", count=100)
        with pytest.raises((TryLater, FixAccess)) as caught:
            org.limits()
        texts += ["".join(traceback.format_exception(caught.value)), repr(caught.value)]
        vendor.org.faults.clear()
    with Session() as session:
        texts.append(repr(log_in(credentials, session)))
    org.close()

    everything = "\n".join([*texts, caplog.text])
    secrets = [token, "sandbox-client-secret", private_key.splitlines()[3], *vendor.org.sessions._used_at]
    assert [secret for secret in secrets if secret in everything] == []


def test_connections_one_after_another_share_a_login_until_salesforce_ends_it(vendor, credentials):
    shared, tokens = {}, []
    for is_expired in (False, False, True):
        if is_expired:
            vendor.org.sessions.expire()
        with Org(credentials, logins=shared) as org:
            assert org.limits()
        tokens.append(shared[credentials].access_token)
    assert tokens[0] == tokens[1] != tokens[2]


def test_a_login_that_leads_to_another_org_is_not_gone_on_with(vendor, credentials):
    elsewhere = Token("00D000000000001!of-the-org-before-its-refresh", vendor.url)
    shared = {credentials: elsewhere}

    with Org(credentials, logins=shared) as org:
        assert org.org_id() == "00D000000000001"
        with pytest.raises(TryLater, match="the login leads to org"):
            org.limits()

    with Org(credentials, logins=shared) as org:
        assert org.limits()
