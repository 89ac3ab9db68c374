"""What a DELETE takes away: hard, at once, without a tombstone; only the webhook tells.

What becomes of the invoices, packages and payments of a deleted customer is unknown. Here they go with it, which is
the harder case for whoever copies the data: hundreds of rows vanish and nothing but their absence says so.
"""

from sandbox.chargeover.company import Company
from sandbox.chargeover.settling import settle_customer, settle_package
from sandbox.chargeover.table import Row

_OWNED = ("transaction", "invoice", "package", "quote", "creditcard", "ach", "tokenized")


def remove_customer(company: Company, customer: Row) -> None:
    """Delete a customer with all that hangs on it; contacts shared with other customers stay."""
    customer_id = customer["customer_id"]
    for kind in _OWNED:
        for row in company.tables[kind].rows_with("customer_id", customer_id):
            _forget(company, kind, row)
    for user_id in list(company.users_of.get(customer_id, ())):
        company.leave(user_id, customer_id)
        user = company.tables["user"].get(user_id)
        if user is not None and not company.customers_of[user_id]:
            company.tables["user"].remove(user)
    for child in company.tables["customer"].rows_with("parent_customer_id", customer_id):
        company.change("customer", child, {"parent_customer_id": None})
    company.earliest_due["customer"].pop(customer_id, None)
    company.tables["customer"].remove(customer)
    company.announce("customer", "delete", customer)


def _forget(company: Company, kind: str, row: Row) -> None:
    key = row[company.tables[kind].key]
    if kind == "transaction":
        for invoice_id in list(company.applied.pop(key, ())):
            company.applied_on.get(invoice_id, {}).pop(key, None)
    if kind == "invoice":
        for transaction_id in list(company.applied_on.pop(key, ())):
            company.applied.get(transaction_id, {}).pop(key, None)
    if kind == "package":
        company.earliest_due["package"].pop(key, None)
    if kind in company.lines:
        company.lines[kind].pop(key, None)
    company.tables[kind].remove(row)


def remove_invoice(company: Company, invoice: Row) -> None:
    """Delete an invoice; what was applied to it is unapplied again."""
    _forget(company, "invoice", invoice)
    settle_customer(company, invoice["customer_id"])
    settle_package(company, invoice.get("package_id"))
    company.announce("invoice", "delete", invoice)
