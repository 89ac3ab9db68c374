"""Any history of a company, synced at any moments, ends as if all of it had been copied at the end.

``CO2SF_HISTORIES`` is the number of histories that are tried.
"""

import os
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from deeds import card, customer, edit, invoice, pay, subscribe
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import sandbox.chargeover
import sandbox.salesforce
from pipelines.ledger.ledger import open_ledger
from pipelines.sync.staging import Staging
from sandbox.chargeover.generator import generate
from sandbox.serving import serve

incremental = ("Account", "ChargeOver_Invoice__c", "ChargeOver_Invoice_Line__c", "ChargeOver_Subscription__c",
               "ChargeOver_Subscription_Line__c", "Contact", "ChargeOver_Credit_Card__c")  # fmt: skip
silent = ("ChargeOver_Transaction__c", "ChargeOver_Applied_Payment__c")  # voids move them without any sign
own = {
    "Id",
    "CreatedDate",
    "LastModifiedDate",
    "SystemModstamp",
    "CreatedById",
    "LastModifiedById",
    "OwnerId",
    "Name__c",
}


class Life:
    """A small company, and what can happen in it; ``pick`` chooses among what there is."""

    def __init__(self, world, sync) -> None:
        self.world, self.sync = world, sync
        self.customers, self.cards = [customer(world, "Founder", superuser_name="Ann Lee")], []
        self.packages = [subscribe(world, self.customers[0], 1)]

    def rows(self, kind):
        return self.world.chargeover(f"state/{kind}")

    def one(self, pick, rows):
        return rows[pick % len(rows)] if rows else None

    def sign_up(self, pick):
        parent = self.one(pick, self.customers) if pick % 3 == 0 else None
        self.customers.append(
            customer(self.world, f"Customer {pick}", superuser_name="Bo Li", parent_customer_id=parent)
        )

    def bill(self, pick):
        invoice(self.world, self.one(pick, self.customers), *range(10, 20 + pick % 20, 10))

    def bill_a_subscription(self, pick):
        package = self.one(pick, [row for row in self.rows("package") if row["package_status_state"] == "a"])
        if package:
            self.world.act("package", package["package_id"], "invoice")

    def open_invoice(self, pick):
        return self.one(pick, [row for row in self.rows("invoice") if row["invoice_status_state"] == "o"])

    def pay(self, pick):
        if bill := self.open_invoice(pick):
            pay(self.world, bill["customer_id"], (bill["invoice_id"], bill["balance"]))

    def pay_a_part(self, pick):
        if bill := self.open_invoice(pick):
            pay(self.world, bill["customer_id"], (bill["invoice_id"], min(bill["balance"], 1 + pick % 7)))

    def void(self, pick):
        if bill := self.open_invoice(pick):
            self.world.act("invoice", bill["invoice_id"], "void")

    def edit_a_customer(self, pick):
        edit(self.world, "customer", self.one(pick, self.customers), company=f"Renamed {pick}")

    def edit_an_invoice(self, pick):
        if (bill := self.open_invoice(pick)) and not bill["applied"]:
            edit(self.world, "invoice", bill["invoice_id"],
                 line_items=[{"item_id": 1, "line_rate": 3 + pick % 9, "line_quantity": 2}])  # fmt: skip

    def subscribe(self, pick):
        subscribe(self.world, self.one(pick, self.customers), *range(1, 2 + pick % 3))

    def live(self, pick):
        return self.one(pick, [row for row in self.rows("package") if row["package_status_state"] == "a"])

    def cancel(self, pick):
        if package := self.live(pick):
            self.world.act("package", package["package_id"], "cancel")

    def upgrade(self, pick):
        if package := self.live(pick):
            line = self.one(pick, package["line_items"])["line_item_id"]
            self.world.act("package", package["package_id"], "upgrade",
                           line_items=[{"line_item_id": line, "line_quantity": 1 + pick % 5}])  # fmt: skip

    def add_a_card(self, pick):
        self.cards.append(card(self.world, self.one(pick, self.customers)))

    def delete_a_card(self, pick):
        if self.cards:
            gone = self.cards.pop(pick % len(self.cards))
            self.world.call("DELETE", f"creditcard/{gone}")
            at = datetime.fromisoformat(self.world.chargeover("state")["now"])
            self.sync.ledger.note("creditcard", [gone], "webhook", at + timedelta(seconds=1))

    def let_days_pass(self, pick):
        self.world.chargeover("clock", {"advance_seconds": 86400 * (1 + pick % 20)})

    def synchronize(self, pick):
        self.world.chargeover("clock", {"advance_seconds": 5 + pick})
        self.sync()


asked = {"__init__", "rows", "one", "open_invoice", "live"}
deeds = [
    name for name in vars(Life) if callable(getattr(Life, name)) and name not in asked and not name.startswith("__")
]
moments = st.tuples(st.sampled_from([*deeds, "synchronize", "synchronize"]), st.integers(0, 50))
histories = st.lists(moments, min_size=12, max_size=25)
thorough = settings(
    max_examples=int(os.environ.get("CO2SF_HISTORIES", "3")),
    deadline=None,
    derandomize="CO2SF_HISTORIES" not in os.environ,
    phases=(Phase.explicit, Phase.generate, Phase.shrink) if "CO2SF_HISTORIES" in os.environ else (Phase.generate,),
    suppress_health_check=list(HealthCheck),
)


@thorough
@given(history=histories)
def test_salesforce_ends_as_if_everything_had_been_copied_at_the_end(
    world, sync, tmp_path_factory, monkeypatch, history
):
    folder = tmp_path_factory.mktemp("history")
    with ExitStack() as stack:
        noon = datetime.now(UTC).replace(hour=18, minute=0)
        company = generate(0, 1, seed=1, until=noon)
        chargeover = stack.enter_context(serve(sandbox.chargeover.app(company, admin=True))).url
        monkeypatch.setenv("CHARGEOVER_URL", chargeover)
        lived, mirror = (org(stack, replace(world, chargeover_url=chargeover)) for _ in range(2))
        monkeypatch.setenv("SALESFORCE_URL", lived.salesforce_url)
        syncing = begin(stack, sync, folder / "lived")
        life = Life(lived, syncing)
        for deed, pick in history:
            getattr(life, deed)(pick)
        life.synchronize(0)
        life.synchronize(0)
        after_changes = {table: content(lived, table) for table in incremental}
        life.world.chargeover("clock", {"advance_seconds": 5})
        syncing(whole=True)

        monkeypatch.setenv("SALESFORCE_URL", mirror.salesforce_url)
        begin(stack, sync, folder / "mirror")()
        assert after_changes == {table: content(mirror, table) for table in incremental}
        for table in (*incremental, *silent, "Product2"):
            assert content(lived, table) == content(mirror, table)
        assert syncing.ledger.owed() == []


def org(stack, world):
    made = sandbox.salesforce.Org.from_metadata(world.mappings.parent / "schema" / "force-app" / "main" / "default")
    return replace(world, salesforce_url=stack.enter_context(serve(sandbox.salesforce.app(made, admin=True))).url)


def begin(stack, sync, folder):
    folder.mkdir()
    ledger = stack.enter_context(open_ledger(f"sqlite:///{folder / 'ledger.db'}"))
    return type(sync)(ledger, Staging(str(folder / "staging")))


def content(world, table):
    """The rows of a table by ChargeOver id, with lookups as the ids in ChargeOver of what they point at."""
    names = {}
    for each in (*incremental, *silent, "Product2"):
        names |= {row["Id"]: f"{each} {key}" for key, row in world.rows(each).items()}
    return {
        key: {field: names.get(value, value) if isinstance(value, str) else value
              for field, value in row.items() if field not in own}
        for key, row in world.rows(table).items()
    }  # fmt: skip
