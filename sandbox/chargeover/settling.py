"""What amounts and payments make of each other: the invariants of the money, restored after every action.

- invoice: ``applied`` = payments + credits - refunds, ``balance`` = total - applied, 0 when void; closed-paid at 0
- transaction: ``unapplied`` = amount - applied if it succeeded and is not void, else 0; refunds are negative throughout
- package: ``amount_invoiced`` = totals, ``amount_collected`` = applied of its invoices that are not void, due the rest
- customer: ``total`` = invoices that are not void, ``paid`` = payments and refunds,
  ``balance`` = balances of its invoices - unapplied of its transactions

A failed or void transaction lies on no invoice. That a refund opens its invoice again is inferred from the Refund model
of the C# SDK, which has ``applied_to``. None of this moves mod_datetime [webhook samples of 2014 and 2017] unless the
account is of the "kind" sort.
"""

from collections.abc import Iterable
from decimal import Decimal

from sandbox.chargeover.company import Company
from sandbox.chargeover.money import ZERO
from sandbox.chargeover.table import Row

_SIDES = {"pay": "payments", "spl": "payments", "cre": "credits", "ref": "refunds"}


def counts(transaction: Row) -> bool:
    """Whether a transaction moves money: it succeeded and is not void."""
    return transaction["gateway_status"] == 1 and transaction.get("void_datetime") is None


def applied(company: Company, transaction: Row) -> Decimal:
    """How much of a transaction lies on invoices."""
    return sum(company.applied.get(transaction["transaction_id"], {}).values(), ZERO)


def unapplied(company: Company, transaction: Row) -> Decimal:
    """How much of a transaction lies on no invoice."""
    return transaction["amount"] - applied(company, transaction) if counts(transaction) else ZERO


def spendable(company: Company, transaction: Row) -> Decimal:
    """How much of a payment or credit may still be laid on invoices: what is neither applied nor refunded."""
    refunds = company.tables["transaction"].rows_with("parent_transaction_id", transaction["transaction_id"])
    returned = sum((unapplied(company, refund) for refund in refunds), ZERO)
    return unapplied(company, transaction) + returned


def settle(company: Company, invoice_ids: Iterable[int], customer_id: int) -> None:
    """Restore the amounts of these invoices, of their packages and of the customer."""
    packages = set()
    for invoice_id in invoice_ids:
        invoice = company.tables["invoice"].get(invoice_id)
        if invoice is not None:
            settle_invoice(company, invoice, company.today())
            packages.add(invoice.get("package_id"))
    for package_id in packages:
        settle_package(company, package_id)
    settle_customer(company, customer_id)


def settle_invoice(company: Company, invoice: Row, day: str) -> None:
    """Restore an invoice's amounts and status; ``day`` is its paid_date if that makes it paid."""
    sums = dict.fromkeys(("payments", "credits", "refunds"), ZERO)
    for transaction_id, amount in company.applied_on.get(invoice["invoice_id"], {}).items():
        side = _SIDES[company.tables["transaction"].rows[transaction_id]["transaction_type"]]
        sums[side] += abs(amount)
    on_it = sums["payments"] + sums["credits"] - sums["refunds"]
    void = invoice.get("void_datetime") is not None
    balance = ZERO if void else invoice["total"] - on_it
    status = "closed-void" if void else "closed-paid" if balance <= 0 else "open-unpaid"
    closed = status == "closed-paid"
    fresh = {
        **sums,
        "applied": on_it,
        "balance": balance,
        "invoice_status_str": status,
        "invoice_status_state": status[0],
        "paid_date": (invoice.get("paid_date") or day) if closed else None,
    }
    company.change("invoice", invoice, fresh)


def settle_package(company: Company, package_id: int | None) -> None:
    """Restore a package's amounts and the date from which it is overdue."""
    package = company.tables["package"].get(package_id)
    if package is None or package_id is None:
        return
    invoices = [row for row in company.tables["invoice"].rows_with("package_id", package_id) if not is_void(row)]
    invoiced = sum((row["total"] for row in invoices), ZERO)
    collected = sum((row["applied"] for row in invoices), ZERO)
    company.change("package", package, {"amount_invoiced": invoiced, "amount_collected": collected})
    _remember_due(company, "package", package_id, invoices)


def settle_customer(company: Company, customer_id: int) -> None:
    """Restore a customer's amounts and the date from which it is overdue."""
    customer = company.tables["customer"].get(customer_id)
    if customer is None:
        return
    invoices = [row for row in company.tables["invoice"].rows_with("customer_id", customer_id) if not is_void(row)]
    transactions = [row for row in company.tables["transaction"].rows_with("customer_id", customer_id) if counts(row)]
    paid = sum((row["amount"] for row in transactions if row["transaction_type"] != "cre"), ZERO)
    loose = sum((unapplied(company, row) for row in transactions), ZERO)
    fresh = {
        "total": sum((row["total"] for row in invoices), ZERO),
        "paid": paid,
        "balance": sum((row["balance"] for row in invoices), ZERO) - loose,
    }
    company.change("customer", customer, fresh)
    _remember_due(company, "customer", customer_id, invoices)


def is_void(invoice: Row) -> bool:
    """Whether an invoice was voided."""
    return invoice.get("void_datetime") is not None


def _remember_due(company: Company, kind: str, row_id: int, invoices: list[Row]) -> None:
    dues = [row["due_date"] for row in invoices if row["invoice_status_state"] == "o"]
    if dues:
        company.earliest_due[kind][row_id] = min(dues)
    else:
        company.earliest_due[kind].pop(row_id, None)


def settle_all(company: Company) -> None:
    """Restore every amount, as after building rows directly."""
    for invoice in company.tables["invoice"]:
        settle_invoice(company, invoice, invoice["date"])
    for package_id in company.tables["package"].ids:
        settle_package(company, package_id)
    for customer_id in company.tables["customer"].ids:
        settle_customer(company, customer_id)
