"""``python -m sandbox`` from the outside: both servers come up, end on a signal, and go on where they stopped."""

import re
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager

import pytest
import requests

from sandbox.__main__ import main

KEYS = ("sandbox-public-key", "sandbox-private-key")


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return str(taken.getsockname()[1])


@contextmanager
def running(*options):
    ports = ["--chargeover-port", free_port(), "--salesforce-port", free_port()]
    command = [sys.executable, "-m", "sandbox", *ports, *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            lines = [process.stdout.readline() for _ in range(2)]
            yield [re.search(r"http://\S+", line)[0] for line in lines]
        finally:
            process.send_signal(signal.SIGTERM)
            assert process.wait(20) == 0


@pytest.mark.slow
def test_it_serves_both_and_goes_on_from_its_file(tmp_path, schema_folder):
    options = ("--customers", "5", "--state", str(tmp_path / "state.json"), "--schema", str(schema_folder), "--admin")
    with running(*options) as (billing, crm):
        created = requests.post(f"{billing}/api/v3/customer", json={"company": "Kept"}, auth=KEYS, timeout=10)
        assert created.json()["response"] == {"id": 6}
        assert requests.get(f"{crm}/services/data", timeout=10).status_code == 200
    with running(*options) as (billing, _crm):
        row = requests.get(f"{billing}/api/v3/customer/6", auth=KEYS, timeout=10).json()["response"]
        assert row["company"] == "Kept"
        assert requests.get(f"{billing}/_admin/state", timeout=10).json()["customer"] == 6


@pytest.mark.slow
def test_what_keeps_it_from_starting_is_said_in_words(tmp_path, schema_folder, capsys):
    broken = tmp_path / "state.json"
    broken.write_text("{", "utf-8")
    assert main(["--state", str(broken)]) == 1
    assert "state.json is no saved state" in capsys.readouterr().err
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert main(["--customers", "1", "--chargeover-port", port, "--schema", str(schema_folder)]) == 1
    assert f"port {port} of 127.0.0.1" in capsys.readouterr().err
