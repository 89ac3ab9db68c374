"""``make up`` with the default profile, as a person runs it: live by one command, and nothing left after one signal."""

import os
import signal
import subprocess
import sys
from contextlib import contextmanager, suppress

import pytest
import requests

from sandbox.companions import free_ports

pytestmark = pytest.mark.slow


@contextmanager
def up(place):
    """The command, started as a shell script would start it behind an &: with SIGINT ignored."""
    ports = f"{place.chargeover_port},{place.salesforce_port},{place.receiver_port}"
    own = {
        "DAGSTER_HOME": str(place.home.parent),
        "SANDBOX_PORTS": ports,
        "PORT": str(*free_ports(1)),
        "CUSTOMERS": "4",
    }
    command = ["sh", "-c", f"trap '' INT; exec {sys.executable} -m sandbox.up"]
    with subprocess.Popen(command, env=os.environ | own) as process:
        try:
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(60)


def is_up(place):
    with suppress(requests.RequestException):
        return requests.get(f"{place.salesforce}/_admin/state", timeout=5).ok
    return False


def life(place):
    """Six changes of ``make life``: what it says of them."""
    ports = f"{place.chargeover_port},{place.salesforce_port},{place.receiver_port}"
    own = {"SANDBOX_PORTS": ports, "EVERY": "0.1", "CHANGES": "6", "SEED": "5"}
    command = [sys.executable, "-m", "sandbox.living"]
    done = subprocess.run(command, env=os.environ | own, capture_output=True, text=True, check=True, timeout=120)
    return done.stdout.splitlines()


def test_it_syncs_by_itself_retries_a_run_that_was_killed_and_leaves_nothing_behind(watch):
    with up(watch.place) as process:
        watch.wait(
            lambda: process.poll() is None and is_up(watch.place) and len(watch.rows("Account")) == 4, "first sync"
        )

        told = life(watch.place)
        assert len(told) == 6
        watch.rename(1, "Live")
        watch.lands(1, "Live")

        run_id, worker = watch.slow_run(2, "Killed")
        os.kill(worker, signal.SIGKILL)
        watch.wait(lambda: watch.status(run_id) == "FAILURE", "the run is reported as failed")
        watch.lands(2, "Killed")
        watch.wait(
            lambda: run_id in {watch.tags(each).get("dagster/parent_run_id") for *_, each in watch.runs()}, "a retry"
        )

    assert process.returncode == 0
    assert watch.processes() == []
