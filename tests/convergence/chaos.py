"""``make chaos N=1000``: new histories, one after another; a failing one is made short and printed as a script."""

import os
import sys
import tempfile
from pathlib import Path
from random import SystemRandom

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[2])]

import pyarrow as pa
from history import History, Prologue
from places import Places
from plan import Plan, plan
from shrinking import shrink


def main() -> int:
    """Play N histories from a random seed on, or the one of SEED; how many failed."""
    given, count = os.environ.get("SEED"), int(os.environ.get("N") or 100)
    first = int(given) if given else SystemRandom().randrange(10**9)
    seeds = range(first, first + (1 if given else count))
    print(f"histories {seeds.start} to {seeds.stop - 1}", flush=True)
    pa.set_cpu_count(1)
    with tempfile.TemporaryDirectory() as folder, Places(Path(folder)) as places:
        prologue = Prologue(places)
        failed = [seed for seed in seeds if not _converges(plan(seed), places, prologue)]
    print(f"{len(seeds) - len(failed)} of {len(seeds)} histories converge" + (f"; not {failed}" if failed else ""))
    return min(len(failed), 1)


def _converges(asked: Plan, places: Places, prologue: Prologue) -> bool:
    verdict = History(asked, places, prologue).play()
    if not verdict.is_good:
        short = shrink(verdict, lambda each: History(each, places, prologue).play(), seconds=90)
        print("\n".join(short.told()), flush=True)
    return verdict.is_good


if __name__ == "__main__":
    sys.exit(main())
