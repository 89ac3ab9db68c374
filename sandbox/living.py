"""The sandboxed company of a running ``make up`` lives on, until Ctrl-C: ``python -m sandbox.living``"""

import os
import random
import sys
import threading
from collections.abc import Callable
from contextlib import suppress

import requests
from rich.console import Console

from sandbox.life import Life
from sandbox.place import Place

_console = Console(highlight=False)


def main() -> None:
    """A change every few seconds (``EVERY=3``), so many (``CHANGES=10``) or without end; each is told in a sentence."""
    place, pause = Place.from_environment(), float(os.environ.get("EVERY") or 3)
    number, life = int(os.environ.get("CHANGES") or sys.maxsize), Life(place.chargeover, place.salesforce)
    chance, pausing = random.Random(os.environ.get("SEED")), threading.Event()  # noqa: S311 - a made-up life
    with suppress(KeyboardInterrupt):
        for _ in range(number):
            _console.print(happens(life, chance), markup=False, soft_wrap=True)
            pausing.wait(pause * chance.uniform(0.5, 1.5))


def happens(life: Life, chance: random.Random) -> str:
    """One change; some need a record that the company may have none of just now."""
    deeds: list[Callable[[], str]] = list(life.deeds(chance))
    while True:
        deed = chance.choice(deeds)
        try:
            return deed()
        except IndexError:
            deeds.remove(deed)
        except requests.RequestException as problem:
            sys.exit(f"nothing happens: ChargeOver does not do it ({problem}); is make up running?")


if __name__ == "__main__":
    main()
