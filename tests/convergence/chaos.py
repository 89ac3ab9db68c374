"""``make chaos N=1000``: new histories on all cores; a failing one is made short and printed as a script."""

import os
import sys
import tempfile
import time
import traceback
from concurrent.futures import ProcessPoolExecutor, as_completed
from itertools import pairwise
from pathlib import Path
from random import SystemRandom

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[2])]

from history import Verdict, play
from places import Places
from plan import Plan, plan, seeds_per_base
from prologue import Prologue
from script import script_of
from shrinking import shrink

_told_every = 10


def main() -> int:
    """Play N histories from a random seed on, or the one of SEED; 1 when one has failed."""
    given, count = os.environ.get("SEED"), int(os.environ.get("N") or 0)
    first = int(given) if given else SystemRandom().randrange(10**6) * seeds_per_base
    seeds = range(first, first + (count or (1 if given else 100)))
    print(f"seeds {seeds.start} to {seeds.stop - 1}", flush=True)
    failed, began = 0, time.monotonic()
    with ProcessPoolExecutor(int(os.environ.get("JOBS") or os.cpu_count() or 1)) as pool:
        tasks = [pool.submit(_play, block) for block in _blocks(seeds)]
        for done, task in enumerate(as_completed(tasks), 1):
            failed += len(task.result())
            print(*task.result(), sep="\n\n", end="", flush=True)
            if done % _told_every == 0:
                print(f"{done} of {len(tasks)} companies, {failed} histories failed", flush=True)
    print(f"{len(seeds)} histories, {failed} failed, {time.monotonic() - began:.0f} s")
    return min(failed, 1)


def _blocks(seeds: range) -> list[range]:
    """Seeds that begin with the same company together."""
    starts = [seeds.start, *(each for each in seeds[1:] if each % seeds_per_base == 0), seeds.stop]
    return [range(start, stop) for start, stop in pairwise(starts)]


def _play(seeds: range) -> list[str]:
    """Play some histories in a process of their own; the scripts of those that failed, made short."""
    with tempfile.TemporaryDirectory() as folder, Places(Path(folder)) as places:
        prologue = Prologue(places)

        def judged(asked: Plan) -> Verdict:
            try:
                return play(asked, places, prologue)
            except Exception:  # noqa: BLE001 - whatever breaks is a failure to be made short like any other
                return Verdict(asked, [], [traceback.format_exc()])

        verdicts = [judged(plan(seed)) for seed in seeds]
        return [script_of(shrink(each, judged, seconds=90)) for each in verdicts if each.differences]


if __name__ == "__main__":
    sys.exit(main())
