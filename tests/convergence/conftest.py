"""The place where histories are played: one for each test process."""

from functools import partial

import pytest
from history import play as play_there
from places import Places
from prologue import Prologue


@pytest.fixture(scope="session")
def play(tmp_path_factory):
    """Plays the history of a plan, and judges it."""
    with Places(tmp_path_factory.mktemp("histories")) as places:
        yield partial(play_there, places=places, prologue=Prologue(places))
