"""A Salesforce org behind HTTP for each test, and our own way into it."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from pipelines.salesforce.batch import Collection, Request
from pipelines.salesforce.login import ClientCredentials
from pipelines.salesforce.org import Org
from pipelines.salesforce.session import Patience
from sandbox.salesforce import Org as SandboxOrg
from sandbox.salesforce import app
from sandbox.serving import serve

SCHEMA = Path(__file__).parents[2] / "schema" / "force-app"


class Vendor:
    """The other side, with its admin path."""

    def __init__(self, url: str, org: SandboxOrg) -> None:
        self.url = url
        self.org = org

    def fault(self, kind: str, **details: Any) -> None:
        """Order a fault for the next call that it fits."""
        requests.post(f"{self.url}/_admin/faults", json=[{"kind": kind, **details}], timeout=5).raise_for_status()

    def rule(self, **details: Any) -> None:
        requests.post(f"{self.url}/_admin/rules", json=[details], timeout=5).raise_for_status()

    def schema(self, **change: Any) -> None:
        """Hide, change or show a field."""
        requests.post(f"{self.url}/_admin/schema", json=change, timeout=5).raise_for_status()

    def act(self, **deed: Any) -> None:
        """Have another user change or delete a row."""
        requests.post(f"{self.url}/_admin/people", json=deed, timeout=5).raise_for_status()

    def rows(self, table: str) -> list[dict[str, Any]]:
        return requests.get(f"{self.url}/_admin/state/{table}", timeout=5).json()["rows"]

    def calls(self) -> list[str]:
        """The calls to the API so far, as method and last part of the path."""
        found = requests.get(f"{self.url}/_admin/requests", timeout=5).json()["requests"]
        return [f"{one['method']} {one['path'].rstrip('/').rpartition('/')[2]}" for one in found]


@pytest.fixture(scope="session")
def key() -> rsa.RSAPrivateKey:
    """Of an app that signs its logins."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture(scope="session")
def private_key(key: rsa.RSAPrivateKey) -> str:
    form = serialization.PrivateFormat.PKCS8
    return key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()).decode()


@pytest.fixture(scope="session")
def public_key(key: rsa.RSAPrivateKey) -> str:
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return key.public_key().public_bytes(serialization.Encoding.PEM, form).decode()


@pytest.fixture
def settings() -> dict[str, Any]:
    """What the org's administrator decided; a test module may say it otherwise."""
    return {}


@pytest.fixture
def vendor(settings: dict[str, Any]) -> Iterator[Vendor]:
    org = SandboxOrg.from_metadata(SCHEMA, **settings)
    with serve(app(org, admin=True)) as running:
        yield Vendor(running.url, org)


@pytest.fixture
def waits() -> list[float]:
    """The seconds that the org waited between tries, instead of waiting them."""
    return []


@pytest.fixture
def credentials(vendor: Vendor) -> ClientCredentials:
    return ClientCredentials(vendor.url, "sandbox-client-id", "sandbox-client-secret")


@pytest.fixture
def org(credentials: ClientCredentials, waits: list[float]) -> Iterator[Org]:
    with Org(credentials, patience=Patience(sleep=waits.append)) as opened:
        yield opened


@pytest.fixture
def rows() -> Callable[..., Collection]:
    """A collection of rows, given as dicts."""

    def make(sobject: str, *fields: dict[str, Any]) -> Collection:
        return Collection(sobject, "ChargeOver_Id__c", [json.dumps(one, ensure_ascii=False) for one in fields])

    return make


@pytest.fixture
def send(org: Org) -> Callable[..., Any]:
    """Upserts collections in one request."""
    return lambda *collections: org.upsert(Request(list(collections)))
