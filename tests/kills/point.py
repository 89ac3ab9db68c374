"""A point: a run that is killed at a moment drawn by chance, perhaps one after it too, and the run that finishes."""

import time
from dataclasses import dataclass
from random import Random

from batches import most_rows_sent_again, rows_of_a_batch
from evidence import Evidence, ahead, faults
from moments import Death
from scene import Scene, Start

_kinds = {"write": 4, "late": 2, "ledger": 4, "chargeover": 2, "salesforce": 1, "staging": 1}
"""How often a moment is drawn from each kind: most can go wrong around a write, and most moments are others."""


@dataclass(frozen=True)
class Point:
    """Where it happens."""

    seed: int
    start: str
    deaths: tuple[tuple[str, float], ...]
    """Kinds of moments, and where among all of that kind; each run dies earlier than an undisturbed one ends."""
    late_seconds: float


def point(seed: int) -> Point:
    """The point of a seed."""
    chance = Random(f"point {seed}")
    kinds = chance.choices(list(_kinds), list(_kinds.values()), k=2 if chance.random() < 0.15 else 1)
    return Point(seed, chance.choice(("first load", *["incremental sync"] * 3)),
                 tuple((kind, chance.random()) for kind in kinds), chance.choice((0.2, 0.5, 1)))  # fmt: skip


@dataclass
class Course:
    """What happens at a point: the runs that died, what is wrong after each, and in the end."""

    point: Point
    scene: Scene

    @property
    def start(self) -> Start:
        """What the first run begins with."""
        return self.scene.first_load if self.point.start == "first load" else self.scene.incremental_sync

    def take(self) -> list[str]:
        """Kill, and finish; what went wrong, after a line that says what was killed."""
        ledger, before = self.scene.begin(self.start.rows, self.start.ledger), self.start.before
        told, wrong = [], []
        for kind, share in self.point.deaths:
            death = kind, 1 + int(share * self.start.moments[kind])
            before, words, found = self._kill(ledger, death, before)
            told.append(words)
            wrong += found
        wrong += self._finish(ledger, before)
        return [f"{self.point.start}, seed {self.point.seed}: {'; then '.join(told)}", *wrong] if wrong else []

    def _kill(self, ledger: str, death: Death, before: Evidence) -> tuple[Evidence, str, list[str]]:
        ended = self.scene.run(ledger, death=death, late_seconds=self.point.late_seconds)
        now = self.scene.evidence(ledger)
        words = f"{death[0]} {death[1]} ({ended.killed or 'came to its end'})"
        wrong = list(ahead(now, self.start.before, self.start.right, self.scene.shelf, self.scene.life))
        return now, words, [ended.broken] * bool(ended.broken) + wrong + self._sent_again(before, now)

    def _finish(self, ledger: str, before: Evidence) -> list[str]:
        ended = self.scene.run(ledger)
        if ended.moments is None:
            return [f"the run after it failed: {ended.broken}"]
        self._wait_for_what_is_late()
        now = self.scene.evidence(ledger)
        return self._sent_again(before, now) + faults(now, self.start.right)

    def _sent_again(self, before: Evidence, now: Evidence) -> list[str]:
        """Only rows that Salesforce has and the ledger has no verdict on may be sent again, a batch of each writer at
        most."""
        right, changed = self.start.right, self.start.changed
        landed = [key for key in changed if now.is_as_in(right, key) and not before.is_as_in(right, key)]
        unsure = [key for key in changed if before.is_as_in(right, key) and before.accepted(key) != right.accepted(key)]
        other = [key for key in right.known if now.accepted(key) not in {"", before.accepted(key), right.accepted(key)}]
        if self.scene.by_files:  # a job is taken over, not sent again; what it left goes by requests
            return []
        again = self.scene.written() - len(landed) - len(other)  # others: a parent was deleted by the dead run already
        most = most_rows_sent_again(len(right.rows))
        if self._is_late:
            most += rows_of_a_batch
        if again <= (most if self._is_late else len(unsure)) <= most:
            return []
        return [f"{again} rows were sent again, {len(unsure)} had no verdict, {most} are a batch of each writer"]

    @property
    def _is_late(self) -> bool:
        """Whether a write of a dead run comes at any time later."""
        return any(kind == "late" for kind, _ in self.point.deaths)

    def _wait_for_what_is_late(self) -> None:
        if self._is_late:
            time.sleep(self.point.late_seconds)
