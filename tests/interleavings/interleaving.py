"""One interleaving: two live runs and a backfill over the same records, which change meanwhile; what is wrong then."""

from dataclasses import dataclass, field
from functools import partial
from random import Random

from crossroads import World
from points import WRITTEN, points
from scheduler import Scheduler


@dataclass
class Interleaving:
    """What a seed makes of a world."""

    seed: int
    world: World
    patience_seconds: float = 20
    wrong: list[str] = field(default_factory=list)

    def play(self) -> list[str]:
        """Let it happen; what is wrong in the end, after a line for each step."""
        self._chance = Random(f"interleaving {self.seed}")
        scheduler = Scheduler(self._chance, self._between, self.patience_seconds)
        with points(scheduler):
            self.wrong += scheduler.play({
                "first live run": partial(self.world.run, "first live run", paced=True),
                "second live run": partial(self.world.run, "second live run", paced=True),
                "backfill": partial(self.world.run, "backfill", whole=True),
            })  # fmt: skip
        self._judge()
        return [f"seed {self.seed}", *scheduler.trace, *self.wrong] if self.wrong else []

    def _between(self, step: str) -> None:
        if not self.wrong and (WRITTEN in step or "after POST" in step):
            self.wrong = self.world.untrue()
        # most between two readings of a list, so that the runs hold different versions
        if self._chance.random() < (0.6 if "after GET" in step else 0.01):
            self._change()

    def _change(self) -> None:
        """Often the same record, so that many of its versions are under way."""
        (customer, *_), tables = self.world.life.company.tables["customer"].ids, self.world.life.company.tables
        what = self._chance.random()
        if what < 0.05:
            self.world.bill(self._chance.choice((customer, self.world.write("customer", None))))
        elif what < 0.5:
            self.world.write("customer", customer)
        else:
            self.world.write("invoice", self._chance.choice(tables["invoice"].ids[:2]))

    def _judge(self) -> None:
        owed = {(each.sobject, each.external_id) for each in self.world.ledger.owed()}
        self.wrong += self.world.behind(owed)
        if owed or self.world.missed():
            self.world.run("first live run")
        self.wrong += [*self.world.untrue(), *self.world.missed()]
        self.wrong += [f"owed: {' '.join((each.sobject, each.external_id, each.message))}"
                       for each in self.world.ledger.owed()]  # fmt: skip
