"""A login that a person gave lasts: its tokens renew by themselves, and processes share them."""

import logging
import subprocess
import sys
import traceback

import pytest
import requests
from person import answer

from pipelines.errors import FixAccess
from pipelines.salesforce.org import Org
from pipelines.salesforce.refreshing import RefreshToken
from pipelines.salesforce.session import Patience, Session
from pipelines.salesforce.web_flow import WebFlow
from pipelines.store.entry import Entry
from pipelines.store.file import FileStore
from pipelines.store.vault import EnvironmentVault, StoreVault

pytestmark = pytest.mark.slow

APP, SECRET, CALLBACK = "sandbox-client-id", "sandbox-client-secret", "http://localhost:1717/callback"


def oauth(vendor, method="GET", **change):
    return requests.request(method, f"{vendor.url}/_admin/oauth", json=change or None, timeout=5).json()


def kept(store):
    return store.read("salesforce").tokens


@pytest.fixture
def granted(vendor):
    with Session() as session:
        flow = WebFlow(vendor.url, APP, SECRET, CALLBACK, session)
        return flow.finish(answer(flow.address))


@pytest.fixture
def store(vendor, granted, tmp_path):
    store = FileStore(tmp_path / "connections.json")
    tokens = {"refresh_token": granted.refresh_token, "access_token": granted.token.access_token,
              "instance_url": vendor.url}  # fmt: skip
    store.write("salesforce", Entry({"url": vendor.url, "client_id": APP}, tokens))
    return store


@pytest.fixture
def login(vendor, store):
    return RefreshToken(vendor.url, APP, SECRET, StoreVault(store, APP, vendor.url))


@pytest.mark.parametrize("rotates", [False, True])
def test_an_expired_session_is_renewed_and_its_tokens_are_kept(vendor, store, login, waits, rotates):
    oauth(vendor, "POST", rotates=rotates)
    before = kept(store)
    with Org(login, patience=Patience(sleep=waits.append)) as org:
        assert org.limits()
        assert oauth(vendor)["refreshes"] == 0  # the kept access token serves
        for refreshes in (1, 2):
            vendor.org.sessions.expire()
            assert org.limits()
            assert oauth(vendor)["refreshes"] == refreshes
    after = kept(store)
    assert (after["refresh_token"] != before["refresh_token"]) is rotates
    assert vendor.org.approvals.of(after["refresh_token"])
    assert after["access_token"] in vendor.org.sessions._used_at
    assert after["refreshed_at"]


def test_the_token_of_another_process_is_taken_and_when_it_is_old_too_a_new_one(vendor, store, login):
    with Org(login) as ours, Org(login) as theirs:
        assert ours.limits()
        assert theirs.limits()
        vendor.org.sessions.expire()
        assert theirs.limits()
        assert ours.limits()
        assert oauth(vendor)["refreshes"] == 1
        vendor.org.sessions.expire()
        assert theirs.limits()
        vendor.org.sessions.expire()
        assert ours.limits()
        assert oauth(vendor)["refreshes"] == 3


def test_a_rotated_token_is_kept_before_the_new_access_token_is_used(vendor, store, login, monkeypatch):
    oauth(vendor, "POST", rotates=True)
    vendor.org.sessions.expire()
    monkeypatch.setattr(FileStore, "_replace", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    before = len(vendor.calls())

    with Org(login) as org, pytest.raises(FixAccess, match="cannot be written: No space left"):
        org.limits()

    assert vendor.calls()[before:] == ["GET limits"]  # the one that was answered 401


REFRESHES = """
import sys
from pathlib import Path
from pipelines.salesforce.org import Org
from pipelines.salesforce.refreshing import RefreshToken
from pipelines.store.file import FileStore
from pipelines.store.vault import StoreVault
url, path = sys.argv[1:]
with Org(RefreshToken(url, "sandbox-client-id", "sandbox-client-secret",
                      StoreVault(FileStore(Path(path)), "sandbox-client-id", url))) as org:
    print("ready", flush=True)
    sys.stdin.readline()
    print("DailyApiRequests" in org.limits())
"""


def test_two_processes_that_meet_an_expired_session_rotate_the_token_once(vendor, store, waits):
    oauth(vendor, "POST", rotates=True)
    vendor.org.sessions.expire()
    vendor.fault("slow", path="/services/oauth2/token", seconds=1, count=1)
    command = [sys.executable, "-c", REFRESHES, vendor.url, str(store.path)]
    both = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    for process in both:
        assert process.stdout.readline() == "ready\n"
    for process in both:
        process.stdin.write("go\n")
        process.stdin.flush()
    ends = [process.communicate(timeout=60) for process in both]

    assert ends == [("True\n", ""), ("True\n", "")]
    assert oauth(vendor)["refreshes"] == 1
    assert vendor.org.approvals.of(kept(store)["refresh_token"])


def test_a_revoked_token_names_the_command_and_shows_no_secret(vendor, store, login, caplog):
    caplog.set_level(logging.DEBUG)
    secrets = [SECRET, *kept(store).values()][:3]
    requests.delete(f"{vendor.url}/_admin/oauth", timeout=5)

    with Org(login) as org, pytest.raises(FixAccess) as stopped:
        org.limits()

    told = str(stopped.value)
    assert (
        "revoked or has expired (invalid_grant: 'expired access/refresh token'); run co2sf connect salesforce" in told
    )
    everything = "".join(traceback.format_exception(stopped.value)) + caplog.text + repr(login) + repr(stopped.value)
    assert "urllib3" in caplog.text
    assert [secret for secret in secrets if secret in everything] == []


def test_a_token_of_the_environment_serves_until_it_is_rotated(vendor, granted):
    login = RefreshToken(vendor.url, APP, SECRET, EnvironmentVault(granted.refresh_token))
    with Org(login) as org:
        assert org.limits()
        oauth(vendor, "POST", rotates=True)
        vendor.org.sessions.expire()
        with pytest.raises(FixAccess, match=r"rotates refresh tokens.*run co2sf connect salesforce"):
            org.limits()


def test_the_tokens_of_another_app_are_not_used(vendor, store):
    login = RefreshToken(vendor.url, "another-app", None, StoreVault(store, "another-app", vendor.url))
    with (
        Org(login) as org,
        pytest.raises(FixAccess, match=r"no refresh token of this app.*run co2sf connect salesforce"),
    ):
        org.limits()
