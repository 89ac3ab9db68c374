"""Servers and clients that the sandbox's tests share."""

import pytest
import requests
from chargeover_desk import NOON, Account
from salesforce_desk import Desk, write_schema

from sandbox import chargeover
from sandbox.salesforce import Org, app
from sandbox.serving import serve


class Stage:
    """One server for the whole run, on which each test puts an application of its own."""

    async def __call__(self, scope, receive, send) -> None:
        """Passes the call on to the application of the test that runs."""
        await self.app(scope, receive, send)


@pytest.fixture(scope="session")
def stage():
    stage = Stage()
    with serve(stage) as running:
        stage.url = running.url
        yield stage


@pytest.fixture(scope="session")
def salesforce_http():
    with requests.Session() as session:
        session.trust_env = False
        yield session


@pytest.fixture(scope="session")
def schema_folder(tmp_path_factory):
    return write_schema(tmp_path_factory.mktemp("force-app"))


@pytest.fixture
def org(schema_folder):
    return Org.from_metadata(schema_folder)


@pytest.fixture
def salesforce(org, stage, salesforce_http):
    stage.app = app(org, admin=True)
    return Desk(stage.url, salesforce_http)


@pytest.fixture
def company():
    return chargeover.furnish(chargeover.Company(clock=chargeover.Clock(NOON, frozen=True)), int(NOON.timestamp()))


@pytest.fixture
def account(company, stage, salesforce_http):
    stage.app = chargeover.app(company, admin=True)
    return Account(stage.url, salesforce_http, company)
