"""What a dead run has sent may be done by Salesforce at any time later: also after a newer state has landed."""

import os
import time

import pytest

from pipelines.ledger.flights import LONGEST

late_seconds = 6


@pytest.fixture
def customers():
    return 0


@pytest.fixture
def run(world, zygote, tmp_path):
    """Runs on one ledger; each in a process of its own."""
    vendors = ("CHARGEOVER_", "SALESFORCE_")
    environment = {name: value for name, value in os.environ.items() if name.startswith(vendors)}
    environment["CO2SF_STAGING"] = str(tmp_path / "staging")

    def run(number, **death):
        ledger = f"sqlite:///{tmp_path / 'ledger.db'}"
        return zygote.run(number, ledger, environment, late_seconds=late_seconds, **death)

    return run


def test_an_older_state_that_a_dead_run_has_sent_does_not_stay(world, run):
    acme = world.create("customer", company="First")
    run(1)
    world.call("PUT", f"customer/{acme}", {"company": "Older"})
    assert run(2, death=("late", 1)).killed
    died_at = time.monotonic()
    world.call("PUT", f"customer/{acme}", {"company": "Newer"})
    assert run(3).moments

    time.sleep(max(0, died_at + late_seconds + 0.5 - time.monotonic()))  # by now the older state has landed
    assert world.rows("Account")[str(acme)]["Name"] == "Older"
    world.chargeover("clock", {"advance_seconds": LONGEST.total_seconds() + 1})
    assert run(4).moments

    assert world.rows("Account")[str(acme)]["Name"] == "Newer"
