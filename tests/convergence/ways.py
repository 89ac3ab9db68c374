"""The ways to sync: as the sensor does, as a person does, and as runs die or overtake each other."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from choosing import Draw
from runs import KilledError

from pipelines.errors import FixAccess

if TYPE_CHECKING:
    from history import History


def plainly(history: History, draw: Draw) -> None:
    """All that has changed, as a person asks for it."""
    history.life.script.append("sync()")
    history.runs()


def sense(history: History, _: Draw | None = None) -> None:
    """What the sensor asks for, if it asks for anything."""
    news = history.runs.sense()
    history.life.script.append(f"sync({news}, paced=True)" if news else "# the sensor sees no reason to sync")


def paced(history: History, draw: Draw) -> None:
    """All objects, at the pace of the lists."""
    history.life.script.append("sync(paced=True)")
    history.runs(paced=True)


def some(history: History, draw: Draw) -> None:
    """Some objects, as a person picks them in the UI."""
    objects = [name for name in history.runs.objects if draw.chance(0.5)]
    history.life.script.append(f"sync({objects})")
    history.runs(objects)


def whole(history: History, draw: Draw) -> None:
    """Everything, changed or not."""
    history.life.script.append("sync(whole=True)")
    history.runs(whole=True)


def die_reading(history: History, draw: Draw) -> None:
    """ChargeOver refuses all calls from some call on."""
    history.interlude.left = left = draw.number(0, 45)
    is_paced = draw.chance(0.5)
    history.life.script.append(f"between.left = {left}; sync(paced={is_paced}); between.left = None")
    try:
        history.runs(paced=is_paced)
    except FixAccess:
        history.runs.has_failed = True


def die_unsent(history: History, draw: Draw) -> None:
    """All is staged and nothing is sent."""
    is_paced = draw.chance(0.5)
    history.life.script.append(f"sync.extract(paced={is_paced})")
    history.runs.extract(paced=is_paced)
    history.runs.has_failed = True


def die_sending(history: History, draw: Draw) -> None:
    """The loader asks for the time before each entry in the ledger: there the run dies, after Salesforce has acted."""
    left = draw.number(0, 25)
    history.life.script.append(f"sync()  # killed when it asks for the time for the {left + 1}th time")
    asked: list[int] = []

    def clock() -> datetime:
        asked.append(1)
        if len(asked) > left:
            raise KilledError
        return history.time.now()

    history.runs.clock = clock
    try:
        history.runs()
    except KilledError:
        history.runs.has_failed = True
    history.runs.clock = history.time.now


def overtake(history: History, draw: Draw) -> None:
    """A run extracts, another one runs, and only then the first one loads."""
    is_whole, is_paced = draw.chance(0.3), draw.chance(0.5)
    history.life.script.append(f"slow = sync.extract(whole={is_whole}, paced={is_paced})")
    slow = history.runs.extract(whole=is_whole, paced=is_paced)
    history.wait(draw.among((1, 20)))
    if draw.chance(0.6):
        history.step(
            draw.among(("pay", "void_a_payment", "edit_a_customer", "suspend", "upgrade", "void_an_invoice")), draw
        )
    is_paced = draw.chance(0.5)
    history.life.script.append(f"sync(paced={is_paced})")
    history.runs(paced=is_paced)
    history.life.script.append("sync.load(slow)")
    history.runs.load(slow)


ways: tuple[Callable[[History, Draw], None], ...] = (
    plainly, plainly, sense, sense, sense, sense, sense, paced, some, whole, die_reading, die_unsent, die_sending,
    overtake,
)  # fmt: skip
