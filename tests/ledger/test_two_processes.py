"""Several processes write the same ledger; one that is killed leaves nothing half done."""

import subprocess
import sys
import time

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


def test_processes_that_write_the_same_rows_wait_for_each_other_and_the_newest_wins(ledger, url):
    processes = [
        subprocess.Popen([sys.executable, "-c", WRITE, url, str(me), "3"], stderr=subprocess.PIPE, text=True)
        for me in range(3)
    ]

    assert [process.communicate()[1] for process in processes] == [""] * 3

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
