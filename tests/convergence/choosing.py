"""Chance that shrinks well: what a step chooses stays the same when other steps are left out."""

from collections.abc import Sequence
from hashlib import blake2b
from random import Random
from typing import TypeVar

Each = TypeVar("Each")


class Draw:
    """The choices of one step of one history."""

    def __init__(self, seed: int, step: int) -> None:
        self.name = f"{seed} {step}"
        self._random = Random(self.name)
        self._picks = 0

    def chance(self, share: float) -> bool:
        """True in this share of all cases."""
        return self._random.random() < share

    def number(self, least: int, most: int) -> int:
        """A whole number."""
        return self._random.randint(least, most)

    def among(self, values: Sequence[Each]) -> Each:
        """One of fixed values."""
        return self._random.choice(values)

    def pick(self, labels: dict[int, str]) -> int | None:
        """One of the ids that there are, told by labels that outlast the loss of others; None when there are none."""
        self._picks += 1
        text = f"{self.name} {self._picks}"
        return min(labels, key=lambda each: blake2b(f"{text} {labels[each]}".encode()).digest(), default=None)
