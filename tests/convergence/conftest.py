"""The place where histories are played: one for each test process."""

import pyarrow as pa
import pytest
from history import History, Prologue, Verdict
from places import Places
from plan import Plan

pa.set_cpu_count(1)  # frames are small here: threads would only wait for each other


@pytest.fixture(scope="session")
def play(tmp_path_factory):
    """Plays the history of a plan, and judges it."""
    with Places(tmp_path_factory.mktemp("histories")) as places:
        prologue = Prologue(places)

        def play(plan: Plan) -> Verdict:
            return History(plan, places, prologue).play()

        yield play
