"""A plan says what the next sync does, does nothing itself, and is carried out as it is or not at all."""

import json
from math import ceil

import pytest
from administrator import edit as edit_in_salesforce
from deeds import customer, edit

from pipelines.chargeover.catalog import CATALOG
from pipelines.errors import EditFile
from pipelines.settings import ChargeOverSettings, read_settings
from pipelines.sync.planning.applying import check_rows, read_planned, records_in
from pipelines.sync.planning.document import read_plan, write_plan
from pipelines.sync.planning.planner import plan_of
from pipelines.sync.planning.scope import scope_of
from pipelines.sync.source import source_of
from pipelines.sync.wanted import Wanted

TAX = "ChargeOver_Tax_Id__c:               tax_ident"
CUT = "ChargeOver_Tax_Id__c:               {from: tax_ident, max: 3, too_long: cut}"


@pytest.fixture
def plan(sync, files):
    """Plans what the words of a command mean, over customers and their contacts."""
    files.keep("customers", "contacts")

    def plan(*names, ids=(), whole=False):
        shelf = sync.shelf()
        return plan_of(scope_of(shelf, names, ids, whole=whole), shelf, sync.ledger)

    return plan


def counts(plan):
    found = {each.sobject: {name: n for name, n in each.counts.items() if n} for each in plan.mappings}
    return {name: each for name, each in found.items() if each}


def changes(plan):
    return {row.external_id: {each.field: (each.old, each.new) for each in row.changes}
            for row in plan.rows if row.sobject == "Account"}  # fmt: skip


def state(sync):
    """All that a sync goes by, without the counts of calls."""
    ledger = sync.ledger
    hints = {name: ledger.hints(name) for name in CATALOG}
    return ledger.watermarks(), ledger.walks(), ledger.owed(), ledger.log(), ledger.marks("customer"), hints


def test_old_values_are_those_that_salesforce_holds_now_and_a_child_lands_with_its_parent(world, sync, plan):
    first = customer(world, "One", superuser_name="A B")
    sync()
    edit(world, "customer", first, company="Uno")
    second = customer(world, "Two", superuser_name="C D")

    found = plan()

    assert changes(found)[str(first)] == {"Name": ("One", "Uno")}
    assert changes(found)[str(second)]["Name"] == (None, "Two")
    assert counts(found) == sync()
    assert not plan().changes_something


def test_a_plan_writes_nothing_and_takes_few_calls(world, sync, plan):
    for number in range(30):
        customer(world, f"Company {number}")
    sync()
    for number in range(1, 31):
        edit(world, "customer", number, company=f"New {number}")
    before, made = state(sync), world.salesforce("requests")["counts"]

    found = plan()

    assert state(sync) == before
    now = world.salesforce("requests")["counts"]
    more = {kind: count - made.get(kind, 0) for kind, count in now.items() if count != made.get(kind, 0)}
    assert all(kind.startswith("GET") or "token" in kind for kind in more), more
    queries = ceil(30 / 500)
    assert found.calls.salesforce <= len(found.mappings) + queries
    assert (found.calls.to_write, counts(found)["Account"]["updated"]) == (1, 30)


def test_after_an_edit_the_field_is_named_with_the_rows_and_a_resync_sends_only_those_that_differ(
    world, sync, files, plan
):
    customer(world, "One", tax_ident="12")
    customer(world, "Two", tax_ident="12345")
    sync()
    files.edit("customers", TAX, CUT)

    (account, _), whole = plan().mappings, plan("customers", whole=True)

    assert (account.edit.rows, account.edit.parts, account.edit.on_change) == (2, ("ChargeOver_Tax_Id__c",), "from_now")
    assert (whole.mappings[0].fields, changes(whole)) == (
        [("ChargeOver_Tax_Id__c", 1)],
        {"2": {"ChargeOver_Tax_Id__c": ("12345", "123")}},
    )
    assert sync(whole=True)["Account"] == counts(whole)["Account"] == {"read": 2, "updated": 1, "unchanged": 1}
    assert plan().mappings[0].edit is None


def test_records_that_are_named_are_planned_alone(world, sync, plan):
    customer(world, "One")
    customer(world, "Two")

    assert [*changes(plan(ids=["customer:2"]))] == ["2"]


def test_what_is_owed_already_is_no_news(world, sync, files, plan):
    files.edit("customers", "{from: total,   as: currency}", "{from: company, as: currency}")
    customer(world, "One")

    first = plan()
    sync()
    edit(world, "customer", 1, company="Uno")

    assert (first.changes_something, plan().changes_something) == (True, False)
    assert next(plan().rows).code == "REJECTED"


@pytest.fixture
def carried_out(sync, plan, tmp_path):
    """Keeps a plan, lets the world move, and has what it names staged and held to it."""

    def carry(move=lambda: None):
        path = tmp_path / "plan.json"
        write_plan(path, plan())
        move()
        sync.runs += 1
        source = source_of(read_settings(ChargeOverSettings), sync.ledger)
        for name in records_in(read_plan(path)):
            mappings = [each for each in sync.shelf().mappings if each.object == name]
            dataset = sync.staging.dataset(str(sync.runs), "chargeover", name)
            read_planned(source, Wanted(CATALOG[name], mappings, dataset), str(path))
        work = [each for each in sync.map() if each.records.is_closed]
        check_rows(work, sync.shelf(), sync.ledger)
        return sync.load(work)

    return carry


def test_a_plan_is_carried_out_without_moving_a_watermark(world, sync, plan, carried_out):
    customer(world, "One")
    sync()
    edit(world, "customer", 1, company="Uno")
    before = sync.ledger.watermarks()

    done = carried_out()

    assert done["Account"].tally.as_numbers()["updated"] == 1
    assert world.rows("Account")["1"]["Name"] == "Uno"
    assert sync.ledger.watermarks() == before


@pytest.mark.parametrize(
    ("moves", "said"),
    [
        ("mapping", "mapping customers was edited"),
        ("record", "customer:1 -> Account 1: its record has changed in ChargeOver"),
        ("row", "customer:1 -> Account 1: Salesforce holds something else in Name"),
        ("synced", "customer:1 -> Account 1: would not change any more"),
    ],
)
def test_a_plan_is_refused_whole_when_the_world_has_moved(world, sync, files, plan, carried_out, moves, said):
    customer(world, "One")
    customer(world, "Two")
    sync()
    for number in (1, 2):
        edit(world, "customer", number, company=f"New {number}")
    move = {
        "mapping": lambda: files.edit("customers", TAX, CUT),
        "record": lambda: edit(world, "customer", 1, company="Other"),
        "row": lambda: edit_in_salesforce(world, "Account", world.rows("Account")["1"]["Id"], Name="Typed"),
        "synced": sync,
    }[moves]
    writes = []

    with pytest.raises(EditFile) as refused:
        carried_out(lambda: (move(), writes.append(world.write_calls())))

    assert said in str(refused.value)
    assert "Other" not in str(refused.value)
    assert world.write_calls() == writes[0]


def test_a_plan_file_is_its_owners_alone_and_reads_back(plan, world, tmp_path):
    customer(world, "One")
    path, found = tmp_path / "plan.json", plan()
    path.write_text("{}")
    path.chmod(0o644)

    write_plan(path, found)

    assert (path.stat().st_mode & 0o777, read_plan(path)) == (0o600, found)
    path.write_text(json.dumps({"version": 1, "secret": "value"}))
    with pytest.raises(EditFile, match="is no plan of this co2sf") as wrong:
        read_plan(path)
    assert "value" not in str(wrong.value)
