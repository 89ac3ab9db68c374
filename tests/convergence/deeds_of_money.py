"""What happens to payments: recorded, tried, refunded, voided, laid on other invoices."""

from choosing import Draw
from life import Life, Row


def _open(row: Row) -> bool:
    return bool(row["invoice_status_state"] == "o" and row["balance"] > 0)


def _record(life: Life, invoice: Row, amount: float, applied: float, **others: object) -> None:
    share = [{"invoice_id": invoice["invoice_id"], "applied": applied}] if applied else []
    life.create("transaction", customer_id=invoice["customer_id"], amount=amount, applied_to=share,
                **{"transaction_type": "pay", "gateway_status": 1, **others})  # fmt: skip


def pay(life: Life, draw: Draw) -> None:
    invoice = life.pick(draw, "invoice", _open)
    if invoice:
        _record(life, invoice, float(invoice["balance"]), float(invoice["balance"]))


def pay_a_part(life: Life, draw: Draw) -> None:
    invoice = life.pick(draw, "invoice", _open)
    if invoice:
        part = min(float(invoice["balance"]), draw.number(1, 9))
        _record(life, invoice, part, part)


def pay_too_much(life: Life, draw: Draw) -> None:
    invoice = life.pick(draw, "invoice", _open)
    if invoice:
        _record(life, invoice, float(invoice["balance"]) + draw.number(1, 200), float(invoice["balance"]))


def pay_in_advance(life: Life, draw: Draw) -> None:
    customer = life.pick(draw, "customer")
    if customer:
        life.create("transaction", customer_id=customer["customer_id"], amount=draw.number(1, 200),
                    transaction_type=draw.among(("pay", "cre")), gateway_status=1)  # fmt: skip


def pay_two_at_once(life: Life, draw: Draw) -> None:
    first = life.pick(draw, "invoice", _open)
    if first:
        owed = life.rows("invoice", lambda row: row["customer_id"] == first["customer_id"] and _open(row))
        shares = [{"invoice_id": each, "applied": float(row["balance"])} for each, row in owed.items()]
        life.create("transaction", customer_id=first["customer_id"], transaction_type="pay", gateway_status=1,
                    amount=sum(each["applied"] for each in shares), applied_to=shares)  # fmt: skip


def fail_to_pay(life: Life, draw: Draw) -> None:
    invoice = life.pick(draw, "invoice", _open)
    if invoice:
        _record(life, invoice, float(invoice["balance"]), 0, gateway_status=0)


def pay_by_card(life: Life, draw: Draw) -> None:
    """Some cards are declined, which the invoice counts."""
    life.act("invoice", life.pick(draw, "invoice", _open), "pay")


def pay_from_the_customers_balance(life: Life, draw: Draw) -> None:
    life.act("invoice", life.pick(draw, "invoice", _open), "pay", use_customer_balance=True)


def refund(life: Life, draw: Draw) -> None:
    payment = life.pick(draw, "transaction", lambda row: row["transaction_type"] == "pay")
    amount = {"amount": draw.number(1, 9)} if draw.chance(0.6) else {}
    life.act("transaction", payment, "refund", **amount)


def void_a_payment(life: Life, draw: Draw) -> None:
    life.act("transaction", life.pick(draw, "transaction"), "void")


def lay_on_other_invoices(life: Life, draw: Draw) -> None:
    payment = life.pick(draw, "transaction", lambda row: row["transaction_type"] != "ref")
    if payment is None:
        return
    lies = life.company.applied.get(payment["transaction_id"], {})
    shares = [{"invoice_id": each, "applied": 0} for each in lies if draw.chance(0.7)]
    other = life.pick(draw, "invoice", lambda row: row["customer_id"] == payment["customer_id"] and _open(row))
    if other and other["invoice_id"] not in lies:
        shares.append({"invoice_id": other["invoice_id"], "applied": draw.number(1, 5)})
    life.act("transaction", payment, "changeAppliedAmounts", applied_to=shares)
