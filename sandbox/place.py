"""Where the sandbox keeps its things, the settings that point co2sf at it, and its process."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests

_start_seconds = 300  # a company of 40,000 customers takes its time


@dataclass(frozen=True, slots=True)
class Place:
    """A folder below Dagster's home: its ledger, staging and state belong to the sandbox, never to a real org."""

    home: Path
    chargeover_port: int = 8071
    salesforce_port: int = 8072

    @classmethod
    def from_environment(cls) -> "Place":
        """The place below ``DAGSTER_HOME``; the ports may be set by ``SANDBOX_PORTS=8071,8072``."""
        first, second = (int(port) for port in os.environ.get("SANDBOX_PORTS", "8071,8072").split(","))
        return cls(Path(os.environ.get("DAGSTER_HOME", "dagster_home")).resolve(), first, second)

    @property
    def folder(self) -> Path:
        """Where the state and the ledger lie."""
        return self.home / "sandbox"

    @property
    def chargeover(self) -> str:
        """The address of the sandboxed ChargeOver."""
        return f"http://127.0.0.1:{self.chargeover_port}"

    @property
    def salesforce(self) -> str:
        """The address of the sandboxed Salesforce."""
        return f"http://127.0.0.1:{self.salesforce_port}"

    def start_afresh(self) -> None:
        """Forget the company, the org and the ledger of an earlier sandbox; Dagster's run history stays."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def environment(self) -> dict[str, str]:
        """The environment in which co2sf and Dagster work on the sandbox."""
        return os.environ | {
            "DAGSTER_HOME": str(self.home),
            "CO2SF_LEDGER": f"sqlite:///{self.folder / 'ledger.db'}",
            "CO2SF_STAGING": str(self.folder / "staging"),
            "CHARGEOVER_URL": self.chargeover,
            "CHARGEOVER_PUBLIC_KEY": "sandbox-public-key",
            "CHARGEOVER_PRIVATE_KEY": "sandbox-private-key",
            "CHARGEOVER_ZONE": "America/Chicago",
            "SALESFORCE_URL": self.salesforce,
            "SALESFORCE_CLIENT_ID": "sandbox-client-id",
            "SALESFORCE_CLIENT_SECRET": "sandbox-client-secret",
        }


@contextmanager
def running(place: Place, *, customers: int, months: int) -> Iterator[None]:
    """The sandbox as a process of its own; it goes on from its saved state, and saves it when it ends."""
    place.folder.mkdir(parents=True, exist_ok=True)
    words = ["--customers", customers, "--months", months, "--state", place.folder / "state.json", "--admin"]
    ports = ["--chargeover-port", place.chargeover_port, "--salesforce-port", place.salesforce_port]
    command = [sys.executable, "-m", "sandbox", *map(str, words + ports)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, start_new_session=True)  # noqa: S603
    try:
        _wait(place, server)
        yield
    finally:
        server.terminate()
        server.wait(timeout=30)


def _wait(place: Place, server: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + _start_seconds
    while time.monotonic() < end:
        if server.poll() is not None:
            sys.exit(f"the sandbox did not start; are ports {place.chargeover_port} and {place.salesforce_port} free?")
        if _answers(place.chargeover) and _answers(place.salesforce):
            return
        time.sleep(0.1)
    sys.exit(f"the sandbox did not answer within {_start_seconds} seconds")


def _answers(url: str) -> bool:
    try:
        return requests.get(f"{url}/_admin/state", timeout=2).ok
    except requests.RequestException:
        return False
