"""The companies that histories begin with: each is founded and synced once, and kept."""

from collections.abc import Mapping
from datetime import timedelta

from choosing import Draw
from life import Life
from places import Moment, Places
from plan import Base, deeds
from virtual_time import SandboxClock, VirtualTime, machine_time

import sandbox.chargeover
from pipelines.chargeover.catalog import CATALOG
from pipelines.chargeover.probe import questions
from sandbox.chargeover.generator import generate

_age = timedelta(days=3)


def _as_documented(known: Mapping[str, str]) -> dict[str, str]:
    """Answers to the questions that the records of a small company leave open."""
    hoped = {f"filter {kind.name}.{each}" for kind in CATALOG.values() for each in kind.hoped}
    hoped |= {f"expand {kind.name}.{each}" for kind in CATALOG.values() for each in kind.hoped_expand}
    hoped |= {f"filter {kind.name}.{kind.key}" for kind in CATALOG.values() if not kind.keyset}
    texts = {"page_limit": "500", "datetimes": "offset", "zone": "fits"}
    return {each: texts.get(each, "no" if each in hoped else "yes") for each in questions() - known.keys()}


class Prologue:
    """Finds the company of a history, or founds it."""

    def __init__(self, places: Places) -> None:
        self._places = places
        self._known: dict[Base, tuple[Moment, Moment]] = {}

    def moment(self, base: Base, *, is_synced: bool) -> Moment:
        """Before or after the first sync."""
        if base not in self._known:
            self._known[base] = self._found(base)
        return self._known[base][is_synced]

    def _found(self, base: Base) -> tuple[Moment, Moment]:
        time = VirtualTime(base.start - _age)
        company = generate(0, 1, base.number, until=time.now(), settings=base.variant.settings)
        company.clock = SandboxClock(time, base.variant.ahead_seconds)
        for row in list(company.tables["item"])[base.items :]:
            company.tables["item"].remove(row)
        life = Life(company)
        for number, name in base.founding:
            deeds[name](life, Draw(base.number, -1 - number))
            life.register(f"founding {number}")
            time.advance(1800)
        life.announced.clear()
        time.seconds = base.start.timestamp()
        return self._sync(base, life, time)

    def _sync(self, base: Base, life: Life, time: VirtualTime) -> tuple[Moment, Moment]:
        app = sandbox.chargeover.app(life.company)
        self._places.interlude.begin(app, time, base.variant.latency_seconds)
        with machine_time(time), self._places.runs(base, time, None) as runs:
            known = runs.source().capabilities  # asked once, here
            if base.variant.is_known:
                runs.ledger.learn(str(runs.settings.url), _as_documented(known), time.now())
            before = self._places.keep(life, runs)
            runs()
            return before, self._places.keep(life, runs)
