"""Killed anywhere, by SIGKILL, a run leaves nothing that the next one does not finish.

20 seeded points, and some of them by files; ``make chaos KILLS=100`` takes new ones."""

import os

import pytest
from point import point

first, points = int(os.environ.get("SEED") or 0), int(os.environ.get("KILLS") or 20)


@pytest.mark.parametrize("seed", range(first, first + points))
def test_the_next_run_finishes_what_a_killed_one_has_begun(take, seed):
    wrong = take(point(seed))
    if wrong:
        pytest.fail("\n".join(wrong[:50]), pytrace=False)


@pytest.mark.parametrize("seed", range(first, first + max(1, points // 7)))
def test_it_finishes_what_went_by_files_too(take, seed):
    wrong = take(point(seed), by_files=True)
    if wrong:
        pytest.fail("\n".join(wrong[:50]), pytrace=False)


@pytest.mark.parametrize("seed", range(first, first + max(1, points // 20)))
def test_it_finishes_on_postgresql_too(take, postgres, seed):
    wrong = take(point(seed), postgres)
    if wrong:
        pytest.fail("\n".join(wrong[:50]), pytrace=False)
