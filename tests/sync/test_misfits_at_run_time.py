"""A field that vanishes while its old description is still believed stops its mapping alone, in the middle of a run."""

import pytest
from deeds import customer, edit, invoice, subscribe


def show(world, field, *, visible):
    world.salesforce("schema", {"sobject": "ChargeOver_Invoice__c", "field": field, "visible": visible})


@pytest.mark.parametrize("bulk_from", [1, 50_000])
def test_the_mapping_stops_and_all_others_go_on(world, sync, files, bulk_from):
    sync.bulk_from = bulk_from
    files.keep("customers", "invoices", "invoice_lines", "subscriptions", "subscription_lines",
               "products", "credit_cards", "bank_accounts")  # fmt: skip
    acme = customer(world)
    sync()
    show(world, "Terms__c", visible=False)
    edit(world, "customer", acme, company="Acme Ltd")
    bill, package = invoice(world, acme, 80), subscribe(world, acme)
    sync.extract()
    done = sync.load(sync.map())

    assert done["ChargeOver_Invoice__c"].is_stopped
    assert "No such column" in done["ChargeOver_Invoice__c"].misfits[-1].text or bulk_from == 1
    assert done["ChargeOver_Invoice__c"].tally.adds_up
    assert world.rows("ChargeOver_Invoice__c") == {}
    assert world.rows("Account")[str(acme)]["Name"] == "Acme Ltd"
    assert set(world.rows("ChargeOver_Subscription__c")) == {str(package)}
    assert [str(each.verdict) for each in sync.ledger.owed("ChargeOver_Invoice_Line__c")] == ["held"]

    sync.extract()
    (misfit,) = sync.load(sync.map())["ChargeOver_Invoice__c"].misfits
    assert misfit.field == "Terms__c"  # the org was asked again

    show(world, "Terms__c", visible=True)
    sync()
    sync()
    assert set(world.rows("ChargeOver_Invoice__c")) == {str(bill)}
    assert len(world.rows("ChargeOver_Invoice_Line__c")) == 1
    assert sync.ledger.owed() == []
