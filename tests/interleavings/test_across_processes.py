"""Two live runs and a backfill as real processes, all at once, while records change: nothing older stays."""

import os
import threading
import time
from random import Random

import pytest
from zygote import Zygote, order


@pytest.fixture
def customers():
    return 0


@pytest.fixture(scope="module")
def zygote(folder):
    with Zygote(folder) as zygote:
        yield zygote


@pytest.mark.parametrize("seed", range(3))
def test_no_older_version_stays_when_processes_overlap(world, zygote, tmp_path, seed):
    chance, latest = Random(seed), {}
    environment = {name: value for name, value in os.environ.items() if name.startswith(("CHARGEOVER_", "SALESFORCE_"))}
    environment |= {"CO2SF_STAGING": str(tmp_path / "staging")}
    ledger = f"sqlite:///{tmp_path / 'ledger.db'}"
    acme = [world.create("customer", company="version 0") for _ in range(3)]
    assert zygote.run(1, ledger, environment).moments

    extents = ({"paced": True}, {"paced": True}, {"whole": True})
    orders = [order(number, ledger, environment, **extent) for number, extent in enumerate(extents, 2)]
    ended = []
    runs = threading.Thread(target=lambda: ended.extend(zygote.run_together(orders)))
    runs.start()
    version = 0
    while runs.is_alive():
        version, each = version + 1, chance.choice(acme)
        world.call("PUT", f"customer/{each}", {"company": f"version {version}"})
        latest[str(each)] = f"version {version}"
        time.sleep(chance.random() * 0.1)
    assert [each.broken for each in ended] == ["", "", ""]
    assert zygote.run(9, ledger, environment).moments

    assert {key: row["Name"] for key, row in world.rows("Account").items()} == latest
