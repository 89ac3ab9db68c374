"""The way to order runs that may be killed: each is a process of its own, a copy of one that has all imported."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from moments import Death

_script = Path(__file__).parent / "victim.py"


@dataclass(frozen=True)
class Ended:
    """How a run ended: killed at a moment, or by itself after so many moments of each kind."""

    killed: str = ""
    moments: dict[str, int] | None = None
    broken: str = ""
    """What went wrong, as a traceback."""


class Zygote:
    """A process without threads of ours, whose copies run the sync with these mappings."""

    def __init__(self, mappings: Path) -> None:
        # threads for frames of a few rows cost more than they bring, and do not survive in a copy
        calm = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "CO2SF_MAPPINGS": str(mappings)}
        self._process = subprocess.Popen([sys.executable, str(_script)], env=os.environ | calm,
                                         stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)  # fmt: skip

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.communicate()

    def run(
        self, number: int, ledger: str, environment: dict[str, str], *, death: Death | None = None,
        late_seconds: float = 0.3,
    ) -> Ended:  # fmt: skip
        """Let one run go on this ledger until it ends, or dies at the moment asked for."""
        return self.run_together([order(number, ledger, environment, death=death, late_seconds=late_seconds)])[0]

    def run_together(self, orders: list[dict[str, Any]]) -> list[Ended]:
        """Let several runs go on at once, each in a process of its own."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(orders) + "\n")
        self._process.stdin.flush()
        return [Ended(**each) for each in json.loads(self._process.stdout.readline())]


def order(
    number: int, ledger: str, environment: dict[str, str], *, death: Death | None = None, late_seconds: float = 0,
    **extent: bool,
) -> dict[str, Any]:  # fmt: skip
    """A run on a ledger, and how much it reads."""
    return {"run": number, "ledger": ledger, "environment": environment, "death": death,
            "late_seconds": late_seconds, "extent": extent}  # fmt: skip
