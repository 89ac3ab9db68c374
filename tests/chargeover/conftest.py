"""A ChargeOver account over HTTP, a desk at which its owner does things, and a client of it."""

import pytest
from stage import Desk, Stage, client_of, company_of

from sandbox import chargeover as sandbox
from sandbox.serving import serve


@pytest.fixture(scope="session")
def running_stage():
    stage = Stage()
    stage.reset(None)
    with serve(stage) as running:
        stage.url = running.url
        yield stage


@pytest.fixture
def company():
    return company_of()


@pytest.fixture
def desk(company):
    return Desk(company)


@pytest.fixture
def stage(running_stage, company):
    running_stage.reset(sandbox.app(company, admin=True))
    return running_stage


@pytest.fixture
def chargeover(stage):
    return client_of(stage)
