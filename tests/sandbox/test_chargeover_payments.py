"""Invoices and the money that lies on them: the recorded exchanges, and what follows from the invariants."""

import pytest

NEW = "2026-03-10T13:00:00-05:00"
LATER = "2026-03-10T13:01:00-05:00"


@pytest.fixture
def customer(account):
    return account.customer()


@pytest.fixture
def invoice(account, customer):
    invoice = account.invoice(customer)
    account.pass_time(seconds=60)
    return invoice


def changes(before, after):
    return {name: after[name] for name in after if after[name] != before[name]}


def test_a_new_invoice_as_recorded(account, invoice):
    row = account.get(f"invoice/{invoice}")
    assert row.items() >= {
        "refnumber": str(invoice), "total": 4500, "balance": 4500, "credits": 0, "payments": 0, "is_paid": False,
        "is_void": False, "date": "2026-03-10", "due_date": "2026-04-09", "terms_days": 30,
        "invoice_status_name": "Unpaid",
        "invoice_status_str": "open-unpaid", "invoice_status_state": "o", "is_overdue": False, "days_overdue": 0,
    }.items()  # fmt: skip


def test_payment_applied_without_an_amount_as_recorded(account, customer, invoice):
    before = account.get(f"invoice/{invoice}")
    details = {"gateway_transid": "Manual Entry", "transaction_detail": "Payment for Services"}
    payment = account.pay(customer, "4500.00", applied_to=[{"invoice_id": invoice}], **details)
    row = account.get(f"transaction/{payment}")
    assert row.items() >= {
        "amount": 4500, "fee": 0, "transaction_type": "pay", "transaction_type_name": "Payment",
        "transaction_method": "Paid by Check", "transaction_detail": "Payment for Services", "gateway_status": 1,
        "transaction_date": "2026-03-10", "transaction_datetime": LATER, "void_datetime": None, "unapplied": 0,
        "applied_to": [{"invoice_id": str(invoice), "applied": 4500}], "transaction_status_str": "ok-successful",
    }.items()  # fmt: skip
    assert changes(before, account.get(f"invoice/{invoice}")) == {
        "invoice_status_name": "Paid", "invoice_status_str": "closed-paid", "invoice_status_state": "c",
        "payments": 4500, "applied": 4500, "is_paid": True, "balance": 0, "paid_date": "2026-03-10",
    }  # fmt: skip
    whom = account.get(f"customer/{customer}")
    assert (whom["paid"], whom["total"], whom["balance"], whom["mod_datetime"]) == (4500, 4500, 0, NEW)


def test_a_credit_as_recorded_with_its_detail_cut_to_32_characters(account, customer):
    detail = "Credit for an unused Small subscription"
    credit = account.create(
        "transaction", customer_id=customer, transaction_type="cre", gateway_method="credit", amount="42.50",
        gateway_status=1, gateway_transid="API Credit", transaction_detail=detail,
    )  # fmt: skip
    assert account.get(f"transaction/{credit}").items() >= {
        "amount": 42.5, "transaction_method": "Credits", "transaction_type_name": "Credit", "applied_to": [],
        "transaction_detail": detail[:32], "unapplied": 42.5,
    }.items()  # fmt: skip
    whom = account.get(f"customer/{customer}")
    assert (whom["balance"], whom["paid"]) == (-42.5, 0)


def test_a_credit_raises_credits_not_payments(account, customer, invoice):
    account.pay(customer, 500, transaction_type="cre", gateway_method="credit", applied_to=[{"invoice_id": invoice}])
    row = account.get(f"invoice/{invoice}")
    assert (row["credits"], row["payments"], row["balance"]) == (500, 0, 4000)


def test_void_invoice_as_recorded(account, invoice):
    before = account.get(f"invoice/{invoice}")
    assert account.act(f"invoice/{invoice}?action=void") is True
    assert changes(before, account.get(f"invoice/{invoice}")) == {
        "void_datetime": LATER, "invoice_status_name": "Void", "invoice_status_str": "closed-void",
        "invoice_status_state": "c", "is_paid": True, "balance": 0, "is_void": True,
    }  # fmt: skip
    account.refused(400, "POST", f"invoice/{invoice}/_action/void", {})
    account.refused(400, "PUT", f"invoice/{invoice}", {"memo": "x"})


def test_voiding_an_invoice_frees_the_money_on_it(account, customer, invoice):
    payment = account.pay(customer, 100, applied_to=[{"invoice_id": invoice}])
    account.act(f"invoice/{invoice}?action=void")
    row = account.get(f"transaction/{payment}")
    assert (row["applied_to"], row["applied"], row["unapplied"]) == ([], 0, 100)
    whom = account.get(f"customer/{customer}")
    assert (whom["total"], whom["balance"]) == (0, -100)


def test_one_payment_lies_on_several_invoices_as_far_as_it_goes(account, customer):
    first, second, third = (account.invoice(customer, total) for total in ("10.95", "50", "7"))
    to = [{"invoice_id": first}, {"invoice_id": second, "applied": "20.05"}, {"invoice_id": third}]
    payment = account.pay(customer, "35", applied_to=to)
    shares = account.get(f"transaction/{payment}")["applied_to"]
    assert [share["applied"] for share in shares] == [10.95, 20.05, 4]
    balances = [account.get(f"invoice/{each}")["balance"] for each in (first, second, third)]
    assert balances == [0, 29.95, 3]


def test_auto_apply_takes_the_oldest_first(account, customer):
    first, second = account.invoice(customer, "10"), account.invoice(customer, "10")
    account.pay(customer, 15, auto_apply=True)
    assert [account.get(f"invoice/{each}")["balance"] for each in (first, second)] == [0, 5]


@pytest.mark.parametrize(
    "applied",
    [{"applied": "4500.01"}, {"applied": "-1"}, {"applied": "abc"}, {"invoice_id": 99}, {"invoice_id": None}],
)
def test_money_that_does_not_fit_is_refused_whole(account, customer, invoice, applied):
    body = {"customer_id": customer, "amount": "9000", "applied_to": [{"invoice_id": invoice, **applied}]}
    account.refused(400, "POST", "transaction", body)
    assert account.get("transaction/_count") == 0
    assert account.get(f"invoice/{invoice}")["balance"] == 4500


@pytest.mark.parametrize("amount", ["", "abc", "NaN", "Infinity", "1e999", "12345678901234567", -5, True, [1]])
def test_nonsense_amounts_are_refused(account, customer, amount):
    account.refused(400, "POST", "transaction", {"customer_id": customer, "amount": amount})


def test_strangers_and_void_invoices_take_no_money(account, customer, invoice):
    stranger = account.customer()
    body = {"customer_id": stranger, "amount": 1, "applied_to": [{"invoice_id": invoice}]}
    account.refused(400, "POST", "transaction", body)
    account.act(f"invoice/{invoice}?action=void")
    account.refused(400, "POST", "transaction", {**body, "customer_id": customer})


def test_a_failed_payment_is_a_row_that_moves_nothing(account, customer, invoice):
    failed = account.pay(customer, 4500, gateway_status=0, gateway_msg="Declined", applied_to=[{"invoice_id": invoice}])
    row = account.get(f"transaction/{failed}")
    assert (row["gateway_status"], row["applied_to"], row["applied"], row["unapplied"]) == (0, [], 0, 0)
    assert account.get(f"customer/{customer}")["paid"] == 0
    assert account.get("transaction", where="gateway_status:EQUALS:0")[0]["transaction_id"] == failed


def test_a_refund_is_negative_linked_and_opens_the_invoice(account, customer, invoice):
    payment = account.pay(customer, 4500, applied_to=[{"invoice_id": invoice}])
    refund = account.act(f"transaction/{payment}?action=refund", amount="1000.50")
    row = account.get(f"transaction/{refund}")
    assert row.items() >= {
        "amount": -1000.5, "applied": -1000.5, "unapplied": 0, "transaction_type": "ref",
        "parent_transaction_id": payment,
        "payments": [{"transaction_id": payment}], "applied_to": [{"invoice_id": str(invoice), "applied": -1000.5}],
    }.items()  # fmt: skip
    assert account.get(f"transaction/{payment}")["refunds"] == [{"transaction_id": refund}]
    bill = account.get(f"invoice/{invoice}")
    expected = {"balance": 1000.5, "refunds": 1000.5, "payments": 4500, "applied": 3499.5, "paid_date": None}
    assert bill.items() >= expected.items()
    account.refused(400, "POST", f"transaction/{payment}?action=refund", {"amount": "3500"})
    account.refused(400, "POST", f"transaction/{refund}?action=refund", {})


def test_a_refund_takes_loose_money_first(account, customer, invoice):
    payment = account.pay(customer, 5000, applied_to=[{"invoice_id": invoice}])
    refund = account.act(f"transaction/{payment}?action=refund", amount="500")
    assert account.get(f"transaction/{refund}")["applied_to"] == []
    assert account.get(f"invoice/{invoice}")["balance"] == 0
    assert account.get(f"customer/{customer}")["balance"] == 0


def test_a_void_payment_leaves_its_invoices_with_no_time_stamp_but_its_own(account, customer, invoice):
    payment = account.pay(customer, 4500, applied_to=[{"invoice_id": invoice}])
    assert account.act(f"transaction/{payment}/_action/void") is True
    row = account.get(f"transaction/{payment}")
    assert (
        row.items() >= {"void_datetime": LATER, "applied_to": [], "applied": 0, "unapplied": 0, "amount": 4500}.items()
    )
    bill = account.get(f"invoice/{invoice}")
    assert (bill["balance"], bill["invoice_status_str"], bill["mod_datetime"]) == (4500, "open-unpaid", NEW)
    account.refused(400, "POST", f"transaction/{payment}?action=void", {})


def test_a_refunded_payment_is_not_voided_but_its_refund_can_be(account, customer, invoice):
    payment = account.pay(customer, 4500, applied_to=[{"invoice_id": invoice}])
    refund = account.act(f"transaction/{payment}?action=refund")
    account.refused(400, "POST", f"transaction/{payment}?action=void", {})
    again = account.pay(customer, 4500, applied_to=[{"invoice_id": invoice}])
    account.refused(400, "POST", f"transaction/{refund}?action=void", {})
    account.act(f"transaction/{again}?action=void")
    account.act(f"transaction/{refund}?action=void")
    account.act(f"transaction/{payment}?action=void")
    assert account.get(f"customer/{customer}")["balance"] == 4500


def test_applied_amounts_move_silently_from_one_invoice_to_another(account, customer, invoice):
    other = account.invoice(customer, "100")
    payment = account.pay(customer, 100, applied_to=[{"invoice_id": invoice}])
    listed = account.get("transaction")
    to = [{"invoice_id": invoice, "applied": 40}, {"invoice_id": other, "applied": 60}]
    assert account.act(f"transaction/{payment}?action=changeAppliedAmounts", applied_to=to) is True
    shares = {share["invoice_id"]: share["applied"] for share in account.get(f"transaction/{payment}")["applied_to"]}
    assert shares == {str(invoice): 40, str(other): 60}
    assert account.get("transaction") == listed
    too_much = {"applied_to": [{"invoice_id": other, "applied": 61}]}
    account.refused(400, "POST", f"transaction/{payment}?action=changeAppliedAmounts", too_much)
    account.act(f"transaction/{payment}?action=changeAppliedAmounts", applied_to=[{"invoice_id": other, "applied": 0}])
    assert account.get(f"transaction/{payment}")["unapplied"] == 60


def test_refunded_money_cannot_be_taken_off_its_invoice_again(account, customer, invoice):
    payment = account.pay(customer, 100, applied_to=[{"invoice_id": invoice}])
    account.act(f"transaction/{payment}?action=refund", amount=30)
    take_off = {"applied_to": [{"invoice_id": invoice, "applied": 29}]}
    account.refused(400, "POST", f"transaction/{payment}?action=changeAppliedAmounts", take_off)
    account.act(
        f"transaction/{payment}?action=changeAppliedAmounts", applied_to=[{"invoice_id": invoice, "applied": 30}]
    )
    assert account.get(f"invoice/{invoice}")["balance"] == 4500


def test_refunded_loose_money_cannot_be_spent(account, customer, invoice):
    payment = account.pay(customer, 100)
    account.act(f"transaction/{payment}?action=refund", amount=40)
    account.refused(400, "POST", f"transaction/{payment}?action=refund", {"amount": "60.01"})
    account.act(f"invoice/{invoice}?action=pay", use_customer_balance=True)
    assert account.get(f"invoice/{invoice}")["balance"] == 4440
    assert account.get(f"customer/{customer}")["balance"] == 4440


def card(account, customer, last):
    number = f"411111111111{last}"
    return account.create("creditcard", customer_id=customer, number=number, expdate="2031-05-01")


def test_an_invoice_is_paid_by_card(account, customer, invoice):
    own = card(account, customer, "1111")
    assert account.act(f"invoice/{invoice}?action=pay") is True
    row = account.get("transaction")[0]
    assert row.items() >= {"creditcard_id": own, "transaction_method": "Visa", "transaction_detail": "x1111"}.items()
    assert account.get(f"invoice/{invoice}")["balance"] == 0
    account.refused(400, "POST", f"invoice/{invoice}?action=pay", {})


def test_a_declined_card_leaves_a_failed_row_and_a_count_of_declines(account, customer, invoice):
    card(account, customer, "0002")
    assert "declined" in account.refused(400, "POST", f"invoice/{invoice}?action=pay", {})
    assert account.get("transaction")[0]["gateway_status"] == 0
    bill = account.get(f"invoice/{invoice}")
    assert (bill["declines"], bill["balance"]) == (1, 4500)


def test_an_invoice_is_paid_from_loose_money(account, customer, invoice):
    account.pay(customer, 4000)
    account.pay(customer, 1000, transaction_type="cre")
    account.act(f"invoice/{invoice}?action=pay", use_customer_balance=True)
    row = account.get(f"invoice/{invoice}")
    assert (row["payments"], row["credits"], row["balance"]) == (4000, 500, 0)
    assert account.get(f"customer/{customer}")["balance"] == -500


def test_an_attempt_without_a_way_to_pay_is_refused(account, customer, invoice):
    assert "paymethods" in account.refused(400, "POST", f"invoice/{invoice}?action=pay", {})
    body = {"customer_id": customer, "amount": 10, "paymethods": [{"creditcard_id": 99}]}
    account.refused(400, "POST", "transaction?action=pay", body)
    own = card(account, customer, "1111")
    payment = account.create("transaction?action=pay", **{**body, "paymethods": [{"creditcard_id": own}]})
    assert account.get(f"transaction/{payment}")["unapplied"] == 10


def test_an_edited_invoice_moves_mod_datetime_and_gets_new_lines(account, customer, invoice):
    old = account.get(f"invoice/{invoice}")["line_items"][0]["line_item_id"]
    line = {"item_id": account.item(), "line_rate": "1.50", "line_quantity": "2"}
    account.update(f"invoice/{invoice}", line_items=[line], memo="Corrected", terms_id=3)
    row = account.get(f"invoice/{invoice}")
    assert row.items() >= {"total": 3, "balance": 3, "memo": "Corrected", "due_date": "2026-03-10"}.items()
    assert row["mod_datetime"] == LATER
    assert row["line_items"][0]["line_item_id"] > old
    account.pay(customer, 3, applied_to=[{"invoice_id": invoice}])
    cheaper = {"line_items": [{**line, "line_rate": "1"}]}
    assert "applied" in account.refused(400, "PUT", f"invoice/{invoice}", cheaper)


def test_a_deleted_invoice_frees_its_money(account, customer, invoice):
    payment = account.pay(customer, 100, applied_to=[{"invoice_id": invoice}])
    account.delete(f"invoice/{invoice}")
    account.refused(404, "GET", f"invoice/{invoice}")
    assert account.get(f"transaction/{payment}")["unapplied"] == 100
    assert account.get(f"customer/{customer}")["balance"] == -100


def test_an_invoice_over_nothing_is_paid_at_once(account, customer):
    row = account.get(f"invoice/{account.invoice(customer, '0')}")
    assert (row["total"], row["invoice_status_str"], row["line_items"][0]["is_free"]) == (0, "closed-paid", True)


def test_time_makes_overdue_without_moving_mod_datetime(account):
    customer = account.customer(terms_id=3)
    package = account.package(customer, account.item())
    invoice = account.act(f"package/{package}?action=invoice")
    bill, sold, whom = f"invoice/{invoice}", f"package/{package}", f"customer/{customer}"
    assert account.get(bill)["due_date"] == "2026-03-10"
    # On the due day itself it is not yet overdue; local midnight is 05:00 UTC.
    account.pass_time(seconds=11 * 3600 - 1)
    assert account.get(bill)["invoice_status_str"] == "open-unpaid"
    account.pass_time(seconds=1)
    assert account.get(bill)["invoice_status_str"] == "open-overdue"
    # Recorded in 2015: four days after its due date an invoice was 3 days overdue.
    account.pass_time(days=3)
    assert account.get(bill).items() >= {
        "is_overdue": True, "days_overdue": 3, "overdue": 500, "invoice_status_name": "Overdue", "mod_datetime": NEW,
    }.items()  # fmt: skip
    assert account.get(sold).items() >= {
        "package_status_id": 3, "package_status_str": "active-overdue", "package_status_name": "Over Due",
        "is_overdue": True, "days_overdue": 3, "mod_datetime": NEW,
    }.items()  # fmt: skip
    assert account.get(whom).items() >= {"customer_status_str": "active-overdue", "mod_datetime": NEW}.items()
    account.pay(customer, 500, applied_to=[{"invoice_id": invoice}])
    assert account.get(sold)["package_status_str"] == "active-current"
    assert account.get(whom)["customer_status_str"] == "active-current"
    assert account.get(bill)["days_overdue"] == 0
