"""co2sf check --watch: what a save changes, as a person sees it in a terminal."""

import os
import signal
import subprocess
import sys
from contextlib import contextmanager

import pytest

pytestmark = pytest.mark.slow

PROGRAM = "import sys; sys.argv = ['co2sf', 'check', '--watch', *sys.argv[1:]]; from pipelines.cli import main; main()"


@pytest.fixture
def customers():
    return 1


class Terminal:
    def __init__(self, running):
        self.running = running

    def until(self, end):
        """What is printed up to a line with this end, a problem a line."""
        found = [""]
        while not found[-1].endswith(end):
            line = self.running.stdout.readline()
            assert line, found
            found[-1:] = [f"{found[-1]} {line.strip()}"] if line.startswith("  ") else [found[-1], line.rstrip()]
        return found[1:]

    def end(self):
        self.running.send_signal(signal.SIGINT)
        return self.running.wait(20)


@contextmanager
def watching(*options):
    running = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, *options], env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),  # noqa: PLW1509 - a runner may ignore it
    )  # fmt: skip
    try:
        yield Terminal(running)
    finally:
        running.kill()
        running.wait()
        running.stdout.close()


def edit(path, old, new):
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))


def test_a_save_tells_what_came_and_what_went_and_ctrl_c_ends_it_with_the_last_verdict(shelf):
    path = shelf / "invoices.yaml"
    with watching() as terminal:
        assert terminal.until("Ctrl-C ends it")[0].startswith("13 mappings are in order")

        edit(path, "from: total, ", "from: totl, ")
        came, verdict = terminal.until("12 mappings can run")
        assert came.startswith("+ ")
        assert 'invoice has no field "totl"; did you mean "total"?' in came
        assert verdict.endswith("1 error, 0 warnings; 12 mappings can run")

        edit(path, "# A ChargeOver invoice", "# Moved down\n# A ChargeOver invoice")  # only its place is another
        edit(path, "from: balance, ", "from: balanc, ")
        came, verdict = terminal.until("12 mappings can run")
        assert ('"balanc"' in came, verdict[-41:]) == (True, "2 errors, 0 warnings; 12 mappings can run")
        assert terminal.end() == 2


def test_live_a_save_is_compared_with_the_org_and_no_sobject_is_asked_twice(world, live):
    with watching("--live") as terminal:
        terminal.until("Ctrl-C ends it")
        before = world.salesforce("requests")["counts"]

        edit(live / "invoices.yaml", "Memo__c: ", "Memmo__c: ")
        came, verdict = terminal.until("12 mappings can run")
        assert 'ChargeOver_Invoice__c has no field "Memmo__c"' in came
        assert verdict.endswith("1 error, 0 warnings; 12 mappings can run")
        edit(live / "invoices.yaml", "Memmo__c: ", "Memo__c: ")
        went, verdict = terminal.until("ChargeOver_Applied_Payment__c -> ChargeOver_Invoice_Line__c")
        assert went.startswith("- ")
        assert "13 mappings fit the org" in verdict

        assert world.salesforce("requests")["counts"] == before
        assert terminal.end() == 0


def test_watch_prints_lines_for_people_only(co2sf, shelf):
    assert "leave out --json" in co2sf("check", "--watch", "--json").err
