"""Two live runs and a backfill overlap on records that change: whoever comes when, nothing older stays.

20 seeded interleavings; ``make chaos INTERLEAVINGS=1000`` plays new ones."""

import os

import pytest
from archive import Archive
from interleaving import Interleaving

first, number = int(os.environ.get("SEED") or 0), int(os.environ.get("INTERLEAVINGS") or 20)
of_a_world = 10


def play(crossroads, archive, seeds, **options):
    """Some interleavings, one after the other in one world."""
    with crossroads.world(archive) as world:
        for seed in seeds:
            wrong = Interleaving(seed, world, **options).play()
            if wrong:
                pytest.fail("\n".join(wrong), pytrace=False)


@pytest.mark.parametrize("start", range(first, first + number, of_a_world))
def test_no_older_version_stays_however_runs_overlap(crossroads, tmp_path, start):
    play(crossroads, Archive(tmp_path), range(start, start + of_a_world))


def test_none_stays_on_postgresql(crossroads, tmp_path, postgres):
    """There a run waits for others inside the database, which only time tells from work."""
    play(crossroads, Archive(tmp_path, postgres), range(first, first + max(3, number // 50)), patience_seconds=0.1)
