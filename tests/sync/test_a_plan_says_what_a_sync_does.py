"""A plan says what the next sync does, and does nothing itself."""

import pytest
from deeds import customer, edit, invoice

from pipelines.sync.planning.planner import plan_of
from pipelines.sync.planning.scope import scope_of


@pytest.fixture
def plan(sync):
    """Plans what the words of a command mean."""

    def plan(*names, ids=(), whole=False):
        shelf = sync.shelf()
        return plan_of(scope_of(shelf, names, ids, whole=whole), shelf, sync.ledger)

    return plan


def counts(plan):
    found = {each.sobject: {name: n for name, n in each.counts.items() if n} for each in plan.mappings}
    return {name: each for name, each in found.items() if each}


def changes(plan):
    return {(row.sobject, row.external_id): {each.field: (each.old, each.new) for each in row.changes}
            for row in plan.rows}  # fmt: skip


def test_a_first_sync_and_the_next_do_what_their_plans_say(world, sync, plan):
    one = customer(world, "One")
    bill = invoice(world, one, 80)

    first = plan()
    assert counts(first) == sync()
    edit(world, "customer", one, company="Uno")
    second = plan()
    assert counts(second) == sync()

    assert changes(first)["ChargeOver_Invoice__c", str(bill)]["Account__c"] == (None, str(one))
    assert changes(second)["Account", str(one)] == {"Name": ("One", "Uno")}
