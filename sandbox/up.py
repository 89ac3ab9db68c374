"""The sandbox and Dagster's UI and daemon together, until Ctrl-C: ``python -m sandbox.up``

The company of the last ``make demo`` goes on living; without one, a new company is made up.
"""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import requests
from rich.console import Console

from sandbox.place import Place, running

_console = Console(highlight=False)
_stop_seconds = 30


def main() -> None:
    """Start both, say where to look, and leave no process behind."""
    place, port, ended = Place.from_environment(), int(os.environ.get("PORT", "3000")), threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    _console.print("Starting the sandbox and Dagster ...")
    with running(place, customers=300, months=6), _dagster(place, port) as dagster:
        _wait_for_ui(dagster, port, ended)
        _console.print(f"\n[bold]Dagster[/bold]     http://127.0.0.1:{port}   (sensor `changes` is on)")
        _console.print(f"ChargeOver  {place.chargeover}   Salesforce  {place.salesforce}")
        _console.print(
            f"In another shell: source {place.home / 'env'}   then co2sf log, preview, sync ...", soft_wrap=True
        )
        _console.print("Ctrl-C stops everything.")
        while not ended.wait(1) and dagster.poll() is None:
            pass
        _console.print("Stopping ...")


@contextmanager
def _dagster(place: Place, port: int) -> Iterator[subprocess.Popen[bytes]]:
    words = ["dev", "-w", "workspace.yaml", "-h", "127.0.0.1", "-p", str(port), "--log-level", "warning"]
    program = Path(sys.executable).with_name("dagster")
    # Dagster announces its successor command at each start; that is for us to read, not for a visitor.
    environment = place.environment() | {"PYTHONWARNINGS": "ignore"}
    process = subprocess.Popen([program, *words], env=environment, start_new_session=True)  # noqa: S603
    try:
        yield process
    finally:
        _stop(process)


def _stop(process: subprocess.Popen[bytes]) -> None:
    """End the whole group: Dagster first ends its own children, what is left after that is killed."""
    process.send_signal(signal.SIGINT)
    try:
        process.wait(timeout=_stop_seconds)
    except subprocess.TimeoutExpired:
        _console.print("Dagster did not stop by itself and is killed.")
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def _wait_for_ui(dagster: subprocess.Popen[bytes], port: int, ended: threading.Event) -> None:
    while dagster.poll() is None and not ended.is_set():
        try:
            if requests.get(f"http://127.0.0.1:{port}/server_info", timeout=2).ok:
                return
        except requests.RequestException:
            time.sleep(0.3)


if __name__ == "__main__":
    main()
