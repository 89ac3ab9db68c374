"""The run that writes."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Run:
    """Its id, the clock, and the fingerprints of the mappings in use."""

    run_id: str
    now: Callable[[], datetime]
    fingerprints: dict[str, str]
