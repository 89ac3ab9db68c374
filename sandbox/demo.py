"""The demo: a sandboxed billing company lands in a sandboxed Salesforce, then life goes on. ``python -m sandbox.demo``

It runs the commands that a person would run, and ends with an error when one of its claims does not hold.
"""

import subprocess
import sys
import time
from pathlib import Path

from rich.console import Console

from sandbox.life import Life
from sandbox.place import Place, running

_console = Console(highlight=False)
_rests_seconds = 55  # a refused row, for the first time


def main() -> None:
    """Tell the whole story on the terminal."""
    began, place = time.monotonic(), Place.from_environment()
    place.start_afresh()
    with running(place, customers=300, months=6):
        _tell(place, Life(place.chargeover, place.salesforce))
    _say(
        f"Done in {time.monotonic() - began:.0f} s. Look around:",
        "make up                  the same company in the Dagster UI; then, in another shell,",
        f"source {_near(place.home / 'env')}   and try co2sf log, co2sf preview invoices, co2sf sync",
    )


def _near(path: Path) -> Path:
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


def _tell(place: Place, life: Life) -> None:
    _say("A sandboxed ChargeOver and Salesforce are up", f"{place.chargeover}  {place.salesforce}")
    _co2sf(place, "check", "--live")
    _say("First sync: everything that ChargeOver has")
    _co2sf(place, "sync")
    _say("Life goes on in ChargeOver", *life.goes_on())
    _say("Second sync: exactly that")
    _co2sf(place, "sync", expect=1)
    refused_at = time.monotonic()
    _say("What has not landed, and why")
    _co2sf(place, "owed", expect=1)
    _say("Third sync: nothing new, so no call that writes")
    before = life.write_calls()
    _co2sf(place, "sync", expect=1)
    is_due = time.monotonic() - refused_at > _rests_seconds  # on a slow machine: what was refused is tried again
    _claim(is_due or life.write_calls() == before, "the third sync made calls that write")
    _say("What was refused and rejected is put right in ChargeOver; the invoice that waited goes by itself")
    life.is_put_right()
    _co2sf(place, "sync")
    _say("The sync log, and the story of that invoice")
    _co2sf(place, "log", "--limit", "4")
    _co2sf(place, "log", "--record", f"invoice:{life.waiting_invoice}")


def _say(title: str, *lines: str) -> None:
    _console.print(f"\n[bold]{title}[/bold]", soft_wrap=True)
    for line in lines:
        _console.print(f"  {line}", markup=False, soft_wrap=True)


def _co2sf(place: Place, *words: str, expect: int = 0) -> None:
    _console.print(f"[dim]$ co2sf {' '.join(words)}[/dim]")
    program = Path(sys.executable).with_name("co2sf")
    done = subprocess.run([program, *words], env=place.environment(), check=False)  # noqa: S603
    _claim(done.returncode == expect, f"co2sf {' '.join(words)} ended with {done.returncode}, not {expect}")


def _claim(holds: bool, otherwise: str) -> None:  # noqa: FBT001 - a claim reads as one
    if not holds:
        _console.print(f"[red]The demo does not hold: {otherwise}[/red]")
        sys.exit(3)


if __name__ == "__main__":
    main()
