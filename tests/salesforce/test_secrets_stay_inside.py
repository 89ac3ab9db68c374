"""Whatever is logged and whatever goes wrong, no secret, token, key or assertion stands in a log line or a trace."""

import logging
import traceback
from contextlib import contextmanager

import pytest

from pipelines.errors import FixAccess, TryLater
from pipelines.salesforce.batch import Request
from pipelines.salesforce.login import ClientCredentials, JwtBearer
from pipelines.salesforce.org import Org
from pipelines.salesforce.session import Patience

pytestmark = pytest.mark.slow

FAULTS = ("503", "429", "html", "drop", "cut_json", "expired_session", "limit_exceeded", "lost_answer")
ACCOUNT = {"ChargeOver_Id__c": "1", "Name": "A"}


@pytest.fixture
def settings(public_key: str) -> dict[str, object]:
    return {"public_key_pem": public_key}


@pytest.fixture
def texts(caplog) -> list[str]:
    """Traces of what was raised; meanwhile every library logs all it can."""
    caplog.set_level(logging.NOTSET)
    for name in ("", "urllib3", "requests", "simple_salesforce", "jwt"):
        caplog.set_level(logging.DEBUG, logger=name)
    return []


@pytest.fixture
def failing(texts):
    @contextmanager
    def make():
        with pytest.raises((FixAccess, TryLater)) as caught:
            yield
        texts.append("".join(traceback.format_exception(caught.value)) + repr(caught.value))

    return make


@pytest.fixture
def ways(vendor, private_key):
    """Both ways to log in."""
    return [
        ClientCredentials(vendor.url, "sandbox-client-id", "sandbox-client-secret"),
        JwtBearer(vendor.url, "sandbox-client-id", "loader@sandbox.example", private_key),
    ]


@pytest.fixture
def leaked(vendor, private_key, texts, caplog):
    """The secrets that stand in a log line or in a trace."""

    def make() -> list[str]:
        assert "urllib3" in caplog.text  # else nothing was looked at
        everything = "\n".join([*texts, caplog.text])
        lines = [line for line in private_key.splitlines() if "PRIVATE KEY" not in line]
        secrets = ["sandbox-client-secret", "eyJ", "Bearer ", *vendor.org.sessions._used_at, *lines]  # eyJ begins a JWT
        return [secret for secret in secrets if secret in everything]

    return make


def test_calls_that_go_well_log_no_secret(ways, rows, leaked, waits):
    for credentials in ways:
        with Org(credentials, patience=Patience(sleep=waits.append)) as org:
            org.org_id()
            org.describe("Account")
            org.upsert(Request([rows("Account", ACCOUNT)]))
            list(org.query("SELECT Id FROM Account"))
            org.delete("Account", ["001000000000001AAA"])

    assert leaked() == []


@pytest.mark.parametrize("kind", FAULTS)
def test_calls_that_fail_show_no_secret(vendor, ways, rows, failing, leaked, waits, kind):
    for credentials in ways:
        with Org(credentials, patience=Patience(sleep=waits.append)) as org:
            for call in (
                lambda org=org: org.limits(),
                lambda org=org: org.describe("Account"),
                lambda org=org: list(org.query("SELECT Id FROM Account")),
                lambda org=org: org.upsert(Request([rows("Account", ACCOUNT)])),
            ):
                vendor.fault(kind, path="/services/data", count=100)
                with failing():
                    call()
                vendor.org.faults.clear()

    assert leaked() == []


@pytest.mark.parametrize("kind", ["503", "429", "html", "drop", "cut_json"])
def test_logins_that_fail_show_no_secret(vendor, ways, failing, leaked, waits, kind):
    for credentials in ways:
        vendor.fault(kind, count=100)
        with Org(credentials, patience=Patience(sleep=waits.append)) as org, failing():
            org.limits()
        vendor.org.faults.clear()

    assert leaked() == []


def test_logins_that_are_refused_show_no_secret(vendor, private_key, failing, leaked, texts):
    lines = private_key.splitlines()
    cut_key = "\n".join([*lines[:5], *lines[6:]])
    refused = [
        ClientCredentials(vendor.url, "unknown", "sandbox-client-secret"),
        ClientCredentials("http://127.0.0.1:1", "sandbox-client-id", "sandbox-client-secret"),
        JwtBearer(vendor.url, "sandbox-client-id", "nobody@sandbox.example", private_key),
        JwtBearer(vendor.url, "sandbox-client-id", "loader@sandbox.example", private_key, "https://example.com"),
        JwtBearer(vendor.url, "sandbox-client-id", "loader@sandbox.example", cut_key),
    ]
    for credentials in refused:
        with Org(credentials, patience=Patience(tries=1)) as org, failing():
            org.limits()
        texts.append(repr(credentials) + repr(org))

    assert leaked() == []
