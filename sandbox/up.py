"""The sandbox with co2sf live beside it, until Ctrl-C: ``python -m sandbox.up``

The company of the last ``make demo`` goes on living; without one, a new company is made up.
"""

import os
import signal
import subprocess
import sys
import threading

from rich.console import Console

from sandbox.companions import program
from sandbox.place import Place, running
from sandbox.stack import Stack, live

_console = Console(highlight=False)


def main() -> None:
    """Start everything, say where to look, and leave no process behind."""
    place, port, ended = Place.from_environment(), int(os.environ.get("PORT", "3000")), threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    _console.print("Starting the sandbox, the webhook receiver and Dagster ...")
    with running(place, customers=int(os.environ.get("CUSTOMERS", "300")), months=6):
        register_webhooks(place)
        with live(place, port, ended.is_set) as stack:
            _welcome(stack)
            while not ended.wait(1) and not stack.ended():
                pass
            gone = stack.ended()
            _console.print(f"{', '.join(gone)} ended by itself. Stopping ..." if gone else "Stopping ...")
    sys.exit(1 if gone else 0)


def register_webhooks(place: Place) -> None:
    """As a person would; ChargeOver itself takes only public https addresses."""
    words = ["webhooks", "register", "--url", place.receiver, "--insecure"]
    subprocess.run([program("co2sf"), *words], env=place.environment(), stdout=subprocess.DEVNULL, check=True)  # noqa: S603


def _welcome(stack: Stack) -> None:
    place = stack.place
    _console.print(f"\n[bold]Dagster[/bold]     {stack.ui}   (sensor `changes` is on, profile {place.profile})")
    _console.print(f"ChargeOver  {place.chargeover}   Salesforce  {place.salesforce}   webhooks go to {place.receiver}")
    _console.print(f"In another shell: source {place.home / 'env'}   then co2sf log, preview, sync ...", soft_wrap=True)
    _console.print("make life, in another shell, lets things happen in ChargeOver. Ctrl-C stops everything.")


if __name__ == "__main__":
    main()
