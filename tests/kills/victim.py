"""The process whose copies are killed: all is imported once, and each order it reads is a fork of it that syncs.

It reads a line of JSON for some orders that are carried out at once, and writes a line for their answers."""

import json
import os
import sys
import traceback
from functools import partial
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).parents[1] / "sync"), str(Path(__file__).parents[2])]

import pyarrow as pa
from batches import make_batches_small
from conftest import Syncing
from moments import Moments

from pipelines.ledger.ledger import open_ledger
from pipelines.settings import ProjectSettings, SalesforceSettings, read_settings
from pipelines.sync.staging import Staging


def _sync(order: dict[str, Any], tell: int) -> None:
    """One whole run; what it was killed at, what went wrong or how many moments it had goes to ``tell``."""
    say = partial(_say, tell)
    os.environ |= order["environment"]
    url = str(read_settings(SalesforceSettings).url)
    death = tuple(order["death"]) if order["death"] else None
    moments = Moments(url, death, order["late_seconds"], lambda what: say(killed=what))
    try:
        with open_ledger(order["ledger"]) as ledger:
            moments.hook()
            sync = Syncing(ledger, Staging(read_settings(ProjectSettings).staging_url), order["run"])
            sync.bulk_from = read_settings(SalesforceSettings).bulk_from_rows
            sync(**order["extent"])
        say(moments=moments.counts)
    except BaseException:  # noqa: BLE001 - whatever it is, the one who ordered the run must hear of it
        say(broken=traceback.format_exc())


def _say(tell: int, **what: object) -> None:
    os.write(tell, json.dumps(what).encode())


def _fork(order: dict[str, Any]) -> tuple[int, int]:
    """A copy that syncs: its process, and where it tells how it ended."""
    reading, writing = os.pipe()
    copy = os.fork()
    if not copy:
        os.close(reading)
        _sync(order, writing)
        os._exit(0)
    os.close(writing)
    return copy, reading


def _wait(copy: int, reading: int) -> dict[str, Any]:
    with os.fdopen(reading) as told:
        said = told.read()
    os.waitpid(copy, 0)
    return json.loads(said) if said else {"broken": "it ended without a word"}


if __name__ == "__main__":
    make_batches_small()
    pa.set_cpu_count(1)  # threads for frames of a few rows cost more than they bring
    Syncing(None, None).shelf()  # kept, for all copies
    for line in sys.stdin:
        copies = [_fork(order) for order in json.loads(line)]
        sys.stdout.write(json.dumps([_wait(*each) for each in copies]) + "\n")
        sys.stdout.flush()
