"""Money back: refunding, voiding and re-applying transactions; none of it leaves a time stamp but void_datetime."""

from collections.abc import Mapping
from decimal import Decimal

from sandbox.chargeover.company import Company
from sandbox.chargeover.envelope import Refusal
from sandbox.chargeover.money import ZERO, amount
from sandbox.chargeover.objects.payments import lay, store, targets_of
from sandbox.chargeover.reading import needed
from sandbox.chargeover.settling import applied, counts, spendable
from sandbox.chargeover.table import Row


def refund(company: Company, transaction: Row, body: Row) -> object:
    """Give back a payment or part of it: first what lies on no invoice, then from its invoices, the last one first."""
    if not counts(transaction) or transaction["transaction_type"] != "pay":
        raise Refusal.invalid("transaction_id", transaction["transaction_id"])
    loose = spendable(company, transaction)
    bound = _bound(company, transaction)
    most = loose + sum(bound.values(), ZERO)
    total = amount(body["amount"]) if body.get("amount") not in (None, "") else most
    if total <= 0 or total > most:
        raise Refusal.invalid("amount", total)
    plan, left = {}, total - min(total, loose)
    for invoice_id, lies in reversed(bound.items()):
        share = min(left, lies)
        left -= share
        if share:
            plan[invoice_id] = -share
    customer = company.tables["customer"].rows[transaction["customer_id"]]
    kept = {name: transaction.get(name) for name in ("gateway_method", "creditcard_id", "ach_id", "tokenized_id")}
    row = {**kept, "amount": -total, "transaction_type": "ref", "transaction_detail": transaction["transaction_detail"]}
    row["parent_transaction_id"] = transaction["transaction_id"]
    return store(company, customer, row, plan)["transaction_id"]


def _bound(company: Company, transaction: Row) -> dict[int, Decimal]:
    """What of a payment still lies on each invoice after its refunds."""
    transaction_id = transaction["transaction_id"]
    bound = dict(company.applied.get(transaction_id, {}))
    for each in company.tables["transaction"].rows_with("parent_transaction_id", transaction_id):
        for invoice_id, taken in company.applied.get(each["transaction_id"], {}).items():
            bound[invoice_id] = bound.get(invoice_id, ZERO) + taken
    return {invoice_id: lies for invoice_id, lies in bound.items() if lies > 0}


def void(company: Company, transaction: Row, body: Row) -> object:  # noqa: ARG001 -- takes no parameters
    """Void a transaction: nothing of it lies on an invoice any more, void_datetime is set; not if it has refunds."""
    transaction_id = transaction["transaction_id"]
    refunds = company.tables["transaction"].rows_with("parent_transaction_id", transaction_id)
    if transaction.get("void_datetime") is not None or any(counts(each) for each in refunds):
        raise Refusal.invalid("transaction_id", transaction_id)
    plan = {invoice_id: -lies for invoice_id, lies in company.applied.get(transaction_id, {}).items()}
    _refuse_overpaying(company, plan)
    company.change("transaction", transaction, {"void_datetime": company.clock.now()})
    lay(company, transaction, plan)
    company.announce("transaction", "void", transaction)
    return True


def _refuse_overpaying(company: Company, plan: Mapping[int, Decimal]) -> None:
    """Refuse to take back a refund from an invoice that was paid anew since."""
    for invoice_id, more in plan.items():
        if more > company.tables["invoice"].rows[invoice_id]["balance"]:
            raise Refusal.invalid("invoice_id", invoice_id)


def reapply(company: Company, transaction: Row, body: Row) -> object:
    """changeAppliedAmounts: set how much lies on the invoices named (0: nothing); others stay; silent everywhere."""
    needed(body, "applied_to")
    if not counts(transaction) or transaction["transaction_type"] == "ref":
        raise Refusal.invalid("transaction_id", transaction["transaction_id"])
    customer = company.tables["customer"].rows[transaction["customer_id"]]
    now = company.applied.get(transaction["transaction_id"], {})
    bound = _bound(company, transaction)
    plan: dict[int, Decimal] = {}
    for invoice, asked in targets_of(company, customer, body):
        invoice_id, old = invoice["invoice_id"], now.get(invoice["invoice_id"], ZERO)
        more = min(spendable(company, transaction), invoice["balance"]) if asked is None else asked - old
        refunded = old - bound.get(invoice_id, ZERO)
        if old + more < refunded or more > invoice["balance"]:
            raise Refusal.invalid("applied", asked)
        plan[invoice_id] = more
    if sum(plan.values(), ZERO) > spendable(company, transaction):
        raise Refusal.invalid("applied", applied(company, transaction) + sum(plan.values(), ZERO))
    lay(company, transaction, plan)
    return True
