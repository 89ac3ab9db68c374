"""Whatever has happened in ChargeOver: a plan says which rows the next sync creates, changes, deletes or leaves owed,
field by field, and itself changes nothing."""

from contextlib import ExitStack, closing
from decimal import Decimal, InvalidOperation

import pytest
from choosing import Draw
from history import History
from memory import Memory
from mirror import own
from places import Places
from plan import plan as plan_of_seed
from plan import seeds_per_base
from prologue import Prologue
from virtual_time import machine_time

import sandbox.chargeover
from pipelines.ledger.draft import draft_of
from pipelines.salesforce.login import ClientCredentials
from pipelines.salesforce.rehearsal import Rehearsal
from pipelines.sync.load import Loader
from pipelines.sync.planning.planner import planned
from pipelines.sync.planning.rehearse import Rehearsing
from pipelines.sync.planning.scope import scope_of
from pipelines.sync.run import Run
from pipelines.sync.settle import settle
from pipelines.sync.source import source_of

seeds = [3 + base * seeds_per_base for base in (1, 5, 9)]
_at_once = 6  # steps before a plan and a sync


def content(place):
    """The rows of the org by sObject and external id, without what Salesforce keeps itself."""
    return {(name, row["ChargeOver_Id__c"]): {field: value for field, value in row.items() if field not in own}
            for name, (_, rows) in place.rows().items() for row in rows if row.get("ChargeOver_Id__c")}  # fmt: skip


def loader(runs, org, ledger):
    run = Run(str(runs.runs), runs.time.now, {each.to: each.fingerprint for each in runs.shelf.mappings})
    return Loader(org, ledger, run, {each.to: each.external_id for each in runs.shelf.mappings})


def foretold(runs, place, folder, *, whole):
    """The plan of what a sync would do now; the calls of a plan take no time here."""
    folder.mkdir()
    login = ClientCredentials(place.url, "sandbox-client-id", "sandbox-client-secret")
    with draft_of(runs.ledger, folder) as draft, closing(Rehearsal(login)) as org:
        source = source_of(runs.settings, draft)
        source.chargeover.cap_pages(runs.page_limit)
        rehearsal = Rehearsing(org, runs.ledger, draft, runs.shelf, loader(runs, org, draft))
        scope = scope_of(runs.shelf, (), (), whole=whole)
        return planned(scope, source, Memory(), rehearsal, runs.time.now())


def done(runs, *, whole):
    """The counts of a sync."""
    extent = {"paced": True, "whole": True} if whole else {}
    work = runs.extract(**extent)
    counts = {each.mapping.to: each.tally.as_numbers() for each in loader(runs, runs.org, runs.ledger).load(work)}
    settle(runs.ledger, runs.shelf, work)
    return counts


def text(place, value):
    """A value as a plan says it: of a lookup the parent's external id."""
    rows = {row["Id"]: row for _, some in place.rows().values() for row in some}
    if value in rows:
        return rows[value]["ChargeOver_Id__c"]
    return None if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def same(one, other):
    try:
        return Decimal(one) == Decimal(other)
    except (InvalidOperation, TypeError):
        return (one or "") == (other or "").replace(".000+0000", "Z")


def compare(place, shelf, plan, counts, before, after):
    assert {each.sobject: each.counts for each in plan.mappings} == counts
    rows = {(row.sobject, row.external_id): row for row in plan.rows}
    of = {name: {key for key, row in rows.items() if row.verdict == name} for name in ("created", "deleted", "updated")}
    assert of["created"] == after.keys() - before.keys()
    assert of["deleted"] == before.keys() - after.keys()
    for key in before.keys() & after.keys():
        written = shelf.for_sobject(key[0]).written  # Salesforce itself makes a contact's Name of its parts
        differing = {name for name in written if after[key].get(name) != before[key].get(name)}
        changes = {each.field: each for each in rows[key].changes} if key in of["updated"] else {}
        assert changes.keys() == differing, key
        for name, change in changes.items():
            assert same(change.new, text(place, after[key][name])), (key, name)
            assert same(change.old, text(place, before[key].get(name))), (key, name)
    return sum(map(len, of.values()))


@pytest.fixture(scope="module")
def places(tmp_path_factory):
    with Places(tmp_path_factory.mktemp("foretold")) as places:
        yield places, Prologue(places)


@pytest.mark.parametrize("seed", seeds)
def test_a_sync_does_what_its_plan_says(places, tmp_path, seed):
    places, prologue = places
    plan = plan_of_seed(seed)
    moment = prologue.moment(plan.base, is_synced=plan.is_synced)
    life, written = moment.life(), 0
    places.interlude.begin(sandbox.chargeover.app(life.company), life.company.clock.time, 0)
    with ExitStack() as stack:
        stack.enter_context(machine_time(life.company.clock.time))
        runs = stack.enter_context(places.runs(plan.base, life.company.clock.time, moment))
        history = History(plan, places, life, runs)
        steps = [step for step in plan.steps if step[1] != "sync"]
        for place in range(0, len(steps), _at_once):
            for number, name in steps[place : place + _at_once]:
                history.step(name, Draw(plan.seed, number))
            history.wait(max(0, history.visible_from - history.time.seconds) + 1)
            whole = place + _at_once >= len(steps)
            before, ledger = content(places.lived), runs.ledger.watermarks()
            told = foretold(runs, places.lived, tmp_path / str(place), whole=whole)
            assert (content(places.lived), runs.ledger.watermarks()) == (before, ledger)
            written += compare(places.lived, runs.shelf, told, done(runs, whole=whole), before, content(places.lived))
    assert written
