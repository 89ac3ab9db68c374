"""Where the sandbox keeps its things, the settings that point co2sf at it, and its process."""

import os
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

_profiles = {"default": "dagster.yaml", "fast": "fast.yaml"}
_shipped = Path(__file__).parents[1] / "dagster_home"
_start_seconds = 300  # a company of 40,000 customers takes its time


@dataclass(frozen=True, slots=True)
class Place:
    """A Dagster home of the sandbox's own: its runs, ledger and state never mix with those of a real org."""

    home: Path
    chargeover_port: int = 8071
    salesforce_port: int = 8072
    receiver_port: int = 8099
    profile: str = "default"

    @classmethod
    def from_environment(cls) -> "Place":
        """The place below ``DAGSTER_HOME``; ``SANDBOX_PORTS=8071,8072,8099`` sets ports, ``PROFILE`` the profile."""
        first, second, third = (int(port) for port in os.environ.get("SANDBOX_PORTS", "8071,8072,8099").split(","))
        profile = os.environ.get("PROFILE") or "default"
        if profile not in _profiles:
            sys.exit(f"PROFILE={profile!r}: there is no such profile; take one of {', '.join(_profiles)}")
        home = Path(os.environ.get("DAGSTER_HOME", "dagster_home")).resolve() / "sandbox"
        return cls(home, first, second, third, profile)

    @property
    def chargeover(self) -> str:
        """The address of the sandboxed ChargeOver."""
        return f"http://127.0.0.1:{self.chargeover_port}"

    @property
    def salesforce(self) -> str:
        """The address of the sandboxed Salesforce."""
        return f"http://127.0.0.1:{self.salesforce_port}"

    @property
    def receiver(self) -> str:
        """The address that takes webhooks."""
        return f"http://127.0.0.1:{self.receiver_port}/"

    def rows(self, sobject: str) -> dict[str, dict[str, Any]]:
        """What the sandboxed Salesforce holds of an sObject, by ChargeOver id."""
        answer = requests.get(f"{self.salesforce}/_admin/state/{sobject}", timeout=30)
        return {row["ChargeOver_Id__c"]: row for row in answer.json()["rows"]}

    def start_afresh(self) -> None:
        """Forget the company, the org, the ledger and the runs of an earlier sandbox."""
        shutil.rmtree(self.home, ignore_errors=True)

    def settle_in(self) -> None:
        """Make the home: Dagster's settings as for a real org, and a file to ``source`` for a shell of one's own."""
        self.home.mkdir(parents=True, exist_ok=True)
        shutil.copy(_shipped / _profiles[self.profile], self.home / "dagster.yaml")
        program = Path(sys.executable).parent
        lines = [f"export {name}={shlex.quote(value)}" for name, value in self.settings().items()]
        (self.home / "env").write_text("\n".join([*lines, f'export PATH={shlex.quote(str(program))}:"$PATH"', ""]))

    def environment(self) -> dict[str, str]:
        """The environment in which co2sf and Dagster work on the sandbox."""
        return os.environ | self.settings()

    def settings(self) -> dict[str, str]:
        """The settings that point co2sf at the sandbox."""
        return {
            "DAGSTER_HOME": str(self.home),
            "CO2SF_LEDGER": f"sqlite:///{self.home / 'ledger.db'}",
            "CO2SF_STAGING": str(self.home / "staging"),
            "CHARGEOVER_URL": self.chargeover,
            "CHARGEOVER_PUBLIC_KEY": "sandbox-public-key",
            "CHARGEOVER_PRIVATE_KEY": "sandbox-private-key",
            "CHARGEOVER_ZONE": "America/Chicago",
            "CHARGEOVER_WEBHOOK_SECRET": "sandbox-webhook-secret",
            "CHARGEOVER_CALLS_PER_MINUTE": "60000",  # nobody is disturbed here
            "CHARGEOVER_CLOCK_TOLERANCE_SECONDS": "31536000",  # its clock stands still while it is down
            "SALESFORCE_URL": self.salesforce,
            "SALESFORCE_CLIENT_ID": "sandbox-client-id",
            "SALESFORCE_CLIENT_SECRET": "sandbox-client-secret",
        }


@contextmanager
def running(place: Place, *, customers: int, months: int) -> Iterator[None]:
    """The sandbox as a process of its own; it goes on from its saved state, and saves it when it ends."""
    for url in (place.chargeover, place.salesforce):
        if _answers(url):
            sys.exit(f"something answers at {url} already; end it first (another make up or make demo?)")
    place.settle_in()
    words = ["--customers", customers, "--months", months, "--state", place.home / "state.json", "--admin"]
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
