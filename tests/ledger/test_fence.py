"""The fence: two writers never hold a place of the same customer at once, whatever processes they are in."""

import subprocess
import sys
import threading

import pytest

from pipelines.ledger.fence import PLACES

_holds = """
import sys
from pipelines.ledger.ledger import open_ledger
with open_ledger(sys.argv[1]) as ledger, ledger.fence.hold([7]):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def waits(ledger):
    """Whether somebody who wants these places has to wait; it holds them as soon as it may."""
    threads = []

    def waits(customers):
        held = threading.Event()

        def hold():
            with ledger.fence.hold(customers):
                held.set()

        threads.append(threading.Thread(target=hold, daemon=True))
        threads[-1].start()
        return held, not held.wait(0.2)

    yield waits
    for thread in threads:
        thread.join(5)


@pytest.mark.parametrize(
    ("mine", "others", "must_wait"),
    [
        ([1], [1], True),
        ([1], [2], False),
        ([1, 2, 3], [3, 4], True),
        ([None], [None], True),
        ([None], [0], False),
        ([1], [1 + PLACES], True),
        ([], [1], False),
    ],
)
def test_who_wants_a_place_that_is_held_waits_until_it_is_free(ledger, waits, mine, others, must_wait):
    with ledger.fence.hold(mine):
        held, waited = waits(others)
        assert waited is must_wait
    assert held.wait(5)


def test_writers_who_want_each_other_s_places_do_not_wait_in_a_circle(ledger):
    done = []

    def write(customers):
        for _ in range(20):
            with ledger.fence.hold(customers):
                pass
        done.append(customers)

    threads = [threading.Thread(target=write, args=(each,)) for each in ([1, 2, 3], [3, 2, 1], [2, 3, 1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len(done) == 3


def test_the_places_of_a_process_that_was_killed_are_free(ledger, url, waits):
    process = subprocess.Popen([sys.executable, "-c", _holds, url], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdout.readline() == b"held\n"
    held, waited = waits([7])
    assert waited
    process.kill()
    assert held.wait(5)
    process.communicate()


def test_a_thing_has_one_owner_until_it_is_let_go(ledger):
    with ledger.fence.claim("750000000000001AAA") as is_ours:
        with ledger.fence.claim("750000000000001AAA") as is_theirs:
            assert (is_ours, is_theirs) == (True, False)
        with ledger.fence.claim("750000000000002AAA") as is_another:
            assert is_another
    with ledger.fence.claim("750000000000001AAA") as is_ours_again:
        assert is_ours_again
