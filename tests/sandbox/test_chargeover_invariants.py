"""Whatever is done to the money in whatever order, the sums agree."""

from decimal import Decimal

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from sandbox.chargeover import Clock, Company, furnish
from sandbox.chargeover.dispatch import Request, answer
from sandbox.chargeover.generator import generate
from sandbox.chargeover.objects import KINDS

AMOUNTS = st.decimals("0.01", "60", places=2) | st.sampled_from([Decimal(10), Decimal("10.95")])
PICK = st.integers(0, 5)


def shown(company, kind):
    return [KINDS[kind].shown(company, row, alone=True) for row in company.tables[kind]]


def check_money(company):
    """Every invariant that sandbox.chargeover.settling states, from the answers alone."""
    invoices = {row["invoice_id"]: row for row in shown(company, "invoice")}
    transactions = shown(company, "transaction")
    lies = dict.fromkeys(invoices, Decimal(0))
    for row in transactions:
        moves = row["gateway_status"] == 1 and row["void_datetime"] is None
        applied = sum((share["applied"] for share in row["applied_to"]), Decimal(0))
        assert row["applied"] == applied
        assert row["unapplied"] == (row["amount"] - applied if moves else 0)
        assert moves or not row["applied_to"]
        assert (row["amount"] < 0) == (row["transaction_type"] == "ref")
        for share in row["applied_to"]:
            lies[int(share["invoice_id"])] += share["applied"]
            assert not invoices[int(share["invoice_id"])]["is_void"]
    for invoice_id, row in invoices.items():
        assert row["total"] == row["subtotal"] + row["taxes"]
        assert row["subtotal"] == sum(line["line_subtotal"] for line in row["line_items"])
        assert row["applied"] == lies[invoice_id] == row["payments"] + row["credits"] - row["refunds"]
        assert row["balance"] == (0 if row["is_void"] else row["total"] - row["applied"]) >= 0
        assert row["is_paid"] == (row["invoice_status_state"] == "c") == (row["balance"] == 0)
    for row in shown(company, "package"):
        own = [each for each in invoices.values() if each["package_id"] == row["package_id"] and not each["is_void"]]
        assert row["amount_invoiced"] == sum(each["total"] for each in own)
        assert row["amount_collected"] == sum(each["applied"] for each in own)
        assert row["amount_due"] == row["amount_invoiced"] - row["amount_collected"] == sum(e["balance"] for e in own)
        assert row["is_overdue"] == any(each["is_overdue"] for each in own)
    for row in shown(company, "customer"):
        own = [each for each in invoices.values() if each["customer_id"] == row["customer_id"] and not each["is_void"]]
        moved = [each for each in transactions if each["customer_id"] == row["customer_id"]]
        moved = [each for each in moved if each["gateway_status"] == 1 and each["void_datetime"] is None]
        credit = sum(each["amount"] for each in moved if each["transaction_type"] == "cre")
        assert row["balance"] == sum(each["balance"] for each in own) - sum(each["unapplied"] for each in moved)
        assert row["total"] == sum(each["total"] for each in own)
        assert row["balance"] == row["total"] - row["paid"] - credit
        assert (row["customer_status_str"] == "active-overdue") == any(each["is_overdue"] for each in own)


class Histories(RuleBasedStateMachine):
    """Random actions of two customers, through the same door as HTTP requests."""

    @initialize()
    def open_account(self):
        self.company = furnish(Company(clock=Clock(frozen=True)), 0)
        for number in ("4111111111111111", "4000000000000002"):
            customer = self.do("POST", "customer", company="Firm", terms_id=3)["id"]
            self.do("POST", "creditcard", customer_id=customer, number=number, expdate="2031-01-01")
        self.do("POST", "item", name="Plan", pricemodel={"base": "19.99", "setup": 5})
        for customer in self.company.tables["customer"].ids:
            package = self.do("POST", "package", customer_id=customer, line_items=[{"item_id": 1}])["id"]
            invoice = self.do("POST", f"package/{package}?action=invoice")
            self.do("POST", "invoice", customer_id=customer, line_items=[{"item_id": 1, "line_rate": 40}])
            share = {"invoice_id": invoice, "applied": 8}
            self.do("POST", "transaction", customer_id=customer, amount=30, applied_to=[share])

    def do(self, method, path, /, **body):
        path, _, action = path.partition("?action=")
        done = answer(self.company, Request(method, path, {"action": action} if action else {}, body))
        assert done.code in {200, 201, 202, 400, 404}, done.message
        return done.response

    def one(self, kind, pick):
        ids = self.company.tables[kind].ids
        return ids[pick % len(ids)] if ids else 0

    @rule(pick=PICK, total=st.decimals("0", "50", places=2), quantity=st.integers(1, 3))
    def invoice(self, pick, total, quantity):
        line = {"item_id": 1, "line_rate": total, "line_quantity": quantity}
        self.do("POST", "invoice", customer_id=self.one("customer", pick), line_items=[line, {"item_id": 1}])

    @rule(pick=PICK)
    def subscribe(self, pick):
        self.do("POST", "package", customer_id=self.one("customer", pick), line_items=[{"item_id": 1}])

    @rule(pick=PICK, action=st.sampled_from(["invoice", "cancel", "uncancel", "suspend", "unsuspend"]))
    def package_action(self, pick, action):
        self.do("POST", f"package/{self.one('package', pick)}?action={action}")

    @rule(
        pick=PICK,
        amount=AMOUNTS,
        kind=st.sampled_from(["pay", "pay", "cre", "ref"]),
        works=st.sampled_from([1, 1, 1, 0]),
        to=st.lists(st.tuples(PICK, st.none() | AMOUNTS), max_size=3),
        auto=st.booleans(),
    )
    def record(self, pick, amount, kind, works, to, auto):
        shares = [{"invoice_id": self.one("invoice", invoice), "applied": share} for invoice, share in to]
        body = {"amount": amount, "transaction_type": kind, "gateway_status": works, "applied_to": shares}
        self.do("POST", "transaction", customer_id=self.one("customer", pick), auto_apply=auto, **body)

    @rule(pick=PICK, amount=st.none() | AMOUNTS)
    def refund(self, pick, amount):
        self.do("POST", f"transaction/{self.one('transaction', pick)}?action=refund", amount=amount)

    @rule(pick=PICK)
    def void_transaction(self, pick):
        self.do("POST", f"transaction/{self.one('transaction', pick)}?action=void")

    @rule(pick=PICK, to=st.lists(st.tuples(PICK, st.none() | AMOUNTS | st.just(Decimal(0))), min_size=1, max_size=3))
    def reapply(self, pick, to):
        transaction = self.one("transaction", pick)
        customer = self.company.tables["transaction"].rows.get(transaction, {}).get("customer_id")
        own = self.company.tables["invoice"].ids_with("customer_id", customer) or [0]
        shares = [{"invoice_id": own[invoice % len(own)], "applied": share} for invoice, share in to]
        self.do("POST", f"transaction/{transaction}?action=changeAppliedAmounts", applied_to=shares)

    @rule(pick=PICK, from_balance=st.booleans())
    def pay_invoice(self, pick, from_balance):
        self.do("POST", f"invoice/{self.one('invoice', pick)}?action=pay", use_customer_balance=from_balance)

    @rule(pick=PICK)
    def void_invoice(self, pick):
        self.do("POST", f"invoice/{self.one('invoice', pick)}?action=void")

    @rule(pick=PICK, rate=st.decimals("0", "50", places=2))
    def edit_invoice(self, pick, rate):
        line = {"item_id": 1, "line_rate": rate}
        self.do("PUT", f"invoice/{self.one('invoice', pick)}", line_items=[line], memo="edited")

    @rule(pick=PICK)
    def delete_invoice(self, pick):
        self.do("DELETE", f"invoice/{self.one('invoice', pick)}")

    @rule(pick=PICK)
    def delete_customer(self, pick):
        if pick == 0 and len(self.company.tables["customer"]) == 2:
            self.do("DELETE", f"customer/{self.one('customer', pick)}")

    @rule(days=st.integers(1, 3))
    def pass_time(self, days):
        self.company.clock.advance(days * 86400)

    @invariant()
    def the_sums_agree(self):
        if hasattr(self, "company"):
            check_money(self.company)


TestHistories = Histories.TestCase
TestHistories.settings = settings(max_examples=60, stateful_step_count=25, suppress_health_check=list(HealthCheck))


def test_the_sums_of_a_made_up_company_agree(company):
    check_money(generate(150, months=12, seed=5, until=company.clock.moment()))
