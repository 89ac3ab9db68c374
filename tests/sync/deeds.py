"""What people do in ChargeOver, in one line each."""

import requests


def customer(world, company="Acme", **fields):
    return world.create("customer", company=company, **fields)


def invoice(world, customer_id, *rates, **fields):
    lines = [{"item_id": 1, "line_rate": rate, "line_quantity": 1} for rate in rates or (80,)]
    return world.create("invoice", customer_id=customer_id, line_items=lines, **fields)


def pay(world, customer_id, *shares):
    """One payment applied to invoices: (invoice id, amount) each."""
    applied = [{"invoice_id": invoice_id, "applied": amount} for invoice_id, amount in shares]
    return world.create("transaction", customer_id=customer_id, amount=sum(amount for _, amount in shares),
                        transaction_type="pay", gateway_status=1, applied_to=applied)  # fmt: skip


def card(world, customer_id):
    body = {"customer_id": customer_id, "number": "4111111111111111", "expdate_year": "2031", "expdate_month": "5"}
    return world.call("POST", "creditcard", body)["id"]


def subscribe(world, customer_id, *quantities):
    lines = [{"item_id": 1, "line_quantity": quantity} for quantity in quantities or (1,)]
    return world.create("package", customer_id=customer_id, line_items=lines)


def edit(world, kind, record_id, **fields):
    world.call("PUT", f"{kind}/{record_id}", fields)


def refuse(world, sobject, field, value):
    """From now on Salesforce refuses rows with this value, by a validation rule."""
    world.salesforce("rules", [{"sobject": sobject, "field": field, "value": value, "message": "Not like this"}])


def accept(world):
    """Take all validation rules away."""
    requests.delete(f"{world.salesforce_url}/_admin/rules", timeout=5).raise_for_status()


def owed(sync, sobject):
    """What is owed: external id to (verdict, message)."""
    return {each.external_id: (str(each.verdict), each.message) for each in sync.ledger.owed(sobject)}
