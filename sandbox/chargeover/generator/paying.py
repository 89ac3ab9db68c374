"""How invoices of a made-up company are paid: in full, in parts, late, not at all, by credit, after a decline."""

from decimal import Decimal

from sandbox.chargeover.company import Company
from sandbox.chargeover.envelope import Refusal
from sandbox.chargeover.generator.timeline import Timeline
from sandbox.chargeover.money import rounded
from sandbox.chargeover.objects import invoice_actions as invoices
from sandbox.chargeover.objects import payments, refunds
from sandbox.chargeover.settling import counts
from sandbox.chargeover.table import Row

_YEN = 4


def settle_up(company: Company, timeline: Timeline, invoice: Row) -> None:
    """Plan what becomes of a new invoice."""
    random = company.random
    if invoice["balance"] == 0:
        return
    if invoice["total"] and random.random() < 0.02:
        timeline.later(random.random() * 10, _void, invoice)
        return
    has_method = company.tables["customer"].rows[invoice["customer_id"]].get("default_paymethod") is not None
    ways = ((_charge, 60), (_pay, 20)) if has_method else ((_pay, 45), (_pay_part, 10), (_credit, 4))
    ways = (*ways, (_nothing, 30))
    way = random.choices([way for way, _ in ways], [weight for _, weight in ways])[0]
    timeline.later(random.random() * (2 if way is _charge else 50), way, invoice)


def _nothing(company: Company, timeline: Timeline, invoice: Row) -> None:
    """Nobody pays."""


def _open(invoice: Row) -> bool:
    return bool(invoice["invoice_status_state"] == "o")


def _charge(company: Company, timeline: Timeline, invoice: Row) -> None:
    if not _open(invoice):
        return
    try:
        invoices.pay(company, invoice, {})
    except Refusal:
        timeline.later(7, _pay, invoice)
        return
    _maybe_regret(company, timeline)


def _pay(company: Company, timeline: Timeline, invoice: Row) -> None:
    if _open(invoice):
        # Some pay a little too much, which stays unapplied.
        extra = Decimal(5) if company.random.random() < 0.03 else Decimal(0)
        _record(company, invoice, invoice["balance"] + extra, "pay", "check")
        _maybe_regret(company, timeline)


def _pay_part(company: Company, timeline: Timeline, invoice: Row) -> None:
    if _open(invoice):
        share = _share(company, invoice)
        _record(company, invoice, share, "pay", company.random.choice(("check", "paypal")))
        timeline.later(15, company.random.choice((_pay, _nothing, _pay_part)), invoice)


def _credit(company: Company, timeline: Timeline, invoice: Row) -> None:
    if _open(invoice):
        _record(company, invoice, _share(company, invoice), "cre", "credit")
        timeline.later(5, _pay, invoice)


def _share(company: Company, invoice: Row) -> Decimal:
    places = 0 if invoice.get("currency_id") == _YEN else 2
    return rounded(invoice["balance"] * Decimal(company.random.randrange(20, 90)) / 100, places)


def _record(company: Company, invoice: Row, amount: Decimal, kind: str, method: str) -> None:
    to = [{"invoice_id": invoice["invoice_id"]}]
    body = {"customer_id": invoice["customer_id"], "amount": amount, "transaction_type": kind, "gateway_method": method}
    detail = (
        "Credit for an outage in the northern region" if kind == "cre" else f"No. {company.random.randrange(10**4)}"
    )
    payments.record(company, {**body, "transaction_detail": detail, "applied_to": to})


def _maybe_regret(company: Company, timeline: Timeline) -> None:
    """A payment may be refunded, in part or whole, or voided."""
    latest = company.tables["transaction"].rows[company.tables["transaction"].ids[-1]]
    chance = company.random.random()
    if chance < 0.03:
        timeline.later(company.random.random() * 20, _refund, latest)
    elif chance < 0.045:
        timeline.later(company.random.random() * 3, _void_payment, latest)


def _refund(company: Company, _: Timeline, transaction: Row) -> None:
    if counts(transaction):
        whole = company.random.random() < 0.5
        half = rounded(transaction["amount"] / 2, 0 if transaction["currency_id"] == _YEN else 2)
        refunds.refund(
            company, transaction, {"amount": transaction["amount"] if whole else half or transaction["amount"]}
        )


def _void_payment(company: Company, _: Timeline, transaction: Row) -> None:
    refunded = company.tables["transaction"].ids_with("parent_transaction_id", transaction["transaction_id"])
    if counts(transaction) and not refunded:
        refunds.void(company, transaction, {})


def _void(company: Company, _: Timeline, invoice: Row) -> None:
    if _open(invoice):
        invoices.void(company, invoice, {})
