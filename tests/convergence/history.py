"""One history being played, step by step; the same seed and steps give the same history."""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import timedelta

from choosing import Draw
from judgement import judge
from life import Life
from places import Places
from plan import Plan, deeds
from prologue import Prologue
from runs import Runs, order
from virtual_time import VirtualTime, machine_time
from ways import ways
from witness import Witness

import sandbox.chargeover
from pipelines.errors import Co2sfError

_hour, _day = 3600, 86_400
_pauses = ((1, 4), (5, 60), (5, 60), (90, 560), (90, 560), (601, 900), (_hour, 5 * _hour), (_day, 3 * _day),
           (20 * _day, 70 * _day))  # fmt: skip
_lateness = (0,) * 20 + (5, 40, 119) + (150, 400)


@dataclass
class Verdict:
    """What came of a history: the story as lines of Python, and how Salesforce differs from what it should hold."""

    plan: Plan
    script: list[str]
    differences: list[str] = field(default_factory=list)


class History:
    """A company, what is done to it, and the syncs that follow."""

    def __init__(self, plan: Plan, places: Places, life: Life, runs: Runs) -> None:
        self.plan, self.places, self.life, self.runs = plan, places, life, runs
        self.time, self.interlude = runs.time, places.interlude
        self.witness = Witness(self.life, runs, timedelta(seconds=120))
        self.visible_from = 0.0
        """The moment from which all that appears late is seen."""

    def step(self, name: str, draw: Draw) -> None:
        """Do one thing."""
        others: dict[str, Callable[[Draw], None]] = {
            "wait": lambda draw: self.wait(draw.number(*draw.among(_pauses))),
            "sync": self._sync,
            "webhooks": self._deliver,
            "hint": lambda draw: self._hint(draw.among(order), draw.number(1, 20_000)),
        }
        if name in others:
            others[name](draw)
        else:
            self.do(name, draw)

    def do(self, name: str, draw: Draw) -> None:
        """A deed; what it creates may appear late."""
        late = draw.among(_lateness)
        late = 0 if "late" in self.plan.without else late
        with self.life.late(late):
            deeds[name](self.life, draw)
        self.witness.note(late)
        self.visible_from = max(self.visible_from, self.time.seconds + late)

    def wait(self, seconds: float) -> None:
        """Let time pass; days turn, and invoices fall due."""
        if seconds > 0:
            self.life.script.append(f"wait({seconds:g})")
            self.time.advance(seconds)
            self.witness.note()

    def _deliver(self, draw: Draw) -> None:
        """Of the webhooks that are under way some are lost, some come twice, in no order."""
        waiting = list(self.life.announced)
        self.life.announced.clear()
        coming = [each for each in waiting for _ in range(draw.among((0, 1, 1, 2)))]
        for kind, record_id in sorted(coming, key=lambda _: draw.number(0, 1000)):
            self._hint(kind, record_id)

    def _hint(self, kind: str, record_id: int) -> None:
        self.life.script.append(f"ledger.note({kind!r}, [{record_id}], 'webhook', now)")
        self.runs.ledger.note(kind, [record_id], "webhook", self.time.now())

    def _sync(self, draw: Draw) -> None:
        self.wait(draw.among((0, 1, 5, 10)))
        self.interlude.calls = 0
        for number in [draw.number(2, 60) for _ in range(draw.number(1, 2))] if draw.chance(0.3) else []:
            self._interrupt(number, draw.among(sorted(deeds)), draw)
        way = draw.among(ways)
        (ways[0] if "ways" in self.plan.without else way)(self, draw)
        self.interlude.happens.clear()
        self.interlude.left = None

    def _interrupt(self, number: int, name: str, draw: Draw) -> None:
        """Let something happen between two calls of the next run."""

        def happen() -> None:
            self.life.script.append(f"# before call {number} of the next sync:")
            self.do(name, draw)
            self.life.register(f"{draw.name} {number}")

        if "interludes" not in self.plan.without:
            self.interlude.happens[number] = happen


def play(plan: Plan, places: Places, prologue: Prologue) -> Verdict:
    """Play a plan and judge how it ended."""
    moment = prologue.moment(plan.base, is_synced=plan.is_synced)
    life = moment.life()
    time: VirtualTime = life.company.clock.time
    verdict = Verdict(plan, life.script)
    places.interlude.begin(sandbox.chargeover.app(life.company), time, plan.base.variant.latency_seconds)
    with ExitStack() as stack:
        stack.enter_context(machine_time(time))
        runs = stack.enter_context(places.runs(plan.base, time, moment))
        history = History(plan, places, life, runs)
        try:
            for number, name in plan.steps:
                history.step(name, Draw(plan.seed, number))
                life.register(str(number))
            verdict.differences = judge(history)
        except Co2sfError as error:
            verdict.differences = [f"{type(error).__name__}: {error}"]
    return verdict
