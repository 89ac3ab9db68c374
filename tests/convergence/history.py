"""One history: played, and judged; the same seed and steps give the same history."""

from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from choosing import Draw
from life import Life
from mirror import Key, Mirror, Rows, content, differences
from places import Moment, Places
from plan import Base, Plan, deeds
from runs import KilledError, Runs, order
from virtual_time import SandboxClock, VirtualTime, machine_time
from witness import Witness, state_of

import sandbox.chargeover
from pipelines.errors import Co2sfError, FixAccess
from sandbox.chargeover.generator import generate

pauses = ((1, 4), (5, 60), (5, 60), (90, 560), (90, 560), (601, 900), (3600, 18_000), (86_400, 3 * 86_400),
          (20 * 86_400, 70 * 86_400))  # fmt: skip


@dataclass
class Verdict:
    """What came of a history: how Salesforce differs from what it should hold, and when."""

    plan: Plan
    script: list[str]
    differences: list[str] = field(default_factory=list)

    @property
    def is_good(self) -> bool:
        return not self.differences

    def told(self) -> list[str]:
        """The script of the history, what came of it, and how to play it again."""
        seed = self.plan.seed
        return [f"history {seed}:", *self.script, "-> differs:", *self.differences, f"again: make chaos SEED={seed}"]


class Prologue:
    """The companies that histories begin with, each founded and synced once."""

    def __init__(self, places: Places) -> None:
        self._places = places
        self._known: dict[Base, tuple[Moment, Moment]] = {}

    def moments(self, base: Base) -> tuple[Moment, Moment]:
        """Before and after the first sync."""
        if base not in self._known:
            self._known[base] = self._found(base)
        return self._known[base]

    def _found(self, base: Base) -> tuple[Moment, Moment]:
        time = VirtualTime(base.start - timedelta(days=3))
        company = generate(0, 1, base.number, until=time.now(), settings=base.variant.settings)
        company.clock = SandboxClock(time, base.variant.ahead_seconds)
        for row in list(company.tables["item"])[base.items :]:
            company.tables["item"].remove(row)
        life = Life(company)
        for number, name in enumerate(base.founding):
            deeds[name](life, Draw(base.number, -1 - number))
            life.register(f"founding {number}")
            time.advance(1800)
        time.seconds = base.start.timestamp()
        life.announced.clear()
        self._places.interlude.begin(sandbox.chargeover.app(company), time, base.variant.latency_seconds)
        with machine_time(time), self._places.runs(base, time, None) as runs:
            runs.source()
            before = self._places.keep(life, runs)
            runs()
            return before, self._places.keep(life, runs)


class History:
    """A plan being played."""

    def __init__(self, plan: Plan, places: Places, prologue: Prologue) -> None:
        self.plan, self.places = plan, places
        moment = prologue.moments(plan.base)[plan.is_synced]
        self.moment = moment
        self.life = moment.life()
        self.time: VirtualTime = self.life.company.clock.time
        places.interlude.begin(sandbox.chargeover.app(self.life.company), self.time, plan.base.variant.latency_seconds)

    def play(self) -> Verdict:
        with ExitStack() as stack:
            stack.enter_context(machine_time(self.time))
            self.runs: Runs = stack.enter_context(self.places.runs(self.plan.base, self.time, self.moment))
            capabilities = self.runs.source().capabilities
            self.witness = Witness(self.life, self.runs.objects, capabilities, timedelta(seconds=120))
            self.visible_from = 0.0
            verdict = Verdict(self.plan, self.life.script)
            try:
                for number, name in self.plan.steps:
                    self._step(name, Draw(self.plan.seed, number))
                    self.life.register(str(number))
                verdict.differences = self._judge()
            except Co2sfError as error:
                verdict.differences.append(f"{type(error).__name__}: {error}")
            return verdict

    def _step(self, name: str, draw: Draw) -> None:
        if name == "wait":
            self._wait(draw.number(*draw.among(pauses)))
        elif name == "sync":
            self._sync(draw)
        elif name == "webhooks":
            self._deliver(draw)
        elif name == "hint":
            kind, record_id = draw.among(order), draw.number(1, 20_000)
            self.life.script.append(f"ledger.note({kind!r}, [{record_id}], 'webhook', now)")
            self.runs.ledger.note(kind, [record_id], "webhook", self.time.now())
        else:
            self._do(name, draw)

    def _do(self, name: str, draw: Draw) -> None:
        late = draw.among((0,) * 20 + (5, 40, 119) + (150, 400))
        before = state_of(self.life)
        with self.life.late(late):
            deeds[name](self.life, draw)
        self.witness.note(before, state_of(self.life), late)
        self.visible_from = max(self.visible_from, self.time.seconds + late)

    def _wait(self, seconds: float) -> None:
        self.life.script.append(f"wait({seconds})")
        before = state_of(self.life)
        self.time.advance(seconds)
        self.witness.note(before, state_of(self.life))

    def _deliver(self, draw: Draw) -> None:
        """Of the webhooks that are under way some are lost, some come twice, in no order."""
        waiting, self.life.announced = list(self.life.announced), type(self.life.announced)()
        coming = [each for each in waiting for _ in range(draw.among((0, 1, 1, 2)))]
        for kind, record_id in sorted(coming, key=lambda _: draw.number(0, 1000)):
            self.life.script.append(f"ledger.note({kind!r}, [{record_id}], 'webhook', now)")
            self.runs.ledger.note(kind, [record_id], "webhook", self.time.now())

    def _sync(self, draw: Draw) -> None:
        self._wait(draw.among((0, 1, 5, 10)))
        interlude = self.places.interlude
        interlude.calls = 0
        if draw.chance(0.3):
            for _ in range(draw.number(1, 2)):
                self._plan_interlude(draw)
        way = draw.among(
            ("sense",) * 6
            + ("all",) * 3
            + ("some", "whole", "die reading", "die unsent", "die loading", "overlap", "overlap")
        )
        self.life.script.append(f"# sync: {way}")
        getattr(self, f"_{way.replace(' ', '_')}")(draw)
        interlude.happens.clear()
        interlude.left = None

    def _plan_interlude(self, draw: Draw) -> None:
        name, number = draw.among(sorted(deeds)), draw.number(2, 60)

        def happen() -> None:
            self.life.script.append(f"# before call {number}:")
            self._do(name, draw)
            self.life.register(f"{draw.name}.{number}")

        self.places.interlude.happens[number] = happen

    def _sense(self, _: Draw) -> None:
        news = self.runs.sense()
        self.life.script.append(f"sync({news}, paced=True)  # run {self.runs.runs}")

    def _all(self, draw: Draw) -> None:
        paced = draw.chance(0.5)
        self.life.script.append(f"sync(paced={paced})")
        self.runs(paced=paced)

    def _some(self, draw: Draw) -> None:
        objects = [name for name in order if draw.chance(0.5)]
        self.life.script.append(f"sync({objects})")
        self.runs(objects)

    def _whole(self, draw: Draw) -> None:
        self.life.script.append("sync(whole=True)")
        self.runs(whole=True)

    def _die_reading(self, draw: Draw) -> None:
        self.places.interlude.left = left = draw.number(0, 45)
        paced = draw.chance(0.5)
        self.life.script.append(f"between.left = {left}; sync(paced={paced})")
        try:
            self.runs(paced=paced)
        except FixAccess:
            self.runs.has_failed = True

    def _die_unsent(self, draw: Draw) -> None:
        paced = draw.chance(0.5)
        self.life.script.append(f"sync.extract(paced={paced})")
        self.runs.extract(paced=paced)
        self.runs.has_failed = True

    def _die_loading(self, draw: Draw) -> None:
        left = [draw.number(0, 25)]
        self.life.script.append(f"# the loader dies when it asks for the time for the {left[0] + 1}th time")

        def clock() -> datetime:
            left[0] -= 1
            if left[0] < 0:
                raise KilledError
            return self.time.now()

        self.runs.clock = clock
        try:
            self.runs()
        except KilledError:
            self.runs.has_failed = True
        self.runs.clock = None

    def _overlap(self, draw: Draw) -> None:
        """A run extracts, another runs whole, the first one loads then."""
        slow = self.runs.extract(whole=draw.chance(0.3), paced=draw.chance(0.5))
        self.life.script.append("slow = sync.extract()")
        self._wait(draw.among((1, 20)))
        if draw.chance(0.6):
            self._do(draw.among(sorted(deeds)), draw)
        self.life.script.append("sync()")
        self.runs(paced=draw.chance(0.5))
        self.life.script.append("sync.load(slow)")
        self.runs.load(slow)

    def _judge(self) -> list[str]:
        """First what must show within minutes, then all, after a day."""
        self.life.script.append("# ten minutes later")
        self._settle()
        found = self._compare(self._hidden())
        if not self.witness.later:
            self.life.script.append("# ten minutes later: all")
        if found or not self.witness.later:
            return [f"after ten minutes: {each}" for each in found]
        self.life.script.append("# a day later")
        began = self.time.now()
        self._wait(86_460)
        for _ in range(20):
            self._sense(Draw(0, 0))
            walks = self.runs.ledger.walks()
            if all(
                walks[name, "sweep"].started_at > began and walks[name, "sweep"].ended_at for name in self.runs.objects
            ):
                break
            self._wait(601)
        self._pay_what_is_owed()
        self._settle()
        return [f"after a day: {each}" for each in self._compare(frozenset())]

    def _pay_what_is_owed(self) -> None:
        """What Salesforce has refused is tried again when its time has come."""
        for _ in range(6):
            due = [each.due_at for each in self.runs.ledger.owed() if each.due_at]
            if not due:
                return
            self._wait(max(601.0, (max(due) - self.time.now()).total_seconds() + 1))
            self._sense(Draw(0, 0))

    def _settle(self) -> None:
        """Two paced runs, ten minutes after whatever happened; no day turns meanwhile."""
        self._wait(max(0.0, self.visible_from - self.time.seconds + 1))
        local = self.time.now().astimezone(self.runs.settings.zone)
        if local.hour == 23:
            self._wait(3700)
        self._wait(601)
        self._sense(Draw(0, 0))
        self._wait(5)
        self._sense(Draw(0, 0))

    def _hidden(self) -> frozenset[tuple[str, str]]:
        return frozenset((mapping.to, str(record_id)) for kind, record_id in self.witness.later
                         for mapping in self.runs.shelf.mappings if mapping.source == kind)  # fmt: skip

    def _compare(self, later: frozenset[Key]) -> list[str]:
        place = self.places.mirror
        place.reset({})
        mirror = Mirror(self.runs.shelf, place.client)
        mirror.fill(self.life, self.time.now(), self.runs.settings.zone)
        lived, right = content(self.places.lived.org, self.runs.shelf), content(place.org, self.runs.shelf)
        excluded = _dependents(lived, right, later)
        found = differences({key: row for key, row in lived.items() if key not in excluded},
                            {key: row for key, row in right.items() if key not in excluded})  # fmt: skip
        return found + [
            f"owed: {each.sobject} {each.external_id} {each.verdict}: {each.message}"
            for each in self.runs.ledger.owed()
            if (each.sobject, each.external_id) not in mirror.owed | excluded
        ]


def _dependents(lived: Rows, right: Rows, later: frozenset[Key]) -> set[Key]:
    """Rows that only a sweep shows, and those that name them in a lookup."""
    found = set(later)
    while more := {
        key
        for rows in (lived, right)
        for key, row in rows.items()
        if key not in found and any(value in found for value in row.values() if isinstance(value, tuple))
    }:
        found |= more
    return found
