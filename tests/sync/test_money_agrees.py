"""Money agrees: sums on both sides, every difference with its reason, and what nothing explains is found and named."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import administrator
import pytest
from deeds import customer, invoice, pay, refuse

from pipelines.salesforce import totals
from pipelines.settings import ChargeOverSettings, SalesforceSettings, read_settings
from pipelines.sync.accounts import org_of
from pipelines.sync.money.group import Group, Span
from pipelines.sync.money.judge import Why
from pipelines.sync.money.look import Looking
from pipelines.sync.money.measure import measures_of
from pipelines.sync.money.repair import repair
from pipelines.sync.source import source_of

INVOICE, APPLIED = "ChargeOver_Invoice__c", "ChargeOver_Applied_Payment__c"
pytestmark = pytest.mark.slow
paying = ("products", "customers", "invoices", "subscriptions", "credit_cards", "bank_accounts", "transactions",
          "applied_payments")  # fmt: skip


@pytest.fixture
def look(ledger, sync):
    """Compare the mappings of some sObjects; what was found, by sObject."""

    def look(*sobjects, late=timedelta(hours=1), **how):
        source, org = source_of(read_settings(ChargeOverSettings), ledger), org_of(read_settings(SalesforceSettings))
        source.chargeover.now()
        looking = Looking(source, org, ledger, datetime.now(UTC) - late, **how)
        wanted = [each for each in measures_of(sync.shelf().mappings) if not sobjects or each.mapping.to in sobjects]
        return {each.measure.mapping.to: each for each in looking.at(wanted)}

    return look


@pytest.fixture
def shop(world, sync, files):
    """Customers of two currencies with invoices of two months, one of them paid in part; all of it synced."""
    files.keep("customers", "invoices", "transactions", "applied_payments")
    files.edit("invoices", "  Subscription__c:           {from: package_id,  to: ChargeOver_Subscription__c}\n", "")
    card, bank = "ChargeOver_Credit_Card__c,  missing: null}\n", "ChargeOver_Bank_Account__c, missing: null}\n"
    files.edit("transactions", "  Credit_Card__c:             {from: creditcard_id, to: " + card, "")
    files.edit("transactions", "  Bank_Account__c:            {from: ach_id,        to: " + bank, "")
    dollars, euros = customer(world, "Acme"), customer(world, "Dupont", currency_id=2)
    first = invoice(world, dollars, 80, 20.25, date="2026-09-30")
    invoices = [first, invoice(world, dollars, 12.1, date="2026-10-01"), invoice(world, euros, 0.1, date="2026-10-31")]
    invoices += [invoice(world, euros, 0.2, date="2026-10-31")]
    pay(world, dollars, (first, 50.05))
    sync()
    return invoices


def lines(compared, field):
    """Month and currency to both sums of a field."""
    return {(each.group.month, each.group.currency): (each.chargeover, each.salesforce)
            for each in compared.lines() if each.field == field}  # fmt: skip


def found(compared):
    """The rows that differ: external id to the reason and the fields."""
    return {each.external_id: (each.why, each.fields) for each in compared.differences}


def salesforce_id(world, sobject, external_id):
    return world.rows(sobject)[str(external_id)]["Id"]


def test_sums_agree_after_a_sync_by_currency_and_month(shop, look):
    seen = look()

    assert {name for name, each in seen.items() if not each.agrees} == set()
    assert [each for one in seen.values() for each in one.differences] == []
    assert lines(seen["ChargeOver_Invoice__c"], "Total__c") == {
        ("2026-10", "EUR"): (Decimal("0.30"), Decimal("0.30")),
        ("2026-10", "USD"): (Decimal("12.10"), Decimal("12.10")),
        ("2026-09", "USD"): (Decimal("100.25"), Decimal("100.25")),
    }
    assert lines(seen["ChargeOver_Invoice__c"], "Balance__c")["2026-09", "USD"] == (Decimal("50.20"), Decimal("50.20"))
    assert lines(seen["Account"], "ChargeOver_Total_Billed__c")["", "EUR"] == (Decimal("0.30"), Decimal("0.30"))
    (applied,) = lines(seen["ChargeOver_Applied_Payment__c"], "Amount__c").values()
    assert applied == (Decimal("50.05"), Decimal("50.05"))


def test_an_agreement_of_invoices_costs_two_calls_on_either_side(shop, look):
    calls = look("ChargeOver_Invoice__c")["ChargeOver_Invoice__c"].calls
    assert (calls.chargeover, calls.salesforce) == (2, 2)


def test_a_cent_changed_in_salesforce_is_found_named_and_repaired(world, shop, look, sync, ledger):
    row = salesforce_id(world, INVOICE, shop[1])
    administrator.edit(world, INVOICE, row, Total__c=12.11)

    seen = look(INVOICE)[INVOICE]

    assert found(seen) == {str(shop[1]): (Why.CHANGED, ("Total__c",))}
    (difference,) = seen.unexplained
    assert (difference.object, difference.record_id, difference.salesforce_id) == ("invoice", shop[1], row)
    (line,) = [each for each in seen.lines() if each.unexplained]
    assert (line.group, line.field) == (Group("2026-10", "USD"), "Total__c")
    assert (line.difference, line.unexplained, line.explained) == (Decimal("0.01"), Decimal("0.01"), 0)

    sync()
    assert not look(INVOICE)[INVOICE].agrees  # nothing has changed in ChargeOver, so nothing was sent
    assert repair(ledger, [seen], datetime.now(UTC)) == 1
    sync(paced=True)
    assert world.rows(INVOICE)[str(shop[1])]["Total__c"] == 12.1
    assert look(INVOICE)[INVOICE].agrees


def test_a_row_deleted_in_salesforce_comes_back_by_a_repair(world, shop, look, sync, ledger):
    (name,) = world.rows(APPLIED)
    administrator.delete(world, APPLIED, salesforce_id(world, APPLIED, name))

    seen = look(APPLIED)[APPLIED]

    assert found(seen) == {name: (Why.MISSING, ())}
    assert [(each.chargeover, each.salesforce, each.unexplained) for each in seen.lines()] == [
        (Decimal("50.05"), 0, Decimal("-50.05"))
    ]
    repair(ledger, [seen], datetime.now(UTC))
    sync(paced=True)
    assert look(APPLIED)[APPLIED].agrees


def test_a_row_that_no_record_makes_is_named_and_left_alone(world, shop, look, sync, ledger):
    account = salesforce_id(world, "Account", world.rows(INVOICE) and min(world.rows("Account")))
    administrator.create(world, INVOICE, ChargeOver_Id__c="77", Name="by hand", Account__c=account, Total__c=5,
                         Invoice_Date__c="2026-10-09", Currency_Code__c="USD")  # fmt: skip

    seen = look(INVOICE)[INVOICE]

    assert found(seen) == {"77": (Why.EXTRA, ())}
    assert seen.differences[0].record_id is None
    assert repair(ledger, [seen], datetime.now(UTC)) == 0


def test_a_row_moved_to_another_month_or_currency_differs_in_both(world, shop, look):
    administrator.edit(world, INVOICE, salesforce_id(world, INVOICE, shop[1]), Invoice_Date__c="2026-12-01")
    administrator.edit(world, INVOICE, salesforce_id(world, INVOICE, shop[2]), Currency_Code__c="USD")

    seen = look(INVOICE)[INVOICE]

    assert found(seen) == {
        str(shop[1]): (Why.CHANGED, ("Invoice_Date__c",)),
        str(shop[2]): (Why.CHANGED, ("Currency_Code__c",)),
    }
    gone = {each.group: each.unexplained for each in seen.lines() if each.field == "Total__c"}
    assert gone[Group("2026-12", "USD")] == Decimal("12.10")
    assert gone[Group("2026-10", "USD")] == Decimal("-12.00")


def test_only_one_month_is_looked_at_when_one_is_asked_for(world, shop, look):
    administrator.edit(world, INVOICE, salesforce_id(world, INVOICE, shop[0]), Total__c=1)
    administrator.edit(world, INVOICE, salesforce_id(world, INVOICE, shop[1]), Invoice_Date__c="2026-12-01")

    seen = look(span=Span.of("2026-10"))

    assert found(seen[INVOICE]) == {str(shop[1]): (Why.CHANGED, ("Invoice_Date__c",))}
    assert "Account" not in seen  # a customer's balance is of no month
    assert {each.group.month for each in seen[INVOICE].lines()} == {"2026-10", "2026-12"}


def test_what_cancels_out_in_a_sum_is_found_record_by_record(world, shop, look):
    administrator.edit(world, INVOICE, salesforce_id(world, INVOICE, shop[2]), Total__c=0.2)
    administrator.edit(world, INVOICE, salesforce_id(world, INVOICE, shop[3]), Total__c=0.1)

    assert look(INVOICE)[INVOICE].agrees
    seen = look(INVOICE, by_record=True)[INVOICE]

    assert found(seen) == dict.fromkeys(map(str, shop[2:]), (Why.CHANGED, ("Total__c",)))
    assert not seen.agrees


def test_an_owed_invoice_is_explained(world, shop, look, sync):
    refuse(world, INVOICE, "Memo__c", "no")
    late = invoice(world, 1, 7, date="2026-10-02", memo="no")
    sync()

    seen = look(INVOICE, late=timedelta(0))[INVOICE]

    assert found(seen) == {str(late): (Why.OWED, ())}
    assert seen.agrees
    (line,) = [each for each in seen.lines() if each.field == "Total__c" and each.difference]
    assert (line.difference, line.explained) == (Decimal(-7), Decimal(-7))


def test_what_has_just_changed_is_in_flight_and_what_should_have_landed_is_late(world, shop, look, sync, ledger):
    fresh = invoice(world, 1, 7, date="2026-10-02")

    assert found(look(INVOICE)[INVOICE]) == {str(fresh): (Why.IN_FLIGHT, ())}
    late = look(INVOICE, late=timedelta(seconds=-5))[INVOICE]
    assert found(late) == {str(fresh): (Why.LATE, ())}
    repair(ledger, [late], datetime.now(UTC))
    sync(paced=True)
    assert look(INVOICE)[INVOICE].agrees


def test_a_change_that_lands_between_the_reads_is_no_difference(world, between, shop, look, sync):
    def pay_and_sync(path):
        if "_count" in path:  # ChargeOver's sums have been read, Salesforce's not yet
            between.before = lambda path: None
            pay(world, 2, (shop[2], 0.1))
            sync()

    before = lines(look(INVOICE)[INVOICE], "Balance__c")["2026-10", "EUR"]
    between.before = pay_and_sync
    seen = look(INVOICE)[INVOICE]

    assert before == (Decimal("0.30"), Decimal("0.30"))
    assert lines(seen, "Balance__c")["2026-10", "EUR"] == (Decimal("0.20"), Decimal("0.20"))
    assert seen.differences == []
    assert look(INVOICE)[INVOICE].differences == []


def test_a_change_that_lands_while_rows_are_read_one_by_one_is_in_flight(world, between, shop, look, sync):
    administrator.edit(world, INVOICE, salesforce_id(world, INVOICE, shop[3]), Total__c=9)

    def pay_and_sync(path, body):
        if "/invoice?" in path:  # ChargeOver's records have been read, Salesforce's rows not yet
            between.edit = lambda path, body: body
            pay(world, 2, (shop[2], 0.1))
            sync()
        return body

    between.edit = pay_and_sync
    seen = look(INVOICE)[INVOICE]

    assert found(seen)[str(shop[3])] == (Why.CHANGED, ("Total__c",))
    assert found(seen)[str(shop[2])] == (Why.IN_FLIGHT, ("Payments__c", "Balance__c"))
    assert [each.external_id for each in seen.unexplained] == [str(shop[3])]


@pytest.mark.parametrize("aggregate", ["text", "cut", "refuse"])
def test_an_account_whose_sums_cannot_be_used_is_read_whole(world, shop, look, aggregate):
    for day in range(1, 12):
        invoice(world, 1, 1, date=f"2026-08-{day:02}")
    world.chargeover("settings", {"aggregate": aggregate})

    seen = look(INVOICE)[INVOICE]

    sums = lines(seen, "Total__c")
    assert sums["2026-09", "USD"] == (Decimal("100.25"), Decimal("100.25"))
    assert sums["2026-08", "USD"] == (Decimal(11), 0)
    assert {why for why, _ in found(seen).values()} == {Why.IN_FLIGHT}


def test_records_that_only_leaves_out_and_voided_ones_are_no_difference(world, shop, look, sync, files):
    world.act("invoice", shop[1], "void")
    sync()
    assert look(INVOICE)[INVOICE].differences == []

    files.edit("invoices", "on_delete: ignore", "on_delete: ignore\nonly: {is_void: false}")
    world.act("invoice", shop[2], "void")

    assert found(look(INVOICE)[INVOICE]) == dict.fromkeys(map(str, shop[1:3]), (Why.KEPT, ()))


def test_what_on_delete_keeps_is_explained_and_what_it_marks_does_not_count(world, shop, look, sync, files):
    world.call("DELETE", f"invoice/{shop[1]}")

    assert found(look(INVOICE)[INVOICE]) == {str(shop[1]): (Why.KEPT, ())}

    files.edit("invoices", "on_delete: ignore", "on_delete: {External_Key__c: gone}")
    assert found(look(INVOICE)[INVOICE]) == {str(shop[1]): (Why.IN_FLIGHT, ())}


def test_more_groups_than_salesforce_answers_at_once_are_asked_for_in_parts(world, shop, look, monkeypatch):
    monkeypatch.setattr(totals, "MOST_GROUPS", 2)

    seen = look(INVOICE)[INVOICE]

    assert len(lines(seen, "Total__c")) == 3
    assert seen.differences == []


def test_a_field_that_our_user_may_not_see_is_trouble_and_stops_only_its_mapping(world, shop, look):
    world.salesforce("schema", {"sobject": INVOICE, "field": "Taxes__c", "visible": False})

    seen = look()

    assert "Taxes__c cannot be read" in seen[INVOICE].trouble
    assert not seen[INVOICE].agrees
    assert seen["Account"].agrees
