"""A request whose sender was killed may still land after a newer one; then the newer one must have the last word."""

import administrator
import pytest
from deeds import customer, edit

from pipelines.ledger.flights import LONGEST


class KilledError(BaseException):
    """Ends a run as a signal does."""


def kill_at_the_answer(sync, monkeypatch):
    """The next run dies when its request has been answered and nothing is recorded yet."""

    def dies(*_, **__):
        raise KilledError

    with monkeypatch.context() as patch:
        patch.setattr(type(sync.ledger), "record", dies)
        with pytest.raises(KilledError):
            sync()


def lands_late(world, acme):
    """What the killed run had sent is saved only now."""
    administrator.edit(world, "Account", world.rows("Account")[str(acme)]["Id"], Name="Older")


def wait(world):
    """Until Salesforce would have ended the request."""
    world.chargeover("clock", {"advance_seconds": LONGEST.total_seconds() + 1})


def name(world, acme):
    return world.rows("Account")[str(acme)]["Name"]


@pytest.fixture
def acme(world, sync, files):
    files.keep("customers")
    acme = customer(world)
    sync()
    return acme


def test_a_request_that_lands_after_a_newer_one_is_put_right(world, sync, acme, monkeypatch):
    edit(world, "customer", acme, company="Older")
    kill_at_the_answer(sync, monkeypatch)
    edit(world, "customer", acme, company="Newer")
    sync()
    lands_late(world, acme)

    sync()
    assert name(world, acme) == "Older"  # nobody can know yet
    wait(world)
    assert sync()["Account"] == {"read": 1, "updated": 1}
    assert name(world, acme) == "Newer"


def test_a_row_that_never_landed_is_put_right_too(world, sync, files, monkeypatch):
    files.keep("customers")
    acme = customer(world, "Older")
    kill_at_the_answer(sync, monkeypatch)
    edit(world, "customer", acme, company="Newer")
    sync()
    lands_late(world, acme)

    wait(world)
    sync()
    assert name(world, acme) == "Newer"


def test_an_answered_request_is_not_sent_again(world, sync, acme):
    wait(world)
    calls = world.write_calls()
    sync()
    assert world.write_calls() == calls
