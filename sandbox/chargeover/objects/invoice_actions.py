"""What can be done to an invoice, and which of it moves mod_datetime.

Only PUT moves it here. For payment that is inferred from the documentation of the ``invoice update`` webhook ("the
actual invoice hasn't changed"); for void it is unknown, and not moving is the harder case for whoever follows it.
Whether line ids survive a PUT of lines is unknown too: here every line gets a new id.
"""

from sandbox.chargeover.company import Company
from sandbox.chargeover.envelope import Refusal
from sandbox.chargeover.money import ZERO
from sandbox.chargeover.objects import payments
from sandbox.chargeover.objects.invoice_fields import TYPES, WRITABLE
from sandbox.chargeover.objects.invoicing import due_date, hand_line, store_invoice, sums_of
from sandbox.chargeover.reading import listed, needed, typed, unique_external_key, written
from sandbox.chargeover.settling import is_void, settle, spendable
from sandbox.chargeover.table import Row

_FROM_CUSTOMER = ("terms_id", "currency_id", "brand_id", "class_id", "admin_id")


def create(company: Company, body: Row) -> int:
    """A new invoice of a customer with one-time lines."""
    needed(body, "customer_id", "line_items")
    customer = company.row("customer", typed(company, "customer_id", "int", body["customer_id"]))
    row = written(company, TYPES, WRITABLE, body)
    unique_external_key(company, "invoice", row.get("external_key"))
    inherited = {
        name: customer[name] for name in customer if name in _FROM_CUSTOMER or name.startswith(("bill_", "ship_"))
    }
    lines = [hand_line(company, each) for each in listed(body, "line_items")]
    given = {name: value for name, value in row.items() if value is not None}
    return store_invoice(company, inherited | given | {"customer_id": customer["customer_id"]}, lines)


def update(company: Company, invoice: Row, body: Row) -> None:
    """Change an invoice; mod_datetime moves. Lines, when given, replace all lines."""
    if is_void(invoice):
        raise Refusal.invalid("invoice_status_str", invoice["invoice_status_str"])
    row = written(company, TYPES, WRITABLE, body)
    unique_external_key(company, "invoice", row.get("external_key"), invoice["invoice_id"])
    if row.get("date", "") is None or row.get("due_date", "") is None:
        raise Refusal.missing("date")
    if ("terms_id" in row or "date" in row) and "due_date" not in row:
        row["due_date"] = due_date(company, invoice | row)
    if body.get("line_items"):
        row |= _replace_lines(company, invoice, [hand_line(company, each) for each in listed(body, "line_items")])
    company.edit("invoice", invoice, row)
    settle(company, [invoice["invoice_id"]], invoice["customer_id"])
    company.announce("invoice", "update", invoice)


def _replace_lines(company: Company, invoice: Row, lines: list[Row]) -> Row:
    invoice_id = invoice["invoice_id"]
    sums = sums_of(lines)
    if sums["total"] < max(invoice["applied"], ZERO):
        raise Refusal.invalid("line_items", f"total {sums['total']} is less than the {invoice['applied']} applied")
    company.lines["invoice"][invoice_id] = [company.add_line("invoice", invoice_id, line) for line in lines]
    return sums


def void(company: Company, invoice: Row, body: Row) -> object:  # noqa: ARG001 -- takes no parameters
    """Void an invoice: closed-void, is_void and is_paid true, balance 0, total and lines kept [recorded, void_invoice].

    What lay on it is unapplied (inferred: a payment's money does not vanish).
    """
    if is_void(invoice):
        raise Refusal.invalid("invoice_status_str", invoice["invoice_status_str"])
    invoice_id = invoice["invoice_id"]
    for transaction_id in list(company.applied_on.get(invoice_id, ())):
        company.apply(transaction_id, invoice_id, ZERO)
    company.change("invoice", invoice, {"void_datetime": company.clock.now()})
    settle(company, [invoice_id], invoice["customer_id"])
    company.announce("invoice", "status", invoice)
    return True


def pay(company: Company, invoice: Row, body: Row) -> object:
    """Pay what is open: from the customer's unapplied money (use_customer_balance) or by its card or account."""
    if invoice["invoice_status_state"] != "o":
        raise Refusal.invalid("invoice_status_str", invoice["invoice_status_str"])
    if body.get("use_customer_balance"):
        return _pay_from_balance(company, invoice)
    payments.attempt(company, {**_method(company, invoice, body), "customer_id": invoice["customer_id"],
                               "applied_to": [{"invoice_id": invoice["invoice_id"]}]})  # fmt: skip
    return True


def _pay_from_balance(company: Company, invoice: Row) -> bool:
    for transaction in company.tables["transaction"].rows_with("customer_id", invoice["customer_id"]):
        fits = min(spendable(company, transaction), invoice["balance"])
        if transaction["transaction_type"] != "ref" and fits > 0:
            payments.lay(company, transaction, {invoice["invoice_id"]: fits})
    return True


def _method(company: Company, invoice: Row, body: Row) -> Row:
    if body.get("paymethods"):
        return {"paymethods": listed(body, "paymethods")}
    package = company.tables["package"].get(invoice.get("package_id")) or {}
    chosen = {key: package[key] for key in ("creditcard_id", "ach_id", "tokenized_id") if package.get(key)}
    return {"paymethods": [chosen]} if chosen else {}
