"""What people change in Salesforce is found, all of it and nothing else, named, and taken back as the policy says."""

import random
from datetime import UTC, datetime

import pytest

from pipelines.mapping.slots import LEFT_OUT, by_field
from pipelines.salesforce.bulk import queries
from pipelines.sync.drift.found import What
from pipelines.sync.drift.start import chosen, drifting

INVOICE = "ChargeOver_Invoice__c"


@pytest.fixture
def compare(world, sync, ledger):
    """Compare mappings; what was found, by sObject."""

    def compare(*names, whole=True, take_back=False, everything=False):
        shelf = sync.shelf()
        with drifting(ledger, shelf, whole=whole) as drift:
            found = list(drift.looking.at(chosen(shelf, names)))
            if take_back or everything:
                found = drift.taking("taking back").take_back(found, everything=everything)
        assert [each.trouble for each in found if each.trouble] == []
        return {each.mapping.to: each for each in found}

    return compare


def edit(world, sobject, salesforce_id, **fields):
    """Jane changes a row."""
    world.salesforce("people", {"by": "Jane Doe", "sobject": sobject, "id": salesforce_id, "fields": fields})


def delete(world, sobject, salesforce_id):
    world.salesforce("people", {"by": "Jane Doe", "sobject": sobject, "id": salesforce_id, "delete": True})


def named(found):
    return {(name, row.external_id): set(row.names) for name, each in found.items() for row in each.drifted}


class TestCompany:
    @pytest.fixture
    def customers(self):
        return 8

    def test_after_a_full_sync_nothing_has_drifted_and_random_edits_are_just_what_is_found(
        self, world, sync, ledger, compare, monkeypatch
    ):
        sync()
        monkeypatch.setattr(queries, "PAGE_ROWS", 7)
        monkeypatch.setenv("CO2SF_DRIFT_BY_JOB_FROM_ROWS", "10")

        found = compare()
        assert named(found) == {}
        assert {name: each.rows for name, each in found.items()} == {name: len(world.rows(name)) for name in found}
        assert sum(each.uncertain + each.unknown for each in found.values()) == 0
        calls = {each.calls.chargeover for each in found.values()}
        assert calls == {0}  # hashes alone tell it
        assert world.salesforce("requests")["counts"]["POST jobs/query"] >= 3

        edits = dict(_edits(world, sync.shelf(), ledger, random.Random(20)))
        assert len({name for name, _ in edits}) > 8
        assert named(compare()) == edits
        assert sum(each.rows for each in compare(whole=False).values()) == sum(each.rows for each in found.values())
        assert named(compare(whole=False)) == edits


def _edits(world, shelf, ledger, chance):
    """Random values of other people's in some rows of each sObject: which fields of which rows they changed."""
    shapes = {name: look.shape for name, look in ledger.looks([each.to for each in shelf.mappings]).items()}
    for mapping in shelf.mappings:
        rows = world.rows(mapping.to)
        for key in chance.sample(sorted(rows), min(3, len(rows))):
            row, sent = rows[key], by_field(mapping.written, ledger.known(mapping.to, [key])[key].slots)
            names = [name for name in mapping.fields if sent[name] != LEFT_OUT and name != mapping.external_id]
            names = chance.sample(names, min(2, len(names)))
            fields = {name: _other(row.get(name), shapes[mapping.to].fields[name]) for name in names}
            optional = [name for name in mapping.lookups if row.get(name) and shapes[mapping.to].fields[name].nillable]
            fields |= dict.fromkeys(optional[:1])
            edit(world, mapping.to, row["Id"], **fields)
            yield (mapping.to, key), set(fields)


def _other(value, shape):
    """A value that the field takes and does not hold."""
    if shape.type == "boolean":
        return not value
    if shape.type in {"currency", "double", "int", "percent"}:
        return (value or 0) + 1
    if shape.type == "date":
        return "2001-02-03"
    if shape.type == "datetime":
        return "2001-02-03T04:05:06Z"
    if shape.restricted:
        return next(each for each in shape.values if each != value)
    return {"email": "other@example.com", "url": "https://other.example"}.get(
        shape.type, f"x{value or ''}"[: shape.length]
    )


@pytest.fixture
def shop(world, sync, files):
    """A customer with two invoices; the mappings to do with them."""
    files.keep("customers", "invoices", "invoice_lines", "products", "subscriptions", "subscription_lines",
               "credit_cards", "bank_accounts")  # fmt: skip
    customer = world.create("customer", company="Acme")
    item = world.call("POST", "item", {"name": "Hours", "item_type": "service"})["id"]
    lines = [[{"item_id": item, "line_rate": 10, "line_quantity": quantity}] for quantity in (1, 1.23456)]
    invoices = [world.create("invoice", customer_id=customer, date="2026-10-01", line_items=each) for each in lines]
    sync()
    return [str(each) for each in invoices]


def id_of(world, sobject, key):
    return world.rows(sobject)[key]["Id"]


def test_who_has_changed_what_and_when_is_named(world, shop, compare):
    before = datetime.now(UTC).replace(microsecond=0)
    edit(world, INVOICE, id_of(world, INVOICE, shop[0]), Total__c=99, Memo__c="mine")

    (row,) = compare("invoices")[INVOICE].drifted

    assert (row.what, row.external_id, row.record) == (What.CHANGED, shop[0], f"invoice:{shop[0]}")
    assert {each.name: (each.sent, each.held) for each in row.fields} == {
        "Total__c": (10, 99),
        "Memo__c": (None, "mine"),
    }
    assert row.held.changed_by == "Jane Doe"
    assert before <= row.held.changed_at <= datetime.now(UTC)


def test_surplus_decimals_that_salesforce_cuts_are_no_drift(world, shop, compare):
    held = {row["Quantity__c"] for row in world.rows("ChargeOver_Invoice_Line__c").values()}
    assert held == {1, 1.2346}
    found = compare("invoice_lines")["ChargeOver_Invoice_Line__c"]
    assert (found.rows, found.drifted, found.unknown) == (2, [], 0)
    assert found.calls.chargeover > 0  # what was sent is known in words only there


def test_each_policy_takes_back_alerts_or_leaves(world, shop, files, compare, sync, ledger):
    files.edit("invoices", "on_delete: ignore", "on_delete: ignore\ndrift: take back")
    files.edit("invoices", "{from: subtotal,    as: currency}", "{from: subtotal, as: currency, drift: alert}")
    files.edit("invoices", "{from: taxes,       as: currency}", "{from: taxes, as: currency, drift: leave}")
    row = id_of(world, INVOICE, shop[0])
    edit(world, INVOICE, row, Total__c=99, Subtotal__c=98, Taxes__c=97)
    calls = world.write_calls()

    found = compare("invoices", take_back=True)[INVOICE]

    assert named({INVOICE: found}) == {(INVOICE, shop[0]): {"Total__c", "Subtotal__c"}}
    assert (found.taken_back, found.agrees) == (1, False)  # Subtotal__c is left
    assert world.write_calls() == calls + 1
    now = world.rows(INVOICE)[shop[0]]
    assert (now["Total__c"], now["Subtotal__c"], now["Taxes__c"]) == (10, 98, 97)
    last = ledger.history("invoice", int(shop[0]))[-1]
    assert (last.verdict, last.run_id) == ("updated", "taking back")
    assert named(compare("invoices")) == {(INVOICE, shop[0]): {"Subtotal__c"}}
    calls = world.write_calls()
    sync(paced=True)
    assert (ledger.hinted_by("invoice", "drift"), world.write_calls()) == (set(), calls)
    assert {"check"} <= ledger.spent(world.salesforce_url + "/", datetime.fromtimestamp(0, UTC)).keys()


def test_a_deleted_row_is_named_and_made_anew_with_its_lines(world, shop, compare):
    (line,) = [key for key, row in world.rows("ChargeOver_Invoice_Line__c").items()
               if row["Invoice__c"] == id_of(world, INVOICE, shop[0])]  # fmt: skip
    delete(world, INVOICE, id_of(world, INVOICE, shop[0]))

    found = compare(everything=True)

    assert {(row.what, row.external_id) for each in found.values() for row in each.drifted} == {
        (What.DELETED, shop[0]), *([(What.DELETED, line)] if len(found["ChargeOver_Invoice_Line__c"].drifted) else []),
    }  # fmt: skip
    assert world.rows(INVOICE)[shop[0]]["Total__c"] == 10
    assert world.rows("ChargeOver_Invoice_Line__c")[line]["Invoice__c"] == id_of(world, INVOICE, shop[0])
    assert named(compare()) == {}


def test_a_row_whose_external_id_was_changed_is_named_and_not_doubled(world, shop, compare):
    edit(world, INVOICE, id_of(world, INVOICE, shop[0]), ChargeOver_Id__c="mine")

    found = compare("invoices", everything=True)[INVOICE]

    ((what, moved),) = [(row.what, row.held.external_id) for row in found.drifted]
    assert (what, moved, found.taken_back) == (What.MOVED, "mine", 0)
    assert len(world.rows(INVOICE)) == 2


def test_a_pending_change_is_no_drift_and_a_sync_brings_it(world, shop, compare, sync):
    world.call("PUT", f"invoice/{shop[0]}", {"memo": "from ChargeOver"})
    edit(world, INVOICE, id_of(world, INVOICE, shop[0]), Memo__c="by hand")

    assert named(compare("invoices")) == {}
    sync()
    assert world.rows(INVOICE)[shop[0]]["Memo__c"] == "from ChargeOver"


def test_taking_back_never_overwrites_a_newer_value(world, between, shop, compare, sync):
    edit(world, INVOICE, id_of(world, INVOICE, shop[0]), Memo__c="by hand", Total__c=99)
    reads = []

    def change_meanwhile(path, body):
        reads.extend([path] if f"/invoice/{shop[0]}" in path else [])
        if len(reads) == 2 and path == reads[-1]:  # what is to be sent has been read, and is not sent yet
            world.call("PUT", f"invoice/{shop[0]}", {"memo": "newer"})
            sync()
        return body

    between.edit = change_meanwhile
    compare("invoices", everything=True)

    assert len(reads) == 2
    assert world.rows(INVOICE)[shop[0]]["Memo__c"] == "newer"
    assert world.rows(INVOICE)[shop[0]]["Total__c"] == 10
    assert named(compare("invoices")) == {}


def test_rows_are_gone_through_part_by_part_until_all_were_looked_at(world, shop, compare, monkeypatch):
    monkeypatch.setenv("CO2SF_DRIFT_SAMPLE_ROWS", "1")
    for key in shop:
        edit(world, INVOICE, id_of(world, INVOICE, key), Total__c=99)

    found = [compare("invoices", whole=False)[INVOICE] for _ in range(3)]

    assert [each.part for each in found] == ["1 of 2", "2 of 2", "1 of 2"]
    assert {row.external_id for each in found[:2] for row in each.drifted} == set(shop)
    assert [each.rows for each in found[:2]] == [1, 1]
