"""Several processes write the same ledger; one that is killed leaves nothing half done."""

import subprocess
import sys
import time
from contextlib import contextmanager
from datetime import UTC, datetime

from pipelines.ledger import Verdict

WRITE = """
import sys
from datetime import UTC, datetime, timedelta
from pipelines.ledger import Outcome, Verdict, open_ledger

url, me, others = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
start = datetime(2026, 3, 1, tzinfo=UTC)
with open_ledger(url) as ledger:
    for round in range(10):
        seen_at = start + timedelta(seconds=round * others + me)
        ledger.record(f"process {me}", [
            Outcome("Invoice__c", str(n), "invoice", n, Verdict.UPDATED, seen_at, fingerprint=f"{round}-{me}")
            for n in range(200)
        ], seen_at)
"""

STALL = """
import sys, time
from datetime import UTC, datetime
from pipelines.ledger import Outcome, Verdict, open_ledger
from pipelines.ledger import recording

def stall(*_):
    print("in the middle", flush=True)
    time.sleep(60)

recording.log.write = stall
at = datetime(2026, 3, 1, tzinfo=UTC)
with open_ledger(sys.argv[1]) as ledger:
    ledger.record("killed", [Outcome("Invoice__c", "7", "invoice", 7, Verdict.CREATED, at, fingerprint="A")], at)
"""

NOTE = """
import sys
from datetime import UTC, datetime
from pipelines.ledger import open_ledger

url, me, rounds = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
at = datetime(2026, 3, 1, tzinfo=UTC)
with open_ledger(url) as ledger:
    for first in range(me * 10_000, me * 10_000 + 5 * rounds, 5):
        if first % 10:
            ledger.note("invoice", range(first, first + 5), "webhook", at)
        else:
            ledger.remember("invoice", {first: "mark"}, [], range(first, first + 5), "watch", at)
        ledger.spend("https://a.chargeover.com", "watch", 1, at)
"""


@contextmanager
def at_once(script, url, *arguments, processes=3):
    """Several processes that run the script with their number; they have ended well when the block ends."""
    running = [
        subprocess.Popen([sys.executable, "-c", script, url, str(me), *arguments], stderr=subprocess.PIPE, text=True)
        for me in range(processes)
    ]
    try:
        yield running
    finally:
        errors = [process.communicate()[1] for process in running]
    assert errors == [""] * processes


def test_processes_that_write_the_same_rows_wait_for_each_other_and_the_newest_wins(ledger, url):
    with at_once(WRITE, url, "3"):
        pass

    known = ledger.known("Invoice__c", [str(n) for n in range(200)])
    assert {(one.observed_at.minute, one.observed_at.second) for one in known.values()} == {(0, 29)}
    assert {one.fingerprint for one in known.values()} <= {"9-2", ""}
    uncertain = {external_id for external_id, one in known.items() if not one.fingerprint}
    assert uncertain <= {one.external_id for one in ledger.owed(verdict=Verdict.HELD)}


def test_a_process_killed_in_the_middle_leaves_nothing_and_blocks_nobody(ledger, url, outcome, at):
    process = subprocess.Popen([sys.executable, "-c", STALL, url], stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "in the middle\n"
    process.kill()
    process.communicate()

    started = time.monotonic()
    assert ledger.known("Invoice__c", ["7"]) == {}
    ledger.record("next", [outcome("created", fingerprint="B")], at(1))

    assert ledger.known("Invoice__c", ["7"])["7"].fingerprint == "B"
    assert [one.run_id for one in ledger.history("invoice", 7)] == ["next"]
    assert time.monotonic() - started < 10


def test_whoever_has_seen_a_number_can_read_every_hint_up_to_it(ledger, url):
    looks = 0
    with at_once(NOTE, url, "60") as processes:
        while any(process.poll() is None for process in processes):
            last = ledger.last_hint()
            numbers = [number for number in ledger.hints("invoice").values() if number <= last]
            assert sorted(numbers) == list(range(1, last + 1))
            looks += last > 0

    assert looks
    assert sorted(ledger.hints("invoice").values()) == list(range(1, 3 * 60 * 5 + 1))
    assert ledger.spent("https://a.chargeover.com", since=datetime(2026, 3, 1, tzinfo=UTC)) == {"watch": 3 * 60}
