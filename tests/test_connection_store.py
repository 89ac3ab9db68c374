"""Where the secrets of the connections are kept, who may read them, and what wins."""

import json
import os
import threading

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import PasswordDeleteError

from pipelines.cli.connecting.origins import told_of
from pipelines.errors import FixAccess
from pipelines.settings import ChargeOverSettings, SalesforceSettings, read_settings
from pipelines.store.choice import store_of
from pipelines.store.entry import Entry
from pipelines.store.file import FileStore

KEPT = Entry({"url": "https://acme.my.salesforce.com", "client_id": "key", "client_secret": "s3cret",
              "login": "client_credentials"})  # fmt: skip


class Ring(KeyringBackend):
    """A key ring as the library's own interface has it."""

    priority = 1

    def __init__(self):
        super().__init__()
        self.kept = {}

    def get_password(self, service, username):
        return self.kept.get((service, username))

    def set_password(self, service, username, password):
        self.kept[service, username] = password

    def delete_password(self, service, username):
        raise PasswordDeleteError


@pytest.fixture
def home(monkeypatch, tmp_path):
    for name in [name for name in os.environ if name.startswith(("SALESFORCE_", "CHARGEOVER_", "CO2SF_CONN"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def store(home):
    store = store_of("file", home)
    store.write("salesforce", KEPT)
    return store


def test_the_file_is_for_its_owner_only_and_is_not_read_when_others_may(store):
    assert store.path.stat().st_mode & 0o777 == 0o600
    store.path.chmod(0o640)

    with pytest.raises(FixAccess, match=r"others can read .*connections.json \(mode 640\); run chmod 600 .*"):
        read_settings(SalesforceSettings)


def test_a_reader_never_sees_half_a_file(store):
    stop, seen = threading.Event(), set()

    def read():
        while not stop.is_set():
            seen.add(store.read("salesforce").settings["client_id"])

    reader = threading.Thread(target=read)
    reader.start()
    for number in range(100):
        store.write("salesforce", Entry({**KEPT.settings, "client_id": str(number) * 1000}))
    stop.set()
    reader.join()
    assert seen <= {"key", *(str(number) * 1000 for number in range(100))}
    assert [path.name for path in store.path.parent.iterdir()] == ["connections.json"]


def test_what_is_no_store_is_said_without_its_text(store):
    store.path.write_text('{"salesforce": {"client_secret": "s3cret"')

    with pytest.raises(FixAccess, match="is not what co2sf connect writes") as stopped:
        store.read("salesforce")
    assert "s3cret" not in repr(stopped.value.__cause__) + str(stopped.value)


def test_the_store_fills_what_the_environment_lacks_and_the_environment_wins(store, monkeypatch):
    assert read_settings(SalesforceSettings).client_secret.get_secret_value() == "s3cret"

    monkeypatch.setenv("SALESFORCE_CLIENT_SECRET", "newer")
    assert read_settings(SalesforceSettings).client_secret.get_secret_value() == "newer"
    origins = {name: each.origin for name, each in told_of(SalesforceSettings).items()}
    assert origins["client_secret"] == "environment"
    assert origins["client_id"] == origins["url"] == f"file {store.path}"


@pytest.mark.parametrize(("name", "value"), [("URL", "https://other.my.salesforce.com"), ("CLIENT_ID", "other")])
def test_secrets_of_one_account_are_never_filled_in_for_another(store, monkeypatch, name, value):
    monkeypatch.setenv("SALESFORCE_URL", "https://acme.my.salesforce.com/")
    monkeypatch.setenv("SALESFORCE_CLIENT_ID", "key")
    monkeypatch.setenv(f"SALESFORCE_{name}", value)

    assert read_settings(SalesforceSettings).client_secret is None


def test_a_change_of_the_store_is_seen(store):
    before = read_settings(SalesforceSettings)
    assert read_settings(SalesforceSettings) is before
    store.write("salesforce", Entry({**KEPT.settings, "client_secret": "newer"}))
    assert read_settings(SalesforceSettings).client_secret.get_secret_value() == "newer"


def test_the_key_ring_keeps_entries_too(home, monkeypatch):
    before = keyring.get_keyring()
    keyring.set_keyring(Ring())
    try:
        monkeypatch.setenv("CO2SF_CONNECTIONS", "keyring:acme")
        store = store_of("keyring:acme", home)
        assert store.read("chargeover") is None
        entry = Entry({"url": "https://acme.chargeover.com", "public_key": "p", "private_key": "s3cret"})
        with store.locked():
            store.write("chargeover", entry)
        assert read_settings(ChargeOverSettings).private_key.get_secret_value() == "s3cret"
        assert {each.origin for each in told_of(ChargeOverSettings).values()} == {"key ring (acme)"}
    finally:
        keyring.set_keyring(before)


def test_without_a_key_ring_it_is_said_what_to_do(home):
    before = keyring.get_keyring()
    from keyring.backends.fail import Keyring

    keyring.set_keyring(Keyring())
    try:
        with pytest.raises(FixAccess, match=r"no key ring.*CO2SF_CONNECTIONS=file"):
            store_of("keyring", home).read("salesforce")
    finally:
        keyring.set_keyring(before)


def test_where_connections_are_kept_is_named_or_refused_with_the_near_miss(home):
    assert store_of("", home) == FileStore(home / "connections.json")
    assert store_of("./mine/secrets.json", home).path == home / "mine" / "secrets.json"
    assert store_of("environment", home).read("salesforce") is None
    with pytest.raises(FixAccess, match="'keyrng' is no place for connections; did you mean keyring"):
        store_of("keyrng", home)


def test_the_repr_of_an_entry_shows_nothing(store):
    assert "s3cret" not in repr(store.read("salesforce"))
    assert "s3cret" in json.loads(KEPT.as_json())["settings"].values()
