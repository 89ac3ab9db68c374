"""Money in: recording and attempting payments and credits, and laying them on invoices.

Nothing here moves a mod_datetime: a transaction has none, and those of invoices and customers stay [webhook samples].
``applied_to`` without an amount applies as much as fits [recorded 2015, create_and_apply_payment]. A card whose number
ends in 0002 or an account whose number ends in 0002 is declined.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from sandbox.chargeover.company import Company
from sandbox.chargeover.envelope import Refusal
from sandbox.chargeover.money import ZERO, amount
from sandbox.chargeover.objects.payment_methods import GATEWAY_NAMES
from sandbox.chargeover.objects.transaction_fields import DETAIL_LENGTH, TYPES, WRITABLE
from sandbox.chargeover.reading import listed, needed, typed, unique_external_key, written
from sandbox.chargeover.settling import is_void, settle
from sandbox.chargeover.table import Row

_DECLINED = "0002"


def record(company: Company, body: Row) -> int:
    """Write down a payment, credit or refund that happened elsewhere; a failed one (gateway_status 0) pays nothing."""
    needed(body, "customer_id", "amount")
    customer = company.row("customer", typed(company, "customer_id", "int", body["customer_id"]))
    row = written(company, TYPES, WRITABLE, body)
    kind = row.setdefault("transaction_type", "pay")
    if kind not in {"pay", "cre", "ref"}:
        raise Refusal.invalid("transaction_type", kind)
    row["amount"] = -abs(row["amount"]) if kind == "ref" else row["amount"]
    if kind != "ref" and row["amount"] < 0:
        raise Refusal.invalid("amount", row["amount"])
    unique_external_key(company, "transaction", row.get("external_key"))
    plan = _plan(company, customer, row["amount"], body) if row.get("gateway_status", 1) == 1 else {}
    return int(store(company, customer, row, plan)["transaction_id"])


def store(company: Company, customer: Row, row: Row, plan: Mapping[int, Decimal]) -> Row:
    """Store a transaction of a customer and lay it on invoices as planned."""
    row.setdefault("gateway_status", 1)
    row.setdefault("transaction_date", company.today())
    row["transaction_detail"] = (row.get("transaction_detail") or "")[:DETAIL_LENGTH]
    row |= {"customer_id": customer["customer_id"], "currency_id": customer.get("currency_id", 1)}
    row["transaction_datetime"] = company.clock.now()
    transaction = company.add("transaction", row)
    company.announce("transaction", "insert", transaction)
    lay(company, transaction, plan)
    return transaction


def lay(company: Company, transaction: Row, plan: Mapping[int, Decimal]) -> None:
    """Add amounts of a transaction to invoices and restore all amounts around it."""
    before = {invoice_id: company.tables["invoice"].rows[invoice_id]["invoice_status_state"] for invoice_id in plan}
    transaction_id = transaction["transaction_id"]
    for invoice_id, more in plan.items():
        company.apply(transaction_id, invoice_id, company.applied.get(transaction_id, {}).get(invoice_id, ZERO) + more)
    settle(company, plan, transaction["customer_id"])
    _announce_turned(company, before)


def _announce_turned(company: Company, before: Mapping[int, str]) -> None:
    """``invoice status`` is sent when a payment closes or opens an invoice, ``invoice update`` is not [docs]."""
    for invoice_id, state in before.items():
        invoice = company.tables["invoice"].rows[invoice_id]
        if invoice["invoice_status_state"] != state:
            company.announce("invoice", "status", invoice)


def _plan(company: Company, customer: Row, total: Decimal, body: Row) -> dict[int, Decimal]:
    """How much of ``total`` goes where: as applied_to says, or onto open invoices, oldest first, with auto_apply."""
    sign = -1 if total < 0 else 1
    left, plan = abs(total), dict[int, Decimal]()
    for invoice, asked in targets_of(company, customer, body):
        room = _room(invoice, sign) - plan.get(invoice["invoice_id"], ZERO) * sign
        share = min(left, room) if asked is None else asked
        if share < 0 or share > left or share > room:
            raise Refusal.invalid("applied", share)
        left -= share
        plan[invoice["invoice_id"]] = plan.get(invoice["invoice_id"], ZERO) + share * sign
    return plan


def _room(invoice: Row, sign: int) -> Decimal:
    room: Decimal = invoice["balance"] if sign > 0 else invoice["applied"]
    return max(room, ZERO)


def targets_of(company: Company, customer: Row, body: Row) -> Iterable[tuple[Row, Decimal | None]]:
    """The invoices a body names, each with the amount asked for (None: as much as fits)."""
    if body.get("auto_apply") and not body.get("applied_to"):
        owed = company.tables["invoice"].rows_with("customer_id", customer["customer_id"])
        return [(invoice, None) for invoice in owed if invoice["invoice_status_state"] == "o"]
    targets = []
    for each in listed(body, "applied_to"):
        invoice = company.row("invoice", typed(company, "invoice_id", "int", each.get("invoice_id")))
        if invoice["customer_id"] != customer["customer_id"] or is_void(invoice):
            raise Refusal.invalid("invoice_id", invoice["invoice_id"])
        targets.append((invoice, None if each.get("applied") in (None, "") else amount(each["applied"], "applied")))
    return targets


def attempt(company: Company, body: Row) -> int:
    """Try to take a payment from a card or account; a decline is recorded, counted on the invoices and answered 400."""
    needed(body, "customer_id")
    customer = company.row("customer", typed(company, "customer_id", "int", body["customer_id"]))
    targets = list(targets_of(company, customer, body))
    owed = sum((_room(invoice, 1) for invoice, _ in targets), ZERO)
    total = amount(body["amount"]) if body.get("amount") not in (None, "") else owed
    if total <= 0:
        raise Refusal.invalid("amount", total)
    method = _method_of(company, customer, body)
    if method.pop("declined"):
        failed = {"gateway_status": 0, "gateway_msg": "The card was declined.", "gateway_err_code": 2}
        store(company, customer, {"amount": total, "transaction_type": "pay", **method, **failed}, {})
        for invoice, _ in targets:
            company.change("invoice", invoice, {"declines": invoice.get("declines", 0) + 1})
        raise Refusal(400, "The payment was declined. [The card was declined.]")
    plan = _plan(company, customer, total, body)
    paid = {"gateway_status": 1, "gateway_transid": company.token()}
    return int(
        store(company, customer, {"amount": total, "transaction_type": "pay", **method, **paid}, plan)["transaction_id"]
    )


def _method_of(company: Company, customer: Row, body: Row) -> Row:
    """The card, account or token to charge: the one named, else the customer's first."""
    asked = (listed(body, "paymethods") or [{}])[0]
    for kind in ("creditcard", "ach", "tokenized"):
        key = f"{kind}_id"
        if asked and key not in asked:
            continue
        owned = [row for row in company.tables[kind].rows_with("customer_id", customer["customer_id"])
                 if not asked or row[key] == asked[key]]  # fmt: skip
        if owned:
            number = owned[0].get("mask_number", "")
            method = GATEWAY_NAMES.get(owned[0].get("type", ""), kind)
            return {key: owned[0][key], "gateway_method": method, "transaction_detail": f"x{number[-4:]}",
                    "declined": number.endswith(_DECLINED)}  # fmt: skip
    raise Refusal.missing("paymethods")


def method_name(method: Any) -> str:  # noqa: ANN401 -- any JSON value
    """How a gateway_method is shown [recorded: "Paid by Check", "Credits", "Visa"]."""
    return _METHOD_NAMES.get(method, str(method or "").title())


_METHOD_NAMES = {
    "check": "Paid by Check",
    "credit": "Credits",
    "visa": "Visa",
    "mastercard": "MasterCard",
    "american-express": "American Express",
    "discover": "Discover",
    "paypal": "PayPal",
    "ach": "ACH",
    "tokenized": "External Token",
}
